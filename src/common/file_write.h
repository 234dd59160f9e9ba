// Writing files so that a reader sees the old content or the whole new one, never a part.
#pragma once
#include <filesystem>
#include <string_view>

namespace parsimony {

// The steps that the calls below are made of. Both take care of the disk: a power cut after them loses nothing.
// Throws std::runtime_error with the path and the reason when the file exists or cannot be written; then nothing is left of it.
void write_new_file(const std::filesystem::path& file, std::string_view content, unsigned mode);
// The same, but the file is on disk only after sync_file_system(): for many files.
void write_new_file_unsynced(const std::filesystem::path& file, std::string_view content, unsigned mode);
// Everything on the file system that the folder lies on. Throws std::runtime_error.
void sync_file_system(const std::filesystem::path& folder);
// What was made, renamed or removed in the folder.
void sync_folder(const std::filesystem::path& folder);

// Through a temporary file beside it. Throws std::runtime_error with the path and the reason.
void replace_file(const std::filesystem::path& file, std::string_view content, unsigned mode = 0644);

// Makes a file that only the owner can read and is on disk when this returns. False when the file exists already.
// Throws std::runtime_error.
bool create_private_file(const std::filesystem::path& file, std::string_view content);

// Makes the folder and its parents; the folder itself is for the owner alone. An existing one is left as it is.
// Throws std::runtime_error.
void create_private_folder(const std::filesystem::path& folder);

}  // namespace parsimony
