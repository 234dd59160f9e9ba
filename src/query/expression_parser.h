// Reads the expressions of an aggregation pipeline.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

#include "query/pipeline.h"

namespace parsimony {

// The Parse name of a path that a pipeline gives in Parse's or in MongoDB's words ("_id", "_created_at", "_p_owner").
// Throws 105 "Invalid field name: x." for what is no name.
FieldPath read_field_path(std::string_view text);
// The same for the name of one field, without a way into it.
std::string read_field_name(std::string_view text);

// {"$date": text or milliseconds} becomes Parse's encoding, at any depth.
Json with_parse_dates(const Json& value);

// Counts what it reads, over one pipeline. Throws 102 for unknown operators, wrong numbers of arguments, and beyond the limits.
class ExpressionParser {
 public:
  Expression read(const Json& value) { return read(value, 0); }

 private:
  Expression read(const Json& value, std::size_t depth);
  Expression read_text(const std::string& text);
  Expression read_object(const Json& value, std::size_t depth);
  Expression read_call(const std::string& name, const Json& operand, std::size_t depth);
  std::vector<Expression> read_arguments(std::string_view name, const Json& operand, std::size_t depth);
  std::vector<Expression> read_named(std::string_view name, const Json& operand, std::size_t depth);

  std::size_t nodes_ = 0;
};

}  // namespace parsimony
