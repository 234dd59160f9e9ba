// What the options say to the REST API.
#pragma once
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "access/ip_list.h"
#include "common/log.h"
#include "query/denied_keywords.h"
#include "rest/rate_limiter.h"
#include "rest/route_allow_list.h"
#include "rest/trusted_proxies.h"
#include "types/json.h"

namespace parsimony {

struct RestSettings {
  std::string mount_path;  // "/parse"; empty for the root
  std::string server_url;  // with the mount path; for Location headers
  std::string app_id;
  std::string master_key;
  IpList master_key_ips{{}};
  std::string maintenance_key;  // this one and the next: empty when nobody has it
  IpList maintenance_key_ips{{}};
  std::string read_only_master_key;
  IpList read_only_master_key_ips{{}};
  bool read_only_may_aggregate = true;
  TrustedProxies trusted_proxies;
  RouteAllowList route_allow_list;
  std::vector<RateLimit> rate_limits;
  std::vector<Regex> idempotent_paths;  // of writes that name themselves and are executed once, without the first slash
  std::int64_t request_id_ttl_ms = 300'000;
  std::optional<std::string> client_key;
  std::optional<std::string> javascript_key;
  std::optional<std::string> dot_net_key;
  std::optional<std::string> rest_api_key;
  std::vector<DeniedKeyword> denied_keywords;
  bool explain_refusals = false;  // a refused address is named in the answer, not only in the log
  bool sanitize_errors = true;
  log::Level username_taken = log::Level::info;        // for the line about a sign-up with a name that is taken; off: none
  std::optional<std::filesystem::path> public_folder;  // what is served outside of the mount path
  std::function<Json()> security_report;               // thread-safe; empty when it is switched off (option security.enableCheck)
};

}  // namespace parsimony
