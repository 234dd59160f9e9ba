// Signing up and in, and what is special about saving users (server-behaviour.md, sections 6 and 9; rest-api.md, section 10).
#pragma once
#include <string>

#include "services/cloud/triggers.h"
#include "services/objects/object_writer.h"
#include "services/settings.h"
#include "services/users/auth_service.h"
#include "services/users/password_hasher.h"
#include "services/users/user_body.h"

namespace parsimony {

// How somebody proves who they are. Members that are no text match nobody.
struct Credentials {
  Json username;
  Json email;
  Json password;
  Json auth_data;  // null: none
};

// Thread-safe; borrows all. A method that hashes a password waits for it (password_hasher.h).
class UserService {
 public:
  UserService(Store& store, const ObjectWriter& writer, const Triggers& triggers, const AuthService& auth, Adapters& adapters,
              const ServiceSettings& settings);

  // Throw what a caller may not say of a user, and what is missing: asked of what was sent, before code changes it.
  void require_new_user(const Caller& caller, const Json& body) const;
  void require_user_change(const Caller& caller, const std::string& user_id, const Json& body) const;

  const AuthService& auth() const { return auth_; }

  // Throw what is wrong with the call itself; the prepared write throws what the database says. The answer to a sign-up holds the token
  // of a new session; so does that to a change of the password by the user. The authData in it has been checked.
  // `object_id` as ObjectGate's.
  PreparedWrite prepare_create(const Caller& caller, const Json& body, const std::string& object_id = {}) const;
  PreparedWrite prepare_update(const Caller& caller, const std::string& user_id, const Json& body) const;
  PreparedWrite prepare_remove(const Caller& caller, const std::string& user_id) const;
  // A create that signs in a user who has proved who it is. The answer is the user, with the token of a new session.
  PreparedWrite prepare_sign_in(const Caller& caller, const Json& user, const Authentication& proof) const;

  // The triggers beforeLogin, which may refuse, and afterLogin: with the user, and the token that it has then.
  void run_trigger(const char* name, const Caller& caller, const std::string& user_id, const std::string& token = {}) const;

  // The user with a new session, as JSON text. Throws 200, 201 for what is missing, 101 for what is wrong.
  std::string log_in(const Caller& caller, const Credentials& credentials) const;
  // What adapters ask back before somebody signs in (rest-api.md, section 10): {"challengeData": {...}}.
  Json challenge(const Caller& caller, const Credentials& credentials, const Json& body) const;
  // The same without a session.
  std::string verify_password(const Caller& caller, const Credentials& credentials) const;
  // A session for the master key in the name of a user. Throws 101 for an unknown one.
  std::string log_in_as(const Caller& caller, const std::string& user_id) const;
  // The caller's own user with the token it came with. Throws 209 when nobody is signed in.
  std::string me(const Caller& caller) const;

 private:
  Json check_credentials(const Caller& caller, const Credentials& credentials) const;
  std::string user_with_session(const Caller& caller, const std::string& user_id, const std::string& provider,
                                const Authentication& proof = {}) const;
  Json user_of_challenge(const Caller& caller, const Json& auth_data) const;
  std::string shown(const Caller& caller, std::string user) const;
  void require_allowed_password(const Caller& caller, const std::string& password, const std::string& username) const;
  void note_login(const Json& user, bool is_right) const;
  void set_password(const Caller& caller, SaveAdditions& additions, const UserBody& body, const std::string& username,
                    const Json* user) const;
  UserBody lowered(UserBody body) const;

  Store& store_;
  const ObjectWriter& writer_;
  const Triggers& triggers_;
  const AuthService& auth_;
  Adapters& adapters_;
  const ServiceSettings& settings_;
  mutable PasswordHasher hasher_;
};

}  // namespace parsimony
