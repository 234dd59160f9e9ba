// `parsimony doctor`: checks the set-up of a server and says what to do.
#pragma once
#include <string>
#include <vector>

#include "app/doctor/doctor.h"
#include "cli/command_line.h"

namespace parsimony {

// A line each, what needs doing marked; or one line of JSON, {"ok":…,"checks":[{"check","health","text","advice"?}]}.
std::string findings_text(const std::vector<Finding>& findings);
std::string findings_json(const std::vector<Finding>& findings);

// The exit code is 1 when a finding is a failure.
int run_doctor(const CommandLine& line);

}  // namespace parsimony
