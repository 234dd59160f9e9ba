#include "query/expression_split.h"

#include <algorithm>
#include <string>
#include <utility>

namespace parsimony {

ExpressionSplitter::Extent ExpressionSplitter::split_inside(Expression& expression) {
  Extent extent{0, 0};
  for (Expression& argument : expression.arguments) {
    Extent inner = split_inside(argument);
    if (inner.height == kMaxExpressionHeight) {
      take_out(argument, inner.level);
      inner = {1, inner.level + 1};
    }
    extent = {std::max(extent.height, inner.height), std::max(extent.level, inner.level)};
  }
  ++extent.height;
  return extent;
}

void ExpressionSplitter::take_out(Expression& expression, std::size_t level) {
  const FieldPath path{"$" + std::to_string(names_++), {}};
  if (parts_.size() <= level) parts_.resize(level + 1);
  parts_[level].push_back({path, std::exchange(expression, {})});
  expression.kind = Expression::Kind::Field;
  expression.path = path;
}

}  // namespace parsimony
