#include "services/sessions/session_rows.h"

#include "access/caller.h"
#include "common/clock.h"
#include "common/ids.h"
#include "services/builtin_classes.h"
#include "services/objects/row_reader.h"
#include "types/date.h"
#include "types/pointer.h"

namespace parsimony {
namespace {

constexpr std::size_t kObjectIdSize = 10;
constexpr std::size_t kTokenBytes = 16;

// The class is made by its first use.
const ClassSchema& session_class(Transaction& transaction) {
  const ClassSchema* of = transaction.schema().find("_Session");
  return of ? *of : transaction.create_class(*builtin_class("_Session"));
}

void remove_where(Transaction& transaction, const Filter& where) {
  const ClassSchema* of = transaction.schema().find("_Session");
  if (!of) return;
  for (const Json& row : read_rows(transaction, *of, where)) transaction.remove(*of, text_of_member(row, "objectId"));
}

Filter is_of_user(const std::string& user_id) { return equals("user", encode(Pointer{"_User", user_id})); }

bool is_of_client(const std::string& installation_id) { return !installation_id.empty() && installation_id != kCloudInstallation; }

}  // namespace

std::optional<std::string> session_end(const SessionSettings& settings) {
  if (!settings.expire) return std::nullopt;
  return iso_date(now_ms() + settings.length_s * 1000);
}

MadeSession make_session(Transaction& transaction, const NewSession& session, const SessionSettings& settings) {
  const ClassSchema& of = session_class(transaction);
  MadeSession made{"r:" + new_token(kTokenBytes), new_object_id(kObjectIdSize), session.more};
  const std::string now = now_iso();
  made.row["objectId"] = made.object_id;
  made.row["sessionToken"] = made.token;
  made.row["user"] = encode(Pointer{"_User", session.user_id});
  if (!session.created_with.is_null()) made.row["createdWith"] = session.created_with;
  if (is_of_client(session.installation_id)) made.row["installationId"] = session.installation_id;
  if (const auto end = session_end(settings)) made.row["expiresAt"] = encode_date(*end);
  made.row["createdAt"] = made.row["updatedAt"] = encode_date(now);
  FieldValues values;
  for (const auto& [name, value] : made.row.items()) {
    if (const Field* field = of.find(name)) values.push_back({field, value});
  }
  transaction.insert(of, values);
  return made;
}

void end_sessions_of_installation(Transaction& transaction, const std::string& user_id, const std::string& installation_id,
                                  const std::string& kept_token) {
  if (!is_of_client(installation_id)) return;
  const Filter is_kept{Constraint{FieldPath{"sessionToken", {}}, Comparison::NotEqual, kept_token, {}}};
  remove_where(transaction, all_of({is_of_user(user_id), equals("installationId", installation_id), is_kept}));
}

void end_sessions_of_user(Transaction& transaction, const std::string& user_id) { remove_where(transaction, is_of_user(user_id)); }

void end_session(Transaction& transaction, const std::string& token) { remove_where(transaction, equals("sessionToken", token)); }

}  // namespace parsimony
