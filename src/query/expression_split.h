// Cuts deep expressions of a pipeline into shallow ones, because engines limit how deep an expression may nest.
#pragma once
#include <string_view>
#include <vector>

#include "query/pipeline.h"

namespace parsimony {

inline constexpr std::size_t kMaxExpressionHeight = 4;

// A name that no client can give: that of a field which holds a part.
inline bool is_part_name(std::string_view name) { return name.starts_with('$'); }

class ExpressionSplitter {
 public:
  // Leaves the expression at most kMaxExpressionHeight high: what nests deeper is replaced by fields, which parts() tells.
  void split(Expression& expression) { split_inside(expression); }

  // The fields to be worked out before, level by level: those of one level name only fields of the levels before it.
  const std::vector<std::vector<ComputedField>>& parts() const { return parts_; }

 private:
  struct Extent {
    std::size_t height;
    std::size_t level;  // of parts that must be there first
  };
  Extent split_inside(Expression& expression);
  void take_out(Expression& expression, std::size_t level);

  std::vector<std::vector<ComputedField>> parts_;
  int names_ = 0;
};

}  // namespace parsimony
