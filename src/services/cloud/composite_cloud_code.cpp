#include "services/cloud/composite_cloud_code.h"

#include <algorithm>

namespace parsimony {
namespace {

using Names = std::vector<std::string>;

Names all_names(Names names, const Names& more) {
  for (const std::string& name : more) {
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  return names;
}

bool has(const CloudCode& code, const CloudCall& call) {
  switch (call.kind) {
    case CloudKind::Function: return code.has_function(call.name);
    case CloudKind::Job: return code.has_job(call.name);
    case CloudKind::Trigger: return code.has_trigger(call.name, call.class_name);
  }
  return false;
}

}  // namespace

Names CompositeCloudCode::function_names() const { return all_names(first_.function_names(), second_.function_names()); }
Names CompositeCloudCode::job_names() const { return all_names(first_.job_names(), second_.job_names()); }

Json CompositeCloudCode::run(const CloudCall& call) { return (has(first_, call) ? first_ : second_).run(call); }

void CompositeCloudCode::begin_anew() {
  first_.begin_anew();
  second_.begin_anew();
}

}  // namespace parsimony
