// Aggregation and distinct values (rest-api.md, section 7).
#pragma once
#include <string>

#include "query/pipeline_parser.h"
#include "services/settings.h"
#include "storage/store.h"

namespace parsimony {

// Thread-safe; borrows the store and the settings. For callers with the master key only: object permissions are not asked.
class Aggregator {
 public:
  Aggregator(Store& store, const ServiceSettings& settings) : store_(store), settings_(settings) {}

  // {"results":[...]} as JSON text: the rows of the pipeline, or the distinct values of a field. Throws 102 for an answer that is too
  // large and for a pipeline that cannot be done.
  std::string aggregate(const std::string& class_name, const AggregateOptions& options) const;

 private:
  Store& store_;
  const ServiceSettings& settings_;
};

}  // namespace parsimony
