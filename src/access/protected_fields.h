// Which fields of an object its caller does not see (server-behaviour.md, section 4.3).
//
// Pure: nothing is read. Every entity that applies to the caller brings a set of fields; hidden is what all of these sets hold, so that
// a more specific set lifts the protection of a wider one. The sets of "userField:<field>" apply to the rows whose field points to the
// caller.
#pragma once
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "access/caller.h"
#include "query/filter.h"
#include "types/class_schema.h"

namespace parsimony {

// What the options say.
struct ProtectionSettings {
  Json classes = {{"_User", {{"*", Json::array({"email"})}}}};  // class → entity → names of fields, beside those of the classes
  bool owner_exempt = true;                                     // users see all fields of their own _User row
  bool saves_exempt = true;                                     // the answer to a save shows protected fields
  bool triggers_exempt = false;                                 // Cloud Code sees all fields, whoever calls
};

// The names of the fields that are protected, entity by entity: those of the class and those of the options together.
using ProtectedSets = std::map<std::string, std::set<std::string, std::less<>>, std::less<>>;
ProtectedSets protected_sets(const ClassSchema& of, const ProtectionSettings& settings);
// Whether the set of an entity applies to the caller in every row; never for "userField:<field>".
bool is_met_by(const std::string& entity, const Caller& caller);
inline constexpr std::string_view kUserFieldEntity = "userField:";

// What one caller does not see of one class. Immutable; borrows nothing. Beside what is protected, the authData of other users.
class HiddenFields {
 public:
  using Names = std::set<std::string, std::less<>>;
  // A set that applies to the rows whose field points to the caller.
  struct RowRule {
    std::string pointer;
    Names fields;
  };
  // What distinguishes a row: whether it is the caller's own row of _User, and which of the rules apply to it.
  struct RowKind {
    bool is_own = false;
    std::vector<const RowRule*> applying;
  };

  HiddenFields(const Caller& caller, const ClassSchema& of, const ProtectionSettings& settings);

  // Whether only the caller's own row of _User shows the field: a condition on it holds for no other.
  bool is_private(std::string_view field) const;
  // Whether a row may hide the field: it is not searched, sorted or summed by, because that tells of the rows that hide it. In a query
  // for the caller's own row of _User alone, more is open.
  bool may_hide(std::string_view field, bool is_own_row_alone = false) const;
  // Whether every row hides it, so that it need not be read.
  bool always_hides(std::string_view field) const;
  // Whether a row of this kind hides it.
  bool hides(std::string_view field, const RowKind& row) const;
  // The rows that do not hide it.
  Filter rows_showing(const std::string& field) const;

  const std::vector<RowRule>& rules() const { return rules_; }  // only of a caller with a user
  const std::string& own_row() const { return own_row_; }       // the caller's id where the class is _User; otherwise empty
  // Whether rows differ in what they hide.
  bool depends_on_row() const { return !rules_.empty() || !own_row_.empty(); }

 private:
  bool is_in_sets(std::string_view field) const { return common_ && common_->contains(field); }
  Filter rows_showing_by_rules(const std::string& field) const;

  std::string user_id_;
  std::optional<Names> common_;  // what all sets hold that apply to every row; nothing when there is no such set
  std::vector<RowRule> rules_;
  std::string own_row_;
  bool is_own_row_exempt_ = false;
  bool has_private_fields_ = false;
};

}  // namespace parsimony
