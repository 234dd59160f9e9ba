// Taking JSON values apart and comparing them, as the stages of an aggregation do.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "types/json.h"

namespace parsimony {

using JsonWay = std::vector<std::string>;

// The value at the end of a way; where a list stands on it, the list of what its elements have there. Null when there is none.
Json values_at(const Json& value, const JsonWay& way, std::size_t from = 0);
// Puts a value at the end of a way, making objects on it.
void place_at(Json& value, const JsonWay& way, const Json& placed);
// What the ways lead to, and what around it.
Json picked(const Json& value, const std::vector<JsonWay>& ways);
void drop_at(Json& value, const JsonWay& way, std::size_t from = 0);

// Texts that compare, byte by byte, as the values do: unset, numbers, text, objects, lists, booleans, dates.
std::string order_key(const Json& value);

bool is_truth(const Json& value);
// A list as MongoDB compares fields: one of them equals the other, or is in it.
bool values_meet(const Json& a, const Json& b);

// "year", "month", "dayOfMonth", "dayOfWeek" (1 is Sunday), "dayOfYear", "hour", "minute", "second", "millisecond", "week" (0 to 53,
// from the first Sunday), "isoWeek", "isoWeekYear", "isoDayOfWeek" (1 is Monday), in UTC. Nothing for another name.
std::optional<int> date_part(std::string_view part, std::int64_t time_ms);
// %Y %m %d %H %M %S %L %j %u %w %G %V %U %%; what it does not know stays.
std::string formatted_date(std::string_view format, std::int64_t time_ms);

// "mod", "pow", "abs", "ceil", "floor", "sqrt", "round" and "trunc" (to `b` places); nothing where there is no number.
std::optional<double> calculated(std::string_view function, double a, double b);

}  // namespace parsimony
