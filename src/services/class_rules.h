// Which classes a request may name.
#pragma once
#include <string>
#include <string_view>

#include "services/settings.h"

namespace parsimony {

inline constexpr std::size_t kMaxFields = 1000;  // of one class; SQLite's limit is 2000 columns

// Throws 119 for a class that is not there when the caller may not make one.
void require_known_class(const Caller& caller, const SchemaSnapshot& classes, const std::string& class_name,
                         const ServiceSettings& settings);

// "_Join:field:Class", the join table of a relation.
bool is_join_class(std::string_view class_name);

// Throws 119 for the classes that belong to the product itself, which no request may name; the second not for those that the master key
// may read, the third not for those whose rows it may make and change.
void refuse_system_class(const std::string& class_name, const ServiceSettings& settings);
void refuse_unreadable_class(const Caller& caller, const std::string& class_name, const ServiceSettings& settings);
void refuse_unwritable_class(const Caller& caller, const std::string& class_name, const ServiceSettings& settings);

// Throws 111 when a new object lacks a value that its built-in class asks for, or an update takes one away.
enum class SaveKind { Create, Update };
void require_builtin_values(const std::string& class_name, const Json& body, SaveKind kind);

// Throws 209 where somebody who is not signed in asks for sessions.
void require_session_for(const Caller& caller, const std::string& class_name, const ServiceSettings& settings);

// Throws 107 for a name that no class can have.
void require_valid_class_name(const std::string& class_name);

}  // namespace parsimony
