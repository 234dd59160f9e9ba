#include "storage/sql/json_path.h"

namespace parsimony {

std::string json_path(const std::vector<std::string>& way) {
  std::string path = "$";
  for (const std::string& name : way) {
    const bool is_index = !name.empty() && name.find_first_not_of("0123456789") == std::string::npos;
    path += is_index ? "[" + name + "]" : ".\"" + name + "\"";
  }
  return path;
}

}  // namespace parsimony
