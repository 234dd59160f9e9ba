#include "services/config/config_service.h"

#include "common/error.h"
#include "query/update.h"

namespace parsimony {
namespace {

constexpr std::string_view kNote = "globalConfig";
constexpr const char* kTriggerClass = "@Config";
constexpr std::size_t kMaxNameBytes = 256;
constexpr std::size_t kMaxParameters = 2000;

// What JavaScript takes for true.
bool is_truthy(const Json* value) {
  if (!value || value->is_null()) return false;
  if (value->is_boolean()) return value->get<bool>();
  if (value->is_number()) return value->get<double>() != 0;
  return !value->is_string() || !value->get_ref<const std::string&>().empty();
}

const Json& object_in(const Json& body, const char* name) {
  static const Json kNone = Json::object();
  const Json* found = find_member(body, name);
  if (!found || found->is_null()) return kNone;
  if (!found->is_object()) throw Error(error_code::kInvalidJson, std::string(name) + " must be an object");
  return *found;
}

void require_valid_name(const std::string& name) {
  const bool valid = !name.empty() && name.size() <= kMaxNameBytes && name.find_first_of(std::string_view(".$\0", 3)) == std::string::npos;
  if (!valid) throw Error(error_code::kInvalidKeyName, "Invalid parameter name: " + name);
}

// What a parameter holds after the change; null when it is taken away.
Json changed(Json current, const Json& change) {
  for (const FieldUpdate& update : parse_update({{"value", change}})) {
    if (is_relation_update(update)) throw Error(error_code::kInvalidJson, "A parameter cannot be a relation.");
    implied_type(update);  // refuses encoded values that are malformed
    current = apply_update(update, std::move(current), false);
  }
  return current;
}

void change_parameter(Json& params, const std::string& name, const Json& change) {
  const Json* known = find_member(params, name);
  Json value = change.is_null() ? Json() : changed(known ? *known : Json(), change);
  if (value.is_null() && !change.is_null()) {
    params.erase(name);
  } else {
    params[name] = std::move(value);
  }
}

Json stored_config(Reads& reads) {
  const auto note = reads.note(kNote);
  return note ? parse_json(*note) : Json();
}

void hide_private(Json& config) {
  Json shown = {{"params", Json::object()}, {"masterKeyOnly", Json::object()}};
  for (const auto& [name, value] : config["params"].items()) {
    if (!is_truthy(find_member(config["masterKeyOnly"], name))) shown["params"][name] = std::move(value);
  }
  for (const auto& [name, flag] : config["masterKeyOnly"].items()) {
    if (!is_truthy(&flag)) shown["masterKeyOnly"][name] = flag;
  }
  config = std::move(shown);
}

}  // namespace

Json ConfigService::get(const Caller& caller) const {
  Json config;
  store_.read([&](Reads& reads) { config = stored_config(reads); });
  if (config.is_null()) return {{"params", Json::object()}};
  if (!caller.holds_master_key()) hide_private(config);
  return config;
}

void ConfigService::update(const Caller& caller, const Json& body) const {
  const Json& params = object_in(body, "params");
  const Json& flags = object_in(body, "masterKeyOnly");
  for (const auto& [name, value] : params.items()) require_valid_name(name);
  Json request = Json::object();
  if (triggers_.listen("beforeSave", kTriggerClass) || triggers_.listen("afterSave", kTriggerClass)) {
    store_.read([&](Reads& reads) {
      if (const Json known = stored_config(reads); !known.is_null()) request["original"] = {{"params", known["params"]}};
    });
  }
  if (triggers_.listen("beforeSave", kTriggerClass)) {
    request["object"] = {{"params", params}};
    triggers_.run("beforeSave", kTriggerClass, caller, request);
  }
  store_.write([&](Transaction& transaction) {
    Json config = stored_config(transaction);
    if (config.is_null()) config = {{"params", Json::object()}, {"masterKeyOnly", Json::object()}};
    for (const auto& [name, value] : params.items()) {
      change_parameter(config["params"], name, value);
      config["masterKeyOnly"][name] = is_truthy(find_member(flags, name));
    }
    if (config["masterKeyOnly"].size() > kMaxParameters) {
      throw Error(error_code::kInvalidJson, "The configuration cannot have more than " + std::to_string(kMaxParameters) + " parameters.");
    }
    transaction.set_note(kNote, to_json_text(config));
    request["object"] = {{"params", config["params"]}};
  });
  if (triggers_.listen("afterSave", kTriggerClass)) triggers_.run("afterSave", kTriggerClass, caller, request);
}

}  // namespace parsimony
