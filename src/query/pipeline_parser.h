// Reads the parameters of an aggregation into a Pipeline (rest-api.md, section 7).
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "query/pipeline.h"

namespace parsimony {

inline constexpr std::size_t kMaxStages = 50;
inline constexpr std::size_t kMaxStageFields = 200;  // that one stage names
inline constexpr std::size_t kMaxExpressionDepth = 24;
inline constexpr std::size_t kMaxExpressionNodes = 2000;  // in one pipeline

// In whose words an aggregation answers.
struct RawAnswers {
  bool values = false;       // dates as {"$date":...}
  bool field_names = false;  // _id, _created_at, _updated_at, _p_owner
};

struct AggregateOptions {
  Pipeline pipeline;
  bool is_distinct = false;  // the pipeline ends in groups whose keys are the answer
  bool explain = false;
  RawAnswers raw;
};

// `parameters` is the body and query string of the call: a `pipeline` (list of stages, or one object with a stage a member), or the
// stages as members, or `distinct` with an optional `where`. Throws 102, 105 and 107 as the reference lists them.
//
// `raw` holds for what they do not say about `rawValues` and `rawFieldNames`.
AggregateOptions parse_aggregate(const Json& parameters, const RawAnswers& raw = {});

// The pipeline alone: a list of stages, or one object with a stage a member.
Pipeline parse_pipeline(const Json& stages);

}  // namespace parsimony
