#include "services/objects/access_conditions.h"

#include <algorithm>
#include <span>
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

  void add_to(Filter& filter, const ClassSchema& of) const {
    const HiddenFields hidden(caller_, of, settings_.protection);
    add_to(filter, {of, hidden, is_own_row_alone(filter, hidden)});
  }

 private:
  // The class whose objects a condition is about, and what the caller may not ask of them.
  struct Asked {
    const ClassSchema& of;
    const HiddenFields& hidden;
    bool is_own_row_alone;
  };

  void add_to(Filter& filter, const Asked& asked) const {
    if (const auto* constraint = std::get_if<Constraint>(&filter.node); constraint && asked.hidden.is_private(constraint->path.field)) {
      filter = all_of({filter, asked.hidden.rows_showing(constraint->path.field)});
      return;
    }
    std::visit([&](auto& node) { add_to_node(node, asked); }, filter.node);
  }

  void add_to_node(AllOf& all, const Asked& asked) const { add_to_each(all.of, asked); }
  void add_to_node(AnyOf& any, const Asked& asked) const { add_to_each(any.of, asked); }
  void add_to_node(NoneOf& none, const Asked& asked) const { add_to_each(none.of, asked); }
  void add_to_node(Constraint& constraint, const Asked& asked) const { require_open(constraint.path, asked); }
  void add_to_node(Permits&, const Asked&) const {}

  void add_to_node(RelatedTo& related, const Asked&) const {
    const ClassSchema* owner = classes_.find(related.owner.class_name);
    if (!owner) return;
    const HiddenFields hidden(caller_, *owner, settings_.protection);
    require_open(FieldPath::parse(related.key), {*owner, hidden, false});
    related.owner_filter = {readable(caller_, *owner, settings_)};
  }

  void add_to_node(SubQuery& sub_query, const Asked& asked) const {
    require_open(sub_query.path, asked);
    refuse_system_class(sub_query.class_name, settings_);
    require_known_class(caller_, classes_, sub_query.class_name, settings_);
    const ClassSchema* of = classes_.find(sub_query.class_name);
    if (!of) return;
    Filter& where = sub_query.where.front();
    const Operation operation = exact_object_id(where) ? Operation::Get : Operation::Find;
    add_to(where, *of);
    where = all_of({std::move(where), require_class_permission(caller_, *of, operation, settings_.refusals),
                    row_filter(caller_, *of, Permits::Right::Read)});
    if (!sub_query.key) return;
    where = all_of({std::move(where), HiddenFields(caller_, *of, settings_.protection).rows_showing(sub_query.key->field)});
  }

  void add_to_each(std::vector<Filter>& filters, const Asked& asked) const {
    for (Filter& filter : filters) add_to(filter, asked);
  }

  void require_open(const FieldPath& path, const Asked& asked) const {
    if (asked.hidden.may_hide(path.field, asked.is_own_row_alone)) throw hidden_field(path.text(), asked.of, settings_);
  }

  const Caller& caller_;
  const SchemaSnapshot& classes_;
  const ServiceSettings& settings_;
};

}  // namespace

void add_access_conditions(Filter& filter, const ClassSchema& of, const Caller& caller, const SchemaSnapshot& classes,
                           const ServiceSettings& settings) {
  AccessConditions(caller, classes, settings).add_to(filter, of);
}

Error hidden_field(const std::string& path, const ClassSchema& of, const ServiceSettings& settings) {
  return forbidden(settings.refusals, "This user is not allowed to query " + path + " on class " + of.name());
}

bool is_own_row_alone(const Filter& filter, const HiddenFields& hidden) {
  if (hidden.own_row().empty()) return false;
  const auto* all = std::get_if<AllOf>(&filter.node);
  const std::span<const Filter> conditions = all ? std::span(all->of) : std::span(&filter, 1);
  return std::any_of(conditions.begin(), conditions.end(), [&](const Filter& condition) {
    const std::string* id = exact_object_id(condition);
    return id && *id == hidden.own_row();
  });
}

}  // namespace parsimony
