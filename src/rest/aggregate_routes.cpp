#include "rest/aggregate_routes.h"

#include "query/pipeline_parser.h"

namespace parsimony::aggregate_routes {

ApiResponse run(const RestContext& context, const ApiRequest& request) {
  if (request.caller.is_read_only && !context.settings.read_only_may_aggregate) {
    throw Error(error_code::kOperationForbidden, "Cannot run an aggregation pipeline when using the readOnlyMasterKey");
  }
  const AggregateOptions options = parse_aggregate(request.parameters(), context.services.settings.raw_aggregates);
  return {200, context.services.aggregator.aggregate(request.captures[0], options), {}};
}

}  // namespace parsimony::aggregate_routes
