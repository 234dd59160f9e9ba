#include "app/cloud_tests.h"

#include <algorithm>
#include <ostream>
#include <stdexcept>

#include "app/cloud_config.h"
#include "app/cloud_load_text.h"
#include "app/cloud_test_report.h"
#include "app/env_file.h"
#include "cloud/host/cloud_host.h"
#include "cloud/host/cloud_script.h"
#include "common/error.h"

namespace parsimony {
namespace {

namespace fs = std::filesystem;

constexpr const char* kTestJob = "parsimony cloud test";  // which javascript/testing defines
constexpr std::size_t kMaxDepth = 32;

// --- files -------------------------------------------------------------------------------------------------------------

bool is_test_file(const fs::path& file) {
  const std::string extension = file.extension().string();
  return (extension == ".js" || extension == ".mjs" || extension == ".cjs") && file.stem().extension() == ".test";
}

void find_in(const fs::path& folder, const fs::path& without, std::size_t depth, std::vector<fs::path>& files) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with('.') || name == "node_modules" || entry.path() == without) continue;
    std::error_code ignored;
    const bool is_folder = entry.is_directory(ignored) && !entry.is_symlink(ignored);
    if (is_folder && depth < kMaxDepth) find_in(entry.path(), without, depth + 1, files);
    if (entry.is_regular_file(ignored) && is_test_file(entry.path())) files.push_back(entry.path());
  }
}

// What a test may require: its project, which is the working folder where no package.json says otherwise.
fs::path folder_of_test(const fs::path& file) {
  const fs::path project = project_folder_of(file);
  const fs::path working = fs::current_path();
  const bool is_below = std::mismatch(working.begin(), working.end(), project.begin(), project.end()).first == working.end();
  return !fs::exists(project / "package.json") && is_below ? working : project;
}

// --- calls to the server -----------------------------------------------------------------------------------------------

// As the SDK sends them from a browser: everything in a body that says what it is.
Json body_of(const RestCall& call, const Options& options) {
  Json body = call.body.is_object() ? call.body : Json::object();
  body["_method"] = call.method;
  body["_ApplicationId"] = options.app_id;
  if (options.javascript_key) body["_JavaScriptKey"] = *options.javascript_key;
  if (call.use_master_key) body["_MasterKey"] = options.master_key;
  if (!call.session_token.empty()) body["_SessionToken"] = call.session_token;
  if (!call.installation_id.empty()) body["_InstallationId"] = call.installation_id;
  if (call.context.is_object()) body["_context"] = call.context;
  return body;
}

bool is_json(const std::string& text) {
  try {
    parse_json(text);
    return true;
  } catch (const JsonSyntaxError&) {
    return false;
  }
}

class Server {
 public:
  Server(const Options& options, std::string url) : options_(options), url_(std::move(url)) {}

  RestAnswer answer(const RestCall& call) const {
    net::HttpCall http;
    http.method = "POST";
    http.url = url_ + (call.path.starts_with('/') ? "" : "/") + call.path;
    http.headers = {{"Content-Type", "text/plain"}};
    http.body = to_json_text(body_of(call, options_));
    http.total_time = std::chrono::minutes(2);
    try {
      net::HttpAnswer answer = client_.send(http);
      if (!is_json(answer.body)) answer.body = to_json_text({{"error", answer.body}});
      return {answer.status, std::move(answer.body), std::move(answer.headers)};
    } catch (const net::NetError& error) {
      throw Error(error_code::kConnectionFailed, error.what());
    }
  }

  void reset() const {
    RestCall call;
    call.method = "POST";
    call.path = "/_test/reset";
    call.use_master_key = true;
    const RestAnswer answer = this->answer(call);
    if (answer.status != 200) throw std::runtime_error("the server cannot be put back to how it was: " + answer.body);
  }

  net::HttpAnswer fetch(const net::HttpCall& call, const net::CancelFlag& cancel) const { return client_.send(call, &cancel); }

 private:
  const Options& options_;
  const std::string url_;
  const net::HttpClient client_;
};

// --- running -----------------------------------------------------------------------------------------------------------

CloudHostOptions host_options(const Options& options, const std::string& url, const CloudTestPlan& plan) {
  CloudHostOptions host;
  host.script = cloud_script();
  host.config = cloud_config(options, url);
  host.config["testing"] = {{"filter", plan.filter}, {"timeoutMs", plan.time.count()}};
  host.limits = options.cloud_limits;
  if (options.cloud_env_file) host.closed = {*options.cloud_env_file};
  host.limits.engines = 1;
  host.limits.job_time = CloudLimits::Milliseconds(0);  // each test has a limit
  return host;
}

void run_file(const Options& options, const std::string& url, const CloudTestPlan& plan, const fs::path& file, CloudTestReport& report) {
  const Server server(options, url);
  server.reset();
  CloudHost host(host_options(options, url, plan),
                 {[&](const RestCall& call) { return server.answer(call); },
                  [&](const net::HttpCall& call, const net::CancelFlag& cancel) { return server.fetch(call, cancel); },
                  {}});
  CloudSource source(file, options.cloud_env_file ? read_env_file(*options.cloud_env_file) : Json::object());
  source.folder = folder_of_test(file);
  if (const auto error = host.load(source)) return report.fail(text_of(*error, fs::current_path()));
  CloudCall call{CloudKind::Job, kTestJob, {}};
  call.on_message = [&](const std::string& text) { report.take(text); };
  try {
    host.run(call);
  } catch (const Error& error) {
    report.fail(error.message());
  }
  host.stop();
}

void add(CloudTestCounts& sum, const CloudTestCounts& more) {
  sum.passed += more.passed;
  sum.failed += more.failed;
  sum.skipped += more.skipped;
}

}  // namespace

std::vector<fs::path> find_test_files(const fs::path& folder, const fs::path& without) {
  std::vector<fs::path> files;
  find_in(fs::canonical(folder), fs::weakly_canonical(without), 0, files);
  std::sort(files.begin(), files.end());
  return files;
}

CloudTestCounts run_cloud_tests(const Options& options, const std::string& url, const CloudTestPlan& plan, std::ostream& out) {
  CloudTestCounts sum;
  for (const fs::path& file : plan.files) {
    out << fs::proximate(file).string() << std::endl;
    CloudTestReport report(out, fs::current_path());
    run_file(options, url, plan, file, report);
    add(sum, report.counts());
  }
  return sum;
}

}  // namespace parsimony
