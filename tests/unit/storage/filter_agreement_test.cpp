// Random trees of conditions on random objects: SQL and the matcher in memory find the same.
#include <sqlite3.h>

#include <algorithm>
#include <cstdlib>
#include <random>

#include "common/error.h"
#include "query/matcher.h"
#include "storage/sqlite/text_matcher.h"
#include "types/geo.h"
#include "unit/query/filter_text.h"
#include "unit/shared/filter_cases.h"
#include "unit/storage/test_store.h"

namespace parsimony {
namespace {

// Values and filters, the same ones for the same seed. Few and close to each other, so that conditions meet.
class Generator {
 public:
  explicit Generator(unsigned seed) : random_(seed) {}

  bool once_in(std::size_t times) { return below(times) == 0; }

  Json object(const std::vector<Field>& fields) {
    Json made = Json::object();
    for (const Field& each : fields) {
      if (each.spec.type != FieldType::Relation && !once_in(5)) made[each.name] = value_of(each.spec);
    }
    if (!once_in(3)) made["ACL"] = acl();
    return made;
  }

  Filter filter(const std::vector<Field>& fields, int depth = 0) {
    if (depth == 4 || below(5) > 1) return once_in(12) ? rights() : Filter{constraint(fields)};
    std::vector<Filter> members;
    for (std::size_t n = below(4); n > 0; --n) members.push_back(filter(fields, depth + 1));
    switch (below(3)) {
      case 0: return {AllOf{std::move(members)}};
      case 1: return {AnyOf{std::move(members)}};
      default: return {NoneOf{std::move(members)}};
    }
  }

 private:
  std::size_t below(std::size_t end) { return std::uniform_int_distribution<std::size_t>(0, end - 1)(random_); }
  template <typename T>
  const T& one_of(const std::vector<T>& values) {
    return values[below(values.size())];
  }

  // ---- Values

  Json text() {
    static const std::vector<Json> kTexts = {"",
                                             "a",
                                             "A",
                                             "B",
                                             "ab",
                                             "a b",
                                             "\u00e4",
                                             "a\u0308",
                                             "\U0001d11e",
                                             "\uffff",
                                             "a'b",
                                             "a\"b\\",
                                             std::string("a\0b", 3),
                                             std::string("a\0c", 3),
                                             "2020-01-01T00:00:00.000Z",
                                             "x",
                                             "1"};
    return one_of(kTexts);
  }
  Json number() {
    static const std::vector<Json> kNumbers = {0,
                                               1,
                                               -1,
                                               2,
                                               0.1,
                                               0.2,
                                               0.1 + 0.2,
                                               0.3,
                                               1.5,
                                               -0.0,
                                               1e300,
                                               -1e300,
                                               5e-324,
                                               9007199254740993,
                                               9007199254740992.0,
                                               -9007199254740993,
                                               9223372036854775807,
                                               9223372036854775807.0,
                                               std::numeric_limits<std::int64_t>::min(),
                                               1.7976931348623157e308,
                                               0.1234567890123456789,
                                               123456.789e-7};
    return one_of(kNumbers);
  }
  Json scalar() {
    switch (below(5)) {
      case 0: return once_in(2);
      case 1:
      case 2: return number();
      default: return text();
    }
  }
  Json date() {
    return encode_date(one_of<std::string>({"2020-01-01T00:00:00.000Z", "2020-01-01T00:00:00.001Z", "1970-01-01T00:00:00.000Z",
                                            "0000-01-01T00:00:00.000Z", "9999-12-31T23:59:59.999Z"}));
  }
  Json pointer() { return encode_pointer(one_of<std::string>({"C", "D"}), one_of<std::string>({"x", "y"})); }
  // As a write leaves it: any numbers.
  Json stored_place() {
    GeoPoint made = place();
    if (once_in(10)) made.latitude = one_of<double>({95, -270, 1e10});
    if (once_in(10)) made.longitude = one_of<double>({181, -200, 359.9, 539, -1e10});
    return encode(made);
  }
  GeoPoint place() {
    return {one_of<double>({0, 0.1, 1, -1, 45, -89.5, 90, -90}), one_of<double>({0, 0.1, 1, -1, 179.9, -179.9, 180, -180, 90})};
  }
  Ring ring() {
    Ring made;
    for (std::size_t n = 3 + below(3); n > 0; --n) made.push_back(place());
    return made;
  }
  static Json closed(const Ring& ring) { return encode_polygon(decode_polygon(encode_polygon(ring)).value()); }
  Json polygon() {
    Ring made = ring();
    if (once_in(10)) made.front() = decode_geo_point(stored_place()).value();
    return closed(made);
  }
  Json file() { return {{"__type", "File"}, {"name", one_of<std::string>({"a.txt", "b.txt"})}}; }
  Json bytes() { return {{"__type", "Bytes"}, {"base64", one_of<std::string>({"", "YQ==", "Yg=="})}}; }
  Json encoded() {
    switch (below(6)) {
      case 0: return pointer();
      case 1: return stored_place();
      case 2: return polygon();
      case 3: return file();
      case 4: return bytes();
      default: return date();
    }
  }
  Json element(int depth) {
    if (depth < 3 && once_in(4)) return once_in(2) ? list(depth + 1) : members(depth + 1);
    if (once_in(8)) return nullptr;
    return once_in(5) ? encoded() : scalar();
  }
  Json list(int depth = 0) {
    Json made = Json::array();
    for (std::size_t n = below(4); n > 0; --n) made.push_back(element(depth));
    return made;
  }
  Json members(int depth = 0) {
    Json made = Json::object();
    for (std::size_t n = below(4); n > 0; --n) made[one_of<std::string>({"x", "y", "0", "objectId"})] = element(depth);
    return made;
  }
  Json acl() {
    Json made = Json::object();
    for (std::size_t n = below(3); n > 0; --n) {
      made[one_of<std::string>({"*", "u", "role:R"})] =
          one_of<Json>({{{"read", true}}, {{"write", true}}, {{"read", true}, {"write", true}}});
    }
    return made;
  }

