#include <atomic>
#include <catch2/catch.hpp>
#include <thread>
#include <vector>

#include "common/clock.h"
#include "common/error.h"
#include "services/users/auth_links.h"
#include "services/users/password_hasher.h"
#include "services/users/password_policy.h"
#include "services/users/user_body.h"
#include "services/users/user_keys.h"
#include "support/refusal.h"
#include "types/date.h"

namespace parsimony {
namespace {

Json json(const char* text) { return parse_json(text); }

}  // namespace

TEST_CASE("passwords match their hash, and hashes of other servers") {
  PasswordHasher hasher(2);
  const std::string hash = hasher.hash("secret");
  CHECK(hash.starts_with("$2b$10$"));
  CHECK(hash != hasher.hash("secret"));
  CHECK(hasher.matches("secret", hash));
  CHECK_FALSE(hasher.matches("Secret", hash));
  CHECK_FALSE(hasher.matches("", hash));
  // The other forms that libraries write.
  CHECK(hasher.matches("secret", "$2a$" + hash.substr(4)));
  CHECK(hasher.matches("secret", "$2y$" + hash.substr(4)));
}

TEST_CASE("what is no hash matches nothing, and a NUL cuts no password short") {
  PasswordHasher hasher(1);
  for (const char* hash : {"", "secret", "$2b$10$", "$1$salt$hash", "*0"}) CHECK_FALSE(hasher.matches("secret", hash));
  CHECK_FALSE(hasher.matches(std::string("secret\0more", 11), hasher.hash("secret")));
  CHECK(refusal_of([&] { hasher.hash(std::string("a\0b", 3)); }).first == error_code::kValidationError);
}

TEST_CASE("many hashes at once are all made") {
  PasswordHasher hasher(2);
  const std::string hash = hasher.hash("p");
  std::vector<std::jthread> threads;
  std::atomic<int> right = 0;
  for (int i = 0; i < 8; ++i) threads.emplace_back([&] { right += hasher.matches("p", hash) ? 1 : 0; });
  threads.clear();
  CHECK(right == 8);
}

TEST_CASE("a new user needs a name and a password, or authData") {
  const auto [body, code] = GENERATE(table<const char*, int>({
      {"{}", 200},
      {R"({"username":"","password":"x"})", 200},
      {R"({"username":5,"password":"x"})", 200},
      {R"({"username":"a"})", 201},
      {R"({"username":"a","password":""})", 201},
      {R"({"username":"a","password":7})", 201},
      {R"({"username":"a","password":"x","email":"nowhere"})", 125},
      {R"({"username":"a","password":"x","email":"@a"})", 125},
      {R"({"username":"a","password":"x","email":"a@"})", 125},
      {R"({"authData":{}})", 200},
      {R"({"authData":{"anonymous":{}}})", 200},
      {R"({"authData":{"anonymous":{"id":5}}})", 162},
      {R"({"authData":{"anonymous":{"id":""}}})", 162},
      {R"({"authData":{"other":{"id":"x"}}})", 252},
      {R"({"username":"a","password":"x","authData":"text"})", 252},
      {R"({"authData.anonymous.id":"x","username":"a","password":"x"})", 105},
  }));
  INFO(body);
  CHECK(refusal_of([text = body] { read_new_user(json(text), {}); }).first == code);
}

TEST_CASE("what a sign-up says is taken apart") {
  const UserBody body = read_new_user(json(R"({"username":"a","password":"x","email":"a@b@","nick":1,"sessionToken":"r:1"})"), {});
  CHECK(body.username == "a");
  CHECK(body.password == "x");
  CHECK(body.email == "a@b@");
  CHECK(to_json_text(body.fields) == R"({"username":"a","email":"a@b@","nick":1})");
  const Json anonymous = json(R"({"authData":{"anonymous":{"id":"x"}}})");
  CHECK(read_new_user(anonymous, {}).auth_data.providers["anonymous"]["id"] == "x");
  UserSettings closed;
  closed.anonymous_users = false;
  CHECK(refusal_of([&] { read_new_user(anonymous, closed); }).first == 252);
}

TEST_CASE("providers that have an adapter may be named, with an id of text or none") {
  UserSettings settings;
  settings.auth_providers = {"own"};
  CHECK(read_new_user(json(R"({"authData":{"own":{"id":"x"},"anonymous":null}})"), settings).auth_data.is_given);
  CHECK(read_new_user(json(R"({"authData":{"own":{"token":"x"}}})"), settings).auth_data.is_given);
  CHECK(refusal_of([&] { read_new_user(json(R"({"authData":{"own":{"id":5}}})"), settings); }).first == 162);
  CHECK(refusal_of([&] { read_new_user(json(R"({"authData":{"own":{"id":""}}})"), settings); }).first == 162);
  CHECK(refusal_of([&] { read_new_user(json(R"({"authData":{"own":"text"}})"), settings); }).first == 252);
  CHECK(refusal_of([&] { read_new_user(json(R"({"authData":{"Own":{"id":"x"}}})"), settings); }).first == 252);
  CHECK(read_linked_user(json(R"({"authData":{}})"), settings).fields.empty());
}

TEST_CASE("a change of a user") {
  CHECK_FALSE(read_user_change(json(R"({"nick":1})"), {}).password);
  CHECK(read_user_change(json(R"({"password":""})"), {}).password == "");
  CHECK(refusal_of([] { read_user_change(json(R"({"password":7})"), {}); }).first == 111);
  CHECK(refusal_of([] { read_user_change(json(R"({"password":null})"), {}); }).first == 201);
  CHECK(refusal_of([] { read_user_change(json(R"({"password":{"__op":"Delete"}})"), {}); }).first == 201);
  CHECK(refusal_of([] { read_user_change(json(R"({"authData":{"__op":"Delete"}})"), {}); }).first == 252);
  CHECK(provider_names(read_user_change(json(R"({"authData":{"anonymous":null}})"), {}).auth_data.providers).empty());
}

TEST_CASE("keys by which users are found") {
  const auto key = [](const char* field, const Json& value) { return user_keys(field, value).front(); };
  CHECK(key("username", "ÉMILE Straße").second == "émile strasse");
  CHECK(key("email", "A@B.C").first == "_email_key");
  CHECK(key("username", nullptr).second.is_null());
  CHECK(key("authData", json(R"({"anonymous":{"id":"X"}})")).second == "X");
  CHECK(key("authData", json("{}")).second.is_null());
  CHECK(user_keys("nick", "x").empty());
  const auto keys = user_keys("authData", json(R"({"one":{"id":"1"},"two":{"id":2},"three":null,"four":{}})"));
  CHECK(keys == std::vector<std::pair<std::string, Json>>{{"_auth_id_anonymous", nullptr}, {"_auth_id_one", "1"}});
  CHECK(is_user_key("_auth_id_one"));
  CHECK_FALSE(is_user_key("_auth"));
}

TEST_CASE("what a user is linked to after a change") {
  const Json stored = json(R"({"a":{"id":"1"},"b":{"id":"2"}})");
  const Json merged = merged_auth(&stored, json(R"({"a":null,"c":{"id":"3"}})"));
  CHECK(to_json_text(merged) == R"({"b":{"id":"2"},"c":{"id":"3"}})");
  CHECK(merged_auth(nullptr, json(R"({"a":null})")).empty());
  CHECK(provider_names(merged) == "b,c");
  const auto values = auth_values(merged, {"a", "b", "c"});
  CHECK(values[0].second == merged);
  CHECK(values[1] == std::pair<std::string, Json>{"_auth_id_anonymous", nullptr});
  CHECK(values[2] == std::pair<std::string, Json>{"_auth_id_a", nullptr});
  CHECK(values[4] == std::pair<std::string, Json>{"_auth_id_c", "3"});
  CHECK(auth_values(Json::object(), {}).front().second.is_null());
}

TEST_CASE("the policy of passwords") {
  PasswordHasher hasher(1);
  PasswordPolicy policy;
  CHECK_NOTHROW(require_allowed_password(policy, "", "ann"));
  policy.pattern = std::make_shared<const Regex>("^(?=.*[0-9]).{4,}$", "");
  policy.forbid_username = true;
  CHECK(refusal_of([&] { require_allowed_password(policy, "abcd", "ann"); }).second ==
        "Password does not meet the Password Policy requirements.");
  CHECK(refusal_of([&] { require_allowed_password(policy, "ann12", "ann"); }).second == "Password cannot contain your username.");
  CHECK_NOTHROW(require_allowed_password(policy, "abcd1", "ann"));
  policy.refusal = "no";
  CHECK(refusal_of([&] { require_allowed_password(policy, "abcd", "ann"); }).second == "no");
  const Json yes = 1, no = "";
  CHECK_NOTHROW(require_good_judgement(policy, &yes));
  CHECK(refusal_of([&] { require_good_judgement(policy, &no); }).second == "no");
  CHECK(refusal_of([&] { require_good_judgement(policy, nullptr); }).first == 142);

  policy.history = 2;
  const Json user = {{"_hashed_password", hasher.hash("b")}, {"_password_history", Json::array({hasher.hash("a"), hasher.hash("old")})}};
  CHECK(refusal_of([&] { require_new_password(policy, hasher, "a", user); }).first == 142);
  CHECK(refusal_of([&] { require_new_password(policy, hasher, "b", user); }).first == 142);
  CHECK_NOTHROW(require_new_password(policy, hasher, "old", user));
  CHECK(history_after_change(policy, user) == Json::array({user.at("_hashed_password")}));

  policy.max_age_days = 1;
  const auto changed_before = [](std::int64_t ms) { return Json{{"_password_changed_at", encode_date(iso_date(now_ms() - ms))}}; };
  CHECK_NOTHROW(require_fresh_password(policy, changed_before(23 * 3'600'000)));
  CHECK_NOTHROW(require_fresh_password(policy, Json::object()));
  CHECK(refusal_of([&] { require_fresh_password(policy, changed_before(25 * 3'600'000)); }).first == 101);
}

}  // namespace parsimony
