#include "app/doctor/doctor.h"

#include <optional>

#include "app/doctor/checks.h"

namespace parsimony {
namespace {

constexpr void (*kChecks[])(const Options&, Findings&) = {check_keys, check_access, check_port, check_data_folder, check_database_file};

std::string source_text(const Options& options) {
  return (options.config_file ? options.config_file->string() : "no config file") + ", profile " +
         std::string(profile_name(options.profile.profile)) + ", " + options.profile.reason;
}

// Nothing when they cannot be read, with the reasons in the findings.
std::optional<Options> read_options(const OptionInput& input, Findings& findings) {
  std::vector<std::string> faults = unknown_config_keys(input);
  for (const std::string& fault : faults) findings.push_back({"options", Health::fail, fault, "correct the name, or take it out"});
  try {
    Options options = load_options(input);
    findings.push_back({"options", Health::ok, source_text(options)});
    for (const std::string& warning : options.warnings) findings.push_back({"options", Health::warn, warning});
    return options;
  } catch (const OptionError& error) {
    if (faults.empty()) findings.push_back({"options", Health::fail, error.what()});
    return std::nullopt;
  }
}

}  // namespace

std::vector<Finding> examine(const OptionInput& input) {
  Findings findings;
  if (const auto options = read_options(input, findings)) {
    for (const auto check : kChecks) check(*options, findings);
  }
  check_clock(findings);
  return findings;
}

}  // namespace parsimony
