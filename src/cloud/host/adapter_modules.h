// Modules that the options name, loaded before the main file of the code.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "types/json.h"

namespace parsimony {

struct AdapterModule {
  std::string name;            // services/cloud/adapters.h
  std::string module;          // a path or the name of a package, as in require()
  std::filesystem::path base;  // the folder in which that is looked for
  Json options;                // null: none
};

// Where the module, and what it needs, may lie: the project that it belongs to.
std::filesystem::path folder_of(const AdapterModule& adapter);

// For the load message of protocol.h.
Json encode(const std::vector<AdapterModule>& adapters);

}  // namespace parsimony
