#include "rest/bracket_query.h"

#include <algorithm>
#include <string_view>

#include "common/error.h"

namespace parsimony {
namespace {

// What stands under a name: a value, or what brackets put below it.
struct Place {
  Json value;
  std::vector<std::pair<std::string, Place>> members;

  Place& member(std::string_view name) {
    const auto known = std::find_if(members.begin(), members.end(), [&](const auto& each) { return each.first == name; });
    return known != members.end() ? known->second : members.emplace_back(name, Place{}).second;
  }

  bool is_list() const {
    std::size_t position = 0;
    return std::all_of(members.begin(), members.end(), [&](const auto& each) { return each.first == std::to_string(position++); });
  }
};

Json to_object(Place& place);

Json to_json(Place& place) {
  if (place.members.empty()) return std::move(place.value);
  if (!place.is_list()) return to_object(place);
  Json list = Json::array();
  for (auto& [name, member] : place.members) list.push_back(to_json(member));
  return list;
}

Json to_object(Place& place) {
  Json::object_t members;
  for (auto& [name, member] : place.members) members.emplace_back(name, to_json(member));
  return members;
}

// "a[b][]" is the steps a, b and an empty one.
std::vector<std::string_view> steps_of(std::string_view name) {
  const std::size_t first = name.find('[');
  if (first == 0 || first == std::string_view::npos) return {name};
  std::vector<std::string_view> steps = {name.substr(0, first)};
  for (std::string_view rest = name.substr(first); !rest.empty();) {
    const std::size_t end = rest.find(']');
    if (rest.front() != '[' || end == std::string_view::npos) return {name};
    if (steps.size() > kMaxBrackets) throw Error(error_code::kInvalidQuery, "Too many brackets in parameter: " + std::string(name));
    steps.push_back(rest.substr(1, end - 1));
    rest.remove_prefix(end + 1);
  }
  return steps;
}

}  // namespace

Json read_bracket_query(std::vector<std::pair<std::string, Json>> parameters) {
  Place root;
  for (auto& [name, value] : parameters) {
    const auto steps = steps_of(name);
    Place* place = &root.member(steps.front());
    for (std::size_t i = 1; i < steps.size(); ++i) {
      place = &place->member(steps[i].empty() ? std::to_string(place->members.size()) : std::string(steps[i]));
    }
    place->value = std::move(value);
  }
  return to_object(root);
}

}  // namespace parsimony
