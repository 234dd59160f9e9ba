// What the options say about users and their sessions (server-behaviour.md, sections 6, 7 and 9).
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "query/regex.h"

namespace parsimony {

struct SessionSettings {
  std::int64_t length_s = 31'536'000;
  bool expire = true;          // sessions end after their length
  bool extend_on_use = false;  // ... counted anew when a session is used in its second half
};

struct LockoutSettings {
  std::int64_t threshold = 0;  // failed logins until the account is locked
  double duration_minutes = 0;
};

struct PasswordPolicy {
  std::shared_ptr<const Regex> pattern;  // null: every password
  std::optional<std::string> refusal;    // said in place of Parse's own sentence
  bool forbid_username = false;
  bool has_judge = false;    // an adapter that judges passwords, too
  std::int64_t history = 0;  // how many passwords, the current one among them, cannot be set again
  std::optional<double> max_age_days;
};

struct UserSettings {
  SessionSettings sessions;
  bool private_users = true;  // a new user is readable by itself alone
  bool anonymous_users = true;
  std::vector<std::string> auth_providers;  // that adapters check, beside anonymous users
  bool lower_case_emails = false;
  bool lower_case_usernames = false;
  bool revoke_sessions_with_password = true;
  std::optional<LockoutSettings> lockout;
  PasswordPolicy passwords;
};

}  // namespace parsimony
