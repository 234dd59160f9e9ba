#include "rest/rate_limiter.h"

#include <algorithm>
#include <cctype>
#include <chrono>

#include "common/error.h"

namespace parsimony {
namespace {

constexpr std::int64_t kSweepEveryMs = 1000;
constexpr std::string_view kOwnMachine = "127.0.0.1";

[[noreturn]] void refuse(const std::string& what) { throw Error(error_code::kInvalidQuery, what); }

bool is_name_character(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '$'; }

void append_literal(std::string& out, char c) {
  if (std::isalnum(static_cast<unsigned char>(c)) == 0 && static_cast<unsigned char>(c) < 0x80) out += '\\';
  out += c;
}

// Reads a path piece by piece into a regular expression.
class PathReader {
 public:
  explicit PathReader(std::string_view path) : rest_(path) {}

  std::string read() {
    while (!rest_.empty()) read_piece();
    if (open_groups_ > 0) refuse("a { is not closed");
    return std::move(out_);
  }

 private:
  char take() {
    const char c = rest_.front();
    rest_.remove_prefix(1);
    return c;
  }

  void read_piece() {
    const char c = take();
    switch (c) {
      case ':': return read_name("[^/]+");
      case '*': return read_name(".+");
      case '{':
        out_ += "(?:";
        ++open_groups_;
        return;
      case '}':
        if (open_groups_-- == 0) refuse("a } closes nothing");
        out_ += ")?";
        return;
      case '\\':
        if (rest_.empty()) refuse("a \\ is the last character");
        return append_literal(out_, take());
      default: break;
    }
    if (std::string_view("()[]+?!").find(c) != std::string_view::npos) refuse(std::string("has a bare ") + c + "; write it behind a \\");
    append_literal(out_, c);
  }

  void read_name(const char* matched) {
    const auto end = std::find_if_not(rest_.begin(), rest_.end(), is_name_character);
    if (end == rest_.begin()) refuse("a : or * has no name behind it; write :id or *path");
    rest_.remove_prefix(static_cast<std::size_t>(end - rest_.begin()));
    out_ += matched;
  }

  std::string_view rest_;
  std::string out_;
  int open_groups_ = 0;
};

std::int64_t steady_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

bool is_counted(const RateLimit& limit, const RatedRequest& request) {
  if (request.address == kOwnMachine && !limit.includes_own_machine) return false;
  if (request.caller.is_master && !limit.includes_master_key) return false;
  return (!limit.methods || limit.methods->matches(request.method)) && limit.path.matches(request.path);
}

// Only a user or a session that is known to be real has a count of its own; else one could make them up.
std::string key_of(RateZone zone, const RatedRequest& request) {
  const Caller& caller = request.caller;
  if (zone == RateZone::Global) return {};
  if (zone == RateZone::User && caller.has_user()) return "user " + caller.user_id;
  if (zone == RateZone::Session && caller.has_user()) return "session " + caller.session_token;
  return "ip " + std::string(request.address);
}

}  // namespace

Regex path_pattern(std::string_view path) { return Regex("\\A(?:" + PathReader(path).read() + ")/?\\z", "is"); }

RateLimiter::RateLimiter(std::vector<RateLimit> limits) : RateLimiter(std::move(limits), steady_ms) {}

RateLimiter::RateLimiter(std::vector<RateLimit> limits, Clock clock, std::size_t max_counts)
    : clock_(std::move(clock)), max_counts_(max_counts), limits_(std::move(limits)) {}

std::optional<std::string> RateLimiter::count(const RatedRequest& request) {
  std::optional<std::string> refusal = count(limits_, request);
  const std::shared_ptr<Limits> of_code = code_limits();
  std::optional<std::string> refusal_by_code = of_code ? count(*of_code, request) : std::nullopt;
  return refusal ? refusal : refusal_by_code;
}

std::optional<std::string> RateLimiter::count(Limits& limits, const RatedRequest& request) {
  std::optional<std::string> refusal;
  for (std::size_t i = 0; i < limits.limits.size(); ++i) {
    const RateLimit& limit = limits.limits[i];
    if (!is_counted(limit, request)) continue;
    std::string key = key_of(limit.zone, request);
    const std::lock_guard lock(mutex_);
    if (!is_within(limit, limits.counts[i], std::move(key), clock_()) && !refusal) refusal = limit.message;
  }
  return refusal;
}

std::shared_ptr<RateLimiter::Limits> RateLimiter::code_limits() {
  const std::lock_guard lock(mutex_);
  return code_limits_;
}

void RateLimiter::set_code_limits(std::vector<RateLimit> limits) {
  auto next = limits.empty() ? nullptr : std::make_shared<Limits>(std::move(limits));
  const std::lock_guard lock(mutex_);
  code_limits_.swap(next);
}

void RateLimiter::clear() {
  const std::lock_guard lock(mutex_);
  for (Counts& counts : limits_.counts) counts = {};
  if (!code_limits_) return;
  for (Counts& counts : code_limits_->counts) counts = {};
}

bool RateLimiter::is_within(const RateLimit& limit, Counts& counts, std::string key, std::int64_t now) {
  auto& windows = counts.windows;
  if (windows.size() >= max_counts_ && now >= counts.next_sweep_ms) {
    std::erase_if(windows, [&](const auto& entry) { return entry.second.ends_ms <= now; });
    counts.next_sweep_ms = now + kSweepEveryMs;
  }
  if (windows.size() >= max_counts_ && !windows.contains(key)) key.clear();
  Window& window = windows[key];
  if (window.ends_ms <= now) window = {0, now + limit.window_ms};
  return ++window.count <= limit.count;
}

}  // namespace parsimony
