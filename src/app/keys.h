// Keys that nobody had to choose.
//
// A start without appId or masterKey takes the missing ones from the key file, which the first such start makes with random ones:
//
//   {"appId":"…","masterKey":"…"}     mode 0600
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "app/options.h"

namespace parsimony {

struct Keys {
  std::string app_id;
  std::string master_key;
};

// Reads the key file, or makes it when there is none. A file that others can read is closed to them, with a warning.
// Throws std::runtime_error when it cannot be read, written or understood.
Keys read_or_make_keys(const std::filesystem::path& file, std::vector<std::string>& warnings);

// Reads the key file, which must be there. Throws std::runtime_error.
Keys read_keys(const std::filesystem::path& file);

// Whether the key file is needed for these options.
bool lacks_keys(const Options& options);
// Fills what is missing; leaves the file alone when nothing is.
void fill_missing_keys(Options& options, const std::filesystem::path& file);

}  // namespace parsimony
