#include "services/cloud/triggered_finds.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "common/error.h"
#include "query/where_parser.h"
#include "services/class_rules.h"
#include "services/objects/included_values.h"

namespace parsimony {

// Which permission a find needs, and whether the limits of finds hold.
struct TriggeredFinds::Terms {
  bool as_get = false;
  bool is_unlimited = false;
};

struct TriggeredFinds::Asked {
  Json parameters;
  bool is_get = false;
  bool is_included = false;  // what another find's pointers lead to: a get of each, without a limit
  bool is_aggregate = false;
};

namespace {

// The parameters of a find that code sees and may change.
constexpr std::array kCodeParameters = {"where",
                                        "limit",
                                        "skip",
                                        "order",
                                        "keys",
                                        "excludeKeys",
                                        "include",
                                        "hint",
                                        "readPreference",
                                        "includeReadPreference",
                                        "subqueryReadPreference",
                                        "comment"};

// A value that came as the text of its JSON, as in a query string.
Json typed(const Json& value) {
  const auto* text = value.get_ptr<const std::string*>();
  if (!text) return value;
  try {
    return parse_json(*text);
  } catch (const JsonSyntaxError&) {
    return value;
  }
}

// As the SDKs write a query: conditions and numbers of their types, names with commas between them.
Json query_for_code(const Json& parameters) {
  Json query = Json::object();
  for (const char* name : kCodeParameters) {
    const Json* value = find_member(parameters, name);
    if (!value || value->is_null()) continue;
    const bool is_typed = name == std::string_view("where") || name == std::string_view("limit") || name == std::string_view("skip");
    query[name] = is_typed ? typed(*value) : *value;
    if (!value->is_array() || name == std::string_view("hint")) continue;
    std::string names;
    for (const Json& element : *value) names += (names.empty() ? "" : ",") + (element.is_string() ? element.get<std::string>() : "");
    query[name] = names;
  }
  if (!query.contains("where")) query["where"] = Json::object();
  return query;
}

void take_query(Json& parameters, const Json& query) {
  for (const char* name : kCodeParameters) {
    const Json* value = find_member(query, name);
    if (value) {
      parameters[name] = *value;
    } else {
      parameters.erase(name);
    }
  }
}

bool asks_for(const Json& parameters, const char* name) {
  const Json* value = find_member(parameters, name);
  return value && !value->is_null() && *value != Json(false) && *value != Json("") && *value != Json("false");
}

bool has_subquery(const Json& parameters) {
  const Json* where = find_member(parameters, "where");
  if (!where) return false;
  const std::string text = to_json_text(typed(*where));  // as text it may spell an operator with escapes
  constexpr std::array kOperators = {"$inQuery", "$notInQuery", "$select", "$dontSelect"};
  return std::any_of(kOperators.begin(), kOperators.end(), [&](const char* name) { return text.find(name) != std::string::npos; });
}

// The query of a sub-query's operator, where it names the class; null for other operators.
Json* subquery(const std::string& name, Json& operand) {
  if (name == "$inQuery" || name == "$notInQuery") return operand.is_object() ? &operand : nullptr;
  if (name != "$select" && name != "$dontSelect") return nullptr;
  const bool has_query = operand.is_object() && operand.contains("query") && operand["query"].is_object();
  return has_query ? &operand["query"] : nullptr;
}

void add_name(Json& parameters, const char* name, const std::string& path) {
  std::string names = parameters.contains(name) ? parameters[name].get<std::string>() + "," : std::string();
  parameters[name] = names + path;
}

// The include and selection of the objects at a node, as parameters of a find of their own.
void describe(const IncludeTree& node, const std::string& prefix, Json& parameters) {
  if (node.selection.keys) {
    for (const std::string& key : *node.selection.keys) add_name(parameters, "keys", prefix + key);
  }
  for (const std::string& key : node.selection.excluded) add_name(parameters, "excludeKeys", prefix + key);
  for (const auto& [name, child] : node.children) {
    add_name(parameters, "include", prefix + name);
    describe(child, prefix + name + ".", parameters);
  }
}

Json without_includes(Json parameters, const FindOptions& options) {
  parameters.erase("include");
  parameters.erase("includeAll");
  parameters.erase("keys");
  if (options.selection.keys) {
    Json keys = Json::array();
    for (const std::string& key : *options.selection.keys) keys.push_back(key);
    parameters["keys"] = keys;
  }
  return parameters;
}

// The same fields and includes of other objects.
Json parameters_for(const Json& parameters, Json ids) {
  Json others = {{"where", {{"objectId", {{"$in", std::move(ids)}}}}}};
  for (const char* name : {"keys", "excludeKeys", "include", "includeAll"}) {
    if (const Json* value = find_member(parameters, name)) others[name] = *value;
  }
  return others;
}

IncludeTree tree_of(const ClassSchema* of, const FindOptions& options) {
  IncludeTree tree = options.include;
  if (!of || !options.include_all) return tree;
  for (const Field& field : of->fields()) {
    if (field.spec.type == FieldType::Pointer || field.spec.type == FieldType::Array) tree.children[field.name];
  }
  return tree;
}

}  // namespace

bool TriggeredFinds::is_plain(const std::string& class_name, const Json& parameters, const FindOptions& options) const {
  if (triggers_.listen("beforeFind", class_name) || triggers_.listen("afterFind", class_name)) return false;
  const bool includes = !options.include.empty() || options.include_all;
  if ((includes || class_name == "_User") && auth_.changes_shown()) return false;
  const bool some_listen = triggers_.listen_anywhere("beforeFind") || triggers_.listen_anywhere("afterFind");
  return !some_listen || (!includes && !has_subquery(parameters));
}

FindOptions TriggeredFinds::options_of(const Caller& caller, const Json& parameters) const {
  return parse_find_options(parameters, caller.is_maintenance, caller.is_master ? ComplexityLimits{} : settings_.complexity);
}

// Each sub-query as the code of its class wants it. What the code adds may hold sub-queries in turn, without an end if it likes.
void TriggeredFinds::ask_code_of_subqueries(const Caller& caller, Json& where, std::size_t depth) const {
  if (!where.is_structured()) return;
  for (auto& [name, value] : where.items()) {
    Json* query = subquery(name, value);
    if (query && depth == kMaxWhereDepth) throw Error(error_code::kInvalidQuery, "The sub-queries of the code are nested too deeply.");
    const std::string* class_name = query ? find_string(*query, "className") : nullptr;
    if (class_name && triggers_.listen("beforeFind", *class_name)) {
      Json parameters = {{"where", query->value("where", Json::object())}};
      run_before(caller, *class_name, {parameters}, parameters);
      (*query)["where"] = parameters["where"];
    }
    ask_code_of_subqueries(caller, value, query ? depth + 1 : depth);
  }
}

// What beforeFind answers in place of the database; null where it asks it. Changes the parameters.
Json TriggeredFinds::run_before(const Caller& caller, const std::string& class_name, const Asked& asked, Json& parameters) const {
  if (!triggers_.listen("beforeFind", class_name)) return nullptr;
  Json shown = query_for_code(parameters);
  const bool is_find = !asked.is_get && !asked.is_included && !asked.is_aggregate;
  if (is_find && !shown.contains("limit")) shown["limit"] = settings_.default_limit;
  Json request = {{"query", std::move(shown)}, {"count", asks_for(parameters, "count")}, {"isGet", asked.is_get}};
  const Json answer = triggers_.run("beforeFind", class_name, caller, std::move(request));
  if (const Json* query = find_member(answer, "query"); query && query->is_object()) take_query(parameters, *query);
  const Json* objects = find_member(answer, "objects");
  return objects && objects->is_array() ? *objects : Json();
}

Json TriggeredFinds::run_after(const Caller& caller, const std::string& class_name, const Asked& asked, const Json& parameters,
                               Json objects) const {
  if (!triggers_.listen("afterFind", class_name)) return objects;
  for (Json& object : objects) {
    if (object.is_object()) object["className"] = class_name;
  }
  Json request = {{"objects", objects}, {"query", query_for_code(parameters)}, {"isGet", asked.is_get}};
  const Json answer = triggers_.run("afterFind", class_name, caller, std::move(request));
  const Json* changed = find_member(answer, "objects");
  return changed && changed->is_array() ? *changed : objects;
}

// Of those with an id what the caller may read, as it is in the database; objects without an id are the code's own.
Json TriggeredFinds::readable(const Caller& caller, const std::string& class_name, const Asked& asked, const Json& parameters,
                              const Json& objects) const {
  if (caller.is_master) return objects;
  Json ids = Json::array();
  for (const Json& object : objects) {
    if (const std::string* id = find_string(object, "objectId")) ids.push_back(*id);
  }
  std::map<std::string, Json> rows;
  if (!ids.empty()) {
    Json found = ask_database(caller, class_name, parameters_for(parameters, std::move(ids)), {asked.is_get, true});
    for (Json& row : found["results"]) rows.emplace(row.at("objectId").get<std::string>(), std::move(row));
  }
  Json result = Json::array();
  for (const Json& object : objects) {
    const std::string* id = find_string(object, "objectId");
    const auto row = id ? rows.find(*id) : rows.end();
    if (!id || row != rows.end()) result.push_back(id ? row->second : object);
  }
  return result;
}

// The objects with those that they include in the places of pointers, each class found by a find of its own.
Json TriggeredFinds::with_included(const Caller& caller, const std::string& class_name, const FindOptions& options, Json objects) const {
  const IncludeTree tree = tree_of(store_.schema()->find(class_name), options);
  if (tree.empty()) return objects;
  IncludedByNode included;
  std::map<const IncludeTree*, std::map<std::string, std::set<std::string>>> wanted;
  for (const Json& object : objects) {
    for (const auto& [name, child] : tree.children) {
      const Json* value = find_member(object, name);
      if (value)
        visit_pointers(*value, child,
                       [&](const Pointer& to, const IncludeTree& node) { wanted[&node][to.class_name].insert(to.object_id); });
    }
  }
  for (const auto& [node, classes] : wanted) {
    for (const auto& [target, ids] : classes) {
      const bool is_get = ids.size() == 1;
      Json parameters = {{"where", {{"objectId", is_get ? Json(*ids.begin()) : Json{{"$in", ids}}}}}};
      describe(*node, "", parameters);
      const Json found = run(caller, target, {parameters, is_get, true});
      for (const Json& object : found["results"]) {
        const std::string* id = find_string(object, "objectId");
        if (!id) continue;
        Json whole = {{"__type", "Object"}, {"className", target}};
        whole.update(object);
        included[node][target][*id] = to_json_text(whole);
      }
    }
  }
  std::string text = "[";
  for (const Json& object : objects) {
    if (text.size() > 1) text += ',';
    append_included(text, object, tree, included, kMaxAnswerBytes);
  }
  return parse_json(text + "]");
}

Json TriggeredFinds::ask_database(const Caller& caller, const std::string& class_name, const Json& parameters, Terms terms) const {
  const FindOptions whole = options_of(caller, parameters);
  reader_.require_permitted_include(caller, class_name, whole);
  FindOptions options = options_of(caller, without_includes(parameters, whole));
  options.is_get = terms.as_get;
  options.is_unlimited = terms.is_unlimited;
  Json answer = parse_json(reader_.find(caller, class_name, options));
  answer["results"] = with_included(caller, class_name, whole, std::move(answer["results"]));
  return answer;
}

Json TriggeredFinds::run(const Caller& caller, const std::string& class_name, const Asked& asked) const {
  refuse_unreadable_class(caller, class_name, settings_);
  require_session_for(caller, class_name, settings_);
  Json parameters = asked.parameters;
  const Json given = run_before(caller, class_name, asked, parameters);
  Json answer = Json::object();
  if (!given.is_null()) {
    answer["results"] = readable(caller, class_name, asked, parameters, given);
  } else {
    if (parameters.contains("where")) {
      parameters["where"] = typed(parameters["where"]);
      ask_code_of_subqueries(caller, parameters["where"], 0);
    }
    answer = ask_database(caller, class_name, parameters, {asked.is_get || asked.is_included, asked.is_included});
  }
  answer["results"] = run_after(caller, class_name, asked, parameters, std::move(answer["results"]));
  if (class_name == "_User" && auth_.changes_shown()) {
    for (Json& user : answer["results"]) auth_.show(caller, user);
  }
  return answer;
}

std::string TriggeredFinds::find(const Caller& caller, const std::string& class_name, const Json& parameters) const {
  const FindOptions options = options_of(caller, parameters);
  const std::string target = redirected_class(*store_.schema(), class_name, options);
  if (is_plain(target, parameters, options) || options.explain) return reader_.find(caller, class_name, options);
  if (target == class_name) return to_json_text(run(caller, class_name, {parameters}));
  refuse_unreadable_class(caller, class_name, settings_);
  return to_json_text(run_redirected(caller, target, parameters));
}

// redirectClassNameForKey: the find of the other class, with the code of that one.
Json TriggeredFinds::run_redirected(const Caller& caller, const std::string& target, Json parameters) const {
  parameters.erase("redirectClassNameForKey");
  Json answer = run(caller, target, {std::move(parameters)});
  for (Json& object : answer["results"]) {
    if (object.is_object()) object["className"] = target;
  }
  return answer;
}

std::optional<std::string> TriggeredFinds::answer_to_aggregate(const Caller& caller, const std::string& class_name,
                                                               Json& parameters) const {
  if (!triggers_.listen("beforeFind", class_name)) return std::nullopt;
  Json asked = Json::object();  // the other names are those of stages
  for (const char* name : {"where", "hint", "readPreference", "comment"}) {
    if (const Json* value = find_member(parameters, name)) asked[name] = *value;
  }
  const Json given = run_before(caller, class_name, {asked, false, false, true}, asked);
  if (!given.is_null()) return to_json_text(Json{{"results", given}});
  const Json* where = find_member(asked, "where");
  if (where && !where->empty()) parameters["where"] = *where;
  return std::nullopt;
}

std::string TriggeredFinds::get(const Caller& caller, const std::string& class_name, const std::string& object_id,
                                const Json& parameters) const {
  const FindOptions options = parse_get_options(parameters);
  if (is_plain(class_name, parameters, options)) return reader_.get(caller, class_name, object_id, options);
  Json asked = parameters;
  asked["where"] = {{"objectId", object_id}};
  const Json answer = run(caller, class_name, {asked, true});
  if (answer["results"].empty()) throw Error(error_code::kObjectNotFound, "Object not found.");
  return to_json_text(answer["results"].front());
}

}  // namespace parsimony
