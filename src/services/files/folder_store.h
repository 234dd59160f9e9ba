// Files in one folder of the local disk.
//
//   <folder>/8f…_photo.jpg          the bytes; the name as file_name_on_disk() makes it
//   <folder>/8f…_photo.jpg.%notes   its notes as JSON; only where there are some
//   <folder>/XXXXXXXX.%new          being written; removed at the next start when a crash left it
//   <folder>/%images/1/             the files as they were (folder_image.h); removed at the next start, too
//
// A file is written under another name, synced and renamed, so that a name leads to the old content or to the whole new one.
#pragma once
#include <filesystem>
#include <mutex>

#include "services/files/file_store.h"

namespace parsimony {

// The name under which a file lies in the folder: lower-case letters, digits, '-', '_' and inner dots as they are, every other byte as
// "%xx", so that names differ also where a file system does not tell upper from lower case; "%h" and its SHA-256 for one that would
// be too long. No name leads out of the folder, and none is equal to one of ours.
std::string file_name_on_disk(std::string_view name);

class FolderStore : public FileStore {
 public:
  // The folder is made when the first file comes.
  explicit FolderStore(std::filesystem::path folder);

  void put(std::string_view name, std::string_view content, const Json& notes) override;
  std::unique_ptr<StoredFile> open(std::string_view name) const override;
  std::optional<Json> notes(std::string_view name) const override;
  bool remove(std::string_view name) override;
  std::unique_ptr<FilesImage> take_image() override;
  void restore(const FilesImage& image) override;

 private:
  std::filesystem::path path_of(std::string_view name) const { return folder_ / file_name_on_disk(name); }
  std::filesystem::path notes_of(std::string_view name) const { return folder_ / (file_name_on_disk(name) + ".%notes"); }
  std::filesystem::path write_new(std::string_view content) const;
  void remove_unfinished() const;

  const std::filesystem::path folder_;
  mutable std::mutex names_;  // held while a name and its notes change together
  std::size_t images_ = 0;    // taken so far; guarded by names_
};

}  // namespace parsimony
