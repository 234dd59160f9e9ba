#include "query/filter.h"

#include <algorithm>
#include <utility>

namespace parsimony {
namespace {

void append_flat(std::vector<Filter>& out, Filter filter) {
  if (auto* nested = std::get_if<AllOf>(&filter.node)) {
    for (Filter& member : nested->of) append_flat(out, std::move(member));
  } else {
    out.push_back(std::move(filter));
  }
}

}  // namespace

FieldPath FieldPath::parse(std::string_view dotted) {
  FieldPath path;
  auto dot = dotted.find('.');
  path.field = dotted.substr(0, dot);
  while (dot != std::string_view::npos) {
    dotted.remove_prefix(dot + 1);
    dot = dotted.find('.');
    path.inner.emplace_back(dotted.substr(0, dot));
  }
  return path;
}

std::string FieldPath::text() const {
  std::string dotted = field;
  for (const std::string& step : inner) dotted.append(1, '.').append(step);
  return dotted;
}

bool is_valid_path(std::string_view dotted) {
  const auto is_letter = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); };
  if (dotted.empty() || dotted.size() > kMaxPathLength || !is_letter(dotted.front())) return false;
  return std::all_of(dotted.begin(), dotted.end(), [&](char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '_' || c == '.'; });
}

bool Filter::matches_all() const {
  const auto* all = std::get_if<AllOf>(&node);
  return all != nullptr && all->of.empty();
}

Filter all_of(std::vector<Filter> filters) {
  std::vector<Filter> flat;
  for (Filter& filter : filters) append_flat(flat, std::move(filter));
  if (flat.size() == 1) return std::move(flat.front());
  return {AllOf{std::move(flat)}};
}

Filter equals(std::string field, Json value) { return {Constraint{{std::move(field), {}}, Comparison::Equal, std::move(value), {}}}; }

const std::string* exact_object_id(const Filter& filter) {
  if (const auto* all = std::get_if<AllOf>(&filter.node)) return all->of.size() == 1 ? exact_object_id(all->of.front()) : nullptr;
  const auto* constraint = std::get_if<Constraint>(&filter.node);
  if (constraint == nullptr || constraint->comparison != Comparison::Equal) return nullptr;
  if (constraint->path.field != "objectId" || !constraint->path.inner.empty()) return nullptr;
  return constraint->operand.get_ptr<const std::string*>();
}

}  // namespace parsimony
