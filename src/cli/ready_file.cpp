#include "cli/ready_file.h"

#include <unistd.h>

#include "common/file_write.h"

namespace parsimony {
namespace {

constexpr unsigned kOwnerOnly = 0600;

Json keys_that_are_set(const Options& options) {
  Json keys = Json::object();
  const auto add = [&](const char* name, const std::string& key) {
    if (!key.empty()) keys[name] = key;
  };
  add("master", options.master_key);
  add("readOnlyMaster", options.read_only_master_key);
  add("maintenance", options.maintenance_key);
  add("client", options.client_key.value_or(""));
  add("javascript", options.javascript_key.value_or(""));
  add("rest", options.rest_api_key.value_or(""));
  add("dotNet", options.dot_net_key.value_or(""));
  return keys;
}

}  // namespace

std::string ready_text(const Options& options, const StartSummary& summary) {
  Json ready = {{"url", summary.url}, {"port", summary.port}, {"pid", ::getpid()}, {"appId", options.app_id}};
  if (options.test_controls) ready["keys"] = keys_that_are_set(options);
  return to_json_text(ready) + "\n";
}

ReadyFile::ReadyFile(std::optional<std::filesystem::path> file) : file_(std::move(file)) { remove(); }
ReadyFile::~ReadyFile() { remove(); }

void ReadyFile::write(const std::string& text) const {
  if (file_) replace_file(*file_, text, kOwnerOnly);
}

void ReadyFile::remove() const {
  std::error_code ignored;
  if (file_) std::filesystem::remove(*file_, ignored);
}

}  // namespace parsimony
