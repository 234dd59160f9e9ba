#include "services/jobs/job_rows.h"

#include <algorithm>

#include "common/clock.h"
#include "services/objects/row_reader.h"
#include "types/date.h"

namespace parsimony {
namespace {

constexpr const char* kRunning = "running";
constexpr std::size_t kMostMessageBytes = 10'000;
constexpr std::size_t kMostParamsBytes = 100'000;
constexpr std::int64_t kMostRemovedAtOnce = 1000;

const ClassSchema& class_of(Reads& reads) { return *reads.schema().find(kJobStatusClass); }

Filter has_ended() { return Filter{Constraint{FieldPath{"status", {}}, Comparison::NotEqual, kRunning, {}}}; }

// Cut between two characters.
std::string shortened(const std::string& text) {
  if (text.size() <= kMostMessageBytes) return text;
  std::size_t end = kMostMessageBytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end) + "…";
}

void update_running(Transaction& transaction, const std::string& object_id, std::vector<std::pair<const char*, Json>> values) {
  const ClassSchema& of = class_of(transaction);
  if (transaction.count(of, all_of({equals("objectId", object_id), equals("status", kRunning)})) == 0) return;
  FieldValues fields = {{of.find("updatedAt"), encode_date(now_iso())}};
  for (auto& [name, value] : values) fields.push_back({of.find(name), std::move(value)});
  transaction.update(of, object_id, fields);
}

}  // namespace

void insert_run(Transaction& transaction, const NewRun& run) {
  const ClassSchema& of = class_of(transaction);
  const Json now = encode_date(now_iso());
  FieldValues values = {{of.find("objectId"), run.object_id}, {of.find("createdAt"), now},        {of.find("updatedAt"), now},
                        {of.find("ACL"), Json::object()},     {of.find("jobName"), run.job_name}, {of.find("source"), run.source},
                        {of.find("status"), kRunning}};
  if (to_json_text(run.params).size() <= kMostParamsBytes) values.push_back({of.find("params"), run.params});
  transaction.insert(of, values);
}

void set_run_message(Transaction& transaction, const std::string& object_id, const std::string& message) {
  update_running(transaction, object_id, {{"message", shortened(message)}});
}

void end_run(Transaction& transaction, const std::string& object_id, RunEnd end, const std::optional<std::string>& message) {
  std::vector<std::pair<const char*, Json>> values = {{"status", end == RunEnd::Succeeded ? "succeeded" : "failed"},
                                                      {"finishedAt", encode_date(now_iso())}};
  if (message) values.emplace_back("message", shortened(*message));
  update_running(transaction, object_id, std::move(values));
}

std::size_t fail_running(Transaction& transaction, const std::string& message) {
  const std::vector<Json> rows = read_rows(transaction, class_of(transaction), equals("status", kRunning));
  for (const Json& row : rows) end_run(transaction, text_of_member(row, "objectId"), RunEnd::Failed, message);
  return rows.size();
}

void trim_history(Transaction& transaction, std::int64_t limit) {
  const ClassSchema& of = class_of(transaction);
  const Filter where = has_ended();
  const std::int64_t surplus = std::min(transaction.count(of, where) - limit, kMostRemovedAtOnce);
  if (surplus <= 0) return;
  std::vector<std::string> oldest;
  transaction.find(Select{&of, {of.find("objectId")}, &where, {}, surplus, 0}, [&](const Row& row) { oldest.emplace_back(row.text(0)); });
  for (const std::string& object_id : oldest) transaction.remove(of, object_id);
}

}  // namespace parsimony
