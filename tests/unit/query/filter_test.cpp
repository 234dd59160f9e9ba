#include "query/filter.h"

#include <catch2/catch.hpp>

#include "unit/query/filter_text.h"

namespace parsimony {
namespace {

TEST_CASE("a dotted name is a field and the way into it") {
  CHECK(FieldPath::parse("a").inner.empty());
  const FieldPath path = FieldPath::parse("a.b.0");
  CHECK(path.field == "a");
  CHECK(path.inner == std::vector<std::string>{"b", "0"});
  CHECK(path.text() == "a.b.0");
  CHECK(FieldPath::parse("a..b.").inner == std::vector<std::string>{"", "b", ""});
}

TEST_CASE("paths that a query may name") {
  for (const std::string_view path : {"a", "A1_", "a.b", "o.0", "a."}) CHECK(is_valid_path(path));
  for (const std::string_view path : {"", ".a", "_a", "1", "$a", "a-b", "a b", "a\n", "\u00e9"}) CHECK_FALSE(is_valid_path(path));
  CHECK(is_valid_path(std::string(kMaxPathLength, 'a')));
  CHECK_FALSE(is_valid_path(std::string(kMaxPathLength + 1, 'a')));
}

TEST_CASE("all_of flattens and drops what matches everything") {
  CHECK(all_of({}).matches_all());
  CHECK(all_of({Filter{}, all_of({Filter{}})}).matches_all());
  CHECK(to_text(all_of({equals("a", 1)})) == "a = 1");
  CHECK(to_text(all_of({equals("a", 1), Filter{AllOf{{equals("b", 2), Filter{AllOf{{equals("c", 3)}}}}}}})) == "all(a = 1, b = 2, c = 3)");
  CHECK(to_text(all_of({equals("a", 1), Filter{AnyOf{}}})) == "all(a = 1, any())");
  CHECK_FALSE(Filter{AnyOf{}}.matches_all());
}

TEST_CASE("an exact object id is found where it is the whole filter") {
  const Filter exact = equals("objectId", "x");
  REQUIRE(exact_object_id(exact) != nullptr);
  CHECK(*exact_object_id(exact) == "x");
  const Filter wrapped{AllOf{{equals("objectId", "x")}}};
  REQUIRE(exact_object_id(wrapped) != nullptr);

  CHECK(exact_object_id(Filter{}) == nullptr);
  CHECK(exact_object_id(equals("id", "x")) == nullptr);
  CHECK(exact_object_id(equals("objectId", 5)) == nullptr);
  CHECK(exact_object_id(Filter{Constraint{{"objectId", {"a"}}, Comparison::Equal, "x", {}}}) == nullptr);
  CHECK(exact_object_id(Filter{Constraint{{"objectId", {}}, Comparison::NotEqual, "x", {}}}) == nullptr);
  CHECK(exact_object_id(all_of({equals("objectId", "x"), equals("a", 1)})) == nullptr);
  CHECK(exact_object_id(Filter{AnyOf{{equals("objectId", "x")}}}) == nullptr);
}

}  // namespace
}  // namespace parsimony
