#include "common/clock.h"

#include <atomic>
#include <chrono>
#include <cstdio>
#include <limits>
#include <list>
#include <mutex>
#include <utility>

namespace parsimony {
namespace {

constexpr std::int64_t kRuns = std::numeric_limits<std::int64_t>::min();

std::atomic<std::int64_t> shift_ms{0};
std::atomic<std::int64_t> stopped_at_ms{kRuns};

std::mutex watchers_mutex;
std::list<std::function<void()>> watchers;  // guarded by watchers_mutex

}  // namespace

std::int64_t machine_ms() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

std::int64_t now_ms() {
  const std::int64_t stopped = stopped_at_ms.load();
  return stopped == kRuns ? machine_ms() + shift_ms.load() : stopped;
}

ClockSetting clock_setting() {
  const std::int64_t stopped = stopped_at_ms.load();
  return {shift_ms.load(), stopped == kRuns ? std::nullopt : std::optional(stopped)};
}

void set_clock(const ClockSetting& setting) {
  shift_ms = setting.shift_ms;
  stopped_at_ms = setting.stopped_at_ms.value_or(kRuns);
  const std::lock_guard lock(watchers_mutex);
  for (const auto& changed : watchers) changed();
}

std::shared_ptr<void> watch_clock(std::function<void()> changed) {
  const std::lock_guard lock(watchers_mutex);
  const auto place = watchers.insert(watchers.end(), std::move(changed));
  return {nullptr, [place](void*) {
            const std::lock_guard ending(watchers_mutex);
            watchers.erase(place);
          }};
}

std::string iso_date(std::int64_t ms_since_epoch) {
  using namespace std::chrono;
  const auto time = sys_time<milliseconds>(milliseconds(ms_since_epoch));
  const auto day = floor<days>(time);
  const year_month_day date(day);
  const hh_mm_ss clock(time - day);
  char text[40];
  const int length = std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", static_cast<int>(date.year()),
                                   static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                                   static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                                   static_cast<int>(clock.seconds().count()), static_cast<int>(clock.subseconds().count()));
  return {text, static_cast<std::size_t>(length)};
}

}  // namespace parsimony
