// The list of all routes below the mount path.
#pragma once
#include <span>

#include "rest/route.h"

namespace parsimony {

std::span<const Route> rest_routes();

}  // namespace parsimony
