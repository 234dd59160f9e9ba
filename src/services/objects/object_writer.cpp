#include "services/objects/object_writer.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "common/clock.h"
#include "common/error.h"
#include "common/ids.h"
#include "services/builtin_classes.h"
#include "services/class_rules.h"
#include "services/files/file_url_rules.h"
#include "services/objects/field_changes.h"
#include "services/objects/object_removal.h"
#include "types/acl.h"
#include "types/date.h"
#include "types/pointer.h"

namespace parsimony {
namespace {

// Of one save, the members of its Batch operators counted each: the writer's time grows with changes times fields.
constexpr std::size_t kMaxChanges = 2 * kMaxFieldsInUpdate;

// The body of a save, taken apart.
struct SaveBody {
  Update update;  // of the class's own fields
  bool sets_acl = false;
  Json acl;                       // null: none
  std::optional<Json> object_id;  // as sent
  SaveAdditions additions;
  std::optional<std::string> created_at;
  std::optional<std::string> updated_at;
};

void require_date(const std::string& class_name, const FieldUpdate& change) {
  const auto implied = implied_type(change);
  if (!implied || implied->type == FieldType::Date) return;
  throw Error(error_code::kIncorrectType,
              "schema mismatch for " + class_name + "." + change.path.field + "; expected Date but got " + describe(*implied));
}

// A file's URL is computed when it is read; what a client says about it is not believed.
void drop_file_url(Json& value) {
  const std::string* type = find_string(value, "__type");
  if (type && *type == "File") value = Json{{"__type", "File"}, {"name", value.at("name")}};
}

[[noreturn]] void refuse_field_name(const std::string& name) {
  throw Error(error_code::kInvalidKeyName, name + " is an invalid field name.");
}

void take_field(SaveBody& body, const std::string& class_name, FieldUpdate change) {
  const std::string& name = change.path.field;
  if (!change.path.inner.empty() && is_base_field(name)) refuse_field_name(change.path.text());
  if (name == "createdAt" || name == "updatedAt") {
    require_date(class_name, change);
    if (change.kind == UpdateKind::Set) (name == "createdAt" ? body.created_at : body.updated_at) = decode_date(change.operand);
  } else if (name == "objectId") {
    body.object_id = change.operand;
  } else if (name == "id") {
    refuse_field_name(name);
  } else if (name == "ACL") {
    body.sets_acl = true;
    body.acl = change.kind == UpdateKind::Delete || change.operand.is_null() ? Json() : encode(decode_acl(change.operand));
  } else {
    drop_file_url(change.operand);
    body.update.push_back(std::move(change));
  }
}

SaveBody read_body(const std::string& class_name, const Json& json) {
  SaveBody body;
  Update update = parse_update(json);
  if (update.size() > kMaxChanges) {
    throw Error(error_code::kInvalidJson, "A save makes at most " + std::to_string(kMaxChanges) + " changes.");
  }
  for (FieldUpdate& change : update) take_field(body, class_name, std::move(change));
  return body;
}

std::string id_of_new_object(const SaveBody& body, const ServiceSettings& settings) {
  if (!body.object_id && !body.additions.object_id.empty()) {
    if (body.additions.object_id.size() > kMaxNameLength) refuse_field_name("objectId");
    return body.additions.object_id;
  }
  if (!body.object_id) return new_object_id(settings.object_id_size);
  if (!settings.allow_custom_object_id) refuse_field_name("objectId");
  if (!body.object_id->is_string() || body.object_id->get_ref<const std::string&>().empty()) {
    throw Error(error_code::kMissingObjectId, "objectId must not be empty, null or undefined");
  }
  if (body.object_id->get_ref<const std::string&>().size() > kMaxNameLength) refuse_field_name("objectId");
  return body.object_id->get<std::string>();
}

const ClassSchema& create_class_for(Transaction& transaction, const std::string& class_name, const Update& update) {
  const ClassSchema* builtin = builtin_class(class_name);
  std::vector<Field> fields = builtin ? builtin->fields() : base_fields();
  std::vector<Field> missing = missing_fields(ClassSchema(class_name, fields), update);
  if (fields.size() + missing.size() > kMaxFields) {
    throw Error(error_code::kInvalidSchemaOperation, "A class cannot have more than " + std::to_string(kMaxFields) + " fields.");
  }
  for (Field& field : missing) fields.push_back(std::move(field));
  ClassSchema definition(class_name, std::move(fields));
  definition.permissions = open_permissions();
  return transaction.create_class(definition);
}

bool is_plainly_set(const Update& update, const std::string& field) {
  bool is_set = false;
  for (const FieldUpdate& change : update) {
    if (change.path.field != field) continue;
    if (change.kind != UpdateKind::Set) return false;
    is_set = true;
  }
  return is_set;
}

// What the client does not know yet: operators' results and defaults.
void add_unknown_values(Json& answer, const FieldValues& values, const Update& update) {
  for (const FieldValue& value : values) {
    if (!is_plainly_set(update, value.field->name)) answer[value.field->name] = value.value;
  }
}

// What is protected from the caller leaves the answer where the options say so.
void hide_protected(SaveResult& result, const Caller& caller, const ClassSchema& of, const ServiceSettings& settings) {
  if (settings.protection.saves_exempt) return;
  const HiddenFields hidden(caller, of, settings.protection);
  const bool is_own_row = !hidden.own_row().empty() && hidden.own_row() == result.object_id;
  Json::object_t shown;
  for (const auto& [name, value] : result.answer.items()) {
    if (!hidden.may_hide(name, is_own_row)) shown.emplace_back(name, value);
  }
  result.answer = std::move(shown);
}

Json acl_of_new_object(const SaveBody& body, const Caller& caller, const ClassSchema& of, Json& answer) {
  if (body.additions.acl) return *body.additions.acl;
  if (body.sets_acl) return body.acl;
  Json acl = default_acl(caller, of);
  if (!acl.is_null()) answer["ACL"] = acl;
  return acl;
}

void add_values(FieldValues& values, const ClassSchema& of, const SaveAdditions& additions) {
  for (const auto& [name, value] : additions.values) {
    const Field* field = of.find(name);
    std::erase_if(values, [&](const FieldValue& known) { return known.field == field; });
    values.push_back({field, value});
  }
}

struct Times {
  std::string created_at;
  std::string updated_at;
};

// The maintenance key says when an object was made, for objects that come from elsewhere.
Times times_of_new_object(const Caller& caller, const SaveBody& body) {
  const std::string now = now_iso();
  if (!caller.is_maintenance || !body.created_at) return {now, now};
  Times times{*body.created_at, body.updated_at.value_or(*body.created_at)};
  if (times.updated_at < times.created_at) throw Error(error_code::kValidationError, "updatedAt cannot occur before createdAt");
  return times;
}

SaveResult create_object(Transaction& transaction, const Caller& caller, const std::string& class_name, const SaveBody& body,
                         const ServiceSettings& settings) {
  const ClassSchema* of = transaction.schema().find(class_name);
  if (of) {
    require_class_permission(caller, *of, Operation::Create, settings.refusals);
    of = &require_fields_of_new_object(transaction, *of, body.update, caller, settings);
  } else {
    require_known_class(caller, transaction.schema(), class_name, settings);
    of = &create_class_for(transaction, class_name, body.update);
  }
  SaveResult result{id_of_new_object(body, settings), Json::object()};
  const Times times = times_of_new_object(caller, body);
  result.answer = {{"objectId", result.object_id}, {"createdAt", times.created_at}};

  FieldValues values = values_of_new_object(*of, body.update);
  add_unknown_values(result.answer, values, body.update);
  Json acl = acl_of_new_object(body, caller, *of, result.answer);
  add_values(values, *of, body.additions);
  values.push_back({of->find("objectId"), result.object_id});
  values.push_back({of->find("createdAt"), encode_date(times.created_at)});
  values.push_back({of->find("updatedAt"), encode_date(times.updated_at)});
  values.push_back({of->find("ACL"), std::move(acl)});
  transaction.insert(*of, values);
  change_relations(transaction, *of, body.update, result.object_id);
  hide_protected(result, caller, *of, settings);
  return result;
}

// The fields whose new value depends on the one before.
std::vector<const Field*> fields_to_read(const ClassSchema& of, const Update& update) {
  std::vector<const Field*> fields = {of.find("objectId")};
  for (const FieldUpdate& change : update) {
    const Field* field = of.find(change.path.field);
    const bool depends = change.kind != UpdateKind::Set && change.kind != UpdateKind::Delete && !is_relation_update(change);
    const bool is_read = std::find(fields.begin(), fields.end(), field) != fields.end();
    if (field && !is_read && (depends || !change.path.inner.empty())) fields.push_back(field);
  }
  return fields;
}

// The row under the caller's rights; throws 101 when there is none.
Json read_current(Transaction& transaction, const ClassSchema& of, const std::string& object_id, const Filter& permitted,
                  std::vector<const Field*> fields) {
  const Filter where = all_of({equals("objectId", object_id), permitted});
  const RowLayout layout(fields);
  std::optional<Json> current;
  transaction.find(Select{&of, std::move(fields), &where, {}, 1, 0}, [&](const Row& row) { current = decode_object(layout, row, {}); });
  if (!current) throw Error(error_code::kObjectNotFound, "Object not found.");
  return std::move(*current);
}

Json nested(const std::vector<std::string>& way, const Json& value) {
  Json result = value;
  for (auto name = way.rbegin(); name != way.rend(); ++name) result = Json{{*name, std::move(result)}};
  return result;
}

// Puts the operator's result into the answer, dotted paths as nested objects.
void answer_with(Json& answer, const FieldUpdate& change, const Json& value) {
  if (change.path.inner.empty()) {
    answer[change.path.field] = value;
    return;
  }
  const Json* at = &value;
  for (const std::string& name : change.path.inner) {
    at = at->is_array() ? &at->at(std::stoul(name)) : find_member(*at, name);
    if (!at) return;
  }
  answer[change.path.field].merge_patch(nested(change.path.inner, *at));
}

// The new values of the changed fields, with the operators' results noted in the answer.
FieldValues values_after(const ClassSchema& of, const Update& update, Json& current, Json& answer) {
  FieldValues values;
  for (const FieldUpdate& change : update) {
    const Field* field = of.find(change.path.field);
    if (!field || field->spec.type == FieldType::Relation) continue;
    Json& value = current[field->name];
    value = apply_update(change, std::move(value), false);
    if (answers_with_value(change)) answer_with(answer, change, value);
    const bool is_listed = std::any_of(values.begin(), values.end(), [&](const FieldValue& v) { return v.field == field; });
    if (!is_listed) values.push_back({field, nullptr});
  }
  for (FieldValue& value : values) value.value = std::move(current[value.field->name]);
  return values;
}

SaveResult update_object(Transaction& transaction, const Caller& caller, const std::string& class_name, const std::string& object_id,
                         const SaveBody& body, const ServiceSettings& settings) {
  require_known_class(caller, transaction.schema(), class_name, settings);
  const ClassSchema* of = transaction.schema().find(class_name);
  if (!of) throw Error(error_code::kObjectNotFound, "Object not found.");
  const Filter rows = require_class_permission(caller, *of, Operation::Update, settings.refusals);
  const CompletedClass completed = require_fields(transaction, *of, body.update, caller, settings);
  of = &completed.of;
  require_values_on_update(*of, body.update);
  const Filter permitted = all_of({rows, completed.rows, row_filter(caller, *of, Permits::Right::Write)});
  Json current = read_current(transaction, *of, object_id, permitted, fields_to_read(*of, body.update));

  SaveResult result{object_id, Json::object()};
  FieldValues values = values_after(*of, body.update, current, result.answer);
  const std::string now = now_iso();
  result.answer["updatedAt"] = now;
  values.push_back({of->find("updatedAt"), encode_date(now)});
  add_values(values, *of, body.additions);
  if (body.sets_acl) values.push_back({of->find("ACL"), body.additions.acl.value_or(body.acl)});
  transaction.update(*of, object_id, values);
  change_relations(transaction, *of, body.update, object_id);
  hide_protected(result, caller, *of, settings);
  return result;
}

SaveResult remove_object(Transaction& transaction, const Caller& caller, const std::string& class_name, const std::string& object_id,
                         const ServiceSettings& settings) {
  require_known_class(caller, transaction.schema(), class_name, settings);
  const ClassSchema* of = transaction.schema().find(class_name);
  if (!of) throw Error(error_code::kObjectNotFound, "Object not found.");
  const Filter rows = require_class_permission(caller, *of, Operation::Delete, settings.refusals);
  const Filter permitted = all_of({rows, row_filter(caller, *of, Permits::Right::Write)});
  read_current(transaction, *of, object_id, permitted, {of->find("objectId")});
  ObjectRemoval(transaction).remove(*of, object_id);
  return {object_id, Json::object()};
}

void require_open_class(const Caller& caller, const std::string& class_name, const ServiceSettings& settings) {
  refuse_unwritable_class(caller, class_name, settings);
  require_valid_class_name(class_name);
}

}  // namespace

PreparedWrite ObjectWriter::prepare_create(const Caller& caller, const std::string& class_name, const Json& json,
                                           SaveAdditions additions) const {
  require_open_class(caller, class_name, settings_);
  require_allowed_file_urls(json, settings_.file_rules.url_domains);
  SaveBody body = read_body(class_name, json);
  require_builtin_values(class_name, json, SaveKind::Create);
  body.additions = std::move(additions);
  return [caller, class_name, body = std::move(body), &settings = settings_](Transaction& transaction) {
    return create_object(transaction, caller, class_name, body, settings);
  };
}

PreparedWrite ObjectWriter::prepare_update(const Caller& caller, const std::string& class_name, const std::string& object_id,
                                           const Json& json, SaveAdditions additions) const {
  require_open_class(caller, class_name, settings_);
  require_allowed_file_urls(json, settings_.file_rules.url_domains);
  SaveBody body = read_body(class_name, json);
  if (body.object_id && *body.object_id != Json(object_id)) refuse_field_name("objectId");
  require_builtin_values(class_name, json, SaveKind::Update);
  body.additions = std::move(additions);
  return [caller, class_name, object_id, body = std::move(body), &settings = settings_](Transaction& transaction) {
    return update_object(transaction, caller, class_name, object_id, body, settings);
  };
}

PreparedWrite ObjectWriter::prepare_remove(const Caller& caller, const std::string& class_name, const std::string& object_id) const {
  require_open_class(caller, class_name, settings_);
  return [caller, class_name, object_id, &settings = settings_](Transaction& transaction) {
    return remove_object(transaction, caller, class_name, object_id, settings);
  };
}

void ObjectWriter::purge(const std::string& class_name) const {
  const Caller master{true};
  refuse_unwritable_class(master, class_name, settings_);
  store_.write([&](Transaction& transaction) {
    if (const ClassSchema* of = transaction.schema().find(class_name)) ObjectRemoval(transaction).remove_all(*of);
  });
}

SaveResult ObjectWriter::run(const PreparedWrite& write) const {
  SaveResult result;
  store_.write([&](Transaction& transaction) { result = write(transaction); });
  write.after_commit(result);
  return result;
}

std::vector<ObjectWriter::Outcome> ObjectWriter::run_each(const std::vector<PreparedWrite>& writes) const {
  std::vector<Outcome> outcomes(writes.size());
  std::vector<std::function<void(Transaction&)>> closures;
  for (std::size_t i = 0; i < writes.size(); ++i) {
    closures.push_back([&, i](Transaction& transaction) { outcomes[i].result = writes[i](transaction); });
  }
  std::vector<std::exception_ptr> errors = store_.write_each(closures);
  for (std::size_t i = 0; i < writes.size(); ++i) {
    outcomes[i].error = std::move(errors[i]);
    if (outcomes[i].error) continue;
    try {
      writes[i].after_commit(outcomes[i].result);
    } catch (...) {
      outcomes[i].error = std::current_exception();
    }
  }
  return outcomes;
}

std::vector<SaveResult> ObjectWriter::run_together(const std::vector<PreparedWrite>& writes) const {
  std::vector<SaveResult> results;
  store_.write([&](Transaction& transaction) {
    results.clear();
    for (const PreparedWrite& write : writes) results.push_back(write(transaction));
  });
  for (std::size_t i = 0; i < writes.size(); ++i) writes[i].after_commit(results[i]);
  return results;
}

}  // namespace parsimony
