// Which classes a request may name.
#pragma once
#include <string>

#include "services/settings.h"

namespace parsimony {

inline constexpr std::size_t kMaxFields = 1000;  // of one class; SQLite's limit is 2000 columns

// Throws 119 for a class that is not there when the caller may not make one.
void require_known_class(const Caller& caller, const SchemaSnapshot& classes, const std::string& class_name,
                         const ServiceSettings& settings);

// Throws 119 for the classes that belong to the product itself, which no request may name.
void refuse_system_class(const std::string& class_name, const ServiceSettings& settings);

// Throws 107 for a name that no class can have.
void require_valid_class_name(const std::string& class_name);

}  // namespace parsimony
