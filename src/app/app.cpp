#include "app/app.h"

#include <optional>
#include <thread>

#include "app/cloud_runtime.h"
#include "app/cloud_versions.h"
#include "app/file_watch.h"
#include "app/fixtures.h"
#include "app/reload.h"
#include "app/security_report.h"
#include "common/log.h"
#include "http/middleware/access_log.h"
#include "http/middleware/cors.h"
#include "http/middleware/error_barrier.h"
#include "http/server.h"
#include "rest/file_routes.h"
#include "rest/rest_api.h"
#include "services/builtin_classes.h"
#include "services/files/folder_store.h"
#include "services/jobs/scheduler.h"
#include "services/logs/log_keeper.h"
#include "services/services.h"
#include "services/testing/test_controls.h"
#include "services/users/auth_links.h"

namespace parsimony {
namespace {

std::size_t cores() { return std::max(1u, std::thread::hardware_concurrency()); }

StoreOptions store_options(const Options& options) {
  StoreOptions store;
  store.path = options.database_file.string();
  store.durability = options.database_kind == DatabaseKind::memory ? Durability::None : options.durability;
  store.readers = 2 * cores();
  return store;
}

WorkerPool::Limits worker_limits() {
  WorkerPool::Limits limits;
  limits.running = 2 * cores();
  return limits;
}

http::ServerLimits server_limits(const Options& options) {
  http::ServerLimits limits;
  limits.body_bytes = options.max_upload_bytes;
  return limits;
}

// What a client on this machine calls the address that the server listens on.
std::string host_of_url(const std::string& host) {
  if (host == "0.0.0.0" || host == "::" || host.empty()) return "127.0.0.1";
  return host.find(':') == std::string::npos ? host : "[" + host + "]";
}

std::string local_url(const Options& options, int port) {
  return "http://" + host_of_url(options.host) + ":" + std::to_string(port) + options.mount_path;
}

ServiceSettings service_settings(const Options& options, const std::string& public_url) {
  ServiceSettings settings;
  settings.allow_client_class_creation = options.allow_client_class_creation;
  settings.allow_custom_object_id = options.allow_custom_object_id;
  settings.object_id_size = static_cast<std::size_t>(options.object_id_size);
  settings.lock_schemas = options.lock_schemas;
  settings.refusals = options.enable_sanitized_error_response ? Refusals::Sanitized : Refusals::Detailed;
  settings.protection = options.protection;
  settings.default_limit = options.default_limit;
  if (options.max_limit) settings.max_limit = *options.max_limit;
  settings.complexity = options.complexity;
  settings.batch_request_limit = options.batch_request_limit;
  settings.allow_public_explain = options.allow_public_explain;
  settings.raw_aggregates = options.raw_aggregates;
  settings.users = options.users;
  settings.files.prefix = public_url + "/files/" + options.app_id + "/";
  settings.file_rules = options.file_rules;
  settings.jobs = options.jobs;
  settings.webhooks = options.webhooks;
  settings.call_log = options.log.calls;
  settings.denied_keywords = options.request_keyword_denylist;
  return settings;
}

// Borrows the options, for the security report.
RestSettings rest_settings(const Options& options, const std::string& server_url) {
  RestSettings settings;
  settings.mount_path = options.mount_path;
  settings.server_url = server_url;
  settings.app_id = options.app_id;
  settings.master_key = options.master_key;
  settings.master_key_ips = IpList(options.master_key_ips);
  settings.maintenance_key = options.maintenance_key;
  settings.maintenance_key_ips = IpList(options.maintenance_key_ips);
  settings.read_only_master_key = options.read_only_master_key;
  settings.read_only_master_key_ips = IpList(options.read_only_master_key_ips);
  settings.read_only_may_aggregate = options.allow_aggregation_for_read_only_master_key;
  settings.trusted_proxies = options.trusted_proxies;
  settings.route_allow_list = options.route_allow_list;
  settings.rate_limits = options.rate_limits;
  settings.idempotent_paths = options.idempotent_paths;
  settings.request_id_ttl_ms = options.request_id_ttl_ms;
  settings.client_key = options.client_key;
  settings.javascript_key = options.javascript_key;
  settings.dot_net_key = options.dot_net_key;
  settings.rest_api_key = options.rest_api_key;
  settings.denied_keywords = options.request_keyword_denylist;
  settings.public_folder = options.public_folder;
  settings.explain_refusals = options.profile.profile == Profile::dev;
  settings.sanitize_errors = options.enable_sanitized_error_response;
  settings.username_taken = options.log.calls.username_taken;
  if (options.serves_security_report) settings.security_report = [&options] { return security_report(options); };
  return settings;
}

// From the outside in: every answer gets CORS headers, also one made from an accident; the log sees the final status.
std::vector<http::Middleware> middleware(const Options& options) {
  std::vector<http::Middleware> list;
  if (options.log.level == log::Level::debug) list.push_back(http::access_log());
  list.push_back(http::cors({options.allow_origin, options.allow_headers}));
  list.push_back(http::error_barrier());
  return list;
}

std::string text_of_watch(const std::vector<WatchedPath>& data, const std::vector<WatchedPath>& code) {
  std::string text;
  for (const auto* paths : {&data, &code}) {
    for (const WatchedPath& watched : *paths) text += (text.empty() ? "watching " : ", ") + watched.path.string();
  }
  return text;
}

void count_rows(Store& store, StartSummary& summary) {
  store.read([&](Reads& reads) {
    for (const auto& [name, of] : reads.schema().classes) {
      if (is_system_class(name)) continue;
      ++summary.classes;
      summary.rows += static_cast<std::uint64_t>(reads.count(*of, Filter{}));
    }
  });
}

}  // namespace

class App::Impl {
 public:
  explicit Impl(Options options) : options_(std::move(options)), workers_(worker_limits()) {}

