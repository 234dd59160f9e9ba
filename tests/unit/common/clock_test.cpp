#include "common/clock.h"

#include <catch2/catch.hpp>

namespace parsimony {
namespace {

TEST_CASE("the clock can be shifted and stopped, and is real again") {
  const std::int64_t hour = 3'600'000;
  set_clock({hour, std::nullopt});
  CHECK(now_ms() >= machine_ms() + hour - 1000);
  CHECK(clock_setting() == ClockSetting{hour, std::nullopt});
  set_clock({0, 86'400'000});
  CHECK(now_ms() == 86'400'000);
  CHECK(now_iso() == "1970-01-02T00:00:00.000Z");
  CHECK(machine_ms() > 86'400'000);
  set_clock({});
  CHECK(clock_setting() == ClockSetting{});
  CHECK(now_ms() <= machine_ms());
}

}  // namespace
}  // namespace parsimony
