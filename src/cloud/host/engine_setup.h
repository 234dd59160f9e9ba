// What the engines of one version of the code start from.
#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cloud/engine/javascript_engine.h"
#include "cloud/host/limits.h"
#include "cloud/host/questions.h"

namespace parsimony {

struct CloudLoadError {
  std::string message;
  std::string stack;  // file, line and column of the code; may be empty
};

// Immutable.
struct EngineSetup {
  std::string_view script;   // the JavaScript side of protocol.h
  std::string load_message;  // names the main file
  std::string main_name;     // of the main file, for messages
  CloudLimits limits;
  std::shared_ptr<const Questions> questions;
};

// An engine after loading. What it had asked for by then without an answer, timers included, a copy asks for again.
struct EngineImage {
  std::shared_ptr<const EngineSnapshot> snapshot;
  std::vector<std::string> asked;
};

}  // namespace parsimony
