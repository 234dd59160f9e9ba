// The pages and other files of a project's own site: a folder that is served as it is, outside of the API's mount path (option
// publicFolder).
#pragma once
#include <filesystem>
#include <optional>

#include "http/message.h"

namespace parsimony {

// Thread-safe; reads the disk with each request.
class PublicFolder {
 public:
  explicit PublicFolder(std::filesystem::path root) : root_(std::move(root)) {}

  // The file that GET or HEAD of that path names; for a folder its index.html. Nothing where there is none: also for names that begin
  // with a dot (but .well-known) and for what lies outside of the folder behind symbolic links.
  std::optional<http::Response> answer(const http::Request& request) const;

 private:
  const std::filesystem::path root_;
};

}  // namespace parsimony
