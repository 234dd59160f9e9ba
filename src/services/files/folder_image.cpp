#include "services/files/folder_image.h"

#include <vector>

namespace parsimony {
namespace {

namespace fs = std::filesystem;

void link_or_copy(const fs::path& from, const fs::path& to) {
  std::error_code no_links;
  fs::create_hard_link(from, to, no_links);
  if (no_links) fs::copy_file(from, to, fs::copy_options::overwrite_existing);
}

std::vector<fs::path> names_in(const fs::path& folder, const FileNames& meant) {
  std::vector<fs::path> names;
  if (!fs::exists(folder)) return names;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.symlink_status().type() == fs::file_type::regular && meant(entry.path().filename())) names.push_back(entry.path().filename());
  }
  return names;
}

}  // namespace

void copy_files(const fs::path& folder, const fs::path& copy, const FileNames& meant) {
  fs::create_directories(copy);
  for (const fs::path& name : names_in(folder, meant)) link_or_copy(folder / name, copy / name);
}

void mirror_files(const fs::path& copy, const fs::path& folder, const FileNames& meant, const fs::path& unfinished) {
  for (const fs::path& name : names_in(folder, meant)) {
    if (!fs::exists(copy / name)) fs::remove(folder / name);
  }
  for (const fs::path& name : names_in(copy, meant)) {
    std::error_code differs;
    if (fs::equivalent(copy / name, folder / name, differs)) continue;
    link_or_copy(copy / name, folder / unfinished);
    fs::rename(folder / unfinished, folder / name);
  }
}

}  // namespace parsimony
