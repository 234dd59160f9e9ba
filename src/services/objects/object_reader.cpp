#include "services/objects/object_reader.h"

#include <algorithm>
#include <span>

#include "services/class_rules.h"
#include "services/objects/access_conditions.h"
#include "services/objects/object_renderer.h"

namespace parsimony {
namespace {

Operation operation_of(const FindOptions& options) { return exact_object_id(options.where) ? Operation::Get : Operation::Find; }

// A search near a point answers the nearest first, unless the client orders otherwise.
void order_by_distance(FindOptions& options) {
  if (!options.order.empty()) return;
  const auto* all = std::get_if<AllOf>(&options.where.node);
  for (const Filter& filter : all ? std::span(all->of) : std::span(&options.where, 1)) {
    const auto* near = std::get_if<Constraint>(&filter.node);
    if (near && near->comparison == Comparison::Near) options.order.push_back({near->path, false, *near});
  }
}

FindOptions with_limits(FindOptions options, const ServiceSettings& settings) {
  if (!options.limit) options.limit = settings.default_limit;
  if (settings.max_limit) options.limit = std::min(*options.limit, *settings.max_limit);
  return options;
}

}  // namespace

std::string ObjectReader::find(const Caller& caller, const std::string& class_name, const FindOptions& asked) const {
  refuse_system_class(class_name, settings_);
  FindOptions options = with_limits(asked, settings_);
  order_by_distance(options);
  std::string answer = R"({"results":[)";
  std::int64_t count = 0;
  store_.read([&](Reads& reads) {
    require_known_class(caller, reads.schema(), class_name, settings_);
    const ClassSchema* of = reads.schema().find(class_name);
    if (!of) return;
    Filter asked_for = options.where;
    add_access_conditions(asked_for, caller, reads.schema(), settings_);
    const Filter where = all_of({std::move(asked_for), object_filter(caller, Permits::Right::Read)});
    // The rows and their number are two operations, each with its own permission.
    if (options.limit != 0) {
      const Filter permitted = require_class_permission(caller, *of, operation_of(options), settings_.refusals);
      answer += ObjectRenderer(reads, caller, settings_).render(*of, all_of({where, permitted}), options).text;
    }
    if (options.count) {
      const Filter permitted = require_class_permission(caller, *of, Operation::Count, settings_.refusals);
      count = reads.count(*of, all_of({where, permitted}));
    }
  });
  answer += ']';
  if (options.count) answer += ",\"count\":" + std::to_string(count);
  return answer + '}';
}

std::string ObjectReader::get(const Caller& caller, const std::string& class_name, const std::string& object_id,
                              const FindOptions& options) const {
  refuse_system_class(class_name, settings_);
  RenderedObjects rendered;
  store_.read([&](Reads& reads) {
    require_known_class(caller, reads.schema(), class_name, settings_);
    const ClassSchema* of = reads.schema().find(class_name);
    if (!of) return;
    const Filter permitted = require_class_permission(caller, *of, Operation::Get, settings_.refusals);
    const Filter where = all_of({equals("objectId", object_id), permitted, object_filter(caller, Permits::Right::Read)});
    rendered = ObjectRenderer(reads, caller, settings_).render(*of, where, options);
  });
  if (rendered.count == 0) throw Error(error_code::kObjectNotFound, "Object not found.");
  return std::move(rendered.text);
}

}  // namespace parsimony
