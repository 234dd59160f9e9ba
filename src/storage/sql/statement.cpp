#include "storage/sql/statement.h"

namespace parsimony {

std::string quoted_name(std::string_view identifier) {
  std::string quoted = "\"";
  for (const char c : identifier) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

SqlStatement& SqlStatement::add(const SqlStatement& part) {
  values.insert(values.end(), part.values.begin(), part.values.end());
  return add(part.text);
}

SqlStatement& SqlStatement::add_name(std::string_view identifier) { return add(quoted_name(identifier)); }

}  // namespace parsimony
