// Whether a file is still what it was.
#pragma once
#include <filesystem>
#include <string>

namespace parsimony {

// SHA-256 of the file's content as lower-case hexadecimal, read in small pieces. Throws std::runtime_error with the path.
std::string sha256_hex_of_file(const std::filesystem::path& file);

}  // namespace parsimony
