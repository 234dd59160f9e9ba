#include "app/code_rate_limits.h"

#include <string>

#include "app/option_error.h"
#include "app/option_table.h"
#include "app/options_guards.h"

namespace parsimony {
namespace {

// Of the package that counts in Parse Server; the option rateLimit must name them.
constexpr int kRequestCount = 5;
constexpr int kWindowMs = 60'000;

std::string name_of(const Registration& definition) {
  const std::string of_class = definition.class_name.empty() ? std::string() : " " + definition.class_name;
  return definition.name + of_class;
}

void require_known_members(const Json& limit) {
  for (const auto& [name, value] : limit.items()) {
    if (!find_option("rateLimit[]." + name)) throw OptionError("Invalid rate limit option \"" + name + "\"");
  }
}

Json with_defaults(Json limit) {
  if (!find_member(limit, "requestCount")) limit["requestCount"] = kRequestCount;
  if (!find_member(limit, "requestTimeWindow")) limit["requestTimeWindow"] = kWindowMs;
  return limit;
}

}  // namespace

RateLimit read_code_rate_limit(const Registration& definition) {
  try {
    require_known_members(definition.rate_limit);
    return std::move(read_rate_limits(with_defaults(definition.rate_limit)).front());
  } catch (const OptionError& error) {
    throw OptionError("The validator of " + name_of(definition) + ": " + error.what());
  }
}

}  // namespace parsimony
