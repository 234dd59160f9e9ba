#include "app/security_report.h"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "common/log.h"

namespace parsimony {
namespace {

namespace fs = std::filesystem;

struct Check {
  const char* title;
  const char* warning;
  const char* solution;
  bool (*passes)(const Options&);
};

struct CheckGroup {
  const char* name;
  std::span<const Check> checks;
};

// --- Database --------------------------------------------------------------------------------------------------------------

constexpr mode_t kAnyRightOfOthers = 077;
constexpr mode_t kWriteByOthers = 022;

// True as well for what is not there.
bool lacks(const fs::path& path, mode_t rights) {
  struct stat status {};
  return ::stat(path.c_str(), &status) != 0 || (status.st_mode & rights) == 0;
}

// Closed in itself, in a folder where nobody else can put another in its place; or in a closed folder.
bool is_closed(const fs::path& path) {
  const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
  return lacks(folder, kAnyRightOfOthers) || (lacks(path, kAnyRightOfOthers) && lacks(folder, kWriteByOthers));
}

bool data_are_closed(const Options& options) { return is_closed(options.database_file) && is_closed(options.files_folder); }

constexpr std::array kDatabase = {
    Check{"Data folder closed to other users",
          "Other users of this machine can open the folder or the database in it, past every key and permission.",
          "Take their rights away: chmod -R go= for the folder that 'data' names, and for the file and the folder of 'databaseURI'.",
          data_are_closed},
};

// --- Configuration ---------------------------------------------------------------------------------------------------------

bool is_strong(std::string_view key) {
  constexpr std::size_t kShortest = 14;
  constexpr std::ptrdiff_t kKinds = 3;
  const auto has = [&](auto is_kind) { return std::any_of(key.begin(), key.end(), is_kind); };
  const std::array kinds = {
      has([](unsigned char c) { return std::isupper(c) != 0; }), has([](unsigned char c) { return std::islower(c) != 0; }),
      has([](unsigned char c) { return std::isdigit(c) != 0; }), has([](unsigned char c) { return std::isalnum(c) == 0 && c != '_'; })};
  return key.size() >= kShortest && std::count(kinds.begin(), kinds.end(), true) >= kKinds;
}

bool is_everywhere(const std::string& network) {
  const std::string_view address = std::string_view(network).substr(0, network.find('/'));
  const bool is_any = address.find_first_not_of("0:.") == std::string_view::npos;
  return is_any && (network.find('/') == std::string::npos || network.ends_with("/0"));
}

bool read_only_key_is_narrowed(const Options& options) {
  const auto& networks = options.read_only_master_key_ips;
  return options.read_only_master_key.empty() || std::none_of(networks.begin(), networks.end(), is_everywhere);
}

bool has_complexity_limits(const Options& options) {
  const ComplexityLimits& limits = options.complexity;
  return limits.include_depth && limits.include_count && limits.subquery_depth && limits.query_depth && options.batch_request_limit;
}

constexpr std::array kConfiguration = {
    Check{"Secure master key", "The master key is short or simple enough to be found by trying.",
          "Set 'masterKey' to 14 characters or more, of three kinds: upper case, lower case, digits, others. Without one, a strong key is "
          "made.",
          [](const Options& options) { return is_strong(options.master_key); }},
    Check{"Security log disabled", "Whoever reads the log learns which settings are weak.", "Set 'security.enableCheckLog' to false.",
          [](const Options& options) { return !options.logs_security_report; }},
    Check{"Client class creation disabled", "Everybody who has the application id can make classes, as many as they like.",
          "Set 'allowClientClassCreation' to false, and make classes with the master key or by definitions.",
          [](const Options& options) { return !options.allow_client_class_creation; }},
    Check{"Users are created without public access", "New users can be read by everybody.", "Set 'enforcePrivateUsers' to true.",
          [](const Options& options) { return options.users.private_users; }},
    Check{"Public database explain disabled", "Clients can ask for query plans, which tell of tables and indexes.",
          "Set 'databaseOptions.allowPublicExplain' to false; the master key can explain queries all the same.",
          [](const Options& options) { return !options.allow_public_explain; }},
    Check{"Read-only master key IP range restricted", "The read-only master key opens all data from every address.",
          "Set 'readOnlyMasterKeyIps' to the addresses that use it, such as [\"127.0.0.1\", \"::1\"].", read_only_key_is_narrowed},
    Check{"Request complexity limits enabled", "One request of a client may ask for any amount of work.",
          "Set includeDepth, includeCount, subqueryDepth, queryDepth and batchRequestLimit of 'requestComplexity' to numbers of 0 or more; "
          "the profile strict does.",
          has_complexity_limits},
};

constexpr std::array kGroups = {CheckGroup{"Database", kDatabase}, CheckGroup{"Parse Server Configuration", kConfiguration}};

// ---------------------------------------------------------------------------------------------------------------------------

const char* state_name(bool passes) { return passes ? "success" : "fail"; }

Json run(const Check& check, const Options& options) {
  const bool passes = check.passes(options);
  Json result = {{"title", check.title}, {"state", state_name(passes)}};
  if (passes) return result;
  result["warning"] = check.warning;
  result["solution"] = check.solution;
  return result;
}

bool all_succeeded(const Json& results) {
  return std::all_of(results.begin(), results.end(), [](const Json& result) { return result["state"] == "success"; });
}

Json run(const CheckGroup& group, const Options& options) {
  Json checks = Json::array();
  for (const Check& check : group.checks) checks.push_back(run(check, options));
  return {{"name", group.name}, {"state", state_name(all_succeeded(checks))}, {"checks", std::move(checks)}};
}

}  // namespace

Json security_report(const Options& options) {
  Json groups = Json::array();
  for (const CheckGroup& group : kGroups) groups.push_back(run(group, options));
  return {{"report", {{"version", "1.0.0"}, {"state", state_name(all_succeeded(groups))}, {"groups", std::move(groups)}}}};
}

void log_security_report(const Json& report) {
  std::size_t checks = 0;
  std::size_t failed = 0;
  for (const Json& group : report["report"]["groups"]) {
    for (const Json& check : group["checks"]) {
      ++checks;
      if (check["state"] == "success") continue;
      ++failed;
      log::warn("Security check failed: " + check["title"].get<std::string>(),
                {{"warning", check["warning"].get<std::string>()}, {"solution", check["solution"].get<std::string>()}});
    }
  }
  const std::string sum = std::to_string(failed) + " of " + std::to_string(checks) + " security checks failed";
  failed == 0 ? log::info(sum) : log::warn(sum);
}

}  // namespace parsimony
