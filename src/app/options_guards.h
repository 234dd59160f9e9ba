// Options that say who may call, and how often.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "rest/rate_limiter.h"
#include "rest/route_allow_list.h"
#include "rest/trusted_proxies.h"
#include "types/json.h"

namespace parsimony {

// trustProxy in the forms of Express: true, false, a number of proxies, or addresses, networks and the names loopback, linklocal and
// uniquelocal, as a list or comma separated. Throws OptionError.
TrustedProxies read_trusted_proxies(const Json& value);

// Throws OptionError for what is no regular expression.
RouteAllowList read_route_allow_list(const std::optional<std::vector<std::string>>& patterns);

// rateLimit: one limit or a list of them. Throws OptionError.
std::vector<RateLimit> read_rate_limits(const Json& value);

// idempotencyOptions.paths: regular expressions for the beginning of paths. Throws OptionError.
std::vector<Regex> read_idempotent_paths(const std::vector<std::string>& patterns);

}  // namespace parsimony
