#include "app/options.h"

#include <algorithm>
#include <limits>

#include "app/option_table.h"
#include "app/option_value.h"
#include "app/options_adapters.h"
#include "app/options_check.h"
#include "app/options_users.h"

namespace parsimony {
namespace {

namespace fs = std::filesystem;

// Looks up settings, else the default of the profile.
class Reader {
 public:
  Reader(const OptionSettings& settings, Profile profile) : settings_(settings), profile_(profile) {}

  // Null when the option is not set and has no default.
  Json value(const char* name) const {
    if (const auto found = settings_.find(name); found != settings_.end()) return found->second.value;
    const OptionRow& row = *find_option(name);
    const std::string_view text = default_of(row);
    return text.empty() ? Json() : option_value_from_text(row, text, "default");
  }

  bool is_set(const char* name) const { return settings_.contains(name); }

  // Set to nothing is unset, as in Parse Server.
  std::optional<std::string> text(const char* name) const {
    const Json found = value(name);
    if (!found.is_string() || found.get_ref<const std::string&>().empty()) return std::nullopt;
    return found.get<std::string>();
  }
  std::string text_or_empty(const char* name) const { return text(name).value_or(std::string()); }
  std::optional<fs::path> path(const char* name) const { return text(name); }
  bool flag(const char* name) const { return value(name) == Json(true); }
  std::optional<int> integer(const char* name) const {
    const Json found = value(name);
    if (!found.is_number()) return std::nullopt;
    return static_cast<int>(
        std::clamp<std::int64_t>(found.get<std::int64_t>(), std::numeric_limits<int>::min(), std::numeric_limits<int>::max()));
  }
  std::optional<std::vector<std::string>> list_if_set(const char* name) const {
    const Json found = value(name);
    return found.is_array() ? std::optional(found.get<std::vector<std::string>>()) : std::nullopt;
  }
  std::vector<std::string> list(const char* name) const { return list_if_set(name).value_or(std::vector<std::string>{}); }

  std::map<std::string, OptionSource> sources() const {
    std::map<std::string, OptionSource> sources;
    for (const auto& [name, setting] : settings_) sources[name] = setting.source;
    for (const OptionRow& row : option_table()) {
      if (!own_default(profile_, row).empty()) sources.emplace(row.name, OptionSource::profile);
    }
    return sources;
  }

 private:
  std::string_view default_of(const OptionRow& row) const {
    const std::string_view own = own_default(profile_, row);
    return own.empty() ? row.default_text : own;
  }

