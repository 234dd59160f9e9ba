// A file on the local disk, open for reading.
#pragma once
#include <filesystem>
#include <memory>

#include "services/files/file_store.h"

namespace parsimony {

// Null when no regular file is there, or when the path itself is a symbolic link.
std::unique_ptr<StoredFile> open_local_file(const std::filesystem::path& path);

}  // namespace parsimony
