#include "rest/aggregate_routes.h"

#include "query/pipeline_parser.h"

namespace parsimony::aggregate_routes {

ApiResponse run(const RestContext& context, const ApiRequest& request) {
  const AggregateOptions options = parse_aggregate(request.parameters());
  return {200, context.services.aggregator.aggregate(request.captures[0], options), {}};
}

}  // namespace parsimony::aggregate_routes
