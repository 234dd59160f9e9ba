// Files as clients save and fetch them (rest-api.md, section 9). A stored file is known by its name alone, which is hard to guess
// unless names are preserved; objects refer to it by that name.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "access/caller.h"
#include "query/regex.h"
#include "services/cloud/triggers.h"
#include "services/files/file_store.h"
#include "services/files/file_triggers.h"
#include "services/settings.h"

namespace parsimony {

// The triggers of "@File" run around saves, deletes and fetches (server-behaviour.md, section 17.2).
//
// Thread-safe; borrows all.
class FileService {
 public:
  FileService(FileStore& store, const Triggers& triggers, const ServiceSettings& settings);

  // Throws 130 for an upload that is not allowed or cannot be stored, 122 for a bad name or directory, 119 for a directory without the
  // master key.
  SavedFile save(const Caller& caller, const FileUpload& upload) const;
  // Empty when there is none. Throws 119 when the caller may not fetch files.
  OpenedFile open(const Caller& caller, std::string_view name) const;
  // {"metadata":{...},"tags":{...}}, tags only where there are some; {} when there is no such file. Throws as open().
  Json metadata(const Caller& caller, std::string_view name) const;
  // For the master key; the route asks for it. Throws 153 when there is none or it cannot be done.
  void remove(const Caller& caller, std::string_view name) const;

 private:
  void require_allowed_type(const FileUpload& upload) const;
  bool allows(std::string_view extension) const;
  std::string stored_name(const FileUpload& upload) const;
  SavedFile store(const FileUpload& upload) const;

  FileStore& store_;
  const FileTriggers triggers_;
  const ServiceSettings& settings_;
  std::vector<Regex> extensions_;
  bool allows_all_extensions_ = false;
};

}  // namespace parsimony
