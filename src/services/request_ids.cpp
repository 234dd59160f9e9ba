#include "services/request_ids.h"

#include "common/clock.h"
#include "common/error.h"
#include "common/random.h"
#include "services/objects/row_reader.h"
#include "types/date.h"

namespace parsimony {
namespace {

constexpr const char* kClass = "_Idempotency";
constexpr std::int64_t kSweepEveryMs = 60'000;
constexpr std::size_t kLongestShownId = 128;

void remove_expired(Transaction& transaction, const ClassSchema& of, const Json& now) {
  const Filter is_over{Constraint{FieldPath{"expire", {}}, Comparison::LessOrEqual, now, {}}};
  for (const Json& row : read_rows(transaction, of, is_over)) transaction.remove(of, text_of_member(row, "objectId"));
}

}  // namespace

void RequestIds::require_new(const std::string& request_id) const {
  const std::int64_t now_at = now_ms();
  const std::int64_t due_at = next_sweep_ms_.load();
  const bool sweeps = now_at >= due_at || due_at > now_at + kSweepEveryMs;  // also when the clock was set back
  if (sweeps) next_sweep_ms_ = now_at + kSweepEveryMs;
  const std::string object_id = sha256_hex(request_id);
  store_.write([&](Transaction& transaction) {
    const ClassSchema& of = *transaction.schema().find(kClass);
    const Json now = encode_date(iso_date(now_at));
    if (sweeps) remove_expired(transaction, of, now);
    const Filter is_known =
        all_of({equals("objectId", object_id), Filter{Constraint{FieldPath{"expire", {}}, Comparison::Greater, now, {}}}});
    if (transaction.count(of, is_known) > 0) throw Error(error_code::kDuplicateRequest, "Duplicate request");
    transaction.remove(of, object_id);
    transaction.insert(of, {{of.find("objectId"), object_id},
                            {of.find("createdAt"), now},
                            {of.find("updatedAt"), now},
                            {of.find("reqId"), request_id.substr(0, kLongestShownId)},
                            {of.find("expire"), encode_date(iso_date(now_at + ttl_ms_))}});
  });
}

}  // namespace parsimony
