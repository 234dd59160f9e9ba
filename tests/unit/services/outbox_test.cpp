#include "services/testing/outbox.h"

#include <catch2/catch.hpp>

namespace parsimony {
namespace {

TEST_CASE("an outbox keeps the newest messages, oldest first, until it is emptied") {
  Outbox outbox(3);
  CHECK(outbox.messages().empty());
  for (int n = 1; n <= 5; ++n) outbox.add({{"n", n}});
  CHECK(Json(outbox.messages()) == parse_json(R"([{"n":3},{"n":4},{"n":5}])"));
  outbox.clear();
  CHECK(outbox.messages().empty());
}

}  // namespace
}  // namespace parsimony
