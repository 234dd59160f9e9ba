#include "services/objects/collations.h"

#include <variant>

namespace parsimony {
namespace {

Collation collation_of(const FieldPath& path, const ClassSchema& of, std::optional<Collation> asked) {
  if (asked) return *asked;
  const Field* field = path.inner.empty() ? of.find(path.field) : nullptr;
  return field ? field->collation : Collation::Exact;
}

struct Applying {
  const ClassSchema& of;
  const SchemaSnapshot& classes;
  std::optional<Collation> asked;

  void operator()(AllOf& all) const { to_each(all.of); }
  void operator()(AnyOf& any) const { to_each(any.of); }
  void operator()(NoneOf& none) const { to_each(none.of); }
  void operator()(Constraint& constraint) const { constraint.collation = collation_of(constraint.path, of, asked); }
  void operator()(Permits&) const {}
  void operator()(RelatedTo&) const {}
  void operator()(SubQuery& sub_query) const {
    const ClassSchema* other = classes.find(sub_query.class_name);
    if (!other) return;
    for (Filter& where : sub_query.where) apply_collations(where, *other, classes, asked);
  }

  void to_each(std::vector<Filter>& filters) const {
    for (Filter& filter : filters) std::visit(*this, filter.node);
  }
};

}  // namespace

void apply_collations(Filter& filter, const ClassSchema& of, const SchemaSnapshot& classes, std::optional<Collation> asked) {
  std::visit(Applying{of, classes, asked}, filter.node);
}

void apply_collations(std::vector<SortKey>& order, const ClassSchema& of, std::optional<Collation> asked) {
  for (SortKey& key : order) key.collation = collation_of(key.path, of, asked);
}

}  // namespace parsimony
