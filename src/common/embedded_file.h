#pragma once
#include <string_view>

namespace parsimony {

// A file of the repository that was compiled into the executable.
struct EmbeddedFile {
  std::string_view name;  // without a folder, for example "_User.json"
  std::string_view bytes;
};

}  // namespace parsimony
