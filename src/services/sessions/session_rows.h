// Making and ending sessions, as rows of _Session (server-behaviour.md, section 7).
#pragma once
#include <optional>
#include <string>

#include "services/users/user_settings.h"
#include "storage/store.h"

namespace parsimony {

struct NewSession {
  std::string user_id;
  Json created_with;            // {"action":"login","authProvider":"password"}; null: nothing is said
  std::string installation_id;  // empty: none
  Json more = Json::object();   // fields of the app's own
};

struct MadeSession {
  std::string token;  // "r:" and 32 hexadecimal digits
  std::string object_id;
  Json row;  // as stored, in Parse's JSON encoding
};

MadeSession make_session(Transaction& transaction, const NewSession& session, const SessionSettings& settings);

// Ends every session of the user on the installation but the one with `kept_token`.
void end_sessions_of_installation(Transaction& transaction, const std::string& user_id, const std::string& installation_id,
                                  const std::string& kept_token);
void end_sessions_of_user(Transaction& transaction, const std::string& user_id);
void end_session(Transaction& transaction, const std::string& token);

// When a session that begins or is extended now ends; nothing when sessions do not end.
std::optional<std::string> session_end(const SessionSettings& settings);

}  // namespace parsimony
