// Where people live: what clocks there show at a moment, and when they show a time.
//
// The zones are those of the machine (/usr/share/zoneinfo, the package tzdata, or the folder that TZDIR names), read by Abseil.
#pragma once
#include <absl/time/time.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace parsimony {

// What a clock on a wall shows.
using LocalTime = std::chrono::local_time<std::chrono::milliseconds>;

// A value; any thread may use it.
class TimeZone {
 public:
  TimeZone() : zone_(absl::UTCTimeZone()) {}
  // By its IANA name: "Europe/Berlin", "UTC". Nothing when the machine has no such zone.
  static std::optional<TimeZone> find(std::string_view name);

  LocalTime local(std::int64_t ms) const;
  // The first moment at which clocks show `time`; the moment at which they jump over it where they do.
  std::int64_t moment(LocalTime time) const;
  // The first moment behind `ms` at which clocks are put forward or back.
  std::optional<std::int64_t> next_change(std::int64_t ms) const;

 private:
  explicit TimeZone(absl::TimeZone zone) : zone_(zone) {}

  absl::TimeZone zone_;
};

}  // namespace parsimony
