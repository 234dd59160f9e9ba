#include "app/cloud_versions.h"

#include <algorithm>
#include <set>
#include <string_view>

#include "app/cloud_load_text.h"
#include "app/option_error.h"
#include "common/clock.h"
#include "common/error.h"
#include "common/log.h"

namespace parsimony {
namespace {

namespace fs = std::filesystem;

constexpr const char* kNotLoaded = "Cloud Code could not be loaded, the version before goes on: ";

// Folders of the project that hold data.
std::vector<fs::path> folders_without_code(const Options& options) {
  std::vector<fs::path> folders = {fs::weakly_canonical(options.data_folder)};
  if (options.fixtures) folders.push_back(fs::weakly_canonical(*options.fixtures));
  return folders;
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

// As texts of errors name it.
fs::path named_folder(const fs::path& folder) { return fs::absolute(folder).lexically_normal(); }

std::string title_of(const CodeVersion& version) {
  return "version " + std::to_string(version.number) + ", deployed " + iso_date(version.created_ms);
}

}  // namespace

CloudVersions::CloudVersions(CloudRuntime& runtime, const Options& options)
    : runtime_(runtime), options_(options), store_(options.code_folder) {}

// --- start and reload --------------------------------------------------------------------------------------------------

std::optional<CloudLoadError> CloudVersions::load_version(const CodeVersion& version) {
  const fs::path folder = store_.code_folder(version.number);
  CloudSource source(folder / version.main);
  source.folder = folder;
  return runtime_.load(std::move(source));
}

std::optional<CloudLoadError> CloudVersions::load_config(std::function<bool()> is_current) {
  const auto main = config_main();
  if (main) main_has_come_ = true;
  if (main || !options_.adapters.empty()) {  // adapters serve without a main file, too
    CloudSource source(main.value_or(fs::path()));
    source.is_current = std::move(is_current);
    return runtime_.load(std::move(source));
  }
  runtime_.host().unload();
  return std::nullopt;
}

void CloudVersions::load_at_start() {
  store_.clean();
  seen_ = survey_files(watched()).stamps;
  const auto serving = store_.serving();
  if (!serving) {
    const auto error = load_config();
    if (error) throw OptionError("Cloud Code could not be loaded: " + text_of(*error));
    return;
  }
  const std::string advice = "\nLet another one serve: parsimony rollback VERSION, or parsimony rollback --to-config";
  const auto version = store_.find(*serving);
  if (!version)
    throw OptionError("version " + std::to_string(*serving) + " of Cloud Code is gone from " + options_.code_folder.string() + advice);
  const auto error = load_version(*version);
  if (error) throw OptionError("version " + std::to_string(*serving) + " of Cloud Code could not be loaded: " + text_of(*error) + advice);
}

std::string CloudVersions::summary() const {
  const CodeStatus now = status();
  if (!now.serves) return now.config_main;
  const auto version = store_.find(*now.serves);
  const std::string title = version ? title_of(*version) : std::string();
  return now.config_main.empty() ? title : title + "; not " + now.config_main + ", which serves after: parsimony rollback --to-config";
}

// The main file of the options, unless it has yet to come. One that was there and is gone is a mistake.
std::optional<fs::path> CloudVersions::config_main() const {
  const bool is_awaited = options_.cloud_may_come && !main_has_come_ && !fs::is_regular_file(*options_.cloud_main);
  return is_awaited ? std::nullopt : options_.cloud_main;
}

std::vector<WatchedPath> CloudVersions::watched() const {
  const auto enters = [apart = folders_without_code(options_)](const fs::path& folder) {
    return is_plain_folder(folder) && std::find(apart.begin(), apart.end(), folder) == apart.end();
  };
  std::set<fs::path> folders;
  if (options_.cloud_main) folders.insert(project_folder_of(fs::absolute(*options_.cloud_main)));
  for (const AdapterModule& adapter : options_.adapters) folders.insert(folder_of(adapter));
  std::vector<WatchedPath> paths;
  for (const fs::path& folder : folders) paths.push_back({folder, is_code_file, enters});
  if (!paths.empty() && options_.cloud_env_file) paths.push_back({*options_.cloud_env_file});
  return paths;
}

void CloudVersions::reload() {
  const std::lock_guard turn(turn_);
  try {
    if (!store_.serving()) reload_config();
  } catch (const std::exception& error) {
    log::error(std::string(kNotLoaded) + error.what());
  }
}

// Files that are written while they are loaded may have been read half-way: what comes of it does not count, and the next look is due.
void CloudVersions::reload_config() {
  const FileStamps before = survey_files(watched()).stamps;
  const auto is_current = [&] { return survey_files(watched()).stamps == before; };
  const auto error = load_config(is_current);
  const auto main = config_main();
  if (!main && options_.adapters.empty()) return;  // still nothing
  if (!error) return log::info("Reloaded Cloud Code: " + (main ? main->string() : std::string("the adapters")));
  if (is_current()) log::error(kNotLoaded + text_of(*error));
}

// --- deployments -------------------------------------------------------------------------------------------------------

std::unique_lock<std::mutex> CloudVersions::take_turn() {
  std::unique_lock turn(turn_, std::try_to_lock);
  if (!turn) throw Error::unavailable("Another version of the code is being loaded. Try again when that has ended.");
  return turn;
}

CodeDeployed CloudVersions::deploy(const CodePackage& package) {
  check_package(package);
  const auto turn = take_turn();
  const auto before = store_.serving();
  const CodeVersion version = store_.add(package);
  const fs::path folder = named_folder(store_.code_folder(version.number));
  try {
    if (const auto error = load_version(version))
      throw Error(error_code::kScriptFailed, "The code does not load: " + text_of(*error, folder));
    keep(version);
  } catch (const Error&) {
    store_.remove(version.number);
    throw;
  } catch (const std::exception&) {
    go_back_to(before);
    store_.remove(version.number);
    throw;
  }
  log::info("Deployed Cloud Code: " + title_of(version) + ", " + std::to_string(version.files) + (version.files == 1 ? " file" : " files"));
  return {version, counts()};
}

void CloudVersions::keep(const CodeVersion& version) {
  store_.complete(version);
  store_.set_serving(version.number);
  store_.prune(options_.cloud_versions);
}

// After a disk has failed.
void CloudVersions::go_back_to(const std::optional<int>& number) {
  const auto version = number ? store_.find(*number) : std::nullopt;
  const auto error = version ? load_version(*version) : load_config();
  if (error) log::error("Cloud Code that has served does not load any more: " + text_of(*error));
}

std::optional<int> CloudVersions::roll_back(const CodeRollback& target) {
  const auto turn = take_turn();
  const auto version = version_for(target, status());
  const fs::path folder = version ? named_folder(store_.code_folder(version->number)) : fs::path();
  if (const auto error = version ? load_version(*version) : load_config()) {
    throw Error(error_code::kScriptFailed, "The code does not load: " + text_of(*error, folder));
  }
  const auto number = version ? std::optional(version->number) : std::nullopt;
  store_.set_serving(number);
  log::info("Cloud Code serves again: " + (version ? title_of(*version) : std::string("the code of the config")));
  return number;
}

CodeStatus CloudVersions::status() const { return {store_.versions(), store_.serving(), config_main().value_or(fs::path()).string()}; }

CodeCounts CloudVersions::counts() const {
  CodeCounts counts;
  for (const Registration& each : runtime_.host().registrations()) {
    if (each.kind == "function") ++counts.functions;
    if (each.kind == "job") ++counts.jobs;
    if (each.kind == "trigger") ++counts.triggers;
  }
  return counts;
}

}  // namespace parsimony
