// Errors as the wire has them (rest-api.md, section 1).
#pragma once
#include <exception>

#include "common/error.h"
#include "types/json.h"

namespace parsimony {

// {"code":101,"error":"Object not found."}, or without the code where Parse answers without one.
Json error_body(const Error& error);

// Of an exception of any kind: what is no Error goes to the log and is code 1 to the client.
Json error_body(const std::exception_ptr& error);

}  // namespace parsimony
