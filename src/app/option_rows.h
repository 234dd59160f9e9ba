// The rows of the option table, split by kind so that each file stays readable. Read them through option_table.h.
#pragma once
#include <span>

#include "app/option_table.h"

namespace parsimony {

std::span<const OptionRow> active_option_rows();
std::span<const OptionRow> inactive_option_rows();
std::span<const OptionRow> nested_option_rows();

}  // namespace parsimony
