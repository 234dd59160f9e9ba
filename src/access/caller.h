// On whose behalf something is done.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "access/call_origin.h"

namespace parsimony {

// The installation of Cloud Code, and of the master key where it names none, as in Parse Server.
inline constexpr const char* kCloudInstallation = "cloud";

struct Caller {
  // Permissions, ACLs and protected fields do not bind: the master key, the read-only master key, the maintenance key.
  bool is_master = false;
  bool is_read_only = false;         // with is_master: every write is refused
  bool is_maintenance = false;       // with is_master: internal fields, too; but not where the master key itself is asked for
  std::string user_id{};             // empty: nobody is signed in
  std::vector<std::string> roles{};  // "role:Name" of each role that the user holds, directly or by inheritance
  std::string session_token{};       // of the session by which the user is signed in
  std::string installation_id{};     // what the client says of itself; decides nothing but which sessions replace each other

  // Whether calls that ask for the master key itself are open to this caller.
  bool holds_master_key() const { return is_master && !is_maintenance; }
  bool is_anonymous = false;  // the user signed up without a name and password

  std::shared_ptr<CallOrigin> origin{};  // null where there is no code that would ask for it

  bool has_user() const { return !user_id.empty(); }
  // Gets no session for whom it signs up or in by authData.
  bool is_cloud() const { return installation_id == kCloudInstallation; }

  // The names by which rules may grant rights to this caller: "*", the user's id, the roles.
  std::vector<std::string> principals() const {
    std::vector<std::string> names = {"*"};
    if (has_user()) names.push_back(user_id);
    names.insert(names.end(), roles.begin(), roles.end());
    return names;
  }
};

}  // namespace parsimony
