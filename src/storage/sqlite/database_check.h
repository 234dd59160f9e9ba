// Whether a database file is sound, without changing it.
#pragma once
#include <filesystem>
#include <string>

namespace parsimony {

struct DatabaseCheck {
  std::string fault;   // in SQLite's words, one line; empty: none was found
  std::string format;  // that it was written in; empty: it is no database of ours
  bool has_known_format = false;
};

// Reads the whole file (SQLite's quick_check), which must exist; a server may have it open. Throws nothing but std::bad_alloc.
DatabaseCheck check_database(const std::filesystem::path& file);

}  // namespace parsimony
