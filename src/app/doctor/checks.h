// The single checks of the doctor. Each adds at least one finding.
#pragma once
#include <vector>

#include "app/doctor/doctor.h"
#include "app/options.h"

namespace parsimony {

using Findings = std::vector<Finding>;

void check_keys(const Options& options, Findings& findings);
void check_access(const Options& options, Findings& findings);
void check_port(const Options& options, Findings& findings);
void check_data_folder(const Options& options, Findings& findings);
void check_database_file(const Options& options, Findings& findings);
void check_clock(Findings& findings);

// Whether the server can be called from other machines.
bool is_reachable(const Options& options);

}  // namespace parsimony
