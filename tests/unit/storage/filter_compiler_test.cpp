// Filters run on a real database: what each finds, and that SQL and the matcher in memory say the same.
#include "storage/sql/filter_compiler.h"

#include <random>

#include "common/error.h"
#include "query/value_matcher.h"
#include "query/where_parser.h"
#include "types/geo.h"
#include "unit/query/filter_text.h"
#include "unit/storage/test_store.h"

namespace parsimony {
namespace {

Filter where(const std::string& json) { return parse_where(parse_json(json), {true}); }

class FilledStore : public TemporaryStore {
 public:
  FilledStore() {
    create_class(**this, "Other", {field("holds", FieldType::Relation, "C"), field("wrong", FieldType::Relation, "Other")});
    create_class(**this, "C",
                 {field("s", FieldType::String), field("n", FieldType::Number), field("b", FieldType::Boolean), field("d", FieldType::Date),
                  field("o", FieldType::Object), field("a", FieldType::Array), field("g", FieldType::GeoPoint),
                  field("y", FieldType::Polygon), field("f", FieldType::File), field("e", FieldType::Bytes),
                  field("p", FieldType::Pointer, "Other"), field("r", FieldType::Relation, "Other")});
    add("1", R"({"s":"a","n":1,"b":true,"d":{"__type":"Date","iso":"2020-01-01T00:00:00.000Z"},"o":{"x":1,"t":["u"]},"a":[1,"q"],
      "g":{"__type":"GeoPoint","latitude":1.5,"longitude":2},"y":{"__type":"Polygon","coordinates":[[0,0],[0,1],[1,1]]},
      "f":{"__type":"File","name":"f.txt"},"e":{"__type":"Bytes","base64":"YQ=="},
      "p":{"__type":"Pointer","className":"Other","objectId":"o1"}})");
    add("2", R"({"s":"B","n":-2.5,"b":false,"d":{"__type":"Date","iso":"1999-12-31T23:59:59.999Z"},"o":{"x":"1"},"a":[],
      "g":{"__type":"GeoPoint","latitude":0,"longitude":0},"p":{"__type":"Pointer","className":"Other","objectId":"o2"}})");
    add("3", R"({"s":"\u00e4","n":9007199254740993,"o":{},"a":[[1,"q"],{"x":1},null]})");
    add("4", R"({})");
    add("5", R"({"s":"","n":0.30000000000000004,"ACL":{}})");
    insert(**this, "Other", "o1");
    insert(**this, "Other", "o2", {{"ACL", Json::object()}});
    (*this)->write([](Transaction& t) {
      const Field& holds = *t.schema().find("Other")->find("holds");
      t.add_join_row(holds, "o1", "1");
      t.add_join_row(holds, "o1", "3");
      t.add_join_row(holds, "o2", "2");
      t.add_join_row(*t.schema().find("C")->find("r"), "1", "o1");
      t.add_join_row(*t.schema().find("C")->find("r"), "2", "o1");
      t.add_join_row(*t.schema().find("C")->find("r"), "2", "o2");
    });
  }

 private:
  void add(const std::string& id, const std::string& json) { insert(**this, "C", id, parse_json(json)); }
};

struct FilterCase {
  const char* where;
  const char* ids;
};

