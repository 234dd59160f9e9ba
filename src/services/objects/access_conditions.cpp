#include "services/objects/access_conditions.h"

#include <utility>
#include <variant>

#include "services/class_rules.h"

namespace parsimony {
namespace {

// What the caller may read of a class; nothing when the class refuses it.
Filter readable(const Caller& caller, const ClassSchema& of, const ServiceSettings& settings) {
  try {
    return all_of({require_class_permission(caller, of, Operation::Get, settings.refusals), row_filter(caller, of, Permits::Right::Read)});
  } catch (const Error&) {
    return Filter{AnyOf{}};
  }
}

class AccessConditions {
 public:
  AccessConditions(const Caller& caller, const SchemaSnapshot& classes, const ServiceSettings& settings)
      : caller_(caller), classes_(classes), settings_(settings) {}

  void add_to(Filter& filter) const {
    std::visit([this](auto& node) { add_to_node(node); }, filter.node);
  }

 private:
  void add_to_node(AllOf& all) const { add_to_each(all.of); }
  void add_to_node(AnyOf& any) const { add_to_each(any.of); }
  void add_to_node(NoneOf& none) const { add_to_each(none.of); }
  void add_to_node(Constraint&) const {}
  void add_to_node(Permits&) const {}

  void add_to_node(RelatedTo& related) const {
    if (const ClassSchema* owner = classes_.find(related.owner.class_name)) related.owner_filter = {readable(caller_, *owner, settings_)};
  }

  void add_to_node(SubQuery& sub_query) const {
    refuse_system_class(sub_query.class_name, settings_);
    require_known_class(caller_, classes_, sub_query.class_name, settings_);
    const ClassSchema* of = classes_.find(sub_query.class_name);
    if (!of) return;
    Filter& where = sub_query.where.front();
    const Operation operation = exact_object_id(where) ? Operation::Get : Operation::Find;
    add_to(where);
    where = all_of({std::move(where), require_class_permission(caller_, *of, operation, settings_.refusals),
                    row_filter(caller_, *of, Permits::Right::Read)});
  }

  void add_to_each(std::vector<Filter>& filters) const {
    for (Filter& filter : filters) add_to(filter);
  }

  const Caller& caller_;
  const SchemaSnapshot& classes_;
  const ServiceSettings& settings_;
};

}  // namespace

void add_access_conditions(Filter& filter, const Caller& caller, const SchemaSnapshot& classes, const ServiceSettings& settings) {
  AccessConditions(caller, classes, settings).add_to(filter);
}

}  // namespace parsimony
