#include "cli/cloud.h"

#include <charconv>
#include <iostream>
#include <stdexcept>

#include "app/app.h"
#include "app/cloud_tests.h"
#include "app/data_folder.h"
#include "app/keys.h"
#include "app/option_error.h"
#include "cli/start.h"
#include "common/log.h"
#include "common/random.h"

namespace parsimony {
namespace {

namespace fs = std::filesystem;

constexpr int kDefaultSeconds = 10;
constexpr int kMostSeconds = 3600;
constexpr std::size_t kKeyLength = 32;

std::chrono::seconds time_of(const CommandLine& line) {
  const auto given = line.values.find("--timeout");
  if (given == line.values.end()) return std::chrono::seconds(kDefaultSeconds);
  const std::string& text = given->second;
  int seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  const bool is_good = error == std::errc() && end == text.data() + text.size() && seconds >= 1 && seconds <= kMostSeconds;
  if (!is_good) throw OptionError("option --timeout is a number of seconds, 1 to 3600, not \"" + text + "\"");
  return std::chrono::seconds(seconds);
}

// The project's server, with data that go with it, for this process alone. Calls of Cloud Code are told when they fail.
Options options_of_tests(CommandLine line) {
  line.input.arguments.emplace_back("ephemeral", "true");
  Options options = options_of_command(line);
  options.host = "127.0.0.1";
  options.port = 0;
  options.server_url.reset();
  options.public_server_url.reset();
  options.master_key_ips = {"127.0.0.1", "::1"};
  options.test_controls = true;
  options.watch = false;
  options.ready_file.reset();
  for (log::Level CallLogLevels::*level :
       {&CallLogLevels::function_success, &CallLogLevels::trigger_after, &CallLogLevels::trigger_before_success}) {
    options.log.calls.*level = log::Level::debug;
  }
  const bool wants_client_key = options.client_key || options.rest_api_key || options.dot_net_key;
  if (wants_client_key && !options.javascript_key) options.javascript_key = random_alphanumeric(kKeyLength);
  return options;
}

CloudTestPlan plan_of(const CommandLine& line, const Options& options) {
  const fs::path folder = line.arguments.size() > 1 ? line.arguments[1] : ".";
  if (!fs::is_directory(folder)) throw std::runtime_error("there is no folder " + folder.string());
  CloudTestPlan plan{find_test_files(folder, options.data_folder), {}, time_of(line)};
  if (const auto filter = line.values.find("--filter"); filter != line.values.end()) plan.filter = filter->second;
  if (plan.files.empty())
    throw std::runtime_error("there is no *.test.js in " + folder.string() + "; docs/cloud-tests.md shows how one looks");
  return plan;
}

int report(const CloudTestCounts& counts, const CloudTestPlan& plan) {
  std::cout << counts.passed << " passed, " << counts.failed << " failed, " << counts.skipped << " skipped" << std::endl;
  if (counts.failed > 0) return 1;
  if (counts.passed > 0) return 0;
  const std::string which = plan.filter.empty() ? "no test" : "no test whose name has \"" + plan.filter + "\" in it";
  throw std::runtime_error(which + " has run");
}

int test(const CommandLine& line) {
  Options options = options_of_tests(line);
  const CloudTestPlan plan = plan_of(line, options);
  DataFolder folder = DataFolder::open(options);
  fill_missing_keys(options, folder.key_file());
  log_warnings(options);
  if (!options.cloud_main) log::warn("no Cloud Code is set; name its main file with --cloud FILE");
  App app(options);
  const StartSummary summary = app.start();
  const CloudTestCounts counts = run_cloud_tests(options, summary.url, plan, std::cout);
  app.stop();
  return report(counts, plan);
}

}  // namespace

int cloud_command(const CommandLine& line) {
  if (line.arguments.front() == "test") return test(line);
  throw OptionError("there is no \"parsimony cloud " + line.arguments.front() + "\"; there is: parsimony cloud test [DIR]");
}

}  // namespace parsimony
