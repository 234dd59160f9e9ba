#include "cli/version.h"

#include <CLI/Version.hpp>
#include <iostream>

#include "types/json.h"

namespace parsimony {

std::string version_text() {
  const std::string json = std::to_string(NLOHMANN_JSON_VERSION_MAJOR) + "." + std::to_string(NLOHMANN_JSON_VERSION_MINOR) + "." +
                           std::to_string(NLOHMANN_JSON_VERSION_PATCH);
  return "parsimony " PARSIMONY_VERSION "\n  nlohmann/json " + json + "\n  CLI11 " CLI11_VERSION "\n";
}

int run_version(const CommandLine&) {
  std::cout << version_text();
  return 0;
}

}  // namespace parsimony
