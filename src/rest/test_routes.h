// /_test: what tests may do to a server that was started for them (docs/testing.md). For the master key, and no lesser one.
#pragma once
#include <span>

#include "rest/route.h"

namespace parsimony::test_routes {

// Behind those of rest_routes(), and only where there are test controls; not in batches.
std::span<const Route> routes();

}  // namespace parsimony::test_routes
