// A mistake in a file of class definitions, with its place.
#pragma once
#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "types/json_elements.h"

namespace parsimony {

// The text is for a person: "class Product: invalid field type: Money".
class DefinitionFault : public std::runtime_error {
 public:
  DefinitionFault(const std::string& text, std::optional<JsonPlace> place) : std::runtime_error(text), place_(place) {}
  // Where the definition begins, when that can be told.
  const std::optional<JsonPlace>& place() const { return place_; }

 private:
  std::optional<JsonPlace> place_;
};

// Where the object begins that comes as `index` among those with `depth` brackets around them. Nothing when there are not `count` of them.
// The text is JSON.
std::optional<JsonPlace> place_of_object(std::string_view text, int depth, std::size_t index, std::size_t count);

}  // namespace parsimony
