#include "cloud/host/adapter_modules.h"

#include <system_error>

#include "cloud/host/project_files.h"

namespace parsimony {
namespace {

namespace fs = std::filesystem;

// "name", or "@scope/name", of what stands in require().
std::string package_name(const std::string& module) {
  std::size_t end = module.find('/');
  if (module.starts_with('@') && end != std::string::npos) end = module.find('/', end + 1);
  return module.substr(0, end);
}

// The folder whose node_modules hold the package; empty when there is none.
fs::path home_of_package(const std::string& module, const fs::path& base) {
  std::error_code error;
  const fs::path name = fs::path("node_modules") / package_name(module);
  for (fs::path folder = fs::weakly_canonical(base); folder.has_relative_path(); folder = folder.parent_path()) {
    if (fs::is_directory(folder / name, error)) return folder;
  }
  return {};
}

bool is_path(const AdapterModule& adapter) {
  std::error_code error;
  return adapter.module.starts_with('.') || adapter.module.starts_with('/') || fs::exists(adapter.base / adapter.module, error);
}

}  // namespace

fs::path folder_of(const AdapterModule& adapter) {
  const fs::path package = is_path(adapter) ? fs::path() : home_of_package(adapter.module, adapter.base);
  return package.empty() ? project_folder_of(adapter.base / adapter.module) : package;
}

Json encode(const std::vector<AdapterModule>& adapters) {
  Json list = Json::array();
  for (const AdapterModule& adapter : adapters) {
    const std::string from = fs::weakly_canonical(adapter.base).string();
    list.push_back({{"name", adapter.name}, {"module", adapter.module}, {"from", from}, {"options", adapter.options}});
  }
  return list;
}

}  // namespace parsimony
