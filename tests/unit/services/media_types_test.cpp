#include "services/files/media_types.h"

#include <catch2/catch.hpp>

namespace parsimony {
namespace {

TEST_CASE("the extension of a name") {
  CHECK(extension_of("a.txt") == "txt");
  CHECK(extension_of("a.b.GZ") == "GZ");
  CHECK(extension_of("a") == "");
  CHECK(extension_of("") == "");
  CHECK(extension_of("...") == "");
  CHECK(extension_of("a.svg.") == "svg");
  CHECK(extension_of("a.svg .. ") == "svg");
  CHECK(extension_of(".html") == "html");
}

TEST_CASE("extensions and media types") {
  CHECK(media_type_of_extension("JPEG") == "image/jpeg");
  CHECK(media_type_of_extension("mp3") == "audio/mpeg");
  CHECK(media_type_of_extension("ico") == "image/vnd.microsoft.icon");
  CHECK(media_type_of_extension("xml") == "application/xml");
  CHECK_FALSE(media_type_of_extension("").has_value());
  CHECK_FALSE(media_type_of_extension("jpg jpeg").has_value());
  CHECK_FALSE(media_type_of_extension("atom").has_value());

  CHECK(extension_of_media_type("image/jpeg") == "jpg");
  CHECK(extension_of_media_type(" Text/Plain ; charset=x") == "txt");
  CHECK(extension_of_media_type("audio/mp3") == "mp3");
  CHECK(extension_of_media_type("text/xml") == "xml");
  CHECK_FALSE(extension_of_media_type("").has_value());
  CHECK_FALSE(extension_of_media_type("image").has_value());
}

TEST_CASE("what a file is served as") {
  CHECK(content_type_of_file("a.txt") == "text/plain; charset=utf-8");
  CHECK(content_type_of_file("d/a.json") == "application/json; charset=utf-8");
  CHECK(content_type_of_file("a.PNG") == "image/png");
  CHECK(content_type_of_file("a.nothing") == "application/octet-stream");
  CHECK(content_type_of_file("a") == "application/octet-stream");
}

}  // namespace
}  // namespace parsimony
