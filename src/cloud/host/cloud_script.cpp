#include "cloud/host/cloud_script.h"

#include "embedded/parsimony_cloud_script.h"

namespace parsimony {

std::string_view cloud_script() { return parsimony_cloud_script().front().bytes; }

}  // namespace parsimony
