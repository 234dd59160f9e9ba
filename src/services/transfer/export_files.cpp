#include "services/transfer/export_files.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <utility>

#include "services/transfer/import_files.h"

namespace parsimony {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kBufferBytes = 256 * 1024;
constexpr std::string_view kExtension = ".json";
constexpr std::string_view kUnfinished = ".unfinished";

bool is_unfinished(const fs::path& path) { return path.extension() == kUnfinished && path.stem().extension() == kExtension; }
bool can_be_of_export(const fs::directory_entry& entry) {
  return entry.is_regular_file() && (entry.path().extension() == kExtension || is_unfinished(entry.path()));
}

void require_export_or_empty(const fs::path& folder) {
  bool has_files = false;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (!can_be_of_export(entry)) {
      throw std::runtime_error(folder.string() + " holds " + entry.path().filename().string() +
                               ", which is not of an export; name an empty folder or a new one");
    }
    has_files = has_files || !is_unfinished(entry.path());
  }
  if (has_files && !fs::exists(folder / kDefinitionsFileName)) {
    throw std::runtime_error(folder.string() + " holds JSON files but no " + kDefinitionsFileName +
                             ", so they are not of an export; name an empty folder or a new one");
  }
}

}  // namespace

ExportFile::ExportFile(const fs::path& path)
    : path_(path), fd_(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600)) {
  if (fd_ < 0) fail();
}

ExportFile::~ExportFile() {
  if (fd_ >= 0) ::close(fd_);
}

void ExportFile::fail() const { throw std::runtime_error("cannot write " + path_.string() + ": " + std::strerror(errno)); }

void ExportFile::write(std::string_view text) {
  buffer_ += text;
  if (buffer_.size() >= kBufferBytes) flush();
}

void ExportFile::flush() {
  for (std::size_t done = 0; done < buffer_.size();) {
    const ssize_t written = ::write(fd_, buffer_.data() + done, buffer_.size() - done);
    if (written < 0 && errno != EINTR) fail();
    if (written > 0) done += static_cast<std::size_t>(written);
  }
  buffer_.clear();
}

void ExportFile::close() {
  flush();
  if (::fsync(fd_) != 0) fail();
  if (::close(std::exchange(fd_, -1)) != 0) fail();
}

ExportFolder::ExportFolder(fs::path folder) : folder_(std::move(folder)) {
  try {
    fs::create_directories(folder_);
    require_export_or_empty(folder_);
  } catch (const fs::filesystem_error& error) {
    throw std::runtime_error("cannot use the folder " + folder_.string() + ": " + error.code().message());
  }
}

ExportFolder::~ExportFolder() {
  if (is_published_) return;
  std::error_code ignored;  // what stays is replaced by the next export
  for (const std::string& name : names_) fs::remove(temporary(name), ignored);
}

fs::path ExportFolder::temporary(const std::string& name) const { return folder_ / (name + std::string(kUnfinished)); }

fs::path ExportFolder::add(const std::string& name) {
  names_.insert(name);
  return temporary(name);
}

void ExportFolder::publish() {
  try {
    for (const std::string& name : names_) fs::rename(temporary(name), folder_ / name);
    is_published_ = true;
    remove_outdated();
  } catch (const fs::filesystem_error& error) {
    throw std::runtime_error("cannot finish the export in " + folder_.string() + ": " + error.code().message());
  }
}

void ExportFolder::remove_outdated() const {
  for (const auto& entry : fs::directory_iterator(folder_)) {
    if (!names_.contains(entry.path().filename().string()) && can_be_of_export(entry)) fs::remove(entry.path());
  }
}

}  // namespace parsimony
