// The triggers of "@File": what the users' code makes of uploads and downloads (server-behaviour.md, section 17.2).
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/error.h"
#include "services/cloud/triggers.h"
#include "services/files/file_store.h"

namespace parsimony {

struct FileUpload {
  std::string name;
  std::string content_type;  // as the client says; may be empty
  std::string_view content;
  bool may_be_empty = false;
  Json metadata = Json::object();
  Json tags = Json::object();
  std::optional<std::string> directory;  // for the master key
};

struct SavedFile {
  std::string name;
  std::string url;
};

// A file that is fetched: as it is stored, or as the code made it.
struct OpenedFile {
  std::unique_ptr<StoredFile> stored;
  std::optional<std::string> made;  // in place of what is stored
  std::string name;
  std::string content_type;  // empty: by its name
  bool force_download = false;
  std::vector<std::pair<std::string, std::string>> headers;

  explicit operator bool() const { return stored || made; }
};

// What code threw that forbids a fetch: answered with 403, as by Parse Server, whatever its code.
class FetchRefused : public Error {
 public:
  explicit FetchRefused(const Error& error) : Error(error) {}
};

// Thread-safe; borrows the triggers. Each method does nothing where no code listens, and throws what the code throws; the last three as
// FetchRefused.
class FileTriggers {
 public:
  explicit FileTriggers(const Triggers& triggers) : triggers_(triggers) {}

  // Changes the upload; `content` keeps the bytes that the code made of it. A file that the code has put somewhere itself is returned.
  std::optional<SavedFile> before_save(const Caller& caller, FileUpload& upload, std::string& content) const;
  // `size` is not known of a file that the code has put somewhere itself.
  void after_save(const Caller& caller, const SavedFile& saved, const FileUpload& upload, std::optional<std::size_t> size) const;
  void before_delete(const Caller& caller, const SavedFile& file) const;
  void after_delete(const Caller& caller, const SavedFile& file) const;
  // The name of the file to fetch.
  std::string before_find(const Caller& caller, const SavedFile& file) const;
  void after_find(const Caller& caller, const SavedFile& file, OpenedFile& opened) const;
  // Where the metadata alone are fetched: the code sees a file without data, and can only refuse.
  void after_find_metadata(const Caller& caller, const SavedFile& file) const;

 private:
  bool listen(const char* name) const { return triggers_.listen(name, "@File"); }
  Json run(const char* name, const Caller& caller, Json request) const { return triggers_.run(name, "@File", caller, std::move(request)); }
  Json run_on_fetch(const char* name, const Caller& caller, Json request) const;

  const Triggers& triggers_;
};

}  // namespace parsimony
