#include "rest/rate_limiter.h"

#include <catch2/catch.hpp>

#include "common/error.h"

namespace parsimony {
namespace {

RateLimit limit_of(RateZone zone = RateZone::Ip) {
  RateLimit limit{path_pattern("/login"), 2, 1000, "slow down", std::nullopt};
  limit.zone = zone;
  return limit;
}

// A limiter with a clock of its own.
class Limited {
 public:
  explicit Limited(RateLimit limit, std::size_t max_counts = RateLimiter::kMaxCounts)
      : limiter_(
            {std::move(limit)}, [this] { return now_; }, max_counts) {}

  bool passes(const std::string& address, const Caller& caller = {}, std::string_view method = "POST", std::string_view path = "/login") {
    return !limiter_.count({method, path, address, caller});
  }
  void wait(std::int64_t ms) { now_ += ms; }
  void clear() { limiter_.clear(); }

 private:
  std::int64_t now_ = 5;
  RateLimiter limiter_;
};

Caller user(const std::string& id, const std::string& token) {
  Caller caller;
  caller.user_id = id;
  caller.session_token = token;
  return caller;
}

TEST_CASE("paths of limits") {
  struct Case {
    const char* pattern;
    const char* path;
    bool matches;
  };
  const Case cases[] = {
      {"/login", "/login", true},
      {"/login", "/LOGIN/", true},
      {"/login", "/login//", false},
      {"/login", "/login\n", false},
      {"/login", "/logins", false},
      {"/login", "/a/login", false},
      {"/users/:id", "/users/x", true},
      {"/users/:id", "/users/x/", true},
      {"/users/:id", "/users", false},
      {"/users/:id", "/users/x/y", false},
      {"/functions/*path", "/functions/a/b", true},
      {"/functions/*path", "/functions/", false},
      {"/*path", "/anything/at/all", true},
      {"/users{/:id}", "/users", true},
      {"/users{/:id}", "/users/x", true},
      {"/a.b\\:c", "/a.b:c", true},
      {"/a.b\\:c", "/axb:c", false},
  };
  for (const Case& each : cases) {
    INFO(each.pattern << " " << each.path);
    CHECK(path_pattern(each.pattern).matches(each.path) == each.matches);
  }
  for (const char* pattern : {"/(.*)", "/*", "/:", "/a?", "/{a", "/a}", "/a\\", "/[a]", "/a+"}) {
    INFO(pattern);
    CHECK_THROWS_AS(path_pattern(pattern), Error);
  }
}

TEST_CASE("a window begins with the first request and is the caller's own") {
  Limited limited(limit_of());
  CHECK(limited.passes("1.1.1.1"));
  limited.wait(999);
  CHECK(limited.passes("1.1.1.1"));
  CHECK_FALSE(limited.passes("1.1.1.1"));
  CHECK(limited.passes("2.2.2.2"));
  limited.wait(1);
  CHECK(limited.passes("1.1.1.1"));
}

TEST_CASE("cleared counts begin anew") {
  Limited limited(limit_of());
  for (int i = 0; i < 2; ++i) CHECK(limited.passes("1.1.1.1"));
  CHECK_FALSE(limited.passes("1.1.1.1"));
  limited.clear();
  for (int i = 0; i < 2; ++i) CHECK(limited.passes("1.1.1.1"));
  CHECK_FALSE(limited.passes("1.1.1.1"));
}

TEST_CASE("zones") {
  Limited by_user(limit_of(RateZone::User));
  CHECK(by_user.passes("1.1.1.1", user("ann", "a")));
  CHECK(by_user.passes("2.2.2.2", user("ann", "b")));
  CHECK_FALSE(by_user.passes("3.3.3.3", user("ann", "c")));
  CHECK(by_user.passes("3.3.3.3", user("bob", "d")));
  Limited by_session(limit_of(RateZone::Session));
  CHECK(by_session.passes("1.1.1.1", user("ann", "a")));
  CHECK(by_session.passes("1.1.1.1", user("ann", "a")));
  CHECK_FALSE(by_session.passes("2.2.2.2", user("ann", "a")));
  CHECK(by_session.passes("1.1.1.1", user("ann", "b")));
  Limited in_all(limit_of(RateZone::Global));
  CHECK(in_all.passes("1.1.1.1"));
  CHECK(in_all.passes("2.2.2.2", user("ann", "a")));
  CHECK_FALSE(in_all.passes("3.3.3.3"));
}

TEST_CASE("a session that nobody has is counted by address") {
  Limited limited(limit_of(RateZone::Session));
  for (int number = 0; number < 2; ++number) CHECK(limited.passes("1.1.1.1", user("", "made up " + std::to_string(number))));
  CHECK_FALSE(limited.passes("1.1.1.1", user("", "another")));
}

TEST_CASE("who and what is not counted") {
  Caller master;
  master.is_master = true;
  RateLimit limit = limit_of();
  limit.count = 0;
  limit.methods = Regex("^(?:POST)$", "");
  Limited limited(limit);
  CHECK_FALSE(limited.passes("1.1.1.1"));
  CHECK(limited.passes("1.1.1.1", {}, "GET"));
  CHECK(limited.passes("1.1.1.1", {}, "POST", "/users"));
  CHECK(limited.passes("1.1.1.1", master));
  CHECK(limited.passes("127.0.0.1"));
  limit.includes_master_key = true;
  limit.includes_own_machine = true;
  Limited all(limit);
  CHECK_FALSE(all.passes("1.1.1.1", master));
  CHECK_FALSE(all.passes("127.0.0.1"));
}

TEST_CASE("beyond the bound callers share one count until windows end") {
  Limited limited(limit_of(), 3);
  for (const char* address : {"1.1.1.1", "2.2.2.2", "3.3.3.3"}) CHECK(limited.passes(address));
  CHECK(limited.passes("4.4.4.4"));
  CHECK(limited.passes("5.5.5.5"));
  CHECK_FALSE(limited.passes("6.6.6.6"));
  CHECK(limited.passes("1.1.1.1"));  // who was there keeps a count
  limited.wait(1000);
  CHECK(limited.passes("6.6.6.6"));
  CHECK(limited.passes("7.7.7.7"));
}

TEST_CASE("limits of the code count beside the others until new ones replace them") {
  RateLimiter limiter({limit_of()});
  const Caller nobody;
  const auto count = [&] { return limiter.count({"POST", "/login", "1.1.1.1", nobody}).value_or("passes"); };
  RateLimit of_code{path_pattern("/login"), 1, 1000, "the code says no", std::nullopt};
  limiter.set_code_limits({of_code});
  CHECK(count() == "passes");
  CHECK(count() == "the code says no");
  CHECK(count() == "slow down");
  limiter.set_code_limits({of_code});
  limiter.clear();
  CHECK(count() == "passes");
  CHECK(count() == "the code says no");
  limiter.set_code_limits({});
  limiter.clear();
  CHECK(count() == "passes");
  CHECK(count() == "passes");
  CHECK(count() == "slow down");
}

}  // namespace
}  // namespace parsimony