TEST_CASE("each comparison finds its rows, for every type of field") {
  const FilterCase cases[] = {
      {R"({})", "1 2 3 4 5 "},
      // String
      {R"({"s":"a"})", "1 "},
      {R"({"s":"A"})", ""},
      {R"({"s":""})", "5 "},
      {R"({"s":null})", "4 "},
      {R"({"s":1})", ""},
      {R"({"s":{"$ne":"a"}})", "2 3 4 5 "},
      {R"({"s":{"$ne":1}})", "1 2 3 4 5 "},
      {R"({"s":{"$ne":null}})", "1 2 3 5 "},
      {R"({"s":{"$gt":"a"}})", "3 "},
      {R"({"s":{"$gte":"B","$lt":"a"}})", "2 "},
      {R"({"s":{"$lte":"a"}})", "1 2 5 "},
      {R"({"s":{"$in":["a","\u00e4",5,{"x":1}]}})", "1 3 "},
      {R"({"s":{"$in":[]}})", ""},
      {R"({"s":{"$in":[null]}})", "4 "},
      {R"({"s":{"$in":[null,"a"]}})", "1 4 "},
      {R"({"s":{"$nin":["a"]}})", "2 3 4 5 "},
      {R"({"s":{"$nin":["a",null]}})", "2 3 5 "},
      {R"({"s":{"$nin":[]}})", "1 2 3 4 5 "},
      {R"({"s":{"$exists":false}})", "4 "},
      {R"({"s":{"$exists":true}})", "1 2 3 5 "},
      {R"({"s":{"$regex":"^b$","$options":"i"}})", "2 "},
      {R"({"s":{"$regex":""}})", "1 2 3 5 "},
      // Number
      {R"({"n":1})", "1 "},
      {R"({"n":1.0})", "1 "},
      {R"({"n":"1"})", ""},
      {R"({"n":true})", ""},
      {R"({"n":9007199254740993})", "3 "},
      {R"({"n":9007199254740992})", ""},
      {R"({"n":0.30000000000000004})", "5 "},
      {R"({"n":{"$in":[0.30000000000000004,0.1,0.2]}})", "5 "},
      {R"({"n":{"$in":[0.3,-2.5,1]}})", "1 2 "},
      {R"({"n":{"$nin":[0.3,-2.5,1]}})", "3 4 5 "},
      {R"({"n":{"$gt":0}})", "1 3 5 "},
      {R"({"n":{"$lt":0.30000000000000004}})", "2 "},
      {R"({"n":{"$lte":0.30000000000000004}})", "2 5 "},
      {R"({"n":{"$gt":9007199254740992}})", "3 "},
      {R"({"n":{"$lt":1e300}})", "1 2 3 5 "},
      {R"({"n":{"$gt":"0"}})", ""},
      {R"({"n":{"$regex":"1"}})", ""},
      // Boolean
      {R"({"b":true})", "1 "},
      {R"({"b":false})", "2 "},
      {R"({"b":1})", ""},
      {R"({"b":{"$ne":true}})", "2 3 4 5 "},
      {R"({"b":{"$in":[false,null]}})", "2 3 4 5 "},
      // Date
      {R"({"d":{"__type":"Date","iso":"2020-01-01T00:00:00.000Z"}})", "1 "},
      {R"({"d":{"__type":"Date","iso":"2020-01-01T01:00:00+01:00"}})", "1 "},
      {R"({"d":{"$lt":{"__type":"Date","iso":"2000-01-01T00:00:00.000Z"}}})", "2 "},
      {R"({"d":{"$gte":{"__type":"Date","iso":"1999-12-31T23:59:59.999Z"}}})", "1 2 "},
      {R"({"d":{"$in":[{"__type":"Date","iso":"2020-01-01T00:00:00.000Z"}]}})", "1 "},
      {R"({"d":5})", ""},
      {R"({"createdAt":{"$lte":{"__type":"Date","iso":"2020-01-01T00:00:00.000Z"}}})", "1 2 3 4 5 "},
      // Object
      {R"({"o":{"x":1,"t":["u"]}})", "1 "},
      {R"({"o":{"t":["u"],"x":1}})", "1 "},
      {R"({"o.x":1})", "1 "},
      {R"({"o.x":"1"})", "2 "},
      {R"({"o.t":"u"})", "1 "},
      {R"({"o.t.0":"u"})", "1 "},
      {R"({"o.t.1":null})", "1 2 3 4 5 "},
      {R"({"o.x":{"$exists":true}})", "1 2 "},
      {R"({"o.x":{"$ne":1}})", "2 3 4 5 "},
      {R"({"o":{"$exists":false}})", "4 5 "},
      // Array
      {R"({"a":1})", "1 "},
      {R"({"a":[1,"q"]})", "1 3 "},
      {R"({"a":{"x":1}})", "3 "},
      {R"({"a":{"$in":["q",7]}})", "1 "},
      {R"({"a":{"$ne":1}})", "2 3 4 5 "},
      {R"({"a":{"$gt":0}})", "1 "},
      {R"({"a.0":1})", "1 3 "},  // the first element itself, and an array that holds it
      {R"({"a":{"$regex":"Q","$options":"i"}})", "1 "},
      {R"({"a":null})", "4 5 "},
      // GeoPoint
      {R"({"g":{"__type":"GeoPoint","latitude":1.5,"longitude":2}})", "1 "},
      {R"({"g":{"$ne":{"__type":"GeoPoint","latitude":1.5,"longitude":2}}})", "2 3 4 5 "},
      {R"({"g":{"$in":[{"__type":"GeoPoint","latitude":0,"longitude":0},null]}})", "2 3 4 5 "},
      {R"({"g":{"$nin":[{"__type":"GeoPoint","latitude":0,"longitude":0},null]}})", "1 "},
      {R"({"g":{"$nin":[]}})", "1 2 3 4 5 "},
      {R"({"g":{"$exists":true}})", "1 2 "},
      {R"({"g":null})", "3 4 5 "},
      {R"({"g":{"$ne":null}})", "1 2 "},
      {R"({"g":1})", ""},
      {R"({"g":{"$gt":1}})", ""},
      // Polygon, File, Bytes
      {R"({"y":{"__type":"Polygon","coordinates":[[0,0],[0,1],[1,1],[0,0]]}})", "1 "},
      {R"({"f":{"__type":"File","name":"f.txt"}})", "1 "},
      {R"({"e":{"__type":"Bytes","base64":"YQ=="}})", "1 "},
      {R"({"e":{"$ne":{"__type":"Bytes","base64":"YQ=="}}})", "2 3 4 5 "},
      // Pointer
      {R"({"p":{"__type":"Pointer","className":"Other","objectId":"o1"}})", "1 "},
      {R"({"p":{"__type":"Object","className":"Other","objectId":"o1","x":1}})", "1 "},
      {R"({"p":"o1"})", "1 "},
      {R"({"p":{"__type":"Pointer","className":"C","objectId":"o1"}})", ""},
      {R"({"p":{"$ne":{"__type":"Pointer","className":"C","objectId":"o1"}}})", "1 2 3 4 5 "},
      {R"({"p":{"$in":[{"__type":"Pointer","className":"Other","objectId":"o2"},"o1"]}})", "1 2 "},
      {R"({"p.name":"x"})", ""},
      {R"({"p.name":null})", "1 2 3 4 5 "},
      // Relation: owners by what they hold
      {R"({"r":{"__type":"Pointer","className":"Other","objectId":"o1"}})", "1 2 "},
      {R"({"r":{"$ne":{"__type":"Pointer","className":"Other","objectId":"o2"}}})", "1 3 4 5 "},
      {R"({"r":{"$in":[{"__type":"Pointer","className":"Other","objectId":"o2"}]}})", "2 "},
      {R"({"r":{"$nin":[{"__type":"Pointer","className":"Other","objectId":"o1"}]}})", "3 4 5 "},
      {R"({"r":{"__type":"Pointer","className":"C","objectId":"o1"}})", ""},
      {R"({"$relatedTo":{"object":{"__type":"Pointer","className":"Other","objectId":"o1"},"key":"holds"}})", "1 3 "},
      {R"({"s":"a","$relatedTo":{"object":{"__type":"Pointer","className":"Other","objectId":"o1"},"key":"holds"}})", "1 "},
      {R"({"$relatedTo":{"object":{"__type":"Pointer","className":"Other","objectId":"o1"},"key":"wrong"}})", ""},
      {R"({"$relatedTo":{"object":{"__type":"Pointer","className":"Other","objectId":"o1"},"key":"none"}})", ""},
      {R"({"$relatedTo":{"object":{"__type":"Pointer","className":"None","objectId":"o1"},"key":"holds"}})", ""},
      // A field that the class has not, and rows' own
      {R"({"z":1})", ""},
      {R"({"z":null})", "1 2 3 4 5 "},
      {R"({"z":{"$ne":1}})", "1 2 3 4 5 "},
      {R"({"z":{"$nin":[1]}})", "1 2 3 4 5 "},
      {R"({"z":{"$in":[null]}})", "1 2 3 4 5 "},
      {R"({"z":{"$exists":false}})", "1 2 3 4 5 "},
      {R"({"z":{"$regex":""}})", ""},
      {R"({"objectId":{"$in":["5","1","9"]}})", "1 5 "},
      // Groups
      {R"({"$or":[{"s":"a"},{"n":-2.5}]})", "1 2 "},
      {R"({"$and":[{"s":{"$ne":"a"}},{"n":{"$exists":true}}]})", "2 3 5 "},
      {R"({"$nor":[{"s":"a"},{"n":-2.5}]})", "3 4 5 "},
      {R"({"$nor":[{"$or":[{"s":"a"},{"$nor":[{"n":-2.5}]}]}]})", "2 "},
      {R"({"$nor":[{"s":"a","n":1},{"n":{"$exists":false}}]})", "2 3 5 "},
      {R"({"$or":[{"$and":[{"b":true},{"n":1}]},{"$nor":[{"s":{"$exists":true}}]}],"objectId":{"$ne":"4"}})", "1 "},
  };
  const FilledStore store;
  for (const FilterCase& each : cases) {
    INFO(each.where);
    CHECK(ids(*store, "C", where(each.where)) == each.ids);
    CHECK(count(*store, "C", where(each.where)) == std::count(each.ids, each.ids + std::string_view(each.ids).size(), ' '));
  }
}

