#include "types/date.h"

#include <chrono>

#include "common/clock.h"

namespace parsimony {
namespace {

// Reads a text from left to right.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  bool at_end() const { return rest_.empty(); }

  bool skip(char expected) {
    if (rest_.empty() || rest_.front() != expected) return false;
    rest_.remove_prefix(1);
    return true;
  }

  std::optional<char> next_digit() {
    if (rest_.empty() || rest_.front() < '0' || rest_.front() > '9') return std::nullopt;
    const char digit = rest_.front();
    rest_.remove_prefix(1);
    return digit;
  }

  // A number of exactly `count` digits.
  std::optional<int> number(int count) {
    int value = 0;
    for (int i = 0; i < count; ++i) {
      const auto digit = next_digit();
      if (!digit) return std::nullopt;
      value = value * 10 + (*digit - '0');
    }
    return value;
  }

 private:
  std::string_view rest_;
};

using std::chrono::milliseconds;

// "2020", "2020-01" or "2020-01-31".
std::optional<std::chrono::sys_days> read_day(Scanner& scanner) {
  const auto year = scanner.number(4);
  if (!year) return std::nullopt;
  std::optional<int> month = 1;
  std::optional<int> day = 1;
  if (scanner.skip('-')) {
    month = scanner.number(2);
    if (month && scanner.skip('-')) day = scanner.number(2);
  }
  if (!month || !day) return std::nullopt;
  const std::chrono::year_month_day date(std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day)));
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days(date);
}

std::optional<milliseconds> read_fraction(Scanner& scanner) {
  auto digit = scanner.next_digit();
  if (!digit) return std::nullopt;
  int value = 0;
  int unit_ms = 100;
  for (; digit; digit = scanner.next_digit(), unit_ms /= 10) value += unit_ms * (*digit - '0');
  return milliseconds(value);
}

// "10:00", "10:00:59" or "10:00:59.123"; "24:00" is the end of the day.
std::optional<milliseconds> read_time(Scanner& scanner) {
  const auto hour = scanner.number(2);
  if (!hour || !scanner.skip(':')) return std::nullopt;
  const auto minute = scanner.number(2);
  std::optional<int> second = 0;
  std::optional<milliseconds> fraction = milliseconds(0);
  if (scanner.skip(':')) {
    second = scanner.number(2);
    if (scanner.skip('.')) fraction = read_fraction(scanner);
  }
  if (!minute || !second || !fraction || *minute > 59 || *second > 59) return std::nullopt;
  const milliseconds time = std::chrono::hours(*hour) + std::chrono::minutes(*minute) + std::chrono::seconds(*second) + *fraction;
  if (time > std::chrono::hours(24)) return std::nullopt;
  return time;
}

// "Z", "+02:00", "-0230" or nothing.
std::optional<milliseconds> read_offset(Scanner& scanner) {
  if (scanner.at_end() || scanner.skip('Z')) return milliseconds(0);
  const bool east = scanner.skip('+');
  if (!east && !scanner.skip('-')) return std::nullopt;
  const auto hours = scanner.number(2);
  scanner.skip(':');
  const auto minutes = scanner.number(2);
  if (!hours || !minutes || *hours > 23 || *minutes > 59) return std::nullopt;
  const milliseconds size = std::chrono::hours(*hours) + std::chrono::minutes(*minutes);
  return east ? size : -size;
}

}  // namespace

std::optional<std::int64_t> parse_iso_date(std::string_view text) {
  Scanner scanner(text);
  const auto day = read_day(scanner);
  if (!day) return std::nullopt;
  std::chrono::sys_time<milliseconds> time = *day;
  if (scanner.skip('T')) {
    const auto clock = read_time(scanner);
    const auto offset = read_offset(scanner);
    if (!clock || !offset) return std::nullopt;
    time += *clock - *offset;
  }
  // An offset or 24:00 can lead out of the years that the stored form can hold.
  const std::chrono::year_month_day date(std::chrono::floor<std::chrono::days>(time));
  if (!scanner.at_end() || date.year() < std::chrono::year(0) || date.year() > std::chrono::year(9999)) return std::nullopt;
  return time.time_since_epoch().count();
}

std::optional<std::string> normalize_iso_date(std::string_view text) {
  const auto time_ms = parse_iso_date(text);
  if (!time_ms) return std::nullopt;
  return iso_date(*time_ms);
}

Json encode_date(std::string_view iso) { return {{"__type", "Date"}, {"iso", iso}}; }

std::optional<std::string> decode_date(const Json& value) {
  if (const auto* text = value.get_ptr<const std::string*>()) return normalize_iso_date(*text);
  const std::string* type = find_string(value, "__type");
  const std::string* iso = find_string(value, "iso");
  if (type == nullptr || *type != "Date" || iso == nullptr) return std::nullopt;
  return normalize_iso_date(*iso);
}

}  // namespace parsimony
