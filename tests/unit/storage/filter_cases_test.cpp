// The shared cases of filters, read in SQL.
#include "unit/shared/filter_cases.h"

#include <algorithm>

#include "unit/storage/test_store.h"

namespace parsimony {
namespace {

// The ids as the cases write them, whatever order the filter itself asks for.
std::string found_ids(Store& store, const Filter& filter) {
  std::string digits = ids(store, "C", filter), sorted;
  std::erase(digits, ' ');
  std::sort(digits.begin(), digits.end());
  for (const char digit : digits) sorted.append(sorted.empty() ? "" : " ").append(1, digit);
  return sorted;
}

TEST_CASE("SQL finds what each case expects") {
  std::size_t cases = 0;
  for (const FilterCases& group : all_filter_cases()) {
    const TemporaryStore store;
    create_class(*store, "Other", {});
    create_class(*store, "C", group.fields);
    for (const auto& [id, own] : group.objects.items()) insert(*store, "C", id, own);
    for (const FilterCase& each : group.cases) {
      INFO(group.about << ": " << each.text);
      CHECK(found_ids(*store, each.filter) == each.ids);
      CHECK(count(*store, "C", each.filter) == (static_cast<std::int64_t>(each.ids.size()) + 1) / 2);
      ++cases;
    }
  }
  CHECK(cases > 500);
}

}  // namespace
}  // namespace parsimony
