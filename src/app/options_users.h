// Options about users, their sessions and passwords.
#pragma once
#include <functional>

#include "services/users/user_settings.h"
#include "types/json.h"

namespace parsimony {

// `value` answers an option by its name, null where it is not set. Throws OptionError for values that Parse Server refuses, too.
UserSettings read_user_settings(const std::function<Json(const char*)>& value);

}  // namespace parsimony
