#include "services/objects/object_reader.h"

#include <algorithm>
#include <span>

#include "services/class_rules.h"
#include "services/objects/access_conditions.h"
#include "services/objects/collations.h"
#include "services/objects/join_listing.h"
#include "services/objects/object_renderer.h"

namespace parsimony {
namespace {

Operation operation_of(const FindOptions& options) {
  return options.is_get || exact_object_id(options.where) ? Operation::Get : Operation::Find;
}

// The conditions that every object of the answer passes.
std::span<const Filter> conditions_of(const Filter& where) {
  const auto* all = std::get_if<AllOf>(&where.node);
  return all ? std::span(all->of) : std::span(&where, 1);
}

// A search near a point answers the nearest first, unless the client orders otherwise.
void order_by_distance(FindOptions& options) {
  if (!options.order.empty()) return;
  for (const Filter& filter : conditions_of(options.where)) {
    const auto* near = std::get_if<Constraint>(&filter.node);
    if (near && near->comparison == Comparison::Near) options.order.push_back({near->path, false, *near});
  }
}

// The search for words that `score` means; null when there is none.
const Constraint* scored_search(const Filter& where, const ClassSchema& of) {
  for (const Filter& filter : conditions_of(where)) {
    const auto* search = std::get_if<Constraint>(&filter.node);
    if (!search || search->comparison != Comparison::Text || !search->path.inner.empty()) continue;
    const Field* field = of.find(search->path.field);
    if (field && field->spec.type == FieldType::String) return search;
  }
  return nullptr;
}

// "$score" answers the best first in either direction, as MongoDB does; without a search it says nothing.
void order_by_score(FindOptions& options, const Constraint* search) {
  std::erase_if(options.order, [&](const SortKey& key) { return key.path.field == kScoreKey && !search; });
  for (SortKey& key : options.order) {
    if (key.path.field == kScoreKey) key = {search->path, true, *search};
  }
}

FindOptions with_limits(FindOptions options, const ServiceSettings& settings) {
  if (options.is_unlimited) return options;
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

// One find in one read: what it answers, part by part.
class FindAnswer {
 public:
  FindAnswer(Reads& reads, const Caller& caller, const ServiceSettings& settings, const ClassSchema& of, FindOptions options)
      : reads_(reads), caller_(caller), settings_(settings), of_(of), options_(std::move(options)) {
    require_small_include(caller_, options_, of_, settings_.complexity);
    order_by_distance(options_);
    search_ = scored_search(options_.where, of_);
    order_by_score(options_, search_);
    apply_collations(options_.order, of_, options_.collation);
    Filter asked_for = options_.where;
    apply_collations(asked_for, of_, reads_.schema(), options_.collation);
    add_access_conditions(asked_for, of_, caller_, reads_.schema(), settings_);
    require_open_fields();
    where_ = all_of({std::move(asked_for), row_filter(caller_, of_, Permits::Right::Read)});
  }

  void append_results(std::string& answer) const {
    if (options_.explain) return append_plan(answer);
    if (options_.limit == 0) return;
    const Constraint* score = options_.score ? search_ : nullptr;
    answer += ObjectRenderer(reads_, caller_, settings_).render(of_, rows_asked_for(), options_, score).text;
  }

  // The rows and their number are two operations, each with its own permission.
  void append_count(std::string& answer) const {
    if (options_.count) answer += ",\"count\":" + std::to_string(reads_.count(of_, where_for(Operation::Count)));
  }

  // A sum tells of values as well as of a number.
  void append_sums(std::string& answer) const {
    if (options_.sums.empty()) return;
    std::vector<const Field*> fields;
    for (const std::string& name : options_.sums) fields.push_back(&number_field(name));
    const std::vector<double> sums = reads_.sums(of_, fields, all_of({where_for(Operation::Find), where_for(Operation::Count)}));
    Json encoded = Json::object();
    for (std::size_t i = 0; i < fields.size(); ++i) encoded[fields[i]->name] = sums[i];
    answer += ",\"sum\":" + to_json_text(encoded);
  }

 private:
  Filter where_for(Operation operation) const {
    return all_of({where_, require_class_permission(caller_, of_, operation, settings_.refusals)});
  }

  Filter rows_asked_for() const { return within_reach(where_for(operation_of(options_))); }

  // A search for the nearest, without a limit to their distance, looks at the first of growing circles that holds enough: the index
  // finds what lies in a circle, where all rows would have to be measured otherwise.
  Filter within_reach(Filter where) const {
    const bool is_by_distance = options_.limit && options_.order.size() == 1 && options_.order.front().measure;
    const Constraint* near = is_by_distance ? &*options_.order.front().measure : nullptr;
    if (!near || near->comparison != Comparison::Near || !near->operand.at("radians").is_null()) return where;
    constexpr double kFirstRadians = 0.0005, kLastRadians = 0.3, kGrowth = 8;  // 3 km, 25 km, 200 km, 1600 km
    for (double radians = kFirstRadians; radians < kLastRadians; radians *= kGrowth) {
      Constraint circle = *near;
      circle.comparison = Comparison::WithinSphere;
      circle.operand["radians"] = radians;
      Filter closer = all_of({where, Filter{std::move(circle)}});
      if (reads_.count(of_, closer) >= options_.skip + *options_.limit) return closer;
    }
    return where;
  }

  // Order and sums tell of values, too.
  void require_open_fields() const {
    const HiddenFields hidden(caller_, of_, settings_.protection);
    const bool is_own_row = is_own_row_alone(options_.where, hidden);
    for (const SortKey& key : options_.order) {
      if (!hidden.may_hide(key.path.field, is_own_row)) continue;
      throw forbidden(settings_.refusals, "This user is not allowed to sort by " + key.path.text() + " on class " + of_.name());
    }
    for (const std::string& name : options_.sums) {
      if (hidden.may_hide(name, is_own_row)) throw hidden_field(name, of_, settings_);
    }
  }

  void append_plan(std::string& answer) const {
    const Filter all = rows_asked_for();
    const Select select{&of_, {of_.find("objectId")}, &all, options_.order, options_.limit, options_.skip};
    const std::string steps = to_json_text(reads_.explain(select));
    answer += steps.substr(1, steps.size() - 2);
  }

  const Field& number_field(const std::string& name) const {
    const Field* field = of_.find(name);
    if (field && field->spec.type == FieldType::Number) return *field;
    throw Error(error_code::kInvalidQuery, "sum needs fields of type Number; " + name + " is not one");
  }

  Reads& reads_;
  const Caller& caller_;
  const ServiceSettings& settings_;
  const ClassSchema& of_;
  FindOptions options_;
  const Constraint* search_ = nullptr;  // in options_.where
  Filter where_;                        // with what the caller may read
};

}  // namespace

std::string redirected_class(const SchemaSnapshot& classes, const std::string& class_name, const FindOptions& options) {
  const ClassSchema* of = classes.find(class_name);
  const Field* key = of && !options.redirect_key.empty() ? of->find(options.redirect_key) : nullptr;
  return key && key->spec.type == FieldType::Relation ? key->spec.target_class : class_name;
}

void ObjectReader::require_permitted_include(const Caller& caller, const std::string& class_name, const FindOptions& options) const {
  const auto classes = store_.schema();
  if (const ClassSchema* of = classes->find(class_name)) require_small_include(caller, options, *of, settings_.complexity);
}

void ObjectReader::require_askable(const Caller& caller, const SchemaSnapshot& classes, const std::string& class_name,
                                   const FindOptions& asked) const {
  Filter where = asked.where;
  add_access_conditions(where, ClassSchema(class_name, base_fields()), caller, classes, settings_);
}

std::string ObjectReader::find(const Caller& caller, const std::string& asked_class, const FindOptions& asked) const {
  refuse_unreadable_class(caller, asked_class, settings_);
  if (asked.explain && !caller.is_master && !settings_.allow_public_explain)
    throw Error(error_code::kInvalidQuery, "Using the explain query parameter requires the master key");
  if (is_join_class(asked_class)) return join_rows(asked_class, with_limits(asked, settings_));
  std::string answer;
  store_.read([&](Reads& reads) {
    const std::string class_name = redirected_class(reads.schema(), asked_class, asked);
    refuse_unreadable_class(caller, class_name, settings_);
    require_session_for(caller, class_name, settings_);
    require_known_class(caller, reads.schema(), class_name, settings_);
    const ClassSchema* of = reads.schema().find(class_name);
    if (!of) return require_askable(caller, reads.schema(), class_name, asked);
    const FindAnswer found(reads, caller, settings_, *of, with_limits(asked, settings_));
    answer = R"({"results":[)";
    found.append_results(answer);
    answer += ']';
    found.append_count(answer);
    found.append_sums(answer);
    answer += '}';
  });
  if (answer.empty()) return asked.count ? R"({"results":[],"count":0})" : R"({"results":[]})";
  return answer;
}

std::string ObjectReader::join_rows(const std::string& class_name, const FindOptions& options) const {
  std::string answer;
  store_.read([&](Reads& reads) { answer = list_join_rows(reads, class_name, options); });
  return answer;
}

std::string ObjectReader::get(const Caller& caller, const std::string& class_name, const std::string& object_id,
                              const FindOptions& options) const {
  refuse_unreadable_class(caller, class_name, settings_);
  require_session_for(caller, class_name, settings_);
  RenderedObjects rendered;
  store_.read([&](Reads& reads) {
    require_known_class(caller, reads.schema(), class_name, settings_);
    const ClassSchema* of = reads.schema().find(class_name);
    if (!of) return;
    require_small_include(caller, options, *of, settings_.complexity);
    const Filter permitted = require_class_permission(caller, *of, Operation::Get, settings_.refusals);
    const Filter where = all_of({equals("objectId", object_id), permitted, row_filter(caller, *of, Permits::Right::Read)});
    rendered = ObjectRenderer(reads, caller, settings_).render(*of, where, options);
  });
  if (rendered.count == 0) throw Error(error_code::kObjectNotFound, "Object not found.");
  return std::move(rendered.text);
}

}  // namespace parsimony
