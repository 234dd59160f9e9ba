#include "services/files/folder_store.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "common/file_write.h"
#include "common/random.h"
#include "common/worker_pool.h"
#include "services/files/folder_image.h"
#include "services/files/local_file.h"

namespace parsimony {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kUnfinished = ".%new";
constexpr const char* kImages = "%images";
constexpr std::size_t kLongestName = 200;  // file systems take 255 bytes, with our suffixes

[[noreturn]] void fail(const std::string& action, const fs::path& path) {
  throw std::runtime_error("cannot " + action + " " + path.string() + ": " + std::strerror(errno));
}

void rename_file(const fs::path& from, const fs::path& to) {
  if (::rename(from.c_str(), to.c_str()) == 0) return;
  const int reason = errno;
  ::unlink(from.c_str());
  errno = reason;
  fail("write", to);
}

bool is_stored_file(const fs::path& name) { return !name.string().ends_with(kUnfinished); }

class FolderImage : public FilesImage {
 public:
  FolderImage(fs::path copy, std::mutex& names) : copy_(std::move(copy)), names_(names) {}
  ~FolderImage() override {
    const std::lock_guard lock(names_);
    std::error_code ignored;  // what stays is removed by the next start
    fs::remove_all(copy_, ignored);
    fs::remove(copy_.parent_path(), ignored);  // behind the last image
  }
  FolderImage(const FolderImage&) = delete;
  FolderImage& operator=(const FolderImage&) = delete;

  const fs::path& copy() const { return copy_; }

 private:
  const fs::path copy_;
  std::mutex& names_;  // the store's, which makes copies under it
};

}  // namespace

std::string file_name_on_disk(std::string_view name) {
  constexpr char kHex[] = "0123456789abcdef";
  std::string safe;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    const bool inner_dot = c == '.' && i > 0 && i + 1 < name.size();
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || inner_dot) {
      safe += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      safe.append({'%', kHex[byte >> 4], kHex[byte & 15]});
    }
  }
  return safe.size() <= kLongestName ? safe : "%h" + sha256_hex(name);
}

FolderStore::FolderStore(fs::path folder) : folder_(std::move(folder)) { remove_unfinished(); }

void FolderStore::remove_unfinished() const {
  std::error_code ignored;
  fs::remove_all(folder_ / kImages, ignored);
  for (const auto& entry : fs::directory_iterator(folder_, ignored)) {
    if (entry.path().filename().string().ends_with(kUnfinished)) fs::remove(entry.path(), ignored);
  }
}

fs::path FolderStore::write_new(std::string_view content) const {
  const fs::path file = folder_ / (random_alphanumeric(16) + std::string(kUnfinished));
  write_new_file(file, content, 0600);
  return file;
}

void FolderStore::put(std::string_view name, std::string_view content, const Json& notes) {
  const WaitingScope waiting;
  create_private_folder(folder_);
  const fs::path new_content = write_new(content);
  const fs::path new_notes = notes.empty() ? fs::path() : write_new(to_json_text(notes));
  {
    const std::lock_guard lock(names_);
    if (new_notes.empty()) {
      ::unlink(notes_of(name).c_str());
    } else {
      rename_file(new_notes, notes_of(name));
    }
    rename_file(new_content, path_of(name));
  }
  sync_folder(folder_);
}

std::unique_ptr<StoredFile> FolderStore::open(std::string_view name) const { return open_local_file(path_of(name)); }

std::optional<Json> FolderStore::notes(std::string_view name) const {
  const std::lock_guard lock(names_);
  if (!fs::is_regular_file(fs::symlink_status(path_of(name)))) return std::nullopt;
  std::ifstream in(notes_of(name), std::ios::binary);
  if (!in) return Json::object();
  return parse_json(std::string{std::istreambuf_iterator<char>(in), {}});
}

bool FolderStore::remove(std::string_view name) {
  const WaitingScope waiting;
  {
    const std::lock_guard lock(names_);
    if (::unlink(path_of(name).c_str()) != 0) {
      if (errno == ENOENT) return false;
      fail("remove", path_of(name));
    }
    ::unlink(notes_of(name).c_str());
  }
  sync_folder(folder_);
  return true;
}

std::unique_ptr<FilesImage> FolderStore::take_image() {
  fs::path copy;
  {
    const std::lock_guard lock(names_);
    copy = folder_ / kImages / std::to_string(++images_);
    // Where no file has come yet the folder is not there, and no copy of it either.
    if (fs::exists(folder_)) copy_files(folder_, copy, is_stored_file);
  }
  return std::make_unique<FolderImage>(std::move(copy), names_);
}

void FolderStore::restore(const FilesImage& image) {
  const std::lock_guard lock(names_);
  if (!fs::exists(folder_)) return;  // no file has come since any image
  mirror_files(static_cast<const FolderImage&>(image).copy(), folder_, is_stored_file, random_alphanumeric(16) + std::string(kUnfinished));
}

}  // namespace parsimony
