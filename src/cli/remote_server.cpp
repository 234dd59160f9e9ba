#include "cli/remote_server.h"

#include <filesystem>
#include <stdexcept>

#include "app/data_folder.h"
#include "app/keys.h"
#include "app/option_error.h"
#include "common/log.h"
#include "net/addresses.h"
#include "net/url.h"
#include "rest/file_routes.h"

namespace parsimony {
namespace {

constexpr auto kLongestCall = std::chrono::minutes(5);  // the server writes the files and loads the code meanwhile
constexpr const char* kRoomForAll = "1gb";              // the server has a limit of its own

bool is_of_this_machine(const net::Url& url) { return url.host == "localhost" || url.host == "::1" || url.host.starts_with("127."); }

std::string without_end_slash(std::string text) {
  while (text.ends_with('/')) text.pop_back();
  return text;
}

std::optional<std::string> url_of(const CommandLine& line, const Options& options) {
  if (const auto given = line.values.find("--server"); given != line.values.end()) return given->second;
  if (options.database_kind != DatabaseKind::memory) {
    const auto holder = FileLock::find_holder(data_paths(options).lock);
    if (holder && !holder->url.empty()) return holder->url;
  }
  return options.server_url;
}

// What the options lack, from the server that runs on the data, and from the file with the keys that were made for it.
Keys keys_for(const net::Url& url, const Options& options) {
  Keys keys{options.app_id, options.master_key};
  const DataPaths paths = data_paths(options);
  if (lacks_keys(options) && is_of_this_machine(url)) {
    const auto holder = FileLock::find_holder(paths.lock);
    const Keys kept = std::filesystem::exists(paths.keys) ? read_keys(paths.keys) : Keys{};
    if (keys.app_id.empty()) keys.app_id = holder && !holder->app_id.empty() ? holder->app_id : kept.app_id;
    if (keys.master_key.empty()) keys.master_key = kept.master_key;
  }
  if (!keys.app_id.empty() && !keys.master_key.empty()) return keys;
  throw OptionError("the keys of " + url.text() +
                    " are missing; set PARSE_SERVER_APPLICATION_ID and PARSE_SERVER_MASTER_KEY, name a config file with --config, or the "
                    "server's data folder with --data");
}

net::Url checked_url(const std::string& text) {
  try {
    return net::parse_url(text);
  } catch (const net::NetError&) {
    throw OptionError(
        "the URL of a server begins with http:// or https:// and ends with its mount path, for example https://example.com/parse");
  }
}

std::string advice_for(int status) {
  if (status == 401 || status == 403) return "; the server refuses the keys, or lets them be used from other addresses only (masterKeyIps)";
  if (status == 404) return "; is the mount path part of the URL, as in https://example.com/parse?";
  return {};
}

[[noreturn]] void fail(const std::string& url, const net::HttpAnswer& answer) {
  std::string reason = "status " + std::to_string(answer.status);
  bool has_code = false;  // of Parse: the way there is right
  try {
    const Json body = parse_json(answer.body);
    if (const std::string* error = find_string(body, "error")) reason = *error;
    has_code = find_member(body, "code") != nullptr;
  } catch (const JsonSyntaxError&) {
  }
  throw std::runtime_error(url + " answers: " + reason + (has_code ? "" : advice_for(answer.status)));
}

}  // namespace

std::optional<RemoteServer> RemoteServer::find(const CommandLine& line, const Options& options) {
  const auto text = url_of(line, options);
  if (!text) return std::nullopt;
  const net::Url url = checked_url(*text);
  const Keys keys = keys_for(url, options);
  if (!url.is_https && !is_of_this_machine(url)) log::warn("the master key goes to " + url.authority() + " unencrypted: use https");
  return RemoteServer(without_end_slash(url.text()), keys.app_id, keys.master_key);
}

Json RemoteServer::call(const std::string& method, const std::string& path, const Json& body) const {
  net::HttpCall call;
  call.method = method;
  call.url = url_ + path;
  call.headers = {{"X-Parse-Application-Id", app_id_},
                  {"X-Parse-Master-Key", master_key_},
                  {"Content-Type", "application/json"},
                  {std::string(file_routes::kMaxUploadSize), kRoomForAll}};
  if (method != "GET") call.body = to_json_text(body);
  call.total_time = kLongestCall;
  call.redirects = net::Redirects::Refuse;
  try {
    const net::HttpAnswer answer = net::HttpClient().send(call);
    if (answer.status < 200 || answer.status > 299) fail(url_, answer);
    return parse_json(answer.body);
  } catch (const net::NetError& error) {
    throw std::runtime_error("cannot reach the server: " + std::string(error.what()));
  } catch (const JsonSyntaxError&) {
    throw std::runtime_error(url_ + " answers no JSON; is it a Parsimony server?");
  }
}

}  // namespace parsimony
