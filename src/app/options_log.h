// Reading the options about the log.
#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>

#include "common/log.h"
#include "services/cloud/call_log.h"
#include "storage/log_file.h"
#include "types/json.h"

namespace parsimony {

struct LogSettings {
  log::Level level = log::Level::info;    // of what is kept
  log::Level printed = log::Level::info;  // off: silent
  log::Format format = log::Format::text;
  std::optional<std::filesystem::path> folder;  // where the user wants logs.db
  LogLimits limits;
  CallLogLevels calls;
};

// `value` answers what an option is set to, or its default, null when there is none; `is_set` whether somebody set it.
// Throws OptionError.
LogSettings read_log_settings(const std::function<Json(const char*)>& value, const std::function<bool(const char*)>& is_set);

}  // namespace parsimony
