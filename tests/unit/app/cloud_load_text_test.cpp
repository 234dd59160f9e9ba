#include "app/cloud_load_text.h"

#include <catch2/catch.hpp>

namespace parsimony {

TEST_CASE("what is wrong with code begins with its place") {
  CHECK(text_of({"no", "SyntaxError: no\n    at /p/main.js:2:9"}) == "/p/main.js:2:9: SyntaxError: no\n    at /p/main.js:2:9");
  CHECK(text_of({"a\nb", "Error: a\nb\n    at f (/p/lib/a.js:1:2)\n    at <anonymous> (/p/main.js:3:4)"}, "/p") ==
        "lib/a.js:1:2: Error: a\nb\n    at f (lib/a.js:1:2)\n    at <anonymous> (main.js:3:4)");
  CHECK(text_of({"main.js took too long", ""}) == "main.js took too long");
  CHECK(text_of({"text", "Error: text"}) == "Error: text");
  CHECK(text_of({"no limit", "    at f (/p/main.js:1:2)"}) == "/p/main.js:1:2: no limit\n    at f (/p/main.js:1:2)");
  CHECK(with_relative_paths("/p/a /p/b /pp/c", "/p") == "a b /pp/c");
}

}  // namespace parsimony
