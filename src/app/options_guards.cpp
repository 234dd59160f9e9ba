#include "app/options_guards.h"

#include <algorithm>
#include <array>

#include "app/option_error.h"
#include "app/option_value.h"
#include "app/options_check.h"
#include "common/error.h"

namespace parsimony {
namespace {

constexpr const char* kTrustProxy = "trustProxy";

struct NamedNetworks {
  std::string_view name;
  std::array<const char*, 4> networks;  // null after the last
};
constexpr std::array kNamedNetworks = {
    NamedNetworks{"loopback", {"127.0.0.1/8", "::1/128"}},
    NamedNetworks{"linklocal", {"169.254.0.0/16", "fe80::/10"}},
    NamedNetworks{"uniquelocal", {"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"}},
};

void add_networks(std::vector<std::string>& networks, const std::string& text) {
  const auto named = std::find_if(kNamedNetworks.begin(), kNamedNetworks.end(), [&](const auto& row) { return row.name == text; });
  if (named == kNamedNetworks.end()) {
    check_network(kTrustProxy, text);
    networks.push_back(text);
    return;
  }
  for (const char* network : named->networks) {
    if (network) networks.emplace_back(network);
  }
}

TrustedProxies proxies_of_list(const Json& list) {
  std::vector<std::string> networks;
  for (const Json& text : list) add_networks(networks, text.get<std::string>());
  return {0, IpList(networks)};
}

// A variable or a flag gives every form as text.
Json value_of_text(const std::string& text) {
  if (text == "true" || text == "false") return text == "true";
  const bool is_number = !text.empty() && text.size() < 10 && text.find_first_not_of("0123456789") == std::string::npos;
  if (is_number) return std::stoll(text);
  const OptionRow as_list{kTrustProxy, {}, OptionType::list, {}, OptionStatus::active, {}};
  return option_value_from_text(as_list, text, kTrustProxy);
}

[[noreturn]] void refuse_rate_limit(const std::string& rule) { throw OptionError("option \"rateLimit\" " + rule); }

// The member of a limit, of its row's type, or the row's default; null when it has neither.
Json member_of_limit(const Json& limit, const char* name) {
  const OptionRow& row = *find_option("rateLimit[]." + std::string(name));
  const Json* given = find_member(limit, name);
  if (given && !given->is_null()) return option_value_from_json(row, *given, "rateLimit");
  return row.default_text.empty() ? Json() : option_value_from_text(row, row.default_text, "rateLimit");
}

double required_number(const Json& limit, const char* name, double lowest) {
  const Json value = member_of_limit(limit, name);
  if (!value.is_number() || value.get<double>() < lowest || value.get<double>() > 1e12) {
    refuse_rate_limit("must have " + std::string(name) + ", a number from " + std::to_string(static_cast<int>(lowest)));
  }
  return value.get<double>();
}

std::string alternatives(const Json& methods) {
  std::string pattern;
  for (const Json& method : methods) pattern += (pattern.empty() ? "" : "|") + method.get<std::string>();
  return "^(?:" + pattern + ")$";
}

// A list of methods, or a regular expression for them.
std::optional<Regex> methods_of_limit(const Json& limit) {
  const Json* given = find_member(limit, "requestMethods");
  if (!given || given->is_null()) return std::nullopt;
  if (given->is_string()) return Regex(given->get<std::string>(), "");
  return Regex(alternatives(member_of_limit(limit, "requestMethods")), "");
}

RateZone zone_of_limit(const Json& limit) {
  static constexpr std::pair<std::string_view, RateZone> kZones[] = {
      {"ip", RateZone::Ip}, {"session", RateZone::Session}, {"user", RateZone::User}, {"global", RateZone::Global}};
  const auto zone = member_of_limit(limit, "zone").get<std::string>();
  for (const auto& [name, value] : kZones) {
    if (zone == name) return value;
  }
  refuse_rate_limit("has the unknown zone \"" + zone + "\"; write ip, session, user or global");
}

RateLimit rate_limit_of(const Json& limit) {
  if (!limit.is_object()) refuse_rate_limit("must be a list of objects");
  const Json path = member_of_limit(limit, "requestPath");
  if (!path.is_string()) refuse_rate_limit("must have requestPath, such as /login or /functions/*path");
  try {
    return {path_pattern(path.get<std::string>()),
            static_cast<std::int64_t>(required_number(limit, "requestCount", 0)),
            static_cast<std::int64_t>(required_number(limit, "requestTimeWindow", 1)),
            member_of_limit(limit, "errorResponseMessage").get<std::string>(),
            methods_of_limit(limit),
            zone_of_limit(limit),
            member_of_limit(limit, "includeMasterKey") == Json(true),
            member_of_limit(limit, "includeInternalRequests") == Json(true)};
  } catch (const Error& error) {
    refuse_rate_limit("has the path " + to_json_text(path) + ", or methods, that cannot be understood: " + error.message());
  }
}

}  // namespace

TrustedProxies read_trusted_proxies(const Json& value) {
  if (value.is_null()) return {};
  if (value.is_string()) return read_trusted_proxies(value_of_text(value.get<std::string>()));
  if (value.is_boolean()) return {value.get<bool>() ? TrustedProxies::kEveryone : 0, IpList({})};
  if (value.is_number_integer() && value.get<std::int64_t>() >= 0) return {value.get<std::size_t>(), IpList({})};
  const bool is_list = value.is_array() && std::all_of(value.begin(), value.end(), [](const Json& item) { return item.is_string(); });
  if (is_list) return proxies_of_list(value);
  throw OptionError("option \"trustProxy\" must be true, false, a number of proxies, or a list of addresses and networks");
}

std::vector<RateLimit> read_rate_limits(const Json& value) {
  std::vector<RateLimit> limits;
  if (value.is_object()) return {rate_limit_of(value)};
  for (const Json& limit : value) limits.push_back(rate_limit_of(limit));
  return limits;
}

std::vector<Regex> read_idempotent_paths(const std::vector<std::string>& patterns) {
  std::vector<Regex> paths;
  try {
    for (const std::string& pattern : patterns) paths.emplace_back("\\A(?:" + pattern + ")", "");
  } catch (const Error& error) {
    throw OptionError("option \"idempotencyOptions.paths\" must hold regular expressions such as classes/.*: " + error.message());
  }
  return paths;
}

RouteAllowList read_route_allow_list(const std::optional<std::vector<std::string>>& patterns) {
  try {
    return RouteAllowList(patterns);
  } catch (const Error& error) {
    throw OptionError("option \"routeAllowList\" must hold regular expressions such as classes/Chat.*: " + error.message());
  }
}

}  // namespace parsimony
