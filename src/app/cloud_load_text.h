// What is wrong with Cloud Code, in words for the person who wrote it.
#pragma once
#include <filesystem>
#include <string>

#include "cloud/host/engine_setup.h"

namespace parsimony {

// Takes the folder off the paths that lie in it; an empty folder takes nothing off.
std::string with_relative_paths(std::string text, const std::filesystem::path& folder);

// "/project/cloud/main.js:2:9: SyntaxError: …" and the lines of the stack; paths in the folder as relative ones.
std::string text_of(const CloudLoadError& error, const std::filesystem::path& folder = {});

}  // namespace parsimony
