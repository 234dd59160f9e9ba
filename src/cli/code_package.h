// The files of a project that go to a server as one version of its Cloud Code.
#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "services/cloud/deployments.h"

namespace parsimony {

struct CodeChoice {
  std::optional<std::filesystem::path> folder;  // with the code
  std::optional<std::filesystem::path> main;    // below the folder; when not given, main.js or cloud/main.js in it
  std::vector<std::filesystem::path> without;   // files and folders that stay here, for example the data folder
};

struct CollectedCode {
  CodePackage package;
  std::filesystem::path root;         // that the paths of the files begin below
  std::vector<std::string> left_out;  // "PATH: reason"
};

// Everything in the folder but hidden files, tests (*.test.js) and what `without` names; of packages, JavaScript and JSON alone. When the
// project's package.json lies in a folder further up, that file and the packages beside it come along, and paths begin there. Packages
// are those that package.json names as dependencies, and theirs. Links are followed within the project.
// Throws std::runtime_error with path and reason, also when it is more than a server takes.
CollectedCode collect_code(const CodeChoice& choice);

}  // namespace parsimony
