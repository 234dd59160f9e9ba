#include "services/jobs/schedule_rows.h"

#include <algorithm>
#include <cmath>

#include "common/error.h"
#include "services/objects/row_reader.h"
#include "types/date.h"

namespace parsimony {
namespace {

std::int64_t date_of(const Json& row, const char* field) {
  const Json* value = find_member(row, field);
  const auto text = value ? decode_date(*value) : std::nullopt;
  return text ? parse_iso_date(*text).value_or(0) : 0;
}

Json read_params(const Json& row) {
  const std::string text = text_of_member(row, "params");
  if (text.empty()) return Json::object();
  try {
    Json params = parse_json(text);
    if (params.is_object()) return params;
  } catch (const JsonSyntaxError&) {
    // Said below.
  }
  throw ScheduleError("params must be the text of a JSON object, like {\"days\":7}");
}

std::optional<std::int64_t> read_last_run(const Json& row) {
  constexpr double kLatest = 253'402'300'800;  // the year 10000
  const Json* value = find_member(row, "lastRun");
  if (!value || !value->is_number()) return std::nullopt;
  return std::llround(std::clamp(value->get<double>(), 0.0, kLatest) * 1000);
}

std::string text_without_last_run(Json row) {
  row.erase("lastRun");
  return to_json_text(row);
}

}  // namespace

ScheduledJob read_scheduled_job(const Json& row) {
  ScheduledJob job;
  job.object_id = text_of_member(row, "objectId");
  job.job_name = text_of_member(row, "jobName");
  if (job.job_name.empty()) throw ScheduleError("jobName must name a job");
  job.params = read_params(row);
  job.schedule = read_schedule(row);
  job.last_run_ms = read_last_run(row);
  job.changed_ms = date_of(row, "updatedAt");
  job.text = text_without_last_run(row);
  return job;
}

bool is_same(const ScheduledJob& a, const ScheduledJob& b) { return a.text == b.text && a.last_run_ms == b.last_run_ms; }

bool awaits_first_run(const ScheduledJob& job) {
  return job.schedule.runs_at_start() && (!job.last_run_ms || *job.last_run_ms < job.schedule.start_ms);
}

std::optional<std::int64_t> due_of(const ScheduledJob& job, std::int64_t now_ms) {
  if (awaits_first_run(job)) return job.schedule.start_ms;
  return next_run(job.schedule, std::min(std::max(job.last_run_ms.value_or(0), job.changed_ms), now_ms));
}

void require_good_schedule(Transaction& transaction, const std::string& object_id) {
  const auto row = read_row(transaction, *transaction.schema().find(kJobScheduleClass), equals("objectId", object_id));
  try {
    if (row) read_scheduled_job(*row);
  } catch (const ScheduleError& error) {
    throw Error(error_code::kValidationError, std::string("This schedule cannot be saved: ") + error.what() + ".");
  }
}

bool claim_run(Transaction& transaction, const ScheduledJob& job, std::int64_t now_ms) {
  const ClassSchema& of = *transaction.schema().find(kJobScheduleClass);
  const auto row = read_row(transaction, of, equals("objectId", job.object_id));
  if (!row || text_without_last_run(*row) != job.text || read_last_run(*row) != job.last_run_ms) return false;
  transaction.update(of, job.object_id, {{of.find("lastRun"), static_cast<double>(now_ms) / 1000}});
  return true;
}

}  // namespace parsimony
