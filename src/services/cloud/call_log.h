// One line in the log for each call of the users' code (server-behaviour.md, section 23).
#pragma once
#include <string>

#include "access/caller.h"
#include "common/log.h"
#include "services/cloud/cloud_code.h"

namespace parsimony {

// At which level; off: not at all (options logLevels.*).
struct CallLogLevels {
  log::Level function_success = log::Level::info;
  log::Level function_error = log::Level::error;
  log::Level trigger_after = log::Level::info;
  log::Level trigger_before_success = log::Level::info;
  log::Level trigger_before_error = log::Level::error;
  log::Level username_taken = log::Level::info;
};

// What went in and what came out are cut after 1000 bytes, and members named after passwords, tokens and other secrets masked.
// `input` are the parameters of a function, the object of a trigger; of `answer` and `error` one is null.
void log_call(const CallLogLevels& levels, const CloudCall& call, const Caller& caller, const Json& input, const Json* answer,
              const std::string* error);

// JSON text of at most about `max_bytes`, with secrets masked.
std::string masked_text(const Json& value, std::size_t max_bytes);

}  // namespace parsimony
