#include "services/cloud/triggered_saves.h"

#include <memory>
#include <utility>

#include "common/error.h"
#include "services/class_rules.h"
#include "services/objects/row_reader.h"

namespace parsimony {

// One save on its way.
struct TriggeredSaves::Save {
  Caller caller;
  std::string class_name;
  Json sent;                          // by the caller
  Json update = sent;                 // as the code has changed it
  std::optional<Json> original = {};  // of an update: the row before
  Json reverted = Json::array();      // names of fields that the code took back
  std::string object_id = {};         // of a new object, chosen by the code; empty: not
};

namespace {

const Caller kMaster{true};

bool is_deletion(const Json& value) {
  const std::string* op = find_string(value, "__op");
  return op && *op == "Delete";
}

// The fields that the code changed, as they are stored then.
void add_changes_by_code(Json& answer, const Json& sent, const Json& update, const Json& stored) {
  for (const auto& [name, value] : update.items()) {
    const Json* known = find_member(sent, name);
    if (known && *known == value) continue;
    if (is_deletion(value) || value.is_null()) {
      answer[name] = value;
    } else if (const Json* now = find_member(stored, name)) {
      answer[name] = *now;
    }
  }
}

// The id that the code gave a new object leaves the fields.
std::string take_chosen_id(Json& update, const Json& sent) {
  const std::string* id = find_string(update, "objectId");
  const Json* known = find_member(sent, "objectId");
  if (!id || id->empty() || (known && *known == *id)) return {};
  std::string chosen = *id;
  update.erase("objectId");
  return chosen;
}

// What the save itself wrote is no secret to the code behind it, whatever the caller may read.
void add_written(Json& object, const Json& update, const Json& whole) {
  for (const auto& [name, value] : update.items()) {
    const std::string field = name.substr(0, name.find('.'));
    const Json* written = find_member(whole, field);
    if (written && !find_member(object, field)) object[field] = *written;
  }
}

// With what adapters made of the authData in it; without any where nothing of it is new.
Json with_checked(Json body, const Authentication& proof) {
  if (proof.was_checked) {
    body["authData"] = proof.providers;
  } else {
    body.erase("authData");
  }
  return body;
}

PreparedWrite telling(PreparedWrite write, const Authentication& proof) {
  if (!proof.was_checked) return write;
  return {[write, responses = proof.responses](Transaction& transaction) {
            SaveResult result = write(transaction);
            result.answer["authDataResponse"] = responses;
            return result;
          },
          [write](SaveResult& result) { write.after_commit(result); }};
}

// The fields that the code took back, as they are.
void add_reverted(Json& answer, const Json& names, const Json& stored) {
  for (const Json& name : names) {
    if (!name.is_string()) continue;
    const Json* now = find_member(stored, name.get_ref<const std::string&>());
    answer[name.get<std::string>()] = now ? *now : Json{{"__op", "Delete"}};
  }
}

}  // namespace

bool TriggeredSaves::have_triggers(const std::string& class_name, const char* before, const char* after) const {
  return triggers_.listen(before, class_name) || triggers_.listen(after, class_name);
}

// Code is not run for what is forbidden anyway.
void TriggeredSaves::require_permitted(const Caller& caller, const std::string& class_name) const {
  refuse_unwritable_class(caller, class_name, settings_);
  require_valid_class_name(class_name);
  const auto classes = store_.schema();
  require_known_class(caller, *classes, class_name, settings_);
  if (const ClassSchema* of = classes->find(class_name)) require_class_permission(caller, *of, Operation::Create, settings_.refusals);
}

// The row that an update or a delete would change. Throws 101 where the caller may not.
Json TriggeredSaves::object_to_change(const Caller& caller, const std::string& class_name, const std::string& object_id,
                                      Operation operation) const {
  refuse_unwritable_class(caller, class_name, settings_);
  std::optional<Json> object;
  store_.read([&](Reads& reads) {
    require_known_class(caller, reads.schema(), class_name, settings_);
    const ClassSchema* of = reads.schema().find(class_name);
    if (!of) return;
    const Filter permitted = require_class_permission(caller, *of, operation, settings_.refusals);
    const Filter where = all_of({equals("objectId", object_id), permitted, row_filter(caller, *of, Permits::Right::Write)});
    object = triggers_.object_for_code(reads, *of, where, caller);
  });
  if (!object) {
    throw Error(error_code::kObjectNotFound, operation == Operation::Delete ? "Object not found for delete." : "Object not found.");
  }
  return std::move(*object);
}

// Runs beforeSave.
void TriggeredSaves::let_code_change(Save& save) const {
  if (!triggers_.listen("beforeSave", save.class_name)) return;
  Json request = {{"update", save.sent}};
  if (save.original) request["original"] = *save.original;
  const Json answer = triggers_.run("beforeSave", save.class_name, save.caller, std::move(request));
  const Json* update = find_member(answer, "update");
  if (!update || !update->is_object()) return;
  refuse_denied_keywords(*update, settings_.denied_keywords);
  save.update = *update;
  if (!save.original) save.object_id = take_chosen_id(save.update, save.sent);
  if (const Json* reverted = find_member(answer, "reverted"); reverted && reverted->is_array()) save.reverted = *reverted;
}

void TriggeredSaves::run_after_save(const Save& save, const Json& object, SaveResult& result) const {
  Json request = {{"object", object}};
  if (save.original) request["original"] = *save.original;
  const Json answer = triggers_.run_quietly("afterSave", save.class_name, save.caller, std::move(request));
  if (const Json* response = find_member(answer, "response"); response && response->is_object()) {
    result.answer = *response;
  } else if (const Json* changed = find_member(answer, "object"); changed && changed->is_object()) {
    result.answer.update(*changed);
  }
}

// What afterSave gets.
Json TriggeredSaves::object_behind(Transaction& transaction, const Save& save, const SaveResult& result) const {
  const ClassSchema& of = *transaction.schema().find(save.class_name);
  const Filter where = equals("objectId", result.object_id);
  Json object = triggers_.object_for_code(transaction, of, where, save.caller).value_or(Json::object());
  if (!save.caller.is_master) add_written(object, save.update, triggers_.object_for_code(transaction, of, where, kMaster).value_or(Json()));
  const Json* token = save.class_name == "_User" ? find_member(result.answer, "sessionToken") : nullptr;
  if (token) object["sessionToken"] = *token;
  return object;
}

// The write, which tells in its answer what the code changed, and the code behind it.
PreparedWrite TriggeredSaves::observed(Save save, PreparedWrite write) const {
  const auto shared = std::make_shared<const Save>(std::move(save));
  const auto stored = std::make_shared<Json>();
  return {[this, shared, stored, write](Transaction& transaction) {
            SaveResult result = write(transaction);
            *stored = object_behind(transaction, *shared, result);
            if (!result.is_new) return result;
            add_changes_by_code(result.answer, shared->sent, shared->update, *stored);
            add_reverted(result.answer, shared->reverted, *stored);
            return result;
          },
          [this, shared, stored, write](SaveResult& result) {
            write.after_commit(result);
            if (result.is_new) run_after_save(*shared, *stored, result);
          }};
}

// --- users who prove who they are --------------------------------------------------------------------------------------

// A create that finds its user is a sign-in, and has the triggers of one.
PreparedWrite TriggeredSaves::prepare_sign_in(const Caller& caller, const Json& user, const Json& body) const {
  const std::string user_id = text_of_member(user, "objectId");
  gate_.users().run_trigger("beforeLogin", caller, user_id);
  const AuthService& auth = gate_.users().auth();
  auth.require_additional(caller, user, body["authData"]);
  PreparedWrite sign_in = gate_.users().prepare_sign_in(caller, user, auth.check_sign_in(caller, user, body));
  return {[sign_in](Transaction& transaction) { return sign_in(transaction); },
          [this, caller, user_id](SaveResult& result) {
            gate_.users().auth().show(caller, result.answer);
            const std::string* token = find_string(result.answer, "sessionToken");
            gate_.users().run_trigger("afterLogin", caller, user_id, token ? *token : std::string());
          }};
}

PreparedWrite TriggeredSaves::prepare_sign_up(const Caller& caller, const Json& body) const {
  const AuthService& auth = gate_.users().auth();
  if (const auto user = auth.user_to_sign_in(caller, body)) return prepare_sign_in(caller, *user, body);
  const Authentication proof = auth.check_new(caller, body);
  return telling(prepare_new(caller, "_User", with_checked(body, proof)), proof);
}

PreparedWrite TriggeredSaves::prepare_linking(const Caller& caller, const std::string& user_id, const Json& body) const {
  const Authentication proof = gate_.users().auth().check_change(caller, user_id, body);
  return telling(prepare_change(caller, "_User", user_id, with_checked(body, proof)), proof);
}

// --- saves of every class ----------------------------------------------------------------------------------------------

PreparedWrite TriggeredSaves::prepare_create(const Caller& caller, const std::string& class_name, const Json& body) const {
  gate_.require_creatable(caller, class_name, body);
  const bool has_proof = class_name == "_User" && has_auth_data(body);
  return has_proof ? prepare_sign_up(caller, body) : prepare_new(caller, class_name, body);
}

PreparedWrite TriggeredSaves::prepare_update(const Caller& caller, const std::string& class_name, const std::string& object_id,
                                             const Json& body) const {
  gate_.require_change(caller, class_name, object_id, body);
  const bool links = class_name == "_User" && find_member(body, "authData");
  return links ? prepare_linking(caller, object_id, body) : prepare_change(caller, class_name, object_id, body);
}

PreparedWrite TriggeredSaves::prepare_new(const Caller& caller, const std::string& class_name, const Json& body) const {
  if (!have_triggers(class_name, "beforeSave", "afterSave")) return gate_.prepare_create(caller, class_name, body);
  require_permitted(caller, class_name);
  Save save{caller, class_name, body};
  let_code_change(save);
  PreparedWrite write = gate_.prepare_create(caller, class_name, save.update, save.object_id);
  return observed(std::move(save), std::move(write));
}

PreparedWrite TriggeredSaves::prepare_change(const Caller& caller, const std::string& class_name, const std::string& object_id,
                                             const Json& body) const {
  if (!have_triggers(class_name, "beforeSave", "afterSave")) return gate_.prepare_update(caller, class_name, object_id, body);
  Save save{caller, class_name, body};
  save.original = object_to_change(caller, class_name, object_id, Operation::Update);
  let_code_change(save);
  PreparedWrite write = gate_.prepare_update(caller, class_name, object_id, save.update);
  return observed(std::move(save), std::move(write));
}

PreparedWrite TriggeredSaves::prepare_remove(const Caller& caller, const std::string& class_name, const std::string& object_id) const {
  PreparedWrite remove = gate_.prepare_remove(caller, class_name, object_id);
  if (!have_triggers(class_name, "beforeDelete", "afterDelete")) return remove;
  const Json object = object_to_change(caller, class_name, object_id, Operation::Delete);
  if (triggers_.listen("beforeDelete", class_name)) triggers_.run("beforeDelete", class_name, caller, {{"object", object}});
  return {[remove](Transaction& transaction) { return remove(transaction); },
          [this, remove, caller, class_name, object](SaveResult& result) {
            remove.after_commit(result);
            if (triggers_.listen("afterDelete", class_name)) triggers_.run("afterDelete", class_name, caller, {{"object", object}});
          }};
}

}  // namespace parsimony
