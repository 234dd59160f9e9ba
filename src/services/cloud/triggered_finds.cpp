#include "services/cloud/triggered_finds.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "common/error.h"
#include "services/class_rules.h"
#include "services/objects/included_values.h"

namespace parsimony {

struct TriggeredFinds::Asked {
  Json parameters;
  bool is_get = false;
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
  const std::string text = to_json_text(*where);
  constexpr std::array kOperators = {"$inQuery", "$notInQuery", "$select", "$dontSelect"};
  return std::any_of(kOperators.begin(), kOperators.end(), [&](const char* name) { return text.find(name) != std::string::npos; });
}

bool includes(const Json& parameters) {
  if (asks_for(parameters, "include") || asks_for(parameters, "includeAll")) return true;
  const Json* keys = find_member(parameters, "keys");  // "a.b" follows a
  return keys && to_json_text(*keys).find('.') != std::string::npos;
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

IncludeTree tree_of(const ClassSchema* of, const FindOptions& options) {
  IncludeTree tree = options.include;
  if (!of || !options.include_all) return tree;
  for (const Field& field : of->fields()) {
    if (field.spec.type == FieldType::Pointer || field.spec.type == FieldType::Array) tree.children[field.name];
  }
  return tree;
}

}  // namespace

bool TriggeredFinds::is_plain(const std::string& class_name, const Json& parameters) const {
  if (triggers_.listen("beforeFind", class_name) || triggers_.listen("afterFind", class_name)) return false;
  const bool shows_users = class_name == "_User" || includes(parameters);
  if (shows_users && auth_.changes_shown()) return false;
  const bool some_listen = triggers_.listen_anywhere("beforeFind") || triggers_.listen_anywhere("afterFind");
  return !some_listen || (!includes(parameters) && !has_subquery(parameters));
}

FindOptions TriggeredFinds::options_of(const Caller& caller, const Json& parameters) const {
  return parse_find_options(parameters, caller.is_maintenance, caller.is_master ? ComplexityLimits{} : settings_.complexity);
}

// Each sub-query as the code of its class wants it.
void TriggeredFinds::ask_code_of_subqueries(const Caller& caller, Json& where) const {
  if (!where.is_structured()) return;
  for (auto& [name, value] : where.items()) {
    if (Json* query = subquery(name, value)) {
      const std::string* class_name = find_string(*query, "className");
      if (class_name && triggers_.listen("beforeFind", *class_name)) {
        Json parameters = {{"where", query->value("where", Json::object())}};
        run_before(caller, *class_name, {parameters}, parameters);
        (*query)["where"] = parameters["where"];
        continue;
      }
    }
    ask_code_of_subqueries(caller, value);
  }
}

// What beforeFind answers in place of the database; null where it asks it. Changes the parameters.
Json TriggeredFinds::run_before(const Caller& caller, const std::string& class_name, const Asked& asked, Json& parameters) const {
  if (!triggers_.listen("beforeFind", class_name)) return nullptr;
  Json request = {{"query", query_for_code(parameters)}, {"count", asks_for(parameters, "count")}, {"isGet", asked.is_get}};
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

// Those that the caller may read; objects without an id are the code's own.
Json TriggeredFinds::readable(const Caller& caller, const std::string& class_name, const Json& objects) const {
  if (caller.is_master) return objects;
  Json ids = Json::array();
  for (const Json& object : objects) {
    if (const std::string* id = find_string(object, "objectId")) ids.push_back(*id);
  }
  const FindOptions options = options_of(caller, {{"where", {{"objectId", {{"$in", ids}}}}}, {"keys", "objectId"}, {"limit", ids.size()}});
  std::set<std::string> known;
  const Json found = parse_json(reader_.find(caller, class_name, options));
  for (const Json& object : found["results"]) known.insert(object["objectId"]);
  Json result = Json::array();
  for (const Json& object : objects) {
    const std::string* id = find_string(object, "objectId");
    if (!id || known.contains(*id)) result.push_back(object);
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
      Json parameters = {{"where", {{"objectId", {{"$in", ids}}}}}, {"limit", ids.size()}};
      describe(*node, "", parameters);
      const Json found = run(caller, target, {parameters});
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

Json TriggeredFinds::run(const Caller& caller, const std::string& class_name, const Asked& asked) const {
  refuse_unreadable_class(caller, class_name, settings_);
  require_session_for(caller, class_name, settings_);
  Json parameters = asked.parameters;
  const Json given = run_before(caller, class_name, asked, parameters);
  if (!given.is_null()) {
    return {{"results", run_after(caller, class_name, asked, parameters, readable(caller, class_name, given))}};
  }
  if (parameters.contains("where")) {
    parameters["where"] = typed(parameters["where"]);
    ask_code_of_subqueries(caller, parameters["where"]);
  }
  const FindOptions whole = options_of(caller, parameters);
  FindOptions options = options_of(caller, without_includes(parameters, whole));
  options.is_get = asked.is_get;
  Json answer = parse_json(reader_.find(caller, class_name, options));
  answer["results"] = with_included(caller, class_name, whole, std::move(answer["results"]));
  answer["results"] = run_after(caller, class_name, asked, parameters, std::move(answer["results"]));
  if (class_name == "_User" && auth_.changes_shown()) {
    for (Json& user : answer["results"]) auth_.show(caller, user);
  }
  return answer;
}

std::string TriggeredFinds::find(const Caller& caller, const std::string& class_name, const Json& parameters) const {
  const FindOptions options = options_of(caller, parameters);
  const std::string target = redirected_class(*store_.schema(), class_name, options);
  if (is_plain(target, parameters) || options.explain) return reader_.find(caller, class_name, options);
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

std::string TriggeredFinds::get(const Caller& caller, const std::string& class_name, const std::string& object_id,
                                const Json& parameters) const {
  const FindOptions options = parse_get_options(parameters);
  if (is_plain(class_name, parameters)) return reader_.get(caller, class_name, object_id, options);
  Json asked = parameters;
  asked["where"] = {{"objectId", object_id}};
  const Json answer = run(caller, class_name, {asked, true});
  if (answer["results"].empty()) throw Error(error_code::kObjectNotFound, "Object not found.");
  return to_json_text(answer["results"].front());
}

}  // namespace parsimony
