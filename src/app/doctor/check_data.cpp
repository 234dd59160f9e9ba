#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "app/data_folder.h"
#include "app/doctor/checks.h"
#include "storage/sqlite/database_check.h"

namespace parsimony {
namespace {

namespace fs = std::filesystem;

constexpr unsigned kOthers = 077;
constexpr std::uintmax_t kMegabyte = 1024 * 1024;
constexpr std::uintmax_t kTooLittleMegabytes = 64;
constexpr std::uintmax_t kLittleMegabytes = 1024;

bool is_in_memory(const Options& options) { return options.database_kind == DatabaseKind::memory; }

// The folder that the database lies in, or the nearest one above that is there.
fs::path existing_folder(const fs::path& database) {
  fs::path folder = fs::absolute(database).lexically_normal().parent_path();
  while (!fs::exists(folder) && folder.has_relative_path()) folder = folder.parent_path();
  return folder;
}

std::string lock_text(const LockHolder& holder) {
  const std::string who = holder.url.empty() ? "another parsimony" : "the server at " + holder.url;
  return "in use by " + who + (holder.pid == 0 ? "" : " (pid " + std::to_string(holder.pid) + ")");
}

void check_folder(const fs::path& folder, bool is_ours, Findings& findings) {
  const std::string name = folder.string();
  struct stat status {};
  if (::stat(folder.c_str(), &status) != 0 || !S_ISDIR(status.st_mode)) {
    findings.push_back({"data", Health::fail, name + " is no folder", "name another place with --data"});
  } else if (::access(folder.c_str(), R_OK | W_OK | X_OK) != 0) {
    findings.push_back({"data", Health::fail, name + " cannot be written", "give it to the user that runs the server, or name --data"});
  } else if (is_ours && (status.st_mode & kOthers) != 0) {
    findings.push_back({"data", Health::warn, name + " is open to others", "chmod 700 " + name});
  }
}

void check_space(const fs::path& folder, Findings& findings) {
  struct statvfs status {};
  if (::statvfs(folder.c_str(), &status) != 0) return;
  const std::uintmax_t megabytes = std::uintmax_t{status.f_bavail} * status.f_frsize / kMegabyte;
  if (megabytes >= kLittleMegabytes) return;
  findings.push_back({"data", megabytes < kTooLittleMegabytes ? Health::fail : Health::warn,
                      std::to_string(megabytes) + " MB are left for " + folder.string(), "make room, or name another disk with --data"});
}

std::string size_text(const fs::path& file) {
  std::error_code error;
  const std::uintmax_t bytes = fs::file_size(file, error);
  return error ? "" : ", " + std::to_string((bytes + kMegabyte - 1) / kMegabyte) + " MB";
}

}  // namespace

void check_data_folder(const Options& options, Findings& findings) {
  if (is_in_memory(options)) return findings.push_back({"data", Health::ok, "in memory, gone when the server stops"});
  const DataPaths paths = data_paths(options);
  const std::size_t before = findings.size();
  const fs::path folder = existing_folder(paths.database);
  const bool is_made = fs::exists(fs::absolute(paths.database).parent_path());
  check_folder(folder, is_made && options.database_kind == DatabaseKind::data_folder, findings);
  check_space(folder, findings);
  if (const auto holder = FileLock::find_holder(paths.lock)) {
    findings.push_back({"data", Health::ok, lock_text(*holder)});
  } else if (findings.size() == before) {
    findings.push_back({"data", Health::ok, is_made ? folder.string() + " is free and private" : "the first start makes the folder"});
  }
}

void check_database_file(const Options& options, Findings& findings) {
  if (is_in_memory(options)) return;
  const fs::path file = data_paths(options).database;
  if (!fs::exists(file)) return findings.push_back({"database", Health::ok, "none yet; the first start makes " + file.string()});
  const DatabaseCheck check = check_database(file);
  if (!check.fault.empty()) {
    findings.push_back(
        {"database", Health::fail, file.string() + ": " + check.fault, "restore a backup, after keeping a copy of the file"});
  } else if (check.format.empty()) {
    findings.push_back(
        {"database", Health::fail, file.string() + " is no database of Parsimony", "name another with --databaseURI or --data"});
  } else if (!check.has_known_format) {
    findings.push_back(
        {"database", Health::fail, file.string() + " was written by a newer version (format " + check.format + ")", "use that version"});
  } else {
    findings.push_back({"database", Health::ok, file.string() + " is sound (format " + check.format + size_text(file) + ")"});
  }
}

}  // namespace parsimony
