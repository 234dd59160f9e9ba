// Why a caller may or may not do something with one object, rule by rule; for people who wonder.
#pragma once
#include <string>
#include <vector>

#include "access/class_access.h"
#include "services/sessions/role_reader.h"
#include "services/settings.h"
#include "storage/store.h"

namespace parsimony {

struct AccessQuestion {
  std::string class_name;
  std::string object_id;
  std::string user_id;  // empty: somebody who is not signed in
  Operation operation = Operation::Get;
};

// One rule, and what it says. All of them must pass.
struct AccessRule {
  std::string name;  // "class permission", "pointer permission", "ACL", ...
  bool passes;
  std::string because;
};

struct ProtectedField {
  std::string name;
  std::vector<std::string> from;  // the entities whose sets hold it: "*", "role:Name", ...
};

struct AccessExplanation {
  // Found with the conditions that requests are held to, not from the rules below, which put them into words.
  bool allowed = false;
  std::vector<AccessRule> rules;
  std::vector<HeldRole> roles;         // of the user
  std::vector<ProtectedField> hidden;  // what the caller does not see of the object, if it may read it
};

// The operation is none but explainable_operation() gives.
AccessExplanation explain_access(Reads& reads, const AccessQuestion& question, const ServiceSettings& settings);

Json encode(const AccessQuestion& question, const AccessExplanation& explanation);

// The operation of a question, by its name. Throws 102 for a name that is none, and for "create".
Operation explainable_operation(std::string_view name);

}  // namespace parsimony
