// Order and pages.
#include "unit/storage/test_store.h"

namespace parsimony {
namespace {

class OrderedStore : public TemporaryStore {
 public:
  OrderedStore() {
    create_class(**this, "C",
                 {field("n", FieldType::Number), field("s", FieldType::String), field("o", FieldType::Object),
                  field("g", FieldType::GeoPoint), field("r", FieldType::Relation, "C")});
    const char* objects[] = {R"({"n":2,"s":"b","o":{"x":{"y":3},"l":[5]}})", R"({"n":1,"s":"B","o":{"x":{"y":1}}})", R"({"s":"\u00e4"})",
                             R"({"n":1,"s":"a","o":{"l":[4]}})", R"({"n":-1.5})"};
    for (int i = 0; i < 5; ++i) insert(**this, "C", std::to_string(i + 1), parse_json(objects[i]));
  }

  // Selects more than the ids, which an index alone could answer in its own order.
  std::string page(std::vector<SortKey> order, std::optional<std::int64_t> limit = {}, std::int64_t skip = 0) {
    std::string found;
    (*this)->read([&](Reads& reads) {
      const ClassSchema& of = *reads.schema().find("C");
      const Filter everything;
      reads.find(Select{&of, {of.find("objectId"), of.find("n")}, &everything, std::move(order), limit, skip},
                 [&](const Row& row) { found += row.text(0); });
    });
    return found;
  }
};

SortKey by(const char* path, bool descending = false) { return {FieldPath::parse(path), descending}; }

TEST_CASE("rows come in the order asked for, equal ones in that of their making") {
  OrderedStore store;
  CHECK(store.page({}) == "12345");
  CHECK(store.page({by("n")}) == "35241");
  CHECK(store.page({by("n", true)}) == "12453");
  CHECK(store.page({by("s")}) == "52413");
  CHECK(store.page({by("n"), by("s", true)}) == "35421");
  CHECK(store.page({by("o.x.y")}) == "34521");
  CHECK(store.page({by("o.l.0", true)}) == "14235");
}

TEST_CASE("keys without an order are ignored") {
  OrderedStore store;
  for (const char* path : {"g", "r", "ACL", "none", "n.x", "g.latitude"}) {
    INFO(path);
    CHECK(store.page({by(path), by("n", true)}) == "12453");
  }
  for (const char* path : {"o.", "o..", "o.x.", "o.\"", "o.99999999999999999999", "o.-1"}) {
    INFO(path);
    CHECK(store.page({by(path)}) == "12345");
  }
}

TEST_CASE("pages") {
  OrderedStore store;
  CHECK(store.page({}, 2) == "12");
  CHECK(store.page({}, 2, 3) == "45");
  CHECK(store.page({}, std::nullopt, 4) == "5");
  CHECK(store.page({}, 0).empty());
  CHECK(store.page({}, 9, 5).empty());
  CHECK(store.page({by("n")}, 2, 1) == "52");
  constexpr auto kMost = std::numeric_limits<std::int64_t>::max();
  CHECK(store.page({}, kMost, 1) == "2345");
  CHECK(store.page({}, 1, kMost).empty());
}

TEST_CASE("a scan goes on behind the position where it ended") {
  OrderedStore store;
  std::string found;
  store->read([&](Reads& reads) {
    const ClassSchema& of = *reads.schema().find("C");
    std::optional<std::int64_t> position = 0;
    while ((position = reads.scan(of, {of.find("objectId")}, *position, 2, [&](const Row& row) { found.append(row.text(0)); })))
      found += ' ';
    CHECK(reads.scan(of, {}, 0, 10, [](const Row&) {}).value() > 0);
  });
  CHECK(found == "12 34 5 ");
}

}  // namespace
}  // namespace parsimony
