// A filter as text, so that a test can say what it expects in one line.
#pragma once
#include <string>

#include "query/filter.h"

namespace parsimony {

inline std::string to_text(const Filter& filter);

inline std::string to_text(const char* name, const std::vector<Filter>& filters) {
  std::string text = name;
  text += '(';
  for (const Filter& filter : filters) text.append(text.back() == '(' ? "" : ", ").append(to_text(filter));
  return text + ')';
}

inline std::string to_text(const Filter& filter) {
  static constexpr const char* kComparisons[] = {
      "=",    "!=",     "<",    "<=",        ">",      ">=",         "in",     "not in",   "exists",
      "like", "within", "near", "in sphere", "in box", "in polygon", "around", "has words"};
  struct Visitor {
    std::string operator()(const AllOf& all) const { return to_text("all", all.of); }
    std::string operator()(const AnyOf& any) const { return to_text("any", any.of); }
    std::string operator()(const NoneOf& none) const { return to_text("none", none.of); }
    std::string operator()(const RelatedTo& r) const { return "related " + r.owner.class_name + ' ' + r.owner.object_id + ' ' + r.key; }
    std::string operator()(const Permits& p) const { return p.right == Permits::Right::Read ? "may read" : "may write"; }
    std::string operator()(const SubQuery& s) const {
      const std::string key = s.key ? "." + s.key->text() : "";
      return s.path.text() + (s.negated ? " not in " : " in ") + s.class_name + key + '[' + to_text(s.where.front()) + ']';
    }
    std::string operator()(const Constraint& c) const {
      const std::string options = c.options.empty() ? "" : " /" + c.options;
      return c.path.text() + ' ' + kComparisons[static_cast<int>(c.comparison)] + ' ' + to_json_text(c.operand) + options;
    }
  };
  return std::visit(Visitor{}, filter.node);
}

}  // namespace parsimony
