// A copy of the files of one folder, and making the folder equal to it again.
//
// A copy is made of hard links where the file system has them: the files of a FolderStore are replaced, never written to, so a link keeps
// what they held and costs no space.
#pragma once
#include <filesystem>
#include <functional>

namespace parsimony {

// Which files of a folder are meant, by their name.
using FileNames = std::function<bool(const std::filesystem::path& name)>;

// Makes the folder `copy` with those files of `folder`, which may be missing. Throws std::runtime_error, std::filesystem::filesystem_error.
void copy_files(const std::filesystem::path& folder, const std::filesystem::path& copy, const FileNames& meant);

// Makes those files of `folder` equal to the ones in `copy`; others stay. Whoever opens a file meanwhile finds the old or the new one.
// `unfinished` is a name of `folder` that is free for use. Throws as copy_files().
void mirror_files(const std::filesystem::path& copy, const std::filesystem::path& folder, const FileNames& meant,
                  const std::filesystem::path& unfinished);

}  // namespace parsimony