  Json value_of(const FieldSpec& of) {
    switch (of.type) {
      case FieldType::String: return text();
      case FieldType::Number: return number();
      case FieldType::Boolean: return once_in(2);
      case FieldType::Date: return date();
      case FieldType::Pointer: return encode_pointer(of.target_class, one_of<std::string>({"x", "y"}));
      case FieldType::GeoPoint: return stored_place();
      case FieldType::Polygon: return polygon();
      case FieldType::File: return file();
      case FieldType::Bytes: return bytes();
      case FieldType::Array: return list();
      default: return members();
    }
  }

  // ---- Conditions

  Filter rights() {
    Permits made{once_in(2) ? Permits::Right::Read : Permits::Right::Write, {}};
    for (std::size_t n = below(3); n > 0; --n) made.principals.push_back(one_of<std::string>({"*", "u", "role:R", "z"}));
    return {std::move(made)};
  }

  // Of any type, most often of the field's own.
  Json operand(const FieldSpec& of) {
    switch (below(8)) {
      case 0: return encoded();
      case 1: return element(0);
      case 2: return scalar();
      default: return value_of(of);
    }
  }
  Json operands(const FieldSpec& of) {
    Json made = Json::array();
    for (std::size_t n = below(5); n > 0; --n) made.push_back(once_in(5) ? Json() : operand(of));
    return made;
  }

  FieldPath path(const Field& of) {
    FieldPath made{of.name, {}};
    const bool has_inside = of.spec.type == FieldType::Object || of.spec.type == FieldType::Array;
    for (std::size_t n = has_inside ? below(4) : once_in(15); n > 0; --n) {
      made.inner.push_back(one_of<std::string>({"x", "y", "0", "1", "z", "objectId", "latitude"}));
    }
    return made;
  }

  static Json pair_of(const GeoPoint& point) { return Json::array({point.latitude, point.longitude}); }

  // As query/geo_constraints.h makes them.
  Json area(Comparison comparison) {
    switch (comparison) {
      case Comparison::WithinBox: return Json::array({pair_of(place()), pair_of(place())});
      case Comparison::Intersects: return pair_of(place());
      case Comparison::WithinPolygon: return closed(ring()).at("coordinates");
      default: return {{"center", pair_of(place())}, {"radians", one_of<Json>({nullptr, 0, 0.001, 0.02, 0.1, 1.5, 3.2})}};
    }
  }

  Json words() {
    return {{"term", one_of<std::string>({"a", "b", "B a", "\u00e4", "-a b", "\"a b\"", "!", "1"})},
            {"caseSensitive", once_in(2)},
            {"diacriticSensitive", once_in(2)}};
  }

