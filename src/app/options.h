// The options of one start, read, checked and typed. Plain data: copy it freely, change it only before the app starts.
//
// Names follow the option table (option_table.h), which says what each means.
#pragma once
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "access/protected_fields.h"
#include "app/option_error.h"
#include "app/options_guards.h"
#include "app/options_input.h"
#include "app/options_log.h"
#include "app/profile.h"
#include "cloud/host/adapter_modules.h"
#include "cloud/host/limits.h"
#include "common/log.h"
#include "query/pipeline_parser.h"
#include "query/where_parser.h"
#include "rest/rest_settings.h"
#include "services/files/file_settings.h"
#include "services/hooks/webhook_settings.h"
#include "services/jobs/job_settings.h"
#include "services/transfer/import.h"
#include "services/users/user_settings.h"
#include "storage/store.h"
#include "types/json.h"

namespace parsimony {

enum class DatabaseKind {
  data_folder,  // parsimony.db in the data folder
  file,         // a file that databaseURI names
  memory,       // a private folder in memory, gone at the end
};

struct Options {
  // App. Empty app_id or master_key: still to come from the key file (keys.h).
  std::string app_id;
  std::string master_key;
  std::vector<std::string> master_key_ips;  // checked addresses and networks
  std::string maintenance_key;              // empty: nobody has it
  std::vector<std::string> maintenance_key_ips;
  std::string read_only_master_key;  // empty: nobody has it
  std::vector<std::string> read_only_master_key_ips;
  bool allow_aggregation_for_read_only_master_key = true;
  std::optional<std::string> client_key;
  std::optional<std::string> javascript_key;
  std::optional<std::string> rest_api_key;
  std::optional<std::string> dot_net_key;

  // Network
  std::string host;
  int port = 0;                           // 0: pick a free one
  std::string mount_path;                 // "/parse": starts with a slash, ends without; empty for the root
  std::optional<std::string> server_url;  // unset: derived from host, port and mount path
  std::optional<std::string> public_server_url;
  std::vector<std::string> allow_headers;
  std::vector<std::string> allow_origin;  // empty: every origin
  std::uint64_t max_upload_bytes = 0;
  TrustedProxies trusted_proxies;
  RouteAllowList route_allow_list;
  std::vector<RateLimit> rate_limits;
  std::vector<Regex> idempotent_paths;
  std::int64_t request_id_ttl_ms = 0;

  // Objects
  bool allow_client_class_creation = false;
  bool allow_custom_object_id = false;
  int object_id_size = 0;
  int default_limit = 0;
  std::optional<int> max_limit;
  std::vector<DeniedKeyword> request_keyword_denylist;
  bool enable_sanitized_error_response = true;
  ProtectionSettings protection;  // with Parse Server's defaults merged in
  ComplexityLimits complexity;
  std::optional<std::int64_t> batch_request_limit;
  bool allow_public_explain = false;
  RawAnswers raw_aggregates;

  // Users
  UserSettings users;

  // Security check
  bool serves_security_report = false;
  bool logs_security_report = false;

  // Files
  FileSettings file_rules;
  std::filesystem::path files_folder;  // empty until DataFolder::open fills it

  // Jobs
  JobSettings jobs;

  // Cloud Code
  WebhookSettings webhooks;
  std::optional<std::filesystem::path> cloud_main;
  bool cloud_may_come = false;  // its file need not be there yet
  std::optional<std::filesystem::path> public_folder;
  std::optional<std::filesystem::path> cloud_env_file;
  CloudLimits cloud_limits;
  std::vector<AdapterModule> adapters;
  std::size_t cloud_versions = 0;     // that are kept of those that were deployed
  std::filesystem::path code_folder;  // in which they lie; empty until DataFolder::open fills it

  // Data
  std::filesystem::path data_folder;
  DatabaseKind database_kind = DatabaseKind::data_folder;
  std::filesystem::path database_file;  // kind `file`: as given. Other kinds: empty until DataFolder::open fills it
  Durability durability = Durability::Full;
  std::vector<std::filesystem::path> schema_paths;  // files and folders with class definitions
  Json schema_definitions = Json::array();          // given in a config file or variable
  bool lock_schemas = false;
  ImportMode import_mode = ImportMode::Upsert;
  bool strict_schema = false;
  bool delete_extra_fields = false;
  bool recreate_modified_fields = false;
  bool keep_unknown_indexes = false;
  std::optional<std::filesystem::path> fixtures;
  bool watch = false;  // definitions and fixtures are brought in again when their files change

  // Process
  std::optional<std::filesystem::path> config_file;  // that was read
  ProfileChoice profile{Profile::parse_server, {}};
  bool ephemeral = false;      // for tests: data are thrown away, and the server ends with its parent
  bool test_controls = false;  // the routes below /_test
  std::optional<std::filesystem::path> ready_file;
  bool silent = false;
  LogSettings log;
  std::filesystem::path log_file;  // empty until DataFolder::open fills it

  std::map<std::string, OptionSource> sources;  // by option name; only those that are not at Parse Server's default
  std::vector<std::string> warnings;            // one line each, for the log
};

// Reads and checks everything. Throws OptionError.
Options load_options(const OptionInput& given);

}  // namespace parsimony