  StartSummary start() {
    StartSummary summary;
    logs_.emplace(options_.log_file, options_.log.limits);
    log::set_sink(&*logs_, options_.log.level);
    store_ = open_sqlite_store(store_options(options_));
    ensure_builtin_classes(*store_);
    ensure_auth_keys(*store_, options_.users.auth_providers);
    if (options_.durability == Durability::Relaxed) {
      log::warn("durability is relaxed: a power cut can lose the writes of the last moments");
    }
    if (options_.watch) reload_.emplace(*store_, options_);
    load(summary.notes);

    http::ServerLimits limits = server_limits(options_);
    limits.body_override = {std::string(file_routes::kMaxUploadSize), [this](const http::Request& head) { return api_->body_limit(head); }};
    server_.emplace(http::compose(middleware(options_), [this](const http::Request& request) { return api_->handle(request); }), workers_,
                    std::move(limits));
    summary.port = server_->bind(options_.host, options_.port);
    summary.url = local_url(options_, summary.port);
    const std::string server_url = options_.server_url.value_or(summary.url);
    file_store_.emplace(options_.files_folder);
    cloud_.emplace(options_, server_url);
    services_.emplace(*store_, *file_store_, cloud_->host(), service_settings(options_, options_.public_server_url.value_or(server_url)),
                      cloud_->host());
    services_->logs = &*logs_;
    versions_.emplace(*cloud_, options_);
    services_->deployments = &*versions_;
    services_->jobs.fail_interrupted();
    if (options_.test_controls) prepare_test_controls();
    api_.emplace(*services_, rest_settings(options_, server_url), test_controls_ ? &*test_controls_ : nullptr);
    if (options_.serves_security_report && options_.logs_security_report) log_security_report(security_report(options_));
    cloud_->serve(*api_);
    versions_->load_at_start();
    summary.cloud_code = versions_->summary();
    if (test_controls_) test_controls_->set_baseline();
    count_rows(*store_, summary);
    server_->serve();
    if (reload_) begin_watch(summary.notes);
    scheduler_.emplace(*store_, services_->jobs, options_.jobs.missed_runs);
    return summary;
  }

  void stop() {
    scheduler_.reset();
    if (server_) server_->stop();
    if (services_) services_->jobs.stop();
    if (cloud_) cloud_->host().stop();  // what waits for the code ends now, and the code calls nothing any more
    code_watch_.reset();
    watch_.reset();
    server_.reset();
    api_.reset();
    reload_.reset();
    test_controls_.reset();
    services_.reset();
    versions_.reset();
    cloud_.reset();
    file_store_.reset();
    store_.reset();
    log::set_sink(nullptr);
    logs_.reset();
  }

 private:
  void load(std::vector<std::string>& notes) {
    notes = apply_definition_options(*store_, options_);
    if (!options_.fixtures) return;
    for (std::string& note : notes_on_fixtures(import_fixtures(*store_, *options_.fixtures, options_.import_mode))) {
      notes.push_back(std::move(note));
    }
  }

  void begin_watch(std::vector<std::string>& notes) {
    const std::vector<WatchedPath> data = reload_->paths();
    const std::vector<WatchedPath> code = versions_->watched();
    notes.push_back(text_of_watch(data, code));
    if (!data.empty()) watch_.emplace(data, [this] { reload_data(); });
    if (!code.empty())
      code_watch_.emplace(
          code, [this] { versions_->reload(); }, versions_->seen());
  }

  void reload_data() {
    if (reload_->run() && test_controls_) test_controls_->outdate_baseline([this] { reload_->renew(); });
  }

  void prepare_test_controls() {
    if (!options_.ephemeral) {
      log::warn("test controls are on: whoever has the master key can put all data back to how they are now with one request");
    }
    test_controls_.emplace(*store_, *file_store_);
    cloud_->capture_mails(test_controls_->mails());
  }

  const Options options_;
  WorkerPool workers_;
  std::optional<LogKeeper> logs_;
  std::unique_ptr<Store> store_;
  std::optional<FolderStore> file_store_;
  std::optional<CloudRuntime> cloud_;
  std::optional<CloudVersions> versions_;
  std::optional<Services> services_;
  std::optional<TestControls> test_controls_;
  std::optional<RestApi> api_;
  std::optional<http::Server> server_;
  std::optional<Reload> reload_;
  std::optional<FileWatch> watch_;
  std::optional<FileWatch> code_watch_;  // apart, since an import may take long
  std::optional<Scheduler> scheduler_;
};

App::App(Options options) : impl_(std::make_unique<Impl>(std::move(options))) {}
App::~App() { impl_->stop(); }
StartSummary App::start() { return impl_->start(); }
void App::stop() { impl_->stop(); }

}  // namespace parsimony
