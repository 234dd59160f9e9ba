// Cron text: "minute hour day-of-month month day-of-week", as cron(8) reads it.
//
// A field is "*", a number, a range "1-5", each with a step "*/15", "8-18/2", "5/20" (from 5 on), or a list of these with commas.
// Months and days of the week may be names (JAN, mon); Sunday is 0 and 7. Where both the day of the month and the day of the week are
// given, a day need match one of them only. "@hourly", "@daily" ("@midnight"), "@weekly", "@monthly", "@yearly" ("@annually") stand
// for what they say.
#pragma once
#include <bitset>
#include <chrono>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace parsimony {

using LocalMinute = std::chrono::local_time<std::chrono::minutes>;

// A text that is no cron text; what() says why.
struct CronError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// A value.
class Cron {
 public:
  // Throws CronError, also for days that never come: "0 0 30 2 *".
  explicit Cron(std::string_view text);

  // The first minute of the calendar that matches, `from` or later. There is one within 40 years, and most are near.
  LocalMinute first_from(LocalMinute from) const;

  // Whether every hour of a day matches: then the text means minutes that pass, not times that a clock shows.
  bool runs_every_hour() const { return hours_.count() == 24; }

 private:
  bool matches_day(std::chrono::year_month_day date, std::chrono::weekday weekday) const;
  std::optional<std::chrono::minutes> first_in_day(std::chrono::minutes from) const;
  void require_days_that_come() const;

  std::bitset<60> minutes_;
  std::bitset<24> hours_;
  std::bitset<32> days_;
  std::bitset<13> months_;
  std::bitset<8> weekdays_;  // 0 is Sunday
  bool any_day_ = true;      // of the month; this and the next: the field begins with "*"
  bool any_weekday_ = true;
};

}  // namespace parsimony
