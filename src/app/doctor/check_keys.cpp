#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <set>

#include "app/data_folder.h"
#include "app/doctor/checks.h"
#include "app/keys.h"

namespace parsimony {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kShortestKey = 16;
constexpr std::size_t kFewestCharacters = 6;  // different ones
constexpr unsigned kOthers = 077;
const std::string kNewKey = "take a random one, for example of: openssl rand -hex 24";

// Out of guides and samples, in lower case and without what is no letter.
constexpr std::array kSampleKeys = {"mymasterkey", "masterkey", "yourmasterkey",  "master", "changeme",
                                    "secret",      "password",  "parsemasterkey", "test"};

std::string letters_of(const std::string& text) {
  std::string letters;
  for (const char c : text) {
    if (std::isalpha(static_cast<unsigned char>(c)) != 0) letters += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return letters;
}

// Why a key can be guessed; empty when nothing is to be seen.
std::string weakness_of(const std::string& key) {
  if (std::find(kSampleKeys.begin(), kSampleKeys.end(), letters_of(key)) != kSampleKeys.end())
    return "is one of those in guides and samples";
  if (key.size() < kShortestKey) return "has only " + std::to_string(key.size()) + " characters";
  if (std::set<char>(key.begin(), key.end()).size() < kFewestCharacters) return "is made of very few different characters";
  return {};
}

void check_key(const char* name, const std::string& key, const Options& options, Findings& findings) {
  const std::string weakness = weakness_of(key);
  if (weakness.empty()) return;
  const Health health = is_reachable(options) ? Health::fail : Health::warn;
  findings.push_back({"keys", health, std::string(name) + " " + weakness, kNewKey});
}

void check_client_keys(const Options& options, const std::string& master_key, Findings& findings) {
  const std::pair<const char*, std::string> others[] = {{"appId", options.app_id},
                                                        {"clientKey", options.client_key.value_or("")},
                                                        {"javascriptKey", options.javascript_key.value_or("")},
                                                        {"restAPIKey", options.rest_api_key.value_or("")},
                                                        {"dotNetKey", options.dot_net_key.value_or("")}};
  for (const auto& [name, key] : others) {
    if (key.empty() || key != master_key) continue;
    findings.push_back({"keys", Health::fail, "masterKey is the same as " + std::string(name) + ", which every client knows", kNewKey});
  }
}

// A file with keys in it.
void check_mode(const fs::path& file, Findings& findings) {
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0) return;
  if ((status.st_mode & kOthers) != 0) {
    findings.push_back({"keys", Health::warn, file.string() + " holds keys and is open to others", "chmod 600 " + file.string()});
  }
  if (status.st_uid != ::geteuid() && ::access(file.c_str(), R_OK) != 0) {
    findings.push_back(
        {"keys", Health::fail, file.string() + " belongs to another user and cannot be read", "run the server as its owner"});
  }
}

bool comes_from(const Options& options, const char* name, OptionSource source) {
  const auto found = options.sources.find(name);
  return found != options.sources.end() && found->second == source;
}

void check_places(const Options& options, Findings& findings) {
  for (const char* name : {"masterKey", "readOnlyMasterKey", "maintenanceKey"}) {
    if (!comes_from(options, name, OptionSource::argument)) continue;
    findings.push_back({"keys", Health::warn, std::string(name) + " is given as a flag, which others see in the process list",
                        "give it by variable or in a file"});
  }
  if (options.config_file && comes_from(options, "masterKey", OptionSource::config_file)) check_mode(*options.config_file, findings);
}

// The keys of the key file where options lack them; nothing when that file is still to be made or cannot be used.
std::string master_key_of(const Options& options, Findings& findings) {
  if (!lacks_keys(options)) return options.master_key;
  const fs::path file = data_paths(options).keys;
  if (!fs::exists(file)) {
    findings.push_back({"keys", Health::ok, "those that are missing are made at random by the first start, in " + file.string()});
    return options.master_key;
  }
  check_mode(file, findings);
  try {
    const Keys keys = read_keys(file);
    return options.master_key.empty() ? keys.master_key : options.master_key;
  } catch (const std::runtime_error& error) {
    findings.push_back({"keys", Health::fail, error.what()});
    return options.master_key;
  }
}

}  // namespace

void check_keys(const Options& options, Findings& findings) {
  const std::size_t before = findings.size();
  const std::string master_key = master_key_of(options, findings);
  if (!master_key.empty()) check_key("masterKey", master_key, options, findings);
  if (!options.maintenance_key.empty()) check_key("maintenanceKey", options.maintenance_key, options, findings);
  if (!options.read_only_master_key.empty()) check_key("readOnlyMasterKey", options.read_only_master_key, options, findings);
  check_client_keys(options, master_key, findings);
  check_places(options, findings);
  if (findings.size() == before) findings.push_back({"keys", Health::ok, "long enough, and kept from others"});
}

}  // namespace parsimony
