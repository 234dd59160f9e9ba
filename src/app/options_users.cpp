#include "app/options_users.h"

#include <string>

#include "app/option_error.h"
#include "common/error.h"

namespace parsimony {
namespace {

using Values = std::function<Json(const char*)>;

[[noreturn]] void refuse(const std::string& option, const std::string& rule) { throw OptionError("option \"" + option + "\" " + rule); }

double number_between(const Values& value, const char* option, double least, double most) {
  const Json given = value(option);
  const double number = given.is_number() ? given.get<double>() : 0;
  if (number < least || number > most) {
    refuse(option, "must be a number from " + to_json_text(Json(least)) + " to " + to_json_text(Json(most)));
  }
  return number;
}

bool is_true(const Values& value, const char* option) { return value(option) == Json(true); }

SessionSettings read_sessions(const Values& value) {
  constexpr double kLongest = 100.0 * 366 * 24 * 60 * 60;
  SessionSettings sessions;
  sessions.length_s = static_cast<std::int64_t>(number_between(value, "sessionLength", 1, kLongest));
  sessions.expire = is_true(value, "expireInactiveSessions");
  sessions.extend_on_use = is_true(value, "extendSessionOnUse");
  return sessions;
}

std::optional<LockoutSettings> read_lockout(const Values& value) {
  if (value("accountLockout.threshold").is_null() && value("accountLockout.duration").is_null()) return std::nullopt;
  LockoutSettings lockout;
  lockout.threshold = static_cast<std::int64_t>(number_between(value, "accountLockout.threshold", 1, 999));
  lockout.duration_minutes = number_between(value, "accountLockout.duration", 0.001, 99'999);
  return lockout;
}

std::shared_ptr<const Regex> read_pattern(const Json& pattern) {
  if (!pattern.is_string() || pattern == Json("")) return nullptr;
  try {
    return std::make_shared<const Regex>(pattern.get<std::string>(), "");
  } catch (const Error&) {
    refuse("passwordPolicy.validatorPattern", "is no regular expression");
  }
}

PasswordPolicy read_passwords(const Values& value) {
  PasswordPolicy policy;
  policy.pattern = read_pattern(value("passwordPolicy.validatorPattern"));
  if (const Json text = value("passwordPolicy.validationError"); text.is_string()) policy.refusal = text.get<std::string>();
  policy.forbid_username = is_true(value, "passwordPolicy.doNotAllowUsername");
  if (!value("passwordPolicy.maxPasswordHistory").is_null())
    policy.history = static_cast<std::int64_t>(number_between(value, "passwordPolicy.maxPasswordHistory", 0, 20));
  if (!value("passwordPolicy.maxPasswordAge").is_null())
    policy.max_age_days = number_between(value, "passwordPolicy.maxPasswordAge", 0, 1e6);
  if (policy.max_age_days == 0.0) policy.max_age_days.reset();
  return policy;
}

}  // namespace

UserSettings read_user_settings(const Values& value) {
  UserSettings users;
  users.sessions = read_sessions(value);
  users.private_users = is_true(value, "enforcePrivateUsers");
  users.anonymous_users = is_true(value, "enableAnonymousUsers");
  users.lower_case_emails = is_true(value, "convertEmailToLowercase");
  users.lower_case_usernames = is_true(value, "convertUsernameToLowercase");
  users.revoke_sessions_with_password = is_true(value, "revokeSessionOnPasswordReset");
  users.lockout = read_lockout(value);
  users.passwords = read_passwords(value);
  return users;
}

}  // namespace parsimony
