// Limits of requests for a time (option rateLimit; server-behaviour.md, section 21).
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "access/caller.h"
#include "query/regex.h"

namespace parsimony {

// Who shares a count.
enum class RateZone { Ip, Session, User, Global };

struct RateLimit {
  Regex path;  // of the whole path below the mount path, see path_pattern()
  std::int64_t count = 0;
  std::int64_t window_ms = 0;
  std::string message;
  std::optional<Regex> methods;  // nothing: all
  RateZone zone = RateZone::Ip;
  bool includes_master_key = false;
  bool includes_own_machine = false;  // requests from 127.0.0.1 are not counted otherwise
};

// The regular expression of a path in the form of path-to-regexp: ":name" is one step, "*name" any number of them, "{...}" may be
// missing, a backslash takes the next character as it is. Letters match in any case, and a slash may follow. Throws Error for what is
// no such path.
Regex path_pattern(std::string_view path);

// A request as the limits see it.
struct RatedRequest {
  std::string_view method;
  std::string_view path;  // below the mount path
  std::string_view address;
  const Caller& caller;  // with the user when somebody is signed in
};

// Counts in fixed windows, which begin with a caller's first request. Thread-safe. Memory is bounded: beyond kMaxCounts callers of a
// limit, those who come new share one count until windows end.
//
// The limits are those of the options and, beside them, those that the users' code asks for.
class RateLimiter {
 public:
  using Clock = std::function<std::int64_t()>;  // milliseconds, never going back

  explicit RateLimiter(std::vector<RateLimit> limits);
  RateLimiter(std::vector<RateLimit> limits, Clock clock, std::size_t max_counts = kMaxCounts);

  // Counts the request for each limit that it falls under. The message of the first limit that it exceeds, nothing when it may pass.
  std::optional<std::string> count(const RatedRequest& request);

  // Replaces the limits of the code; their counts begin anew.
  void set_code_limits(std::vector<RateLimit> limits);

  // Forgets all counts.
  void clear();

  static constexpr std::size_t kMaxCounts = 100'000;

 private:
  struct Window {
    std::int64_t count = 0;
    std::int64_t ends_ms = 0;
  };
  struct Counts {
    std::unordered_map<std::string, Window> windows;  // by what the callers of a count have in common
    std::int64_t next_sweep_ms = 0;
  };
  struct Limits {
    explicit Limits(std::vector<RateLimit> limits_in) : limits(std::move(limits_in)), counts(limits.size()) {}

    const std::vector<RateLimit> limits;
    std::vector<Counts> counts;  // under mutex_; one for each limit
  };
  std::optional<std::string> count(Limits& limits, const RatedRequest& request);
  bool is_within(const RateLimit& limit, Counts& counts, std::string key, std::int64_t now);
  std::shared_ptr<Limits> code_limits();

  const Clock clock_;
  const std::size_t max_counts_;
  std::mutex mutex_;
  Limits limits_;
  std::shared_ptr<Limits> code_limits_;  // under mutex_; null: none
};

}  // namespace parsimony
