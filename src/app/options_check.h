// Rules that a value must keep beyond its type. Each throws OptionError with a line that names the option.
#pragma once
#include <string>

#include "app/options.h"

namespace parsimony {

// An address, or a network in CIDR form.
void check_network(const std::string& option, const std::string& text);
// Parse Server's start rules for the options that have an effect.
void check_options(const Options& options, const OptionSettings& settings);

}  // namespace parsimony
