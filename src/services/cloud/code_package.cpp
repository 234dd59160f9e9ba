#include <algorithm>
#include <string_view>
#include <unordered_set>

#include "common/error.h"
#include "services/cloud/deployments.h"
#include "types/collation.h"

namespace parsimony {
namespace {

constexpr std::size_t kMaxShownPath = 200;

std::string shown(std::string_view path) {
  std::string text;
  for (const char c : path.substr(0, kMaxShownPath)) text += static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? '?' : c;
  return "\"" + text + (path.size() > kMaxShownPath ? "…" : "") + "\"";
}

[[noreturn]] void refuse(std::string_view path, const std::string& reason) {
  throw Error(error_code::kInvalidFileName, "The path " + shown(path) + " " + reason + ".");
}

[[noreturn]] void refuse_size(const std::string& text) { throw Error(error_code::kExceededQuota, text); }

bool is_unusual(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7F || std::string_view("\\:*?\"<>|").find(c) != std::string_view::npos;
}

void check_name(std::string_view path, std::string_view name) {
  if (name.empty()) refuse(path, "has an empty part; it must be relative, without a slash in front or at the end");
  if (name.front() == '.') refuse(path, name == "." || name == ".." ? "leads out of its folder" : "is hidden");
  if (name.size() > CodePackage::kMaxNameBytes) refuse(path, "has a name that is too long");
  if (name.back() == '.' || name.back() == ' ' || name.front() == ' ') refuse(path, "has a name with a blank or a dot at its end");
}

void check_path(std::string_view path) {
  if (path.size() > CodePackage::kMaxPathBytes) refuse(path, "is too long");
  if (std::any_of(path.begin(), path.end(), is_unusual)) refuse(path, "has characters that file names should not have");
  std::size_t depth = 0;
  for (std::size_t at = 0; at <= path.size(); ++depth) {
    const std::size_t end = std::min(path.find('/', at), path.size());
    check_name(path, path.substr(at, end - at));
    at = end + 1;
  }
  if (depth > CodePackage::kMaxDepth) refuse(path, "is too deep");
}

// What some file systems take for one name.
std::string folded(std::string_view path) { return fold(path, Collation::IgnoreCase); }

// Each path is one file, and no folder of another one.
class Names {
 public:
  void add(const std::string& path) {
    const std::string name = folded(path);
    if (!files_.insert(name).second) refuse(path, "is there twice, perhaps in other letters");
    if (folders_.contains(name)) refuse(path, "is a file and a folder");
    for (std::size_t end = name.find('/'); end != std::string::npos; end = name.find('/', end + 1)) {
      if (files_.contains(name.substr(0, end))) refuse(path, "has a file for a folder");
      folders_.insert(name.substr(0, end));
    }
  }

 private:
  std::unordered_set<std::string> files_;
  std::unordered_set<std::string> folders_;
};

}  // namespace

std::size_t CodePackage::bytes() const {
  std::size_t sum = 0;
  for (const CodeFile& file : files) sum += file.content.size();
  return sum;
}

void check_package(const CodePackage& package) {
  if (package.files.size() > CodePackage::kMaxFiles) {
    refuse_size("The code has more than " + std::to_string(CodePackage::kMaxFiles) + " files.");
  }
  if (package.bytes() > CodePackage::kMaxBytes) {
    refuse_size("The code has more than " + std::to_string(CodePackage::kMaxBytes >> 20) + " MB.");
  }
  Names names;
  for (const CodeFile& file : package.files) {
    check_path(file.path);
    if (file.content.size() > CodePackage::kMaxFileBytes) {
      refuse_size("The file " + shown(file.path) + " has more than " + std::to_string(CodePackage::kMaxFileBytes >> 20) + " MB.");
    }
    names.add(file.path);
  }
  const auto is_main = [&](const CodeFile& file) { return file.path == package.main; };
  if (std::none_of(package.files.begin(), package.files.end(), is_main)) {
    throw Error(error_code::kInvalidJson, "The main file " + shown(package.main) + " is not among the files.");
  }
}

}  // namespace parsimony
