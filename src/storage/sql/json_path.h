// A way into a JSON column, as SQLite's JSON functions name it.
#pragma once
#include <string>
#include <vector>

namespace parsimony {

// $."a"[0]."b". Names cannot hold quotes: FieldPath's are checked where they are parsed.
std::string json_path(const std::vector<std::string>& way);

}  // namespace parsimony
