// SQL text and the values bound to its parameters, in order.
#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "storage/cell.h"

namespace parsimony {

struct NamedSelects;

struct SqlStatement {
  std::string text;
  std::vector<Cell> values;
  // Where sub-selects of this one go, when it is a sub-select itself (storage/sql/sub_query.cpp); null: they stand within it.
  NamedSelects* named = nullptr;

  SqlStatement& add(std::string_view sql) {
    text += sql;
    return *this;
  }
  SqlStatement& add(const SqlStatement& part);          // with its values
  SqlStatement& add_name(std::string_view identifier);  // quoted
  SqlStatement& add_value(Cell value) {
    text += '?';
    values.push_back(std::move(value));
    return *this;
  }
};

// "identifier" with quotes within doubled.
std::string quoted_name(std::string_view identifier);

}  // namespace parsimony
