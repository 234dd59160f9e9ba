// Wall-clock time. The one place that asks for it for what is stored or decided by date, so that tests can set it.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace parsimony {

// Milliseconds since 1970-01-01 UTC.
std::int64_t now_ms();

// How now_ms() differs from the time of the machine.
struct ClockSetting {
  std::int64_t shift_ms = 0;                       // added to the machine's time
  std::optional<std::int64_t> stopped_at_ms = {};  // the answer until the clock is set again; shift_ms does not count then

  bool operator==(const ClockSetting&) const = default;
};

// Of the whole process. Any thread may call.
ClockSetting clock_setting();
void set_clock(const ClockSetting& setting);
// Calls `changed` each time the clock has been set, on the thread that sets it, until the handle is dropped; that waits for a call that is
// under way. It must be quick.
std::shared_ptr<void> watch_clock(std::function<void()> changed);

// The time of the machine, whatever the clock was set to.
std::int64_t machine_ms();

// A date as Parse writes it: "2020-01-31T23:59:59.000Z". Years 0000 to 9999.
std::string iso_date(std::int64_t ms_since_epoch);
inline std::string now_iso() { return iso_date(now_ms()); }

}  // namespace parsimony
