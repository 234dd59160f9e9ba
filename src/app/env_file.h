// Files with environment variables: NAME=value lines.
//
// Blank lines and lines that begin with # are skipped; "export " before a name is allowed; a value may stand in single quotes, or in
// double quotes with \n, \" and \\ in it.
#pragma once
#include <filesystem>

#include "types/json.h"

namespace parsimony {

// Names and texts. Throws OptionError with file and line for what is no such line, and for a file that others than its owner may
// read: it holds secrets.
Json read_env_file(const std::filesystem::path& file);

}  // namespace parsimony
