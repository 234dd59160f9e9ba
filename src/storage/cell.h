// What one column of one row holds, in terms that any SQL engine has.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace parsimony {

// A value to be stored or compared with; monostate is NULL.
using Cell = std::variant<std::monostate, std::int64_t, double, std::string>;

enum class CellType { Null, Integer, Real, Text };

// The current row of a running read. Views end with the row.
class Row {
 public:
  virtual ~Row() = default;
  virtual CellType type(int column) const = 0;
  virtual std::int64_t integer(int column) const = 0;  // reals are cut
  virtual double real(int column) const = 0;           // integers are widened
  virtual std::string_view text(int column) const = 0;
};

}  // namespace parsimony
