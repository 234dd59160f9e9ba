#include "cli/run.h"

#include <iostream>

#include "app/option_error.h"
#include "cli/cloud.h"
#include "cli/deploy.h"
#include "cli/doctor.h"
#include "cli/explain_access.h"
#include "cli/export.h"
#include "cli/help.h"
#include "cli/import.h"
#include "cli/init.h"
#include "cli/logs.h"
#include "cli/serve.h"
#include "cli/version.h"

namespace parsimony {
namespace {

constexpr int kFailed = 1;
constexpr int kBadUsage = 2;

struct Runner {
  std::string_view command;
  int (*run)(const CommandLine&);
};

constexpr Runner kRunners[] = {
    {"serve", run_serve},
    {"init", run_init},
    {"import", import_command},
    {"export", export_command},
    {"explain-access", explain_access_command},
    {"doctor", run_doctor},
    {"logs", logs_command},
    {"deploy", deploy_command},
    {"rollback", rollback_command},
    {"cloud", cloud_command},
    {"version", run_version},
    {"help", run_help},
};

int run(const CommandLine& line) {
  if (line.wants_help) {
    std::cout << help_on(std::string(line.command->name));
    return 0;
  }
  for (const Runner& runner : kRunners) {
    if (runner.command == line.command->name) return runner.run(line);
  }
  return kBadUsage;
}

int report(const std::exception& error, int exit_code) {
  std::cout << std::flush;
  std::cerr << "parsimony: " << error.what() << std::endl;
  return exit_code;
}

}  // namespace

int run_command_line(const std::vector<std::string>& words, Environment environment) {
  try {
    return run(parse_command_line(words, std::move(environment)));
  } catch (const OptionError& error) {
    return report(error, kBadUsage);
  } catch (const std::exception& error) {
    return report(error, kFailed);
  }
}

}  // namespace parsimony
