#include <sys/timex.h>

#include "app/doctor/checks.h"
#include "common/clock.h"

namespace parsimony {
namespace {

constexpr std::int64_t kThisProgramIsYoungerMs = 1'767'225'600'000;  // 2026-01-01

bool is_synchronized() {
  timex state{};  // asks only
  return ::adjtimex(&state) != TIME_ERROR;
}

}  // namespace

void check_clock(Findings& findings) {
  const std::string now = now_iso();
  if (now_ms() < kThisProgramIsYoungerMs) {
    findings.push_back({"clock", Health::fail, "it is not " + now, "set the system's clock, and keep it set with NTP"});
  } else if (!is_synchronized()) {
    findings.push_back({"clock", Health::warn, "nothing keeps the system's clock set: it says " + now,
                        "run an NTP service; sessions and tokens end by this clock"});
  } else {
    findings.push_back({"clock", Health::ok, now});
  }
}

}  // namespace parsimony
