// Why an import ended, with the place: "fixtures/Product.json:17:14: price is a String here, but ...".
#pragma once
#include <filesystem>
#include <stdexcept>
#include <string>

#include "types/json_elements.h"

namespace parsimony {

class ImportError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
  ImportError(const std::string& place, const std::string& reason) : std::runtime_error(place + ": " + reason) {}
};

inline std::string place_text(const std::filesystem::path& file, JsonPlace place) {
  return file.string() + ":" + std::to_string(place.line) + ":" + std::to_string(place.column);
}

}  // namespace parsimony
