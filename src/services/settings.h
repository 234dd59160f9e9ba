// What the options say to the services.
#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "access/class_access.h"
#include "access/protected_fields.h"
#include "query/denied_keywords.h"
#include "query/pipeline_parser.h"
#include "query/where_parser.h"
#include "services/cloud/call_log.h"
#include "services/files/file_settings.h"
#include "services/hooks/webhook_settings.h"
#include "services/jobs/job_settings.h"
#include "services/users/user_settings.h"
#include "storage/row_codec.h"

namespace parsimony {

struct ServiceSettings {
  bool allow_client_class_creation = false;
  bool allow_custom_object_id = false;
  std::size_t object_id_size = 10;
  bool lock_schemas = false;
  Refusals refusals = Refusals::Sanitized;
  ProtectionSettings protection;
  std::int64_t default_limit = 100;
  std::optional<std::int64_t> max_limit;
  ComplexityLimits complexity;  // for clients, not for the master key
  std::optional<std::int64_t> batch_request_limit;
  bool allow_public_explain = false;
  RawAnswers raw_aggregates;
  UserSettings users;
  FileUrls files;
  FileSettings file_rules;
  JobSettings jobs;
  WebhookSettings webhooks;
  CallLogLevels call_log;
  std::vector<DeniedKeyword> denied_keywords;
};

}  // namespace parsimony
