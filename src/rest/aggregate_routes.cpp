#include "rest/aggregate_routes.h"

#include "query/pipeline_parser.h"

namespace parsimony::aggregate_routes {

ApiResponse run(const RestContext& context, const ApiRequest& request) {
  if (request.caller.is_read_only && !context.settings.read_only_may_aggregate) {
    throw Error(error_code::kOperationForbidden, "Cannot run an aggregation pipeline when using the readOnlyMasterKey");
  }
  Json parameters = request.parameters();
  if (auto answer = context.services.finds.answer_to_aggregate(request.caller, request.captures[0], parameters)) return {200, *answer, {}};
  const AggregateOptions options = parse_aggregate(parameters, context.services.settings.raw_aggregates);
  return {200, context.services.aggregator.aggregate(request.captures[0], options), {}};
}

}  // namespace parsimony::aggregate_routes
