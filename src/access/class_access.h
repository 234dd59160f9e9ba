// What class-level permissions and object ACLs allow a caller (server-behaviour.md, section 4).
//
// Pure: nothing is read. A rule that depends on rows is answered as a Filter, which becomes part of the query.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "access/caller.h"
#include "common/error.h"
#include "query/filter.h"
#include "types/class_schema.h"

namespace parsimony {

enum class Operation { Find, Get, Count, Create, Update, Delete, AddField };
std::string_view name_of(Operation operation);  // as class-level permissions spell it

// Whether refusals tell the client what was refused. Parse Server 9 answers "Permission denied" alone.
enum class Refusals { Sanitized, Detailed };

// With the detail only where refusals are detailed; the log always has it.
Error refusal(Refusals refusals, int code, const std::string& detail);
Error forbidden(Refusals refusals, const std::string& detail);  // 119

// Throws 119, or 101 where the class asks for a signed-in user, when the caller may not do `operation` on the class.
// Returns the rows it is allowed for, as far as the class says; object ACLs are object_filter()'s. Pointer permissions allow it for the
// rows that point to the caller: none without a user, where Get throws 101 as if there was no such object.
Filter require_class_permission(const Caller& caller, const ClassSchema& on, Operation operation, Refusals refusals);

// The fields by which an object may allow the operation to the users that it points to: `pointerFields` of the operation, and
// `readUserFields` or `writeUserFields`. None for Create.
std::vector<std::string> pointer_fields(const Json& permissions, Operation operation);
// The rows whose field is a pointer to the user, or holds one in its array.
Filter points_to_user(const std::string& field, const std::string& user_id);

// The rows whose ACL grants the caller the right.
Filter object_filter(const Caller& caller, Permits::Right right);

// The rows of a class that the caller has the right to, as far as they themselves say: by their ACL, and a session is its user's alone.
Filter row_filter(const Caller& caller, const ClassSchema& of, Permits::Right right);

// The default ACL that the class gives to a new object without one, with the caller in place of "currentUser"; null when it gives
// none.
Json default_acl(const Caller& caller, const ClassSchema& of);

// The permissions of a class that a client makes by saving its first object: everything is allowed to everybody.
Json open_permissions();
// Every operation for the master key alone.
Json closed_permissions();
// The given permissions, completed: operations that they leave out are for the master key alone.
// Throws 107 for what is no set of class-level permissions of a class with these fields.
Json complete_permissions(const Json& given, const ClassSchema& of);

}  // namespace parsimony
