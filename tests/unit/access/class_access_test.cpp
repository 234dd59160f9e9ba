#include "access/class_access.h"

#include <catch2/catch.hpp>

#include "unit/query/filter_text.h"

namespace parsimony {
namespace {

const Caller kAnybody{};
const Caller kMaster{true};

ClassSchema class_with(const char* permissions) {
  std::vector<Field> fields = base_fields();
  Field owner, friends, name;
  owner.name = "owner";
  owner.spec = {FieldType::Pointer, "_User"};
  friends.name = "friends";
  friends.spec = {FieldType::Array, {}};
  name.name = "name";
  name.spec = {FieldType::String, {}};
  for (const Field& field : {owner, friends, name}) fields.push_back(field);
  ClassSchema of("C", std::move(fields));
  if (permissions) of.permissions = parse_json(permissions);
  return of;
}

// "all", "none", or the refusal as "119 text".
std::string answer(const Caller& caller, const char* permissions, Operation operation) {
  try {
    const Filter rows = require_class_permission(caller, class_with(permissions), operation, Refusals::Detailed);
    return rows.matches_all() ? "all" : to_text(rows) == "any()" ? "none" : to_text(rows);
  } catch (const Error& error) {
    return std::to_string(error.code().value()) + " " + error.message();
  }
}

TEST_CASE("what class permissions allow a caller without a user") {
  constexpr const char* kSignIn = "101 Permission denied, user needs to be authenticated.";
  struct Case {
    const char* permissions;
    Operation operation;
    const char* expected;
  };
  const Case cases[] = {
      {nullptr, Operation::Find, "all"},
      {R"({})", Operation::Delete, "all"},
      {R"({"find":{"*":true}})", Operation::Find, "all"},
      {R"({"find":{"*":true}})", Operation::Get, "all"},
      {R"({"find":{"*":false}})", Operation::Find, "119 Permission denied for action find on class C."},
      {R"({"find":{"*":"true"}})", Operation::Find, "119 Permission denied for action find on class C."},
      {R"({"find":{}})", Operation::Find, "119 Permission denied for action find on class C."},
      {R"({"find":true})", Operation::Find, "119 Permission denied for action find on class C."},
      {R"({"addField":{}})", Operation::AddField, "119 Permission denied for action addField on class C."},
      {R"({"count":{"role:R":true,"abc":true}})", Operation::Count, "119 Permission denied for action count on class C."},
      {R"({"get":{"requiresAuthentication":true}})", Operation::Get, kSignIn},
      {R"({"get":{"requiresAuthentication":true,"*":true}})", Operation::Get, "all"},
      {R"({"get":{"requiresAuthentication":false}})", Operation::Get, "119 Permission denied for action get on class C."},
      {R"({"get":{"pointerFields":["owner"]}})", Operation::Get, "101 Object not found."},
      {R"({"get":{},"readUserFields":["owner"]})", Operation::Get, "101 Object not found."},
      {R"({"update":{"pointerFields":["owner"]}})", Operation::Update, "none"},
      {R"({"addField":{"pointerFields":["owner"]}})", Operation::AddField, "none"},
      {R"({"create":{"pointerFields":["owner"]}})", Operation::Create, "119 Permission denied for action create on class C."},
      {R"({"get":{"pointerFields":[]}})", Operation::Get, "119 Permission denied for action get on class C."},
      {R"({"find":{},"readUserFields":["owner"]})", Operation::Find, "none"},
      {R"({"count":{},"readUserFields":["owner"]})", Operation::Count, "none"},
      {R"({"update":{},"readUserFields":["owner"]})", Operation::Update, "119 Permission denied for action update on class C."},
      {R"({"delete":{},"writeUserFields":["owner"]})", Operation::Delete, "none"},
      {R"({"create":{},"writeUserFields":["owner"]})", Operation::Create, "119 Permission denied for action create on class C."},
      {R"({"addField":{},"writeUserFields":["owner"]})", Operation::AddField, "none"},
  };
  for (const Case& each : cases) {
    INFO((each.permissions ? each.permissions : "no permissions") << " " << name_of(each.operation));
    CHECK(answer(kAnybody, each.permissions, each.operation) == each.expected);
    CHECK(answer(kMaster, each.permissions, each.operation) == "all");
  }
}

Caller user(const char* id, std::vector<std::string> roles = {}) {
  Caller caller;
  caller.user_id = id;
  caller.roles = std::move(roles);
  return caller;
}

TEST_CASE("what class permissions allow a user") {
  constexpr const char* kOwned = R"(owner = {"__type":"Pointer","className":"_User","objectId":"u1"})";
  constexpr const char* kBoth =
      R"(any(owner = {"__type":"Pointer","className":"_User","objectId":"u1"}, friends = {"__type":"Pointer","className":"_User","objectId":"u1"}))";
  struct Case {
    const char* permissions;
    Operation operation;
    const char* expected;
  };
  const Case cases[] = {
      {R"({"find":{"u1":true}})", Operation::Find, "all"},
      {R"({"find":{"u2":true}})", Operation::Find, "119 Permission denied for action find on class C."},
      {R"({"find":{"role:R":true}})", Operation::Find, "all"},
      {R"({"find":{"role:S":true}})", Operation::Find, "119 Permission denied for action find on class C."},
      {R"({"find":{"requiresAuthentication":true}})", Operation::Find, "all"},
      {R"({"find":{"pointerFields":["owner"]}})", Operation::Find, kOwned},
      {R"({"get":{"pointerFields":["owner"]}})", Operation::Get, kOwned},
      {R"({"count":{"pointerFields":["owner"]}})", Operation::Count, kOwned},
      {R"({"update":{"pointerFields":["owner"]}})", Operation::Update, kOwned},
      {R"({"delete":{"pointerFields":["owner"]}})", Operation::Delete, kOwned},
      {R"({"addField":{"pointerFields":["owner"]}})", Operation::AddField, kOwned},
      {R"({"create":{"pointerFields":["owner"]}})", Operation::Create, "119 Permission denied for action create on class C."},
      {R"({"create":{},"writeUserFields":["owner"]})", Operation::Create, "119 Permission denied for action create on class C."},
      {R"({"find":{"pointerFields":["owner","friends"]}})", Operation::Find, kBoth},
      {R"({"find":{"pointerFields":["owner"]},"readUserFields":["friends"]})", Operation::Find, kBoth},
      {R"({"find":{"pointerFields":["owner"],"role:R":true}})", Operation::Find, "all"},
      {R"({"find":{"pointerFields":["owner"],"*":true}})", Operation::Find, "all"},
      {R"({"find":{"pointerFields":["owner"],"requiresAuthentication":true}})", Operation::Find, kOwned},
      {R"({"find":{"requiresAuthentication":true},"readUserFields":["owner"]})", Operation::Find, kOwned},
      {R"({"find":{"*":true},"readUserFields":["owner"]})", Operation::Find, "all"},
      {R"({"get":{},"readUserFields":["owner"]})", Operation::Get, kOwned},
      {R"({"count":{},"readUserFields":["owner"]})", Operation::Count, kOwned},
      {R"({"update":{},"readUserFields":["owner"]})", Operation::Update, "119 Permission denied for action update on class C."},
      {R"({"update":{},"writeUserFields":["owner"]})", Operation::Update, kOwned},
      {R"({"delete":{},"writeUserFields":["owner"]})", Operation::Delete, kOwned},
      {R"({"addField":{},"writeUserFields":["owner"]})", Operation::AddField, kOwned},
      {R"({"get":{},"writeUserFields":["owner"]})", Operation::Get, "119 Permission denied for action get on class C."},
      {R"({"find":{"pointerFields":[5]}})", Operation::Find, "119 Permission denied for action find on class C."},
      {R"({"find":{"pointerFields":"owner"}})", Operation::Find, "119 Permission denied for action find on class C."},
  };
  for (const Case& each : cases) {
    INFO(each.permissions << " " << name_of(each.operation));
    CHECK(answer(user("u1", {"role:R"}), each.permissions, each.operation) == each.expected);
  }
}

TEST_CASE("a refusal tells the client no more than it is meant to") {
  for (const char* permissions : {R"({"find":{}})", R"({"find":{"requiresAuthentication":true}})"}) {
    try {
      require_class_permission(kAnybody, class_with(permissions), Operation::Find, Refusals::Sanitized);
      FAIL("not refused");
    } catch (const Error& error) {
      CHECK(error.message() == "Permission denied");
      CHECK(error.cause() != error.message());
    }
  }
}

TEST_CASE("rows are filtered by their ACL for all but the master key") {
  CHECK(object_filter(kMaster, Permits::Right::Write).matches_all());
  CHECK(to_text(object_filter(kAnybody, Permits::Right::Read)) == "may read");
  CHECK(to_text(object_filter(kAnybody, Permits::Right::Write)) == "may write");
}

TEST_CASE("the default ACL of new objects") {
  CHECK(default_acl({}, class_with(nullptr)).is_null());
  CHECK(default_acl({}, class_with(R"({"find":{}})")).is_null());
  CHECK(default_acl({}, class_with(R"({"ACL":{"*":{"read":true,"write":true}}})")).is_null());
  CHECK(to_json_text(default_acl({}, class_with(R"({"ACL":{"*":{"read":true}}})"))) == R"({"*":{"read":true}})");
  CHECK(to_json_text(default_acl({}, class_with(R"({"ACL":{"currentUser":{"read":true,"write":true}}})"))) == "{}");
  CHECK(to_json_text(default_acl({}, class_with(R"({"ACL":{"currentUser":{"write":true},"role:R":{"write":true}}})"))) ==
        R"({"role:R":{"write":true}})");
}

TEST_CASE("permissions of a new class") {
  const char* operations[] = {"find", "get", "count", "create", "update", "delete", "addField"};
  for (const char* operation : operations) {
    CHECK(to_json_text(open_permissions().at(operation)) == R"({"*":true})");
    CHECK(to_json_text(closed_permissions().at(operation)) == "{}");
  }
  const Json completed = complete_permissions(parse_json(R"({"find":{"*":true}})"), class_with(nullptr));
  CHECK(to_json_text(completed.at("find")) == R"({"*":true})");
  for (const char* operation : {"get", "count", "create", "update", "delete", "addField"})
    CHECK(to_json_text(completed.at(operation)) == "{}");
}

TEST_CASE("malformed permissions are refused with 107, naming what is wrong") {
  struct Case {
    const char* permissions;
    const char* message;  // null: well-formed
  };
  const Case cases[] = {
      {R"({})", nullptr},
      {R"({"find":{"*":true,"role:a b":true,"abcDEF0123":true,"requiresAuthentication":true}})", nullptr},
      {R"({"find":{"pointerFields":["owner","friends"]},"readUserFields":["owner"],"writeUserFields":[]})", nullptr},
      {R"({"protectedFields":{"*":["name"],"role:R":[]},"ACL":{"*":{"read":true}}})", nullptr},
      {R"([])", "'[]' is not a valid value for class level permissions"},
      {R"({"foo":{}})", "foo is not a valid operation for class level permissions"},
      {R"({"find":1})", "'1' is not a valid value for class level permissions find"},
      {R"({"find":{"*":false}})", "'false' is not a valid value for class level permissions acl find:*"},
      {R"({"find":{"*":"true"}})", "'\"true\"' is not a valid value for class level permissions acl find:*"},
      {R"({"find":{"a b":true}})", "'a b' is not a valid key for class level permissions"},
      {R"({"find":{"role:":true}})", "'role:' is not a valid key for class level permissions"},
      {R"({"find":{"":true}})", "'' is not a valid key for class level permissions"},
      {R"({"find":{"pointerFields":"owner"}})", "'owner' is not a valid value for find[pointerFields] - expected an array."},
      {R"({"find":{"pointerFields":["name"]}})", "'name' is not a valid column for class level pointer permissions find"},
      {R"({"find":{"pointerFields":[5]}})", "'5' is not a valid column for class level pointer permissions find"},
      {R"({"readUserFields":["none"]})", "'none' is not a valid column for class level pointer permissions readUserFields"},
      {R"({"readUserFields":"owner"})", "'owner' is not a valid value for class level permissions readUserFields - must be an array"},
      {R"({"protectedFields":{"authenticated":["name"],"userField:none":["name"],"abcDEF0123":[]}})", nullptr},
      {R"({"protectedFields":{"a b":["name"]}})", "'a b' is not a valid key for class level permissions"},
      {R"({"protectedFields":{"*":["objectId"]}})", "Default field 'objectId' can not be protected"},
      {R"({"protectedFields":{"*":["none"]}})", "Field 'none' in protectedFields:* does not exist"},
      {R"({"protectedFields":{"*":"name"}})", "'name' is not a valid value for protectedFields[*] - expected an array."},
  };
  for (const Case& each : cases) {
    INFO(each.permissions);
    try {
      complete_permissions(parse_json(each.permissions), class_with(nullptr));
      CHECK(each.message == nullptr);
    } catch (const Error& error) {
      CHECK(error.code() == error_code::kInvalidJson);
      CHECK(error.message() == (each.message ? each.message : "no error"));
    }
  }
}

}  // namespace
}  // namespace parsimony
