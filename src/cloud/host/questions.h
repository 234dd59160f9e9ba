// Answers what JavaScript asks and needs at once (protocol.h, "Questions"): files of its project, random bytes, digests, key derivation.
#pragma once
#include <string>

#include "cloud/host/project_files.h"
#include "types/json.h"

namespace parsimony {

// Thread-safe. Called on engines' threads, so every answer takes milliseconds at most.
class Questions {
 public:
  Questions(ProjectFiles files, Json env) : files_(std::move(files)), env_(std::move(env)) {}

  // A question that cannot be answered gives {"error": text}.
  std::string answer(const std::string& question) const;

 private:
  Json answer(const Json& question) const;

  const ProjectFiles files_;
  const Json env_;
};

}  // namespace parsimony
