#include "services/class_rules.h"

namespace parsimony {

void require_known_class(const Caller& caller, const SchemaSnapshot& classes, const std::string& class_name,
                         const ServiceSettings& settings) {
  if (caller.is_master || settings.allow_client_class_creation || classes.find(class_name)) return;
  throw forbidden(settings.refusals, "This user is not allowed to access non-existent class: " + class_name);
}

void refuse_system_class(const std::string& class_name, const ServiceSettings& settings) {
  if (class_name.starts_with('_')) throw forbidden(settings.refusals, "The class " + class_name + " is not open to requests.");
}

void require_valid_class_name(const std::string& class_name) {
  if (!is_valid_class_name(class_name)) throw Error(error_code::kInvalidJson, "schema class name does not revalidate");
}

}  // namespace parsimony
