// Who a session token stands for, and what clients do with their sessions (server-behaviour.md, section 7).
#pragma once
#include <string>

#include "services/cloud/triggers.h"
#include "services/objects/object_writer.h"
#include "services/settings.h"

namespace parsimony {

// Thread-safe; borrows all. Tokens and roles are looked up anew each time, so that whatever changes them holds
// from the next request on.
class SessionService {
 public:
  SessionService(Store& store, const Triggers& triggers, const ServiceSettings& settings)
      : store_(store), triggers_(triggers), settings_(settings) {}

  // The caller as the user whose session it is, with its roles. Throws 209 for a token that is unknown or has ended.
  Caller sign_in(Caller caller, const std::string& token) const;

  // The session with this token as its user sees it, as JSON text. Throws 209 when there is none.
  std::string current(const Caller& caller, const std::string& token) const;

  // Throw what is wrong with the call itself; the prepared write throws what the database says.
  PreparedWrite prepare_create(const Caller& caller, const Json& body) const;

  void log_out(const Caller& caller, const std::string& token) const;
  // A session more for the caller, as old clients ask for one, as JSON text.
  std::string upgrade(const Caller& caller) const;

 private:
  Store& store_;
  const Triggers& triggers_;
  const ServiceSettings& settings_;
};

// Throws 105 for a change of a session that is not the client's to make.
void require_session_fields(const Caller& caller, const Json& body);

}  // namespace parsimony