TEST_CASE("rows are found by what their ACL grants") {
  FilledStore store;
  insert(*store, "C", "6", {{"ACL", parse_json(R"({"role:R":{"read":true},"u":{"read":true,"write":true}})")}});
  const auto permitted = [&](Permits::Right right, std::vector<std::string> principals) {
    return ids(*store, "C", Filter{Permits{right, std::move(principals)}});
  };
  CHECK(permitted(Permits::Right::Read, {"*"}) == "1 2 3 4 ");
  CHECK(permitted(Permits::Right::Read, {"*", "role:R"}) == "1 2 3 4 6 ");
  CHECK(permitted(Permits::Right::Write, {"*", "role:R"}) == "1 2 3 4 ");
  CHECK(permitted(Permits::Right::Write, {"z", "u", "a"}) == "1 2 3 4 6 ");
  CHECK(permitted(Permits::Right::Read, {}) == "1 2 3 4 ");
  CHECK(ids(*store, "C", Filter{NoneOf{{Filter{Permits{Permits::Right::Read, {"*"}}}}}}) == "5 6 ");
}

TEST_CASE("what a relation holds is found only for those who may read its owner") {
  const FilledStore store;
  const auto held = [&](const std::string& owner, Filter rule) {
    return ids(*store, "C", Filter{RelatedTo{{"Other", owner}, "holds", {std::move(rule)}}});
  };
  const Filter anybody{Permits{Permits::Right::Read, {"*"}}};
  CHECK(held("o1", anybody) == "1 3 ");
  CHECK(held("o2", anybody).empty());
  CHECK(held("o2", Filter{}) == "2 ");
  CHECK(held("o1", Filter{AnyOf{}}).empty());
}

