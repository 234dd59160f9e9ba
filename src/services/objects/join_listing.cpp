#include "services/objects/join_listing.h"

#include <functional>
#include <optional>
#include <span>

#include "common/error.h"

namespace parsimony {
namespace {

constexpr std::int64_t kPageRows = 1000;

struct WantedIds {
  std::optional<std::string> owning;
  std::optional<std::string> related;

  bool has(const JoinRow& row) const { return (!owning || *owning == row.owning_id) && (!related || *related == row.related_id); }
};

std::optional<std::string> WantedIds::*id_named(const FieldPath& path) {
  if (path.text() == "owningId") return &WantedIds::owning;
  if (path.text() == "relatedId") return &WantedIds::related;
  return nullptr;
}

WantedIds read_wanted(const Filter& where) {
  WantedIds wanted;
  const auto* all = std::get_if<AllOf>(&where.node);
  for (const Filter& filter : all ? std::span(all->of) : std::span(&where, 1)) {
    const auto* condition = std::get_if<Constraint>(&filter.node);
    const auto id = condition ? id_named(condition->path) : nullptr;
    if (!id || condition->comparison != Comparison::Equal || !condition->operand.is_string())
      throw Error(error_code::kInvalidQuery, "The rows of a relation are found by owningId and relatedId only");
    wanted.*id = condition->operand.get<std::string>();
  }
  return wanted;
}

// "_Join:field:Class"
const Field* relation_named(const SchemaSnapshot& classes, const std::string& join_class) {
  const std::size_t field = join_class.find(':') + 1;
  const std::size_t end = join_class.find(':', field);
  if (end == std::string::npos) return nullptr;
  const ClassSchema* owner = classes.find(join_class.substr(end + 1));
  const Field* relation = owner ? owner->find(join_class.substr(field, end - field)) : nullptr;
  return relation && relation->spec.type == FieldType::Relation ? relation : nullptr;
}

// Until `visit` says that it has enough.
void visit_rows(Reads& reads, const Field& relation, const WantedIds& wanted, const std::function<bool(const JoinRow&)>& visit) {
  JoinRow last{wanted.owning.value_or(""), ""};
  for (std::vector<JoinRow> page; page.empty() || page.size() == kPageRows;) {
    page = reads.join_rows(relation, last, kPageRows);
    if (page.empty()) return;
    for (const JoinRow& row : page) {
      if (wanted.owning && *wanted.owning != row.owning_id) return;
      if (wanted.has(row) && !visit(row)) return;
    }
    last = page.back();
  }
}

}  // namespace

std::string list_join_rows(Reads& reads, const std::string& class_name, const FindOptions& options) {
  const WantedIds wanted = read_wanted(options.where);
  Json rows = Json::array();
  std::int64_t found = 0;
  const auto visit = [&](const JoinRow& row) {
    const bool is_on_page = ++found > options.skip && (!options.limit || static_cast<std::int64_t>(rows.size()) < *options.limit);
    if (is_on_page) rows.push_back({{"owningId", row.owning_id}, {"relatedId", row.related_id}});
    const bool is_full = options.limit && static_cast<std::int64_t>(rows.size()) >= *options.limit;
    return options.count || !is_full;
  };
  if (const Field* relation = relation_named(reads.schema(), class_name)) visit_rows(reads, *relation, wanted, visit);
  Json answer = {{"results", std::move(rows)}};
  if (options.count) answer["count"] = found;
  return to_json_text(answer);
}

}  // namespace parsimony
