#include "cli/code_package.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>
#include <stdexcept>
#include <string_view>

#include "cloud/host/project_files.h"
#include "types/json.h"

namespace parsimony {
namespace {

namespace fs = std::filesystem;

constexpr const char* kPackages = "node_modules";
constexpr const char* kDescription = "package.json";

bool is_within(const fs::path& folder, const fs::path& path) {
  return std::mismatch(folder.begin(), folder.end(), path.begin(), path.end()).first == folder.end();
}

bool has_extension(const fs::path& file, std::initializer_list<std::string_view> extensions) {
  const std::string extension = file.extension().string();
  return std::find(extensions.begin(), extensions.end(), extension) != extensions.end();
}

bool is_test(const fs::path& file) { return has_extension(file, {".js", ".mjs", ".cjs"}) && file.stem().extension() == ".test"; }
bool is_code(const fs::path& file) { return has_extension(file, {".js", ".mjs", ".cjs", ".json"}); }

std::string content_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::string content{std::istreambuf_iterator<char>(in), {}};
  if (!in) throw std::runtime_error("cannot read " + file.string());
  return content;
}

Json description_in(const fs::path& folder) {
  const fs::path file = folder / kDescription;
  std::error_code error;
  if (!fs::is_regular_file(file, error)) return Json::object();
  try {
    return parse_json(content_of(file));
  } catch (const JsonSyntaxError& fault) {
    throw std::runtime_error(file.string() + ":" + std::to_string(fault.line()) + ":" + std::to_string(fault.column()) + ": " +
                             fault.what());
  }
}

class Collector {
 public:
  Collector(fs::path root, const std::vector<fs::path>& without) : root_(std::move(root)) {
    for (const fs::path& path : without) without_.insert(fs::weakly_canonical(path));
  }

  // All below a folder, packages apart.
  void add_folder(const fs::path& folder) { walk(folder, false, 0); }
  void add_file(const fs::path& file) {
    const std::string path = relative(file);
    if (!paths_.insert(path).second) return;
    const auto size = fs::file_size(file);
    if (size > CodePackage::kMaxFileBytes) throw too_much(file, std::to_string(size >> 20) + " MB is more than a server takes of a file");
    bytes_ += size;
    if (bytes_ > CodePackage::kMaxBytes)
      throw too_much(file, "with this file it is more than " + std::to_string(CodePackage::kMaxBytes >> 20) + " MB");
    if (paths_.size() > CodePackage::kMaxFiles)
      throw too_much(file, "with this file it is more than " + std::to_string(CodePackage::kMaxFiles) + " files");
    result_.package.files.push_back({path, content_of(file)});
  }

  // The packages that the package.json in a folder depends on, and those that these depend on; all there are where it is missing.
  void add_packages_of(const fs::path& folder) {
    if (fs::exists(folder / kDescription)) return add_dependencies(folder);
    std::error_code error;
    if (fs::is_directory(folder / kPackages, error)) walk(folder / kPackages, true, 0);
  }

  CollectedCode result(const fs::path& main) {
    result_.package.main = relative(main);
    result_.root = root_;
    std::sort(result_.package.files.begin(), result_.package.files.end(),
              [](const CodeFile& a, const CodeFile& b) { return a.path < b.path; });
    return std::move(result_);
  }

 private:
  std::string relative(const fs::path& path) const { return path.lexically_relative(root_).generic_string(); }
  void leave_out(const fs::path& path, const std::string& reason) { result_.left_out.push_back(relative(path) + ": " + reason); }

  std::runtime_error too_much(const fs::path& file, const std::string& reason) const {
    return std::runtime_error(relative(file) + ": " + reason + "; name the folder with the code alone: parsimony deploy DIR");
  }

  void walk(const fs::path& folder, bool is_package, std::size_t depth) {
    if (depth > CodePackage::kMaxDepth) throw std::runtime_error(folder.string() + " is too deep, or a link leads round in a circle");
    std::vector<fs::path> entries;
    for (const auto& entry : fs::directory_iterator(folder)) entries.push_back(entry.path());
    std::sort(entries.begin(), entries.end());
    for (const fs::path& entry : entries) visit(entry, is_package, depth);
  }

  // Empty: it comes along.
  std::string reason_against(const fs::path& entry) const {
    std::error_code error;
    const fs::path real = fs::canonical(entry, error);
    if (entry.filename().string().starts_with('.')) return "hidden";
    if (error || !is_within(root_, real)) return "a link that leads out of the project";
    if (without_.contains(real)) return "data or settings of the server";
    if (is_test(entry)) return "a test";
    return fs::is_directory(real, error) || fs::is_regular_file(real, error) ? "" : "no file";
  }

  // What is left out of packages goes without saying.
  void visit(const fs::path& entry, bool is_package, std::size_t depth) {
    if (entry.filename() == kPackages) return;
    const std::string reason = reason_against(entry);
    if (!reason.empty()) {
      if (!is_package) leave_out(entry, reason);
    } else if (fs::is_directory(entry)) {
      walk(entry, is_package, depth + 1);
    } else if (!is_package || is_code(entry)) {
      add_file(entry);
    }
  }

  void add_dependencies(const fs::path& folder) {
    const Json description = description_in(folder);
    for (const auto& [kind, is_needed] : {std::pair("dependencies", true), {"peerDependencies", false}, {"optionalDependencies", false}}) {
      const Json* names = find_member(description, kind);
      if (!names || !names->is_object()) continue;
      for (const auto& item : names->items()) add_package(folder, item.key(), is_needed);
    }
  }

  void add_package(const fs::path& asking, const std::string& name, bool is_needed) {
    for (fs::path folder = asking; is_within(root_, folder); folder = folder.parent_path()) {
      const fs::path package = folder / kPackages / name;
      std::error_code error;
      if (!fs::is_directory(package, error)) continue;
      if (!packages_.insert(package).second) return;
      const fs::path real = fs::canonical(package);
      if (!is_within(root_, real)) return leave_out(package, "a link that leads out of the project");
      walk(package, true, 0);
      return add_dependencies(package);
    }
    if (is_needed) leave_out(asking / kPackages / name, "not installed; run: npm install");
  }

  const fs::path root_;
  std::set<fs::path> without_;
  std::set<fs::path> packages_;
  std::set<std::string> paths_;
  std::uintmax_t bytes_ = 0;
  CollectedCode result_;
};

fs::path main_in(const fs::path& folder, const std::optional<fs::path>& named) {
  std::error_code error;
  if (named) {
    if (fs::is_regular_file(folder / *named, error)) return folder / *named;
    throw std::runtime_error("there is no main file " + (folder / *named).string());
  }
  for (const char* name : {"main.js", "main.mjs", "cloud/main.js", "cloud/main.mjs"}) {
    if (fs::is_regular_file(folder / name, error)) return folder / name;
  }
  throw std::runtime_error("there is no main.js or cloud/main.js in " + folder.string() + "; name the main file with --main FILE");
}

}  // namespace

CollectedCode collect_code(const CodeChoice& choice) {
  const fs::path folder = fs::weakly_canonical(choice.folder.value_or("."));
  if (!fs::is_directory(folder)) throw std::runtime_error("there is no folder " + folder.string());
  const fs::path main = main_in(folder, choice.main);
  const fs::path root = project_folder_of(main);
  Collector collector(root, choice.without);
  collector.add_folder(is_within(root, folder) ? folder : root);
  if (fs::exists(root / kDescription)) collector.add_file(root / kDescription);
  collector.add_packages_of(root);
  return collector.result(main);
}

}  // namespace parsimony
