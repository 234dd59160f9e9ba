#include "app/options_adapters.h"

#include <algorithm>
#include <optional>

#include "app/option_error.h"
#include "services/cloud/adapters.h"

namespace parsimony {
namespace {

constexpr const char* kAuth = "auth";
constexpr const char* kPush = "push";
constexpr const char* kAnonymous = "anonymous";
constexpr std::size_t kLongestProvider = 64;

[[noreturn]] void refuse(const std::string& option, const std::string& rule) { throw OptionError("option \"" + option + "\" " + rule); }

// The module that a value names: as text, or as {"module": text}.
std::optional<std::string> module_in(const Json& value) {
  const std::string* module = value.is_object() ? find_string(value, "module") : value.get_ptr<const std::string*>();
  return module && !module->empty() ? std::optional(*module) : std::nullopt;
}

// The option of one module, {"module","options"} or its path.
std::optional<AdapterModule> module_of_option(const char* option, const Json& value, const std::filesystem::path& base) {
  if (value.is_null()) return std::nullopt;
  auto module = module_in(value);
  if (!module) refuse(option, "must be the path or the name of a module, or {\"module\": ..., \"options\": {...}}");
  const Json* options = find_member(value, "options");
  return AdapterModule{option, std::move(*module), base, options ? *options : Json()};
}

// It becomes part of the name of a column.
void require_provider_name(const std::string& name) {
  const auto is_plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; };
  const bool is_good = !name.empty() && name.size() <= kLongestProvider && std::all_of(name.begin(), name.end(), is_plain);
  if (!is_good) refuse("auth." + name, "must be called by letters, digits and _");
}

bool is_enabled(const Json& provider) {
  const Json* enabled = find_member(provider, "enabled");
  return !enabled || *enabled != Json(false);
}

void read_provider(AdapterOptions& read, const std::string& name, const Json& settings, const std::filesystem::path& base) {
  if (!is_enabled(settings)) return;
  auto module = module_in(settings);
  if (!module) {
    read.warnings.push_back("option \"auth." + name + "\" has no effect yet: providers need a \"module\" of your own that checks them");
    return;
  }
  require_provider_name(name);
  if (name == kAnonymous) refuse("auth.anonymous", "cannot be a module; see enableAnonymousUsers");
  read.modules.push_back({auth_adapter(name), std::move(*module), base, settings});
  read.auth_providers.push_back(name);
}

}  // namespace

AdapterOptions read_adapters(const std::function<Json(const char*)>& value, const std::function<std::filesystem::path(const char*)>& base) {
  AdapterOptions read;
  for (const char* option : {kEmailAdapter, kPasswordAdapter}) {
    if (auto module = module_of_option(option, value(option), base(option))) read.modules.push_back(std::move(*module));
  }
  read.judges_passwords = !value(kPasswordAdapter).is_null();
  const Json push = value(kPush);
  if (const Json* adapter = find_member(push, "adapter")) {
    if (auto module = module_of_option(kPushAdapter, *adapter, base(kPush))) read.modules.push_back(std::move(*module));
  }
  const Json auth = value(kAuth);
  if (auth.is_null()) return read;
  if (!auth.is_object()) refuse(kAuth, "must be an object of providers");
  for (const auto& [name, settings] : auth.items()) read_provider(read, name, settings, base(kAuth));
  return read;
}

}  // namespace parsimony