  Constraint constraint(const std::vector<Field>& fields) {
    const Field& of = one_of(fields);
    Constraint made{
        path(of), static_cast<Comparison>(below(static_cast<std::size_t>(Comparison::Text) + 1)), nullptr, {}, Collation::Exact};
    if (once_in(3)) made.collation = one_of<Collation>({Collation::IgnoreCase, Collation::IgnoreCaseAndAccents});
    switch (made.comparison) {
      case Comparison::Equal:
      case Comparison::NotEqual: made.operand = once_in(6) ? Json() : operand(of.spec); break;
      case Comparison::In:
      case Comparison::NotIn:
      case Comparison::ContainedBy: made.operand = operands(of.spec); break;
      case Comparison::Exists: made.operand = once_in(2); break;
      case Comparison::Text: made.operand = words(); break;
      case Comparison::Regex:
        made.operand =
            one_of<std::string>({"^a", "b$", "", "^$", "[AB]", "^\\Qa\\E", "^\\Qa\\E?", "^\\Q\u00e4\\E", "^\\Qa\\E|x", ".b", "\\Qa'\\E"});
        made.options = one_of<std::string>({"", "i", "m", "s", "x", "ims"});
        break;
      case Comparison::Less:
      case Comparison::LessOrEqual:
      case Comparison::Greater:
      case Comparison::GreaterOrEqual: made.operand = operand(of.spec); break;
      default: made.operand = area(made.comparison);
    }
    return made;
  }

  std::mt19937 random_;
};

// What the matcher does not know itself, with the tokenizer of the engine.
class Words {
 public:
  Words() { REQUIRE(sqlite3_open(":memory:", &database_) == SQLITE_OK); }
  ~Words() { sqlite3_close(database_); }
  Words(const Words&) = delete;
  Words& operator=(const Words&) = delete;

  bool hold(const Filter& part, const Json& object) const {
    const auto& constraint = std::get<Constraint>(part.node);
    const std::string* text = find_string(object, constraint.path.field);
    return text && TextMatcher(database_, constraint.operand).matches(*text);
  }

 private:
  sqlite3* database_ = nullptr;
};

std::vector<Field> fields_of_each_type() {
  return {field("s", FieldType::String),       field("n", FieldType::Number),   field("b", FieldType::Boolean), field("d", FieldType::Date),
          field("p", FieldType::Pointer, "C"), field("g", FieldType::GeoPoint), field("y", FieldType::Polygon), field("f", FieldType::File),
          field("e", FieldType::Bytes),        field("a", FieldType::Array),    field("o", FieldType::Object)};
}

// Another one for each run; PARSIMONY_SEED repeats one.
unsigned seed_of_run() {
  const char* given = std::getenv("PARSIMONY_SEED");
  return given ? static_cast<unsigned>(std::strtoul(given, nullptr, 10)) : std::random_device{}();
}

// The ids in order: a Near has an order of its own.
std::vector<std::string> sorted_ids(Store& store, const Filter& filter) {
  std::vector<std::string> found;
  store.read([&](Reads& reads) {
    const ClassSchema& of = *reads.schema().find("C");
    reads.find(Select{&of, {of.find("objectId")}, &filter, {}, std::nullopt, 0}, [&](const Row& row) { found.emplace_back(row.text(0)); });
  });
  std::sort(found.begin(), found.end());
  return found;
}

TEST_CASE("SQL and the matcher in memory find the same objects") {
  constexpr int kObjects = 40, kFilters = 1000;
  const unsigned seed = seed_of_run();
  Generator generator(seed);
  const std::vector<Field> fields = fields_of_each_type();
  const TemporaryStore store;
  create_class(*store, "C", fields);
  std::vector<Json> objects;
  for (int i = 0; i < kObjects; ++i) {
    const std::string id = std::to_string(100 + i);  // of one length: in order as texts
    const Json own = generator.object(fields);
    insert(*store, "C", id, own);
    objects.push_back(whole_object(id, own));
  }
  std::vector<Field> asked = fields;
  for (const char* name : {"objectId", "createdAt", "ACL"}) asked.push_back(*store->schema()->find("C")->find(name));
  asked.push_back(field("unknown", FieldType::Number));

  const Words words;
  const auto elsewhere = [&](const Filter& part, const Json& object) { return words.hold(part, object); };
  int matched = 0;
  for (int n = 0; n < kFilters; ++n) {
    const Filter filter = generator.filter(asked);
    const Matcher matcher(filter, elsewhere);
    std::vector<std::string> expected;
    for (const Json& object : objects) {
      if (matcher.matches(object, *store->schema()->find("C"))) expected.push_back(object.at("objectId").get<std::string>());
    }
    matched += static_cast<int>(expected.size());
    INFO("PARSIMONY_SEED=" << seed << ", filter " << n << ": " << to_text(filter));
    CHECK(sorted_ids(*store, filter) == expected);
  }
  INFO("PARSIMONY_SEED=" << seed);
  CHECK(matched > kFilters * kObjects / 10);
  CHECK(matched < kFilters * kObjects * 9 / 10);
}

}  // namespace
}  // namespace parsimony
