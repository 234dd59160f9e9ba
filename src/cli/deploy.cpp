#include "cli/deploy.h"

#include <algorithm>
#include <charconv>
#include <iostream>
#include <stdexcept>

#include "app/code_store.h"
#include "app/data_folder.h"
#include "app/option_error.h"
#include "app/options_input.h"
#include "cli/code_package.h"
#include "cli/remote_server.h"
#include "cli/start.h"
#include "cli/text_table.h"
#include "common/base64.h"
#include "common/clock.h"

namespace parsimony {
namespace {

namespace fs = std::filesystem;

constexpr const char* kVersionsPath = "/_cloud/versions";
constexpr const char* kRollbackPath = "/_cloud/rollback";
constexpr std::size_t kShownLeftOut = 20;

std::string count_of(std::uint64_t count, const std::string& what) { return std::to_string(count) + " " + what + (count == 1 ? "" : "s"); }

std::string size_text(std::uint64_t bytes) {
  return bytes < 10'000       ? count_of(bytes, "byte")
         : bytes < 10'000'000 ? std::to_string(bytes >> 10) + " KB"
                              : std::to_string(bytes >> 20) + " MB";
}

std::uint64_t number_in(const Json& object, std::string_view name) {
  const Json* value = find_member(object, name);
  return value && value->is_number_integer() ? value->get<std::uint64_t>() : 0;
}

std::string text_in(const Json& object, std::string_view name) {
  const std::string* text = find_string(object, name);
  return text ? *text : std::string();
}

std::string no_server(const Options& options) {
  return "no server runs on " + options.data_folder.string() +
         "; start it with \"parsimony serve\", or name another one: --server https://example.com/parse";
}

// --- deploy ------------------------------------------------------------------------------------------------------------

CodeChoice choice_of(const CommandLine& line, const Options& options) {
  CodeChoice choice;
  if (!line.arguments.empty()) choice.folder = line.arguments.front();
  if (const auto main = line.values.find("--main"); main != line.values.end()) choice.main = main->second;
  if (!choice.folder && !choice.main && options.cloud_main) {
    choice.folder = fs::absolute(*options.cloud_main).parent_path();
    choice.main = options.cloud_main->filename();
  }
  choice.without = {options.data_folder, choice.folder.value_or(".") / kProjectConfig};
  if (options.config_file) choice.without.push_back(*options.config_file);
  if (options.cloud_env_file) choice.without.push_back(*options.cloud_env_file);
  return choice;
}

Json encode_package(const CodePackage& package) {
  Json files = Json::array();
  for (const CodeFile& file : package.files) files.push_back({{"path", file.path}, {"base64", encode_base64(file.content)}});
  return {{"main", package.main}, {"files", std::move(files)}};
}

void print_left_out(const std::vector<std::string>& left_out) {
  if (left_out.empty()) return;
  std::cout << "Left out:\n";
  for (std::size_t i = 0; i < std::min(left_out.size(), kShownLeftOut); ++i) std::cout << "  " << left_out[i] << "\n";
  if (left_out.size() > kShownLeftOut) std::cout << "  and " << left_out.size() - kShownLeftOut << " more\n";
}

// From the version that serves; nothing when there is none.
std::string way_back(const Json& status) {
  const Json* kept = find_member(status, "results");
  const std::uint64_t serves = number_in(status, "serves");
  const bool has_older =
      kept && std::any_of(kept->begin(), kept->end(), [&](const Json& version) { return number_in(version, "version") < serves; });
  if (has_older) return "To go back: parsimony rollback\n";
  return text_in(status, "config").empty() ? "" : "To go back: parsimony rollback --to-config\n";
}

int deploy(const RemoteServer& server, const CollectedCode& code) {
  const CodePackage& package = code.package;
  std::cout << "Sending " << count_of(package.files.size(), "file") << ", " << size_text(package.bytes()) << ", from " << code.root.string()
            << " to " << server.url() << "\n";
  print_left_out(code.left_out);
  std::cout << std::flush;
  const Json answer = server.call("POST", kVersionsPath, encode_package(package));
  const Json* defines = find_member(answer, "defines");
  const Json none = Json::object();
  const Json& counts = defines ? *defines : none;
  std::cout << "Version " << number_in(answer, "version") << " serves: " << text_in(answer, "main") << " defines "
            << count_of(number_in(counts, "functions"), "function") << ", " << count_of(number_in(counts, "jobs"), "job") << ", "
            << count_of(number_in(counts, "triggers"), "trigger") << ".\n"
            << way_back(server.call("GET", kVersionsPath, {}));
  return 0;
}

// --- list --------------------------------------------------------------------------------------------------------------

CodeStatus status_on_disk(const CodeStore& store, const Options& options) {
  return {store.versions(), store.serving(), options.cloud_main ? options.cloud_main->string() : std::string()};
}

void print_status(const Json& status) {
  const Json* results = find_member(status, "results");
  const std::uint64_t serves = number_in(status, "serves");
  std::vector<std::vector<std::string>> rows = {{"version", "deployed", "files", "size", "main file"}};
  if (results && results->is_array()) {
    for (const Json& version : *results) {
      const std::uint64_t number = number_in(version, "version");
      rows.push_back({std::to_string(number) + (number == serves ? " serves" : ""), text_in(version, "createdAt"),
                      std::to_string(number_in(version, "files")), size_text(number_in(version, "bytes")), text_in(version, "main")});
    }
  }
  if (rows.size() > 1) std::cout << text_table(rows);
  if (rows.size() == 1) std::cout << "Nothing has been deployed.\n";
  const std::string config = text_in(status, "config");
  if (serves == 0) std::cout << (config.empty() ? "There is no code in the config.\n" : "The code of the config serves: " + config + "\n");
}

int list(const CommandLine& line, const Options& options) {
  const auto server = RemoteServer::find(line, options);
  print_status(server ? server->call("GET", kVersionsPath, {}) : encode(status_on_disk(CodeStore(data_paths(options).code), options)));
  return 0;
}

// --- rollback ----------------------------------------------------------------------------------------------------------

std::optional<int> version_argument(const CommandLine& line) {
  if (line.arguments.empty()) return std::nullopt;
  const std::string& text = line.arguments.front();
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc() && end == text.data() + text.size() && number > 0) return number;
  throw OptionError("a version is a number, not \"" + text + "\"; see: parsimony deploy --list");
}

CodeRollback rollback_of(const CommandLine& line) {
  const CodeRollback target{line.switches.contains("--to-config"), version_argument(line)};
  if (target.to_config && target.version) throw OptionError("name a version or --to-config, not both");
  return target;
}

Json encode_rollback(const CodeRollback& target) {
  Json body = Json::object();
  if (target.to_config) body["config"] = true;
  if (target.version) body["version"] = *target.version;
  return body;
}

std::string title_of(std::uint64_t version) { return version == 0 ? "The code of the config" : "Version " + std::to_string(version); }

int roll_back(const RemoteServer& server, const CodeRollback& target) {
  const Json answer = server.call("POST", kRollbackPath, encode_rollback(target));
  std::cout << title_of(number_in(answer, "serves")) << " serves.\n";
  return 0;
}

int roll_back_stopped(Options options, const CodeRollback& target) {
  if (options.database_kind == DatabaseKind::memory) throw std::runtime_error(no_server(options));
  const DataFolder folder = DataFolder::open(options);
  const CodeStore store(options.code_folder);
  const auto version = version_for(target, status_on_disk(store, options));
  store.set_serving(version ? std::optional(version->number) : std::nullopt);
  std::cout << title_of(version ? static_cast<std::uint64_t>(version->number) : 0) << " serves from the next start on.\n";
  return 0;
}

}  // namespace

int deploy_command(const CommandLine& line) {
  const Options options = options_of_command(line);
  if (line.switches.contains("--list")) return list(line, options);
  const auto server = RemoteServer::find(line, options);
  if (!server) throw std::runtime_error(no_server(options));
  return deploy(*server, collect_code(choice_of(line, options)));
}

int rollback_command(const CommandLine& line) {
  const CodeRollback target = rollback_of(line);
  const Options options = options_of_command(line);
  const auto server = RemoteServer::find(line, options);
  return server ? roll_back(*server, target) : roll_back_stopped(options, target);
}

}  // namespace parsimony
