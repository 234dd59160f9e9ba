// Options that name modules of the users' own: emailAdapter, auth.<provider>.module, passwordPolicy.validatorCallback.
#pragma once
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "cloud/host/adapter_modules.h"
#include "types/json.h"

namespace parsimony {

struct AdapterOptions {
  std::vector<AdapterModule> modules;
  std::vector<std::string> auth_providers;  // whom a module checks and who may be used
  bool judges_passwords = false;
  std::vector<std::string> warnings;  // one line each
};

// `value` answers an option's value, null where it is unset; `base` the folder that its paths are relative to. Throws OptionError.
AdapterOptions read_adapters(const std::function<Json(const char*)>& value, const std::function<std::filesystem::path(const char*)>& base);

}  // namespace parsimony
