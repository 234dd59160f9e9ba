#include "app/cloud_runtime.h"

#include <algorithm>
#include <string_view>

#include "app/cloud_load_text.h"
#include "app/env_file.h"
#include "app/option_error.h"
#include "cloud/host/cloud_script.h"
#include "common/log.h"

namespace parsimony {
namespace {

namespace fs = std::filesystem;

// What the code finds as Parse.Server.
Json config_of(const Options& options, const std::string& server_url) {
  return {{"applicationId", options.app_id},
          {"javascriptKey", options.javascript_key.value_or("unused")},
          {"masterKey", options.master_key},
          {"serverURL", server_url},
          {"mount", options.mount_path}};
}

CloudHostOptions host_options(const Options& options, const std::string& server_url) {
  CloudHostOptions host;
  host.script = cloud_script();
  host.config = config_of(options, server_url);
  host.limits = options.cloud_limits;
  return host;
}

net::AddressGuard guard_of(const Options& options) {
  if (options.webhooks.may_call_private_hosts) return {};
  return [](const std::string& address) { return !net::is_private_address(address); };
}

// Folders of the project that hold data.
std::vector<fs::path> folders_without_code(const Options& options) {
  std::vector<fs::path> folders = {fs::weakly_canonical(options.data_folder)};
  if (options.fixtures) folders.push_back(fs::weakly_canonical(*options.fixtures));
  return folders;
}

bool contains(const std::vector<fs::path>& folders, const fs::path& folder) {
  return std::find(folders.begin(), folders.end(), folder) != folders.end();
}

bool is_code_file(const fs::path& file) {
  constexpr std::string_view kExtensions[] = {".js", ".mjs", ".cjs", ".json"};
  return std::find(std::begin(kExtensions), std::end(kExtensions), file.extension().string()) != std::end(kExtensions);
}

// Whether code of the project itself may lie in it.
bool is_plain_folder(const fs::path& folder) {
  const std::string name = folder.filename().string();
  return !name.starts_with('.') && name != "node_modules";
}

InternalCall internal(const RestCall& call) {
  InternalCall in;
  in.method = call.method;
  in.path = call.path;
  in.body = call.body;
  in.use_master_key = call.use_master_key;
  in.session_token = call.session_token;
  in.installation_id = call.installation_id;
  in.context = call.context;
  in.chain = call.chain;
  return in;
}

}  // namespace

CloudRuntime::CloudRuntime(const Options& options, const std::string& server_url)
    : options_(options),
      client_(guard_of(options)),
      host_(host_options(options, server_url),
            {[this](const RestCall& call) { return answer(call); },
             [this](const net::HttpCall& call, const net::CancelFlag& cancel) { return client_.send(call, &cancel); },
             {}}) {}

RestAnswer CloudRuntime::answer(const RestCall& call) const {
  ApiResponse response = api_->answer(internal(call));
  return {response.status, std::move(response.body), std::move(response.headers)};
}

std::optional<CloudLoadError> CloudRuntime::load_main() {
  const Json env = options_.cloud_env_file ? read_env_file(*options_.cloud_env_file) : Json::object();
  return host_.load({*options_.cloud_main, env});
}

void CloudRuntime::load_at_start() {
  if (!options_.cloud_main) return;
  seen_ = survey_files(watched()).stamps;
  if (const auto error = load_main()) throw OptionError("Cloud Code could not be loaded: " + text_of(*error));
}

std::vector<WatchedPath> CloudRuntime::watched() const {
  if (!options_.cloud_main) return {};
  std::vector<WatchedPath> paths;
  const auto is_apart = [apart = folders_without_code(options_)](const fs::path& folder) { return contains(apart, folder); };
  const auto enters = [is_apart](const fs::path& folder) { return is_plain_folder(folder) && !is_apart(folder); };
  paths.push_back({ProjectFiles(fs::absolute(*options_.cloud_main)).folder(), is_code_file, enters});
  if (options_.cloud_env_file) paths.push_back({*options_.cloud_env_file});
  return paths;
}

void CloudRuntime::reload() {
  try {
    const auto error = load_main();
    if (!error) return log::info("Reloaded Cloud Code: " + options_.cloud_main->string());
    log::error("Cloud Code could not be loaded, the version before goes on: " + text_of(*error));
  } catch (const std::exception& error) {
    log::error(std::string("Cloud Code could not be loaded, the version before goes on: ") + error.what());
  }
}

}  // namespace parsimony
