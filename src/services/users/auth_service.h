// Ways to sign in beside a password: what users say in authData, checked by the adapters of the options (server-behaviour.md, section 11).
//
// Anonymous users prove nothing but their id; every other provider has an adapter. Adapters are asked outside of transactions, one after
// the other in the order of the providers' names, so that the first that refuses ends it.
#pragma once
#include <optional>
#include <string>

#include "services/cloud/adapters.h"
#include "services/cloud/triggers.h"
#include "services/settings.h"
#include "storage/store.h"

namespace parsimony {

// What came of authData.
struct Authentication {
  bool was_checked = false;         // the answer tells so, with what adapters want told
  Json providers = Json::object();  // what to store of each: data, null takes the link away
  Json responses = Json::object();  // provider → what its adapter answers the client
  Json seen = nullptr;              // the user's authData when it was checked; null: none
};

// Thread-safe; borrows all. The methods wait for adapters, but for user_of(), and throw what they throw.
class AuthService {
 public:
  AuthService(Store& store, const Triggers& triggers, Adapters& adapters, const ServiceSettings& settings)
      : store_(store), triggers_(triggers), adapters_(adapters), settings_(settings) {}

  // The user whom a sign-up means to sign in. Throws 208, after the adapters had their say, when it names two, or another than the caller.
  std::optional<Json> user_to_sign_in(const Caller& caller, const Json& body) const;
  // Checks what a new user says, what somebody says who is about to sign in as `user`, and what a user's change says. `body` is the
  // request's. The change throws 208 for what another user has.
  Authentication check_new(const Caller& caller, const Json& body) const;
  Authentication check_sign_in(const Caller& caller, const Json& user, const Json& body) const;
  Authentication check_change(const Caller& caller, const std::string& user_id, const Json& body) const;

  // Throws -1 when the user has a provider that has to come along with every sign-in, and does not.
  void require_additional(const Caller& caller, const Json& user, const Json& given) const;

  // What the adapters ask back before a sign-in: provider → answer. `user` is null where nobody is known yet.
  Json challenge(const Caller& caller, const Json& user, const Json& body) const;
  // The one user whom the authData of a challenge proves. Throws 101 for nobody, whatever the reason.
  Json user_of_challenge(const Caller& caller, const Json& auth_data) const;

  // Whether some adapter changes how authData is shown; and its doing so in a user that somebody is about to get.
  bool changes_shown() const;
  void show(const Caller& caller, Json& user) const;

 private:
  Authentication check(const Caller& caller, const Json& auth_data, const Json& user, const Json& body) const;
  // Asks the adapter of a provider.
  Json ask(const Caller& caller, const std::string& provider, const std::string& method, Json request) const;
  Json request_of(const Caller& caller, const Json& user) const;
  Json validate(const Caller& caller, const std::string& provider, const Json& data, const Json& user, const Json& body) const;
  std::vector<Json> find(const Caller& caller, const Json& auth_data) const;

  Store& store_;
  const Triggers& triggers_;
  Adapters& adapters_;
  const ServiceSettings& settings_;
};

// Writes what was checked into the user's row. Throws 141 when it was changed meanwhile: what is good once has been used.
void store_authentication(Transaction& transaction, const std::string& user_id, const Authentication& made,
                          const std::vector<std::string>& providers);

}  // namespace parsimony
