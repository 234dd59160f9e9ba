#include "services/users/password_policy.h"

#include "common/clock.h"
#include "common/error.h"
#include "query/json_shape.h"
#include "services/objects/row_reader.h"
#include "types/date.h"

namespace parsimony {
namespace {

constexpr double kDayMs = 24.0 * 60 * 60 * 1000;

[[noreturn]] void refuse(const std::string& text) { throw Error(error_code::kValidationError, text); }

[[noreturn]] void refuse_unmet(const PasswordPolicy& policy) {
  refuse(policy.refusal.value_or("Password does not meet the Password Policy requirements."));
}

std::vector<std::string> old_hashes(const Json& user, std::int64_t limit) {
  std::vector<std::string> hashes;
  if (limit <= 0) return hashes;
  if (std::string current = text_of_member(user, "_hashed_password"); !current.empty()) hashes.push_back(std::move(current));
  const Json* history = find_member(user, "_password_history");
  for (const Json& hash : history && history->is_array() ? *history : Json::array()) {
    if (hash.is_string()) hashes.push_back(hash.get<std::string>());
  }
  if (hashes.size() > static_cast<std::size_t>(limit)) hashes.resize(static_cast<std::size_t>(limit));
  return hashes;
}

}  // namespace

void require_good_judgement(const PasswordPolicy& policy, const Json* answer) {
  if (!answer || !is_truth(*answer) || *answer == "") refuse_unmet(policy);
}

void require_allowed_password(const PasswordPolicy& policy, const std::string& password, const std::string& username) {
  if (policy.pattern && !policy.pattern->matches(password)) refuse_unmet(policy);
  if (policy.forbid_username && !username.empty() && password.find(username) != std::string::npos)
    refuse("Password cannot contain your username.");
}

void require_new_password(const PasswordPolicy& policy, PasswordHasher& hasher, const std::string& password, const Json& user) {
  for (const std::string& hash : old_hashes(user, policy.history)) {
    if (hasher.matches(password, hash))
      refuse("New password should not be the same as last " + std::to_string(policy.history) + " passwords.");
  }
}

Json history_after_change(const PasswordPolicy& policy, const Json& user) {
  const std::vector<std::string> hashes = old_hashes(user, policy.history - 1);
  return hashes.empty() ? Json() : Json(hashes);
}

void require_fresh_password(const PasswordPolicy& policy, const Json& user) {
  const Json* changed = policy.max_age_days ? find_member(user, "_password_changed_at") : nullptr;
  const auto iso = changed ? decode_date(*changed) : std::nullopt;
  const auto since = iso ? parse_iso_date(*iso) : std::nullopt;
  if (since && static_cast<double>(now_ms() - *since) > *policy.max_age_days * kDayMs)
    throw Error(error_code::kObjectNotFound, "Your password has expired. Please reset your password.");
}

}  // namespace parsimony