TEST_CASE("a bad regular expression is the client's mistake, also on a field that is not there") {
  const FilledStore store;
  for (const char* text : {R"({"s":{"$regex":"("}})", R"({"z":{"$regex":"("}})", R"({"a":{"$regex":"[z-a]"}})"}) {
    INFO(text);
    CHECK_THROWS_AS(ids(*store, "C", where(text)), Error);
  }
  // A pattern that tries for ever ends in the middle of a statement; the connection is as good as before.
  insert(*store, "C", "long", {{"s", std::string(60, 'a') + "b"}});
  CHECK_THROWS_AS(ids(*store, "C", where(R"({"s":{"$regex":"^(a+)+$"}})")), Error);
  CHECK(ids(*store, "C", where(R"({"s":"a"})")) == "1 ");
}

// ---- Agreement of SQL and matcher

class Generator {
 public:
  explicit Generator(unsigned seed) : random_(seed) {}

  std::size_t below(std::size_t end) { return std::uniform_int_distribution<std::size_t>(0, end - 1)(random_); }
  template <typename T>
  const T& one_of(const std::vector<T>& values) {
    return values[below(values.size())];
  }

  Json scalar() {
    static const std::vector<Json> kScalars = {"",
                                               "a",
                                               "B",
                                               "ab",
                                               "\u00e4",
                                               std::string("a\0b", 3),
                                               std::string("a\0c", 3),
                                               0,
                                               1,
                                               -1,
                                               0.1,
                                               0.2,
                                               0.1 + 0.2,
                                               0.3,
                                               1.5,
                                               1e300,
                                               5e-324,
                                               9007199254740993,
                                               9007199254740992.0,
                                               1.7976931348623157e308,
                                               0.1234567890123456789,
                                               123456.789e-7,
                                               true,
                                               false};
    return one_of(kScalars);
  }

  Json date() {
    return encode_date(one_of<std::string>({"2020-01-01T00:00:00.000Z", "2020-01-01T00:00:00.001Z", "1970-01-01T00:00:00.000Z"}));
  }
  Json pointer() { return encode_pointer(one_of<std::string>({"C", "D"}), one_of<std::string>({"x", "y"})); }
  Json point() { return encode(GeoPoint{one_of<double>({0, 0.1, 1}), one_of<double>({0, 0.1})}); }

  Json list() {
    Json made = Json::array();
    for (std::size_t n = below(4); n > 0; --n) made.push_back(below(6) == 0 ? nested() : scalar());
    return made;
  }
  Json object() {
    Json made = Json::object();
    for (std::size_t n = below(3); n > 0; --n) made[one_of<std::string>({"x", "y"})] = below(4) == 0 ? nested() : scalar();
    return made;
  }
  Json nested() { return ++depth_ % 2 ? list() : object(); }

  Json value_of(const Field& of) {
    switch (of.spec.type) {
      case FieldType::String: return one_of<Json>({"", "a", "B", "ab", "\u00e4", std::string("a\0b", 3)});
      case FieldType::Number: return one_of<Json>({0, 1, -1, 0.1, 0.1 + 0.2, 0.3, 1e300, 5e-324, 9007199254740993, 0.1234567890123456789});
      case FieldType::Boolean: return below(2) == 0;
      case FieldType::Date: return date();
      case FieldType::Pointer: return encode_pointer("C", one_of<std::string>({"x", "y"}));
      case FieldType::GeoPoint: return point();
      case FieldType::Array: return list();
      default: return object();
    }
  }

  // An operand that may or may not be of the field's type. Plain texts stand for dates and pointers in SQL alone, which knows the type
  // of the field; they are left out there.
  Json operand(const Field& of) {
    const bool takes_text = of.spec.type != FieldType::Date && of.spec.type != FieldType::Pointer;
    for (;;) {
      Json made;
      switch (below(8)) {
        case 0: made = date(); break;
        case 1: made = pointer(); break;
        case 2: made = point(); break;
        case 3: made = nested(); break;
        case 4: made = scalar(); break;
        default: made = value_of(of); break;
      }
      if (takes_text || !made.is_string()) return made;
    }
  }

  Constraint constraint(const std::vector<Field>& fields) {
    const Field& of = one_of(fields);
    Constraint made{{of.name, {}}, static_cast<Comparison>(below(10)), nullptr, {}};
    const bool has_inside = of.spec.type == FieldType::Object || of.spec.type == FieldType::Array;
    if (has_inside && below(2) == 0) made.path.inner = {one_of<std::string>({"x", "y", "0", "1", "z"})};
    switch (made.comparison) {
      case Comparison::In:
      case Comparison::NotIn:
        made.operand = Json::array();
        for (std::size_t n = below(5); n > 0; --n) made.operand.push_back(below(5) == 0 ? Json() : operand(of));
        break;
      case Comparison::Exists: made.operand = below(2) == 0; break;
      case Comparison::Regex:
        made.operand = one_of<std::string>({"^a", "b$", "", "^$", "[AB]"});
        made.options = one_of<std::string>({"", "i"});
        break;
      default: made.operand = below(6) == 0 ? Json() : operand(of);
    }
    const bool is_ordered = made.comparison == Comparison::Less || made.comparison == Comparison::LessOrEqual ||
                            made.comparison == Comparison::Greater || made.comparison == Comparison::GreaterOrEqual;
    // Only texts, numbers and dates have an order (where_parser.h refuses others); a pointer's id has one in SQL.
    const bool needs_date = of.spec.type == FieldType::Date || of.spec.type == FieldType::Pointer;
    if (is_ordered) made.operand = needs_date ? date() : scalar_with_order();
    return made;
  }

  Filter filter(const std::vector<Field>& fields, int depth = 0) {
    if (depth == 3 || below(3) > 0) return {constraint(fields)};
    std::vector<Filter> members;
    for (std::size_t n = below(4); n > 0; --n) members.push_back(filter(fields, depth + 1));
    switch (below(3)) {
      case 0: return {AllOf{std::move(members)}};
      case 1: return {AnyOf{std::move(members)}};
      default: return {NoneOf{std::move(members)}};
    }
  }

 private:
  Json scalar_with_order() {
    for (;;) {
      Json made = scalar();
      if (!made.is_boolean()) return made;
    }
  }

  std::mt19937 random_;
  unsigned depth_ = 0;
};

bool in_memory(const Filter& filter, const Json& object);

bool any_in_memory(const std::vector<Filter>& filters, const Json& object) {
  return std::any_of(filters.begin(), filters.end(), [&](const Filter& f) { return in_memory(f, object); });
}

bool in_memory(const Filter& filter, const Json& object) {
  if (const auto* all = std::get_if<AllOf>(&filter.node)) {
    return std::all_of(all->of.begin(), all->of.end(), [&](const Filter& f) { return in_memory(f, object); });
  }
  if (const auto* any = std::get_if<AnyOf>(&filter.node)) return any_in_memory(any->of, object);
  if (const auto* none = std::get_if<NoneOf>(&filter.node)) return !any_in_memory(none->of, object);
  const auto& constraint = std::get<Constraint>(filter.node);
  const Json* member = find_member(object, constraint.path.field);
  const Json value = member ? *member : Json();
  const Json* at = value_at(value, constraint.path.inner);
  std::optional<Regex> regex;
  if (constraint.comparison == Comparison::Regex) regex.emplace(constraint.operand.get<std::string>(), constraint.options);
  return value_matches(at ? *at : Json(), constraint.comparison, constraint.operand, regex ? &*regex : nullptr);
}

TEST_CASE("SQL and the matcher in memory find the same rows") {
  constexpr unsigned kSeed = 20240229;
  constexpr int kObjects = 40;
  constexpr int kFilters = 500;
  const std::vector<Field> fields = {field("s", FieldType::String), field("n", FieldType::Number),       field("b", FieldType::Boolean),
                                     field("d", FieldType::Date),   field("p", FieldType::Pointer, "C"), field("g", FieldType::GeoPoint),
                                     field("a", FieldType::Array),  field("o", FieldType::Object)};
  const auto id_of = [](int i) { return std::to_string(100 + i); };  // of one length: the same order whatever index is used
  Generator generator(kSeed);
  TemporaryStore store;
  create_class(*store, "C", fields);
  std::vector<Json> objects;
  for (int i = 0; i < kObjects; ++i) {
    Json object = Json::object();
    for (const Field& each : fields) {
      if (generator.below(5) > 0) object[each.name] = generator.value_of(each);
    }
    insert(*store, "C", id_of(i), object);
    objects.push_back(std::move(object));
  }
  for (int n = 0; n < kFilters; ++n) {
    const Filter filter = generator.filter(fields);
    std::string expected;
    for (int i = 0; i < kObjects; ++i) {
      if (in_memory(filter, objects[static_cast<std::size_t>(i)])) expected += id_of(i) + " ";
    }
    INFO("seed " << kSeed << ", filter " << n << ": " << to_text(filter));
    CHECK(ids(*store, "C", filter) == expected);
  }
}

TEST_CASE("no tree of conditions is beyond the engine without being refused as the client's mistake") {
  constexpr unsigned kSeed = 7;
  std::mt19937 random(kSeed);
  const auto below = [&](std::size_t end) { return std::uniform_int_distribution<std::size_t>(0, end - 1)(random); };
  FilledStore store;
  const Filter leaf = where(R"({"s":{"$in":["a",null]}})");
  const Filter related{RelatedTo{{"Other", "o1"}, "holds", {Filter{Permits{Permits::Right::Read, {"*"}}}}}};
  int found = 0;
  for (int round = 0; round < 60; ++round) {
    INFO("seed " << kSeed << ", round " << round);
    const std::size_t width = 1 + below(30), wide_from = below(32);
    Filter filter = below(2) == 0 ? leaf : related;
    for (std::size_t depth = 0; depth < 32; ++depth) {
      std::vector<Filter> members(depth < wide_from ? 1 : width, leaf);
      members.insert(members.begin() + static_cast<std::ptrdiff_t>(below(members.size() + 1)), filter);
      if (round % 3 == 0 && depth < 9) members.push_back(filter);  // equally deep on both sides
      switch (below(3)) {
        case 0: filter = {AllOf{std::move(members)}}; break;
        case 1: filter = {AnyOf{std::move(members)}}; break;
        default: filter = {NoneOf{std::move(members)}}; break;
      }
    }
    try {
      ids(*store, "C", filter);
      ++found;
    } catch (const Error& error) {
      CHECK(error.code() == error_code::kInvalidQuery);
    }
  }
  CHECK(found > 20);
}

}  // namespace
}  // namespace parsimony
