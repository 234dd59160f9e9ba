// Code of the users in two places: what the first one has replaces what the second one has under the same name.
#pragma once
#include "services/cloud/cloud_code.h"

namespace parsimony {

// Borrows both.
class CompositeCloudCode final : public CloudCode {
 public:
  CompositeCloudCode(CloudCode& first, CloudCode& second) : first_(first), second_(second) {}

  bool is_empty() const override { return first_.is_empty() && second_.is_empty(); }
  bool has_trigger(std::string_view name, std::string_view class_name) const override {
    return first_.has_trigger(name, class_name) || second_.has_trigger(name, class_name);
  }
  bool has_trigger_anywhere(std::string_view name) const override {
    return first_.has_trigger_anywhere(name) || second_.has_trigger_anywhere(name);
  }
  bool has_function(std::string_view name) const override { return first_.has_function(name) || second_.has_function(name); }
  bool has_job(std::string_view name) const override { return first_.has_job(name) || second_.has_job(name); }
  std::vector<std::string> function_names() const override;
  std::vector<std::string> job_names() const override;

  Json run(const CloudCall& call) override;
  void begin_anew() override;

 private:
  CloudCode& first_;
  CloudCode& second_;
};

}  // namespace parsimony
