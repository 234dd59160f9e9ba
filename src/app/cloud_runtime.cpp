#include "app/cloud_runtime.h"

#include "app/cloud_config.h"
#include "app/code_rate_limits.h"
#include "app/data_folder.h"
#include "app/env_file.h"
#include "app/option_error.h"
#include "cloud/host/cloud_script.h"

namespace parsimony {
namespace {

// What the server keeps for itself. A project often has its data and its environment in its own folder.
std::vector<std::filesystem::path> own_files(const Options& options) {
  const DataPaths data = data_paths(options);
  std::vector<std::filesystem::path> files = {data.lock, data.keys, options.files_folder};
  for (const std::filesystem::path& database : {data.database, options.log_file}) {
    for (const char* end : {"", "-wal", "-shm", "-journal"}) files.push_back(database.string() + end);
  }
  if (options.cloud_env_file) files.push_back(*options.cloud_env_file);
  return files;
}

CloudHostOptions host_options(const Options& options, const std::string& server_url, decltype(CloudHostOptions::accept) accept) {
  CloudHostOptions host;
  host.script = cloud_script();
  host.config = cloud_config(options, server_url);
  host.limits = options.cloud_limits;
  host.adapters = options.adapters;
  host.accept = std::move(accept);
  host.closed = own_files(options);
  return host;
}

net::AddressGuard guard_of(const Options& options) {
  if (options.webhooks.may_call_private_hosts) return {};
  return [](const std::string& address) { return !net::is_private_address(address); };
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
  in.chain_deadline = call.chain_deadline;
  return in;
}

}  // namespace

CloudRuntime::CloudRuntime(const Options& options, const std::string& server_url)
    : options_(options),
      client_(guard_of(options)),
      host_(host_options(options, server_url, [this](const auto& definitions) { return accept(definitions); }),
            {[this](const RestCall& call) { return answer(call); },
             [this](const net::HttpCall& call, const net::CancelFlag& cancel) { return client_.send(call, &cancel); }, email_of(options)}) {
}

std::function<void(const Json& mail)> CloudRuntime::email_of(const Options& options) {
  if (!options.test_controls) return {};
  return [this](const Json& mail) { captured_mails_->add(mail); };
}

RestAnswer CloudRuntime::answer(const RestCall& call) const {
  ApiResponse response = api_->answer(internal(call));
  return {response.status, std::move(response.body), std::move(response.headers)};
}

std::optional<CloudLoadError> CloudRuntime::load(CloudSource source) {
  if (options_.cloud_env_file) source.env = read_env_file(*options_.cloud_env_file);
  return host_.load(source);
}

std::optional<CloudLoadError> CloudRuntime::accept(const std::vector<Registration>& definitions) {
  std::vector<RateLimit> limits;
  for (const Registration& definition : definitions) {
    if (definition.rate_limit.is_null()) continue;
    try {
      limits.push_back(read_code_rate_limit(definition));
    } catch (const OptionError& error) {
      return CloudLoadError{error.what(), definition.stack};
    }
  }
  api_->set_code_limits(std::move(limits));
  return std::nullopt;
}

}  // namespace parsimony
