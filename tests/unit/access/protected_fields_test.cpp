#include "access/protected_fields.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "unit/query/filter_text.h"

namespace parsimony {
namespace {

constexpr const char* kPointerToU1 = R"({"__type":"Pointer","className":"_User","objectId":"u1"})";

Field field(const char* name, FieldSpec spec) {
  Field made;
  made.name = name;
  made.spec = std::move(spec);
  return made;
}

ClassSchema class_with(const char* protected_fields, const char* name = "C") {
  std::vector<Field> fields = base_fields();
  for (const char* text : {"a", "b", "c", "email", "authData"}) fields.push_back(field(text, {FieldType::String, {}}));
  fields.push_back(field("owner", {FieldType::Pointer, "_User"}));
  fields.push_back(field("team", {FieldType::Array, {}}));
  ClassSchema of(name, std::move(fields));
  if (protected_fields) of.permissions = Json{{"protectedFields", parse_json(protected_fields)}};
  return of;
}

Caller user(const char* id, std::vector<std::string> roles = {}) {
  Caller caller;
  caller.user_id = id;
  caller.roles = std::move(roles);
  return caller;
}

const Caller kAnybody{};
const Caller kMaster{true};
const Caller kUser = user("u1", {"role:R", "role:S"});

constexpr std::string_view kFields[] = {"a", "b", "c", "email", "owner"};

// The fields that a row hides to which the rules with these pointers apply.
std::string hidden_in(const HiddenFields& hidden, const std::vector<std::string>& pointers, bool is_own = false) {
  HiddenFields::RowKind row{is_own, {}};
  for (const HiddenFields::RowRule& rule : hidden.rules()) {
    if (std::find(pointers.begin(), pointers.end(), rule.pointer) != pointers.end()) row.applying.push_back(&rule);
  }
  std::string text;
  for (const std::string_view name : kFields) {
    if (hidden.hides(name, row)) text.append(text.empty() ? "" : ",").append(name);
  }
  return text;
}

TEST_CASE("what is hidden is what all sets hold that apply to the caller") {
  struct Case {
    const char* rules;
    const char* from_anybody;
    const char* from_user;
  };
  const Case cases[] = {
      {nullptr, "", ""},
      {R"({})", "", ""},
      {R"({"*":[]})", "", ""},
      {R"({"*":["a","b"]})", "a,b", "a,b"},
      {R"({"authenticated":["a"]})", "", "a"},
      {R"({"*":["a","b"],"authenticated":["a"]})", "a,b", "a"},
      {R"({"*":["a"],"authenticated":["a","b"]})", "a", "a"},
      {R"({"*":["a"],"authenticated":["b"]})", "a", ""},
      {R"({"role:R":["a"]})", "", "a"},
      {R"({"*":["a","b"],"role:R":["b"]})", "a,b", "b"},
      {R"({"*":["a","b"],"role:R":[]})", "a,b", ""},
      {R"({"*":["a","b"],"role:R":["a"],"role:S":["b"]})", "a,b", ""},
      {R"({"*":["a","b"],"role:T":[]})", "a,b", "a,b"},
      {R"({"*":["a","b"],"u1":["b"]})", "a,b", "b"},
      {R"({"*":["a","b"],"u2":[]})", "a,b", "a,b"},
      {R"({"*":["a","b"],"authenticated":["a","b","c"],"u1":["a","c"]})", "a,b", "a"},
      {R"({"*":[5,"a"]})", "a", "a"},
      {R"([])", "", ""},
  };
  for (const Case& each : cases) {
    const ClassSchema of = class_with(each.rules);
    INFO((each.rules ? each.rules : "no rules"));
    CHECK(hidden_in(HiddenFields(kAnybody, of, {}), {}) == each.from_anybody);
    CHECK(hidden_in(HiddenFields(kUser, of, {}), {}) == each.from_user);
    CHECK(hidden_in(HiddenFields(kMaster, of, {}), {}).empty());
  }
}

TEST_CASE("rows that point to the caller bring a set of their own") {
  struct Case {
    const char* rules;
    const char* others;
    const char* owned;
    const char* owned_and_in_team;
  };
  const Case cases[] = {
      {R"({"*":["a","b"],"userField:owner":["b"]})", "a,b", "b", "b"},
      {R"({"*":["a","b"],"userField:owner":[]})", "a,b", "", ""},
      {R"({"*":["a"],"userField:owner":["a","b"]})", "a", "a", "a"},
      {R"({"*":["a","b","c"],"userField:owner":["a","b"],"userField:team":["b"]})", "a,b,c", "a,b", "b"},
      {R"({"userField:owner":["a","b"],"userField:team":["b"]})", "", "a,b", "b"},
      {R"({"*":[],"userField:owner":["a"]})", "", "", ""},
      {R"({"*":["a"],"userField:none":[]})", "a", "a", "a"},
  };
  for (const Case& each : cases) {
    const ClassSchema of = class_with(each.rules);
    INFO(each.rules);
    const HiddenFields hidden(kUser, of, {});
    CHECK(hidden_in(hidden, {}) == each.others);
    CHECK(hidden_in(hidden, {"owner"}) == each.owned);
    CHECK(hidden_in(hidden, {"owner", "team"}) == each.owned_and_in_team);
    CHECK(HiddenFields(kAnybody, of, {}).rules().empty());
  }
}

TEST_CASE("the options protect fields beside the classes") {
  const ProtectionSettings settings{parse_json(R"({"C":{"*":["a"],"role:R":["a"]}})"), true, true};
  CHECK(hidden_in(HiddenFields(kAnybody, class_with(nullptr), settings), {}) == "a");
  CHECK(hidden_in(HiddenFields(kAnybody, class_with(R"({"*":["b"]})"), settings), {}) == "a,b");
  CHECK(hidden_in(HiddenFields(kUser, class_with(R"({"*":["b"]})"), settings), {}) == "a");
  CHECK(hidden_in(HiddenFields(kAnybody, class_with(nullptr, "D"), settings), {}).empty());
  CHECK(hidden_in(HiddenFields(kAnybody, class_with(nullptr, "_User"), {}), {}) == "email");
  const ProtectionSettings odd{parse_json(R"({"C":{"*":["objectId","createdAt"]}})"), true, true};
  CHECK_FALSE(HiddenFields(kAnybody, class_with(nullptr), odd).may_hide("objectId"));
  CHECK(HiddenFields(kAnybody, class_with(nullptr), odd).always_hides("createdAt"));
}

TEST_CASE("users see all of their own row, unless the options say otherwise") {
  const ClassSchema users = class_with(nullptr, "_User");
  const ProtectionSettings strict{ProtectionSettings{}.classes, false, true};
  const HiddenFields exempt(kUser, users, {}), bound(kUser, users, strict);
  CHECK(hidden_in(exempt, {}, true).empty());
  CHECK(hidden_in(exempt, {}, false) == "email");
  CHECK(hidden_in(bound, {}, true) == "email");
  CHECK_FALSE(exempt.may_hide("email", true));
  CHECK(exempt.may_hide("email"));
  CHECK(bound.may_hide("email", true));
  for (const HiddenFields* hidden : {&exempt, &bound}) {
    CHECK(hidden->hides("authData", {false, {}}));
    CHECK_FALSE(hidden->hides("authData", {true, {}}));
    CHECK(hidden->may_hide("authData"));
    CHECK_FALSE(hidden->always_hides("authData"));
  }
  CHECK(HiddenFields(kAnybody, users, {}).always_hides("authData"));
  CHECK_FALSE(HiddenFields(kAnybody, class_with(nullptr), {}).may_hide("authData"));
}

TEST_CASE("what no row shows is not read, what some rows hide is not asked") {
  struct Case {
    const char* rules;
    bool may_hide;
    bool always_hides;
    std::string rows;
  };
  const std::string owned = std::string("owner = ") + kPointerToU1, in_team = std::string("team = ") + kPointerToU1;
  const Case cases[] = {
      {R"({})", false, false, "all()"},
      {R"({"*":["b"]})", false, false, "all()"},
      {R"({"*":["a"]})", true, true, "any()"},
      {R"({"*":["a"],"userField:owner":["a"]})", true, true, "any()"},
      {R"({"*":["a"],"userField:owner":["b"]})", true, false, "any(" + owned + ")"},
      {R"({"userField:owner":["a"]})", true, false, "any(none(" + owned + "))"},
      {R"({"userField:owner":["a"],"userField:team":["b"]})", true, false, "any(" + in_team + ", none(" + owned + "))"},
      {R"({"userField:owner":["b"]})", false, false, "all()"},
  };
  for (const Case& each : cases) {
    INFO(each.rules);
    const HiddenFields hidden(kUser, class_with(each.rules), {});
    CHECK(hidden.may_hide("a") == each.may_hide);
    CHECK(hidden.always_hides("a") == each.always_hides);
    CHECK(to_text(hidden.rows_showing("a")) == each.rows);
  }
  const HiddenFields users(kUser, class_with(nullptr, "_User"), {});
  CHECK(to_text(users.rows_showing("email")) == R"(any(objectId = "u1", any()))");
  CHECK(to_text(users.rows_showing("authData")) == R"(objectId = "u1")");
}

}  // namespace
}  // namespace parsimony
