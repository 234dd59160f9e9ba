#include "services/objects/object_reader.h"

#include <algorithm>
#include <span>

#include "services/class_rules.h"
#include "services/objects/access_conditions.h"
#include "services/objects/join_listing.h"
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

// ---- What the owner allows clients

struct IncludeSize {
  std::int64_t paths = 0;
  std::int64_t depth = 0;
};

IncludeSize size_of(const IncludeTree& tree) {
  IncludeSize size;
  for (const auto& [name, child] : tree.children) {
    const IncludeSize below = size_of(child);
    size.paths += 1 + below.paths;
    size.depth = std::max(size.depth, 1 + below.depth);
  }
  return size;
}

void require_small_include(const Caller& caller, const FindOptions& options, const ClassSchema& of, const ComplexityLimits& limits) {
  if (caller.is_master || (!limits.include_depth && !limits.include_count)) return;
  IncludeSize size = size_of(options.include);
  for (const Field& field : of.fields()) {
    const bool is_followed = field.spec.type == FieldType::Pointer || field.spec.type == FieldType::Array;
    if (!options.include_all || !is_followed || options.include.children.contains(field.name)) continue;
    ++size.paths;
    size.depth = std::max<std::int64_t>(size.depth, 1);
  }
  const auto refuse = [](const std::string& text) { throw Error(error_code::kInvalidQuery, text); };
  if (limits.include_depth && size.depth > *limits.include_depth) {
    refuse("Include depth of " + std::to_string(size.depth) + " exceeds maximum allowed depth of " + std::to_string(*limits.include_depth));
  }
  if (limits.include_count && size.paths > *limits.include_count) {
    refuse("Number of include fields (" + std::to_string(size.paths) + ") exceeds maximum allowed (" +
           std::to_string(*limits.include_count) + ")");
  }
}

// The class that a find means: redirectClassNameForKey leads over a relation to another one, as in Parse.
std::string redirected(const SchemaSnapshot& classes, const std::string& class_name, const FindOptions& options) {
  const ClassSchema* of = classes.find(class_name);
  const Field* key = of && !options.redirect_key.empty() ? of->find(options.redirect_key) : nullptr;
  return key && key->spec.type == FieldType::Relation ? key->spec.target_class : class_name;
}

}  // namespace

std::string ObjectReader::find(const Caller& caller, const std::string& asked_class, const FindOptions& asked) const {
  refuse_unreadable_class(caller, asked_class, settings_);
  if (asked.explain && !caller.is_master && !settings_.allow_public_explain)
    throw Error(error_code::kInvalidQuery, "Using the explain query parameter requires the master key");
  FindOptions options = with_limits(asked, settings_);
  order_by_distance(options);
  if (is_join_class(asked_class)) return join_rows(asked_class, options);
  std::string answer = R"({"results":[)";
  std::int64_t count = 0;
  store_.read([&](Reads& reads) {
    const std::string class_name = redirected(reads.schema(), asked_class, options);
    refuse_unreadable_class(caller, class_name, settings_);
    require_known_class(caller, reads.schema(), class_name, settings_);
    const ClassSchema* of = reads.schema().find(class_name);
    if (!of) return;
    require_small_include(caller, options, *of, settings_.complexity);
    Filter asked_for = options.where;
    add_access_conditions(asked_for, caller, reads.schema(), settings_);
    const Filter where = all_of({std::move(asked_for), object_filter(caller, Permits::Right::Read)});
    // The rows and their number are two operations, each with its own permission.
    if (options.explain) {
      const Filter all = all_of({where, require_class_permission(caller, *of, operation_of(options), settings_.refusals)});
      const std::string steps =
          to_json_text(reads.explain(Select{of, {of->find("objectId")}, &all, options.order, options.limit, options.skip}));
      answer += steps.substr(1, steps.size() - 2);
    } else if (options.limit != 0) {
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

std::string ObjectReader::join_rows(const std::string& class_name, const FindOptions& options) const {
  std::string answer;
  store_.read([&](Reads& reads) { answer = list_join_rows(reads, class_name, options); });
  return answer;
}

std::string ObjectReader::get(const Caller& caller, const std::string& class_name, const std::string& object_id,
                              const FindOptions& options) const {
  refuse_unreadable_class(caller, class_name, settings_);
  RenderedObjects rendered;
  store_.read([&](Reads& reads) {
    require_known_class(caller, reads.schema(), class_name, settings_);
    const ClassSchema* of = reads.schema().find(class_name);
    if (!of) return;
    require_small_include(caller, options, *of, settings_.complexity);
    const Filter permitted = require_class_permission(caller, *of, Operation::Get, settings_.refusals);
    const Filter where = all_of({equals("objectId", object_id), permitted, object_filter(caller, Permits::Right::Read)});
    rendered = ObjectRenderer(reads, caller, settings_).render(*of, where, options);
  });
  if (rendered.count == 0) throw Error(error_code::kObjectNotFound, "Object not found.");
  return std::move(rendered.text);
}

}  // namespace parsimony
