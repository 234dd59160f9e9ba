// What is wrong with Cloud Code, in words for the person who wrote it.
#pragma once
#include <filesystem>
#include <string>

#include "cloud/host/engine_setup.h"

namespace parsimony {

// "/project/cloud/main.js:2:9: SyntaxError: …" and the lines of the stack. Paths in `folder` are shown as relative ones.
std::string text_of(const CloudLoadError& error, const std::filesystem::path& folder = {});

}  // namespace parsimony
