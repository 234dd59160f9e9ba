#include "services/jobs/time_zone.h"

#include <algorithm>

namespace parsimony {
namespace {

constexpr std::size_t kLongestName = 64;

// A name becomes the path of a file: letters, digits and what the database uses between them; never one that leads out of its folder.
bool is_zone_name(std::string_view name) {
  const auto is_plain = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '/' || c == '_' || c == '-' || c == '+';
  };
  return !name.empty() && name.size() <= kLongestName && name.front() != '/' && std::all_of(name.begin(), name.end(), is_plain);
}

}  // namespace

std::optional<TimeZone> TimeZone::find(std::string_view name) {
  if (!is_zone_name(name)) return std::nullopt;
  absl::TimeZone zone;
  if (!absl::LoadTimeZone(absl::string_view(name.data(), name.size()), &zone)) return std::nullopt;
  return TimeZone(zone);
}

LocalTime TimeZone::local(std::int64_t ms) const {
  const auto shown = zone_.At(absl::FromUnixMillis(ms));
  const std::chrono::seconds since_epoch(shown.cs - absl::CivilSecond());
  return LocalTime(since_epoch + std::chrono::milliseconds(absl::ToInt64Milliseconds(shown.subsecond)));
}

std::int64_t TimeZone::moment(LocalTime time) const {
  const auto second = std::chrono::floor<std::chrono::seconds>(time);
  const auto info = zone_.At(absl::CivilSecond() + second.time_since_epoch().count());
  if (info.kind == absl::TimeZone::TimeInfo::SKIPPED) return absl::ToUnixMillis(info.trans);
  return absl::ToUnixMillis(info.pre) + (time - second).count();
}

std::optional<std::int64_t> TimeZone::next_change(std::int64_t ms) const {
  absl::TimeZone::CivilTransition change;
  if (!zone_.NextTransition(absl::FromUnixMillis(ms), &change)) return std::nullopt;
  return absl::ToUnixMillis(zone_.At(change.to).trans);
}

}  // namespace parsimony