  const OptionSettings& settings_;
  Profile profile_;
};

// The value of one of a few words.
template <typename Value>
Value choice(const Reader& reader, const char* name, std::initializer_list<std::pair<const char*, Value>> words) {
  const std::string text = reader.text_or_empty(name);
  std::vector<std::string> known;
  for (const auto& [word, value] : words) {
    if (text == word) return value;
    known.emplace_back(word);
  }
  throw OptionError("option \"" + std::string(name) + "\" has the unknown value \"" + text + "\"; the nearest known one is \"" +
                    nearest(text, known) + "\"");
}

void read_app(Options& options, const Reader& reader) {
  options.app_id = reader.text_or_empty("appId");
  options.master_key = reader.text_or_empty("masterKey");
  options.master_key_ips = reader.list("masterKeyIps");
  options.maintenance_key = reader.text_or_empty("maintenanceKey");
  options.maintenance_key_ips = reader.list("maintenanceKeyIps");
  options.read_only_master_key = reader.text_or_empty("readOnlyMasterKey");
  options.read_only_master_key_ips = reader.list("readOnlyMasterKeyIps");
  options.allow_aggregation_for_read_only_master_key = reader.flag("allowAggregationForReadOnlyMasterKey");
  options.client_key = reader.text("clientKey");
  options.javascript_key = reader.text("javascriptKey");
  options.rest_api_key = reader.text("restAPIKey");
  options.dot_net_key = reader.text("dotNetKey");
  options.serves_security_report = reader.flag("security.enableCheck");
  options.logs_security_report = reader.flag("security.enableCheckLog");
}

std::string normal_mount_path(std::string path) {
  if (!path.starts_with('/')) path.insert(0, "/");
  while (path.ends_with('/')) path.pop_back();
  return path;
}

// Of an option in seconds.
std::int64_t milliseconds(const Reader& reader, const char* name) {
  constexpr double kLongest = 1e9;
  const Json seconds = reader.value(name);
  if (seconds.is_number() && seconds.get<double>() > 0 && seconds.get<double>() <= kLongest) {
    return static_cast<std::int64_t>(seconds.get<double>() * 1000);
  }
  throw OptionError("option \"" + std::string(name) + "\" must be a number of seconds greater than 0");
}

void read_network(Options& options, const Reader& reader) {
  options.public_folder = reader.path("publicFolder");
  options.host = reader.text_or_empty("host");
  options.port = reader.integer("port").value_or(0);
  options.mount_path = normal_mount_path(reader.text_or_empty("mountPath"));
  options.server_url = reader.text("serverURL");
  options.public_server_url = reader.text("publicServerURL");
  options.allow_headers = reader.list("allowHeaders");
  options.allow_origin = reader.list("allowOrigin");
  options.trusted_proxies = read_trusted_proxies(reader.value("trustProxy"));
  options.route_allow_list = read_route_allow_list(reader.list_if_set("routeAllowList"));
  options.rate_limits = read_rate_limits(reader.value("rateLimit"));
  options.idempotent_paths = read_idempotent_paths(reader.list("idempotencyOptions.paths"));
  options.request_id_ttl_ms = milliseconds(reader, "idempotencyOptions.ttl");
  options.max_upload_bytes = bytes_from_text("maxUploadSize", reader.text_or_empty("maxUploadSize"));
}

std::vector<DeniedKeyword> denied_keywords(const Json& list) {
  std::vector<DeniedKeyword> keywords;
  for (const Json& item : list) {
    const std::string* key = find_string(item, "key");
    const Json* value = find_member(item, "value");
    if (!item.is_object() || (key == nullptr && value == nullptr)) {
      throw OptionError("option \"requestKeywordDenylist\" must be a JSON list of objects with key, value or both");
    }
    keywords.push_back({key != nullptr ? std::optional(*key) : std::nullopt, value != nullptr ? *value : Json()});
  }
  return keywords;
}

bool is_list_of_names(const Json& value) {
  return value.is_array() && std::all_of(value.begin(), value.end(), [](const Json& name) { return name.is_string(); });
}

void add_name(Json& names, const std::string& name) {
  if (names.is_null()) names = Json::array();
  if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
}

// Users' e-mail addresses stay protected from everybody where the option does not speak of them; where it does, they are added unless
// the owners are not exempt, as in Parse Server.
Json protected_fields(const Json& classes, const std::vector<std::string>& sensitive, bool owner_exempt) {
  const auto is_map = [](const Json& value) { return value.is_object(); };
  const auto is_class = [&](const Json& entities) {
    return is_map(entities) && std::all_of(entities.begin(), entities.end(), is_list_of_names);
  };
  if (!is_map(classes) || !std::all_of(classes.begin(), classes.end(), is_class)) {
    throw OptionError(R"(option "protectedFields" must be a JSON object like {"_User":{"*":["email"]}}: class, entity, list of fields)");
  }
  Json merged = classes;
  Json& of_users = merged["_User"];
  if (of_users.is_null()) of_users = Json::object();
  for (const std::string& field : sensitive) add_name(of_users["*"], field);
  if (!of_users.contains("*") || owner_exempt) add_name(of_users["*"], "email");
  return merged;
}

void read_protection(Options& options, const Reader& reader) {
  options.protection.owner_exempt = reader.flag("protectedFieldsOwnerExempt");
  options.protection.saves_exempt = reader.flag("protectedFieldsSaveResponseExempt");
  options.protection.triggers_exempt = reader.flag("protectedFieldsTriggerExempt");
  options.protection.classes =
      protected_fields(reader.value("protectedFields"), reader.list("userSensitiveFields"), options.protection.owner_exempt);
}

void read_objects(Options& options, const Reader& reader) {
  options.allow_client_class_creation = reader.flag("allowClientClassCreation");
  options.allow_custom_object_id = reader.flag("allowCustomObjectId");
  options.object_id_size = reader.integer("objectIdSize").value_or(0);
  options.default_limit = reader.integer("defaultLimit").value_or(0);
  options.max_limit = reader.integer("maxLimit");
  options.request_keyword_denylist = denied_keywords(reader.value("requestKeywordDenylist"));
  options.enable_sanitized_error_response = reader.flag("enableSanitizedErrorResponse");
  read_protection(options, reader);
}

void read_limits(Options& options, const Reader& reader) {
  // -1, the default, is no limit.
  const auto limit = [&](const char* name) -> std::optional<std::int64_t> {
    const int value = reader.integer(name).value_or(-1);
    return value < 0 ? std::nullopt : std::optional<std::int64_t>(value);
  };
  ComplexityLimits& limits = options.complexity;
  limits.query_depth = limit("requestComplexity.queryDepth");
  limits.subquery_depth = limit("requestComplexity.subqueryDepth");
  limits.subquery_limit = limit("requestComplexity.subqueryLimit");
  limits.include_depth = limit("requestComplexity.includeDepth");
  limits.include_count = limit("requestComplexity.includeCount");
  limits.allow_regex = reader.flag("requestComplexity.allowRegex");
  options.batch_request_limit = limit("requestComplexity.batchRequestLimit");
  options.allow_public_explain = reader.flag("databaseOptions.allowPublicExplain");
  options.raw_aggregates.values = reader.flag("query.aggregationRawValues");
  options.raw_aggregates.field_names = reader.flag("query.aggregationRawFieldNames");
}

void read_files(Options& options, const Reader& reader) {
  options.file_rules.public_upload = reader.flag("fileUpload.enableForPublic");
  options.file_rules.user_upload = reader.flag("fileUpload.enableForAuthenticatedUser");
  options.file_rules.anonymous_user_upload = reader.flag("fileUpload.enableForAnonymousUser");
  options.file_rules.public_download = reader.flag("fileDownload.enableForPublic");
  options.file_rules.user_download = reader.flag("fileDownload.enableForAuthenticatedUser");
  options.file_rules.anonymous_user_download = reader.flag("fileDownload.enableForAnonymousUser");
  options.file_rules.extensions = reader.list("fileUpload.fileExtensions");
  options.file_rules.url_domains = reader.list("fileUpload.allowedFileUrlDomains");
  options.file_rules.preserve_names = reader.flag("preserveFileName");
}

void read_jobs(Options& options, const Reader& reader) {
  options.jobs.max_running = static_cast<std::size_t>(reader.integer("maxRunningJobs").value_or(0));
  options.jobs.history_limit = reader.integer("jobHistoryLimit").value_or(0);
  options.jobs.missed_runs = choice<MissedRuns>(reader, "missedJobs", {{"once", MissedRuns::Once}, {"skip", MissedRuns::Skip}});
}

void read_users(Options& options, const Reader& reader) {
  options.users = read_user_settings([&](const char* name) { return reader.value(name); });
}

// An engine needs some megabytes for itself; its address space ends at 4 GB.
constexpr std::size_t kLeastCloudMemory = std::size_t{16} << 20;
constexpr std::size_t kMostCloudMemory = std::size_t{4000} << 20;

CloudLimits read_cloud_limits(const Reader& reader) {
  using Milliseconds = CloudLimits::Milliseconds;
  CloudLimits limits;
  limits.call_time = Milliseconds(milliseconds(reader, "cloudTimeLimit"));
  const bool jobs_end = reader.value("cloudJobTimeLimit") != Json(0);
  limits.job_time = Milliseconds(jobs_end ? milliseconds(reader, "cloudJobTimeLimit") : 0);
  limits.run_time = Milliseconds(milliseconds(reader, "cloudBlockLimit"));
  limits.memory_bytes = std::clamp<std::size_t>(bytes_from_text("cloudMemoryLimit", reader.text_or_empty("cloudMemoryLimit")),
                                                kLeastCloudMemory, kMostCloudMemory);
  const int workers = reader.integer("cloudWorkers").value_or(1);
  if (workers < 1 || workers > 64) throw OptionError("option \"cloudWorkers\" must be 1 to 64");
  limits.engines = static_cast<std::size_t>(workers);
  return limits;
}

void read_cloud_code(Options& options, const Reader& reader) {
  options.cloud_main = reader.path("cloud");
  options.cloud_env_file = reader.path("cloudEnvFile");
  options.cloud_limits = read_cloud_limits(reader);
  const int versions = reader.integer("cloudVersions").value_or(0);
  if (versions < 1 || versions > 1000) throw OptionError("option \"cloudVersions\" must be 1 to 1000");
  options.cloud_versions = static_cast<std::size_t>(versions);
  options.webhooks.key = reader.text_or_empty("webhookKey");
  options.webhooks.may_call_private_hosts = reader.flag("allowPrivateAddresses");
  if (options.webhooks.key.find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos) {
    throw OptionError("option \"webhookKey\" must be one line: it is sent as a header");
  }
}

// Relative paths of modules start where the option stands: in the config file's folder, else in the working folder.
void read_adapter_options(Options& options, const Reader& reader, const OptionSettings& settings, const fs::path& working_folder) {
  const auto base = [&](const char* name) {
    const auto found = settings.find(name);
    const bool in_file = found != settings.end() && found->second.source == OptionSource::config_file && options.config_file;
    return in_file ? fs::absolute(*options.config_file).parent_path() : fs::absolute(working_folder);
  };
  AdapterOptions read = read_adapters([&](const char* name) { return reader.value(name); }, base);
  options.adapters = std::move(read.modules);
  options.users.auth_providers = std::move(read.auth_providers);
  options.users.passwords.has_judge = read.judges_passwords;
  for (std::string& warning : read.warnings) options.warnings.push_back(std::move(warning));
}

// The URI itself is not shown: it may hold a password.
[[noreturn]] void refuse_database(const std::string& scheme) {
  throw OptionError("option \"databaseURI\" names a " + scheme +
                    ": database, but Parsimony keeps its data in SQLite; give a file (--databaseURI ./app.db), sqlite:///path or :memory:, "
                    "or leave it out, and bring data with: parsimony import PATH");
}

std::string path_of_database_uri(const std::string& uri) {
  static const std::string kScheme = "sqlite:";
  if (uri.starts_with(kScheme)) {
    const std::string rest = uri.substr(kScheme.size());
    return rest.starts_with("//") ? rest.substr(2) : rest;
  }
  const std::size_t colon = uri.find("://");
  if (colon != std::string::npos) refuse_database(uri.substr(0, colon));
  return uri;
}

void read_database(Options& options, const Reader& reader) {
  const auto uri = reader.text("databaseURI");
  if (!uri) return;
  const std::string path = path_of_database_uri(*uri);
  if (path == ":memory:") {
    options.database_kind = DatabaseKind::memory;
    return;
  }
  const bool is_folder = path.empty() || path.ends_with('/') || fs::is_directory(path);
  if (is_folder) throw OptionError("option \"databaseURI\" must name a file, not a folder; --data DIR names the folder for all data");
  if (path.find('?') != std::string::npos) throw OptionError("option \"databaseURI\" takes no settings after a question mark");
  options.database_kind = DatabaseKind::file;
  options.database_file = path;
}

// In a config file the paths may be a list, else they are comma separated.
std::vector<fs::path> schema_paths(const Json& schema) {
  const OptionRow as_list{"schema", {}, OptionType::list, {}, OptionStatus::active, {}};
  try {
    const Json list = schema.is_null() ? Json::array() : option_value_from_json(as_list, schema, {});
    const auto texts = list.get<std::vector<std::string>>();
    return {texts.begin(), texts.end()};
  } catch (const OptionError&) {
    throw OptionError("option \"schema\" must be paths of files or folders, or an object with \"definitions\"");
  }
}

void read_schema(Options& options, const Reader& reader) {
  options.schema_paths = schema_paths(reader.value("schema"));
  options.schema_definitions = reader.value("schema.definitions");
  options.lock_schemas = reader.flag("schema.lockSchemas");
  options.strict_schema = reader.flag("schema.strict");
  options.delete_extra_fields = reader.flag("schema.deleteExtraFields");
  options.recreate_modified_fields = reader.flag("schema.recreateModifiedFields");
  options.keep_unknown_indexes = reader.flag("schema.keepUnknownIndexes");
}

void read_data(Options& options, const Reader& reader) {
  options.data_folder = reader.text_or_empty("data");
  options.fixtures = reader.path("fixtures");
  options.watch = reader.flag("watch");
  options.import_mode = choice<ImportMode>(reader, "mode", {{"upsert", ImportMode::Upsert}, {"replace", ImportMode::Replace}});
  options.durability = choice<Durability>(reader, "durability", {{"full", Durability::Full}, {"relaxed", Durability::Relaxed}});
  read_database(options, reader);
  read_schema(options, reader);
}

void read_process(Options& options, const Reader& reader) {
  options.ready_file = reader.path("readyFile");
  options.silent = reader.flag("silent");
  options.log =
      read_log_settings([&](const char* name) { return reader.value(name); }, [&](const char* name) { return reader.is_set(name); });
}

[[noreturn]] void refuse_lasting_data(const std::string& where) {
  throw OptionError("option \"ephemeral\" keeps no data, but " + where + " says where to keep them; leave one of them out");
}

// What says where data lie is not meant for a test that was started in the same environment or with the same config file; on the
// same command line it is a contradiction.
void throw_data_away(Options& options, const OptionSettings& settings) {
  for (const char* name : {"data", "databaseURI"}) {
    const auto setting = settings.find(name);
    if (setting != settings.end() && setting->second.source == OptionSource::argument) refuse_lasting_data(setting->second.where);
    options.sources.erase(name);
  }
  options.database_kind = DatabaseKind::memory;
  options.database_file.clear();
}

void read_testing(Options& options, const Reader& reader, const OptionSettings& settings) {
  options.ephemeral = reader.flag("ephemeral");
  options.test_controls = reader.value("testControls").is_null() ? options.ephemeral : reader.flag("testControls");
  if (!options.ephemeral) return;
  throw_data_away(options, settings);
  if (!settings.contains("port")) options.port = 0;
  if (!settings.contains("host")) options.host = "127.0.0.1";
}

// The profile `dev` uses what lies in the working folder; the others use only what is named.
void use_working_folder(Options& options, const fs::path& folder) {
  if (options.profile.profile != Profile::dev) return;
  const bool has_definitions = !options.schema_paths.empty() || !options.schema_definitions.empty();
  if (!has_definitions && fs::is_directory(folder / "schema")) {
    options.schema_paths = {folder / "schema"};
    options.sources["schema"] = OptionSource::found;
  }
  if (!options.fixtures && fs::is_directory(folder / "fixtures")) {
    options.fixtures = folder / "fixtures";
    options.sources["fixtures"] = OptionSource::found;
  }
  if (!options.public_folder && fs::is_directory(folder / "public")) {
    options.public_folder = folder / "public";
    options.sources["publicFolder"] = OptionSource::found;
  }
  const fs::path code = folder / "cloud" / "main.js";
  const bool may_come = options.watch && fs::is_directory(code.parent_path());
  if (!options.cloud_main && (may_come || fs::is_regular_file(code))) {
    options.cloud_main = code;
    options.cloud_may_come = may_come;
    options.sources["cloud"] = OptionSource::found;
  }
  if (!options.cloud_env_file && fs::is_regular_file(folder / ".env")) {
    options.cloud_env_file = folder / ".env";
    options.sources["cloudEnvFile"] = OptionSource::found;
  }
}

bool is_below(const fs::path& path, const fs::path& folder) {
  const fs::path inner = fs::weakly_canonical(path);
  const fs::path outer = fs::weakly_canonical(folder);
  return std::mismatch(outer.begin(), outer.end(), inner.begin(), inner.end()).first == outer.end();
}

// What everyone may fetch must not hold the keys and the data.
void check_public_folder(const Options& options) {
  if (!options.public_folder) return;
  const std::string folder = options.public_folder->string();
  if (!fs::is_directory(folder)) throw OptionError("option \"publicFolder\": there is no folder " + folder);
  std::vector<fs::path> secrets = {options.data_folder};
  for (const auto* file : {&options.config_file, &options.cloud_main, &options.cloud_env_file}) {
    if (*file) secrets.push_back(**file);
  }
  if (options.database_kind == DatabaseKind::file) secrets.push_back(options.database_file);
  for (const fs::path& secret : secrets) {
    if (!secret.empty() && is_below(secret, folder)) {
      throw OptionError("option \"publicFolder\": " + folder + " would be open to everyone, and holds " + secret.string() +
                        "; put the pages into a folder of their own");
    }
  }
}

void check_watch(const Options& options) {
  const bool has_code = options.cloud_main || !options.adapters.empty();
  if (!options.watch || options.fixtures || has_code || !options.schema_paths.empty()) return;
  throw OptionError("option \"watch\" has nothing to watch; name class definitions with --schema FILE, --fixtures DIR or --cloud FILE");
}

}  // namespace

Options load_options(const OptionInput& given) {
  const OptionInput input = with_project_config(given);
  Options options;
  options.config_file = input.config_file;
  const OptionSettings settings = collect_settings(input, options.warnings);
  options.profile = choose_profile(input, settings);
  const Reader reader(settings, options.profile.profile);
  options.sources = reader.sources();
  for (auto read :
       {read_app, read_network, read_objects, read_limits, read_users, read_files, read_cloud_code, read_jobs, read_data, read_process})
    read(options, reader);
  read_adapter_options(options, reader, settings, input.working_folder);
  read_testing(options, reader, settings);
  check_options(options, settings);
  use_working_folder(options, input.working_folder);
  check_watch(options);
  check_public_folder(options);
  return options;
}

}  // namespace parsimony
