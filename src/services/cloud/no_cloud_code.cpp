#include "common/error.h"
#include "services/cloud/cloud_code.h"

namespace parsimony {
namespace {

class NoCloudCode final : public CloudCode {
 public:
  bool is_empty() const override { return true; }
  bool has_trigger(std::string_view, std::string_view) const override { return false; }
  bool has_trigger_anywhere(std::string_view) const override { return false; }
  bool has_function(std::string_view) const override { return false; }
  bool has_job(std::string_view) const override { return false; }
  std::vector<std::string> function_names() const override { return {}; }
  std::vector<std::string> job_names() const override { return {}; }
  Json run(const CloudCall& call) override { throw Error(error_code::kScriptFailed, "There is no code for " + call.name + "."); }
};

}  // namespace

CloudCode& no_cloud_code() {
  static NoCloudCode none;
  return none;
}

}  // namespace parsimony
