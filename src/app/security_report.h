// The security report: how far the options of this start leave doors open (server-behaviour.md, section 22).
//
// Each check is a row of a table. Titles are Parse Server's where it has the check; checks of parts that are not there are left out.
#pragma once
#include "app/options.h"
#include "types/json.h"

namespace parsimony {

// {"report":{"version","state","groups":[{"name","state","checks":[{"title","state"}]}]}}; a check that failed has a warning and a
// solution, too. Looks at the folders each time. `options` are complete, as for App.
Json security_report(const Options& options);

// One line for each check that failed, and one about all. Takes what security_report() made.
void log_security_report(const Json& report);

}  // namespace parsimony
