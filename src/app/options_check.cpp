#include "app/options_check.h"

#include <arpa/inet.h>

#include <charconv>

#include "common/error.h"
#include "query/regex.h"

namespace parsimony {
namespace {

[[noreturn]] void refuse(const std::string& option, const std::string& rule) { throw OptionError("option \"" + option + "\" " + rule); }

// Bits of the address, 0 when it is none.
int address_bits(const std::string& address) {
  unsigned char bytes[sizeof(in6_addr)];
  if (inet_pton(AF_INET, address.c_str(), bytes) == 1) return 32;
  return inet_pton(AF_INET6, address.c_str(), bytes) == 1 ? 128 : 0;
}

bool is_prefix_length(std::string_view text, int bits) {
  int length = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), length);
  return error == std::errc() && end == text.data() + text.size() && length >= 0 && length <= bits;
}

void check_range(const char* option, int value, int lowest, int highest) {
  if (value >= lowest && value <= highest) return;
  refuse(option, "must be from " + std::to_string(lowest) + " to " + std::to_string(highest) + ", not " + std::to_string(value));
}

void check_url(const char* option, const std::optional<std::string>& url) {
  if (url && !url->starts_with("http://") && !url->starts_with("https://")) refuse(option, "must start with http:// or https://");
}

void check_keys_differ(const Options& options, const OptionSettings& settings) {
  for (const char* other : {"readOnlyMasterKey", "maintenanceKey"}) {
    const auto found = settings.find(other);
    if (found == settings.end() || options.master_key.empty()) continue;
    if (found->second.value == options.master_key) refuse("masterKey", "must differ from " + std::string(other));
  }
}

void check_definitions(const Json& definitions) {
  if (!definitions.is_array()) refuse("schema.definitions", "must be a list of class definitions");
  for (const Json& definition : definitions) {
    if (find_string(definition, "className") == nullptr) refuse("schema.definitions", "must hold objects with a className");
  }
}

void check_extensions(const std::vector<std::string>& patterns) {
  for (const std::string& pattern : patterns) {
    if (pattern == "*") continue;
    try {
      const Regex compiled(pattern, "");
    } catch (const Error&) {
      refuse("fileUpload.fileExtensions", "has \"" + pattern + "\", which is no regular expression; write ^png$ or *");
    }
  }
}

void check_url_domains(const std::vector<std::string>& domains) {
  for (const std::string& domain : domains) {
    if (domain.empty()) refuse("fileUpload.allowedFileUrlDomains", "has an empty name; write cdn.example.com, *.example.com or *");
  }
}

constexpr int kLargestInt = 2'147'483'647;

}  // namespace

void check_network(const std::string& option, const std::string& text) {
  const std::size_t slash = text.find('/');
  const int bits = address_bits(text.substr(0, slash));
  if (bits == 0) refuse(option, "has \"" + text + "\", which is no IP address; write 203.0.113.7, 10.0.0.0/8 or ::1");
  if (slash != std::string::npos && !is_prefix_length(std::string_view(text).substr(slash + 1), bits)) {
    refuse(option, "has \"" + text + "\", whose part after the slash must be from 0 to " + std::to_string(bits));
  }
}

void check_options(const Options& options, const OptionSettings& settings) {
  for (const std::string& network : options.master_key_ips) check_network("masterKeyIps", network);
  for (const std::string& network : options.maintenance_key_ips) check_network("maintenanceKeyIps", network);
  for (const std::string& network : options.read_only_master_key_ips) check_network("readOnlyMasterKeyIps", network);
  check_keys_differ(options, settings);
  check_range("port", options.port, 0, 65535);
  check_range("objectIdSize", options.object_id_size, 1, 128);
  check_range("defaultLimit", options.default_limit, 1, kLargestInt);
  if (options.max_limit) check_range("maxLimit", *options.max_limit, 1, kLargestInt);
  check_range("maxRunningJobs", static_cast<int>(options.jobs.max_running), 1, 1000);
  check_range("jobHistoryLimit", static_cast<int>(options.jobs.history_limit), 0, 1'000'000);
  check_url("serverURL", options.server_url);
  check_url("publicServerURL", options.public_server_url);
  check_definitions(options.schema_definitions);
  check_extensions(options.file_rules.extensions);
  check_url_domains(options.file_rules.url_domains);
}

}  // namespace parsimony
