#include <catch2/catch.hpp>

#include "cli/progress.h"
#include "cli/text_table.h"

namespace parsimony {

TEST_CASE("A progress bar fills with the share that is done") {
  const auto cells = [](int full) {
    std::string bar;
    for (int i = 0; i < 30; ++i) bar += i < full ? "\u2588" : "\u2591";
    return bar;
  };
  CHECK(progress_bar(0, 200, "0 rows") == cells(0) + "   0 %  0 rows");
  CHECK(progress_bar(100, 200, "7 rows") == cells(15) + "  50 %  7 rows");
  CHECK(progress_bar(199, 200, "9 rows") == cells(29) + "  99 %  9 rows");
  CHECK(progress_bar(200, 200, "10 rows") == cells(30) + " 100 %  10 rows");
  CHECK(progress_bar(0, 0, "7 rows") == "7 rows");
}

TEST_CASE("A table aligns names left and numbers right") {
  CHECK(text_table({{"", "rows", "new"}, {"Product", "10", "2"}, {"Order", "1000", "0"}}) ==
        "           rows  new\n"
        "  Product    10    2\n"
        "  Order    1000    0\n");
  CHECK(text_table({}).empty());
}

}  // namespace parsimony
