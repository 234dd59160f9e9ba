// A `where` from the network: whatever JSON it is, reading ends with a filter or with one of Parse's errors. The engine can run the
// filter, and the matcher in memory finds the same rows.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "common/error.h"
#include "fuzz/database.h"
#include "query/matcher.h"
#include "query/where_parser.h"
#include "storage/sql/filter_compiler.h"

namespace {
using namespace parsimony;

using Ids = std::vector<std::string>;

// Nothing when it takes too long.
std::optional<Ids> ids_in_sql(FuzzDatabase& database, const Filter& filter) {
  const ClassSchema& of = *database.classes().find("A");
  SqlStatement sql;
  sql.add("SELECT \"objectId\" FROM ").add_name(of.table).add(" WHERE ");
  compile_filter(filter, of, database.classes(), sql);
  const RegexBudget budget;
  Ids found;
  if (!database.run(sql, [&](std::string_view id) { found.emplace_back(id); })) return std::nullopt;
  std::sort(found.begin(), found.end());
  return found;
}

struct TooLong {};

Ids ids_in_memory(FuzzDatabase& database, const Filter& filter) {
  const Matcher matcher(filter, [&](const Filter& part, const Json& object) {
    const auto found = ids_in_sql(database, part);
    if (!found) throw TooLong();
    return std::find(found->begin(), found->end(), object.at("objectId").get<std::string>()) != found->end();
  });
  const RegexBudget budget;
  Ids found;
  for (const Json& object : database.objects()) {
    if (matcher.matches(object, *database.classes().find("A"))) found.push_back(object.at("objectId").get<std::string>());
  }
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static FuzzDatabase& database = *new FuzzDatabase;
  try {
    const Json where = parse_json({reinterpret_cast<const char*>(data), size});
    parse_where(where, {.allow_internal_fields = true});
    const Filter filter = parse_where(where);
    const auto in_sql = ids_in_sql(database, filter);
    if (in_sql && *in_sql != ids_in_memory(database, filter)) std::abort();
  } catch (const TooLong&) {
  } catch (const JsonSyntaxError&) {
  } catch (const Error&) {
  }
  return 0;
}
