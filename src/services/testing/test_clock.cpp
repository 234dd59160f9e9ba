#include "services/testing/test_clock.h"

#include <algorithm>
#include <array>

#include "common/clock.h"
#include "common/error.h"
#include "types/date.h"

namespace parsimony {
namespace {

constexpr std::int64_t kFirst = 0;                     // 1970
constexpr std::int64_t kLast = 32'503'679'999'999;     // the end of 2999
constexpr std::int64_t kLongestMove = kLast - kFirst;  // so that no sum overflows
constexpr std::array<std::string_view, 4> kMembers = {"now", "advanceMs", "freeze", "real"};

[[noreturn]] void refuse(const std::string& message) { throw Error(error_code::kInvalidJson, message); }

void require_known_members(const Json& request) {
  constexpr const char* kHelp =
      R"(The clock takes {"now":"2030-01-31T12:00:00.000Z"}, {"advanceMs":1000}, {"freeze":true} or {"real":true})";
  if (!request.is_object() || request.empty()) refuse(kHelp);
  for (const auto& [name, value] : request.items()) {
    if (std::find(kMembers.begin(), kMembers.end(), name) == kMembers.end()) refuse(kHelp);
  }
  if (request.contains("now") && request.contains("advanceMs")) refuse("The clock takes now or advanceMs, not both");
  if (request.contains("real") && request.size() > 1) refuse("The clock takes real alone");
}

std::int64_t time_after(std::int64_t now, const Json& request) {
  if (const Json* set = find_member(request, "now")) {
    const auto time = set->is_string() ? parse_iso_date(set->get_ref<const std::string&>()) : std::nullopt;
    if (!time) refuse("now must be a date like 2030-01-31T12:00:00.000Z");
    return *time;
  }
  const Json* move = find_member(request, "advanceMs");
  if (!move) return now;
  const bool fits = move->is_number_integer() && move->get<std::int64_t>() >= -kLongestMove && move->get<std::int64_t>() <= kLongestMove;
  if (!fits) refuse("advanceMs must be a whole number of milliseconds");
  return now + move->get<std::int64_t>();
}

bool stands_after(bool stands, const Json& request) {
  const Json* freeze = find_member(request, "freeze");
  if (!freeze) return stands;
  if (!freeze->is_boolean()) refuse("freeze must be true or false");
  return freeze->get<bool>();
}

}  // namespace

void set_test_clock(const Json& request) {
  require_known_members(request);
  if (const Json* real = find_member(request, "real")) {
    if (*real != Json(true)) refuse("real must be true");
    return set_clock({});
  }
  const ClockSetting before = clock_setting();
  const std::int64_t machine = machine_ms();
  const std::int64_t time = time_after(before.stopped_at_ms.value_or(machine + before.shift_ms), request);
  if (time < kFirst || time > kLast) refuse("The clock takes times from 1970 to 2999");
  if (stands_after(before.stopped_at_ms.has_value(), request)) {
    set_clock({0, time});
  } else {
    set_clock({time - machine, std::nullopt});
  }
}

Json describe_clock() {
  const ClockSetting setting = clock_setting();
  return {{"now", now_iso()}, {"frozen", setting.stopped_at_ms.has_value()}, {"real", setting == ClockSetting{}}};
}

}  // namespace parsimony
