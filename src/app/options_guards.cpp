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

RouteAllowList read_route_allow_list(const std::optional<std::vector<std::string>>& patterns) {
  try {
    return RouteAllowList(patterns);
  } catch (const Error& error) {
    throw OptionError("option \"routeAllowList\" must hold regular expressions such as classes/Chat.*: " + error.message());
  }
}

}  // namespace parsimony
