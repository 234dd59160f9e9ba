#include "common/error.h"
#include "services/cloud/adapters.h"

namespace parsimony {
namespace {

class NoAdapters final : public Adapters {
 public:
  bool has(std::string_view, std::string_view) const override { return false; }
  Json call(const AdapterCall& call) override { throw Error(error_code::kScriptFailed, "There is no adapter " + call.adapter + "."); }
};

}  // namespace

std::string auth_adapter(std::string_view provider) { return "auth." + std::string(provider); }

Adapters& no_adapters() {
  static NoAdapters none;
  return none;
}

}  // namespace parsimony
