// Classes as the /schemas routes see and change them (rest-api.md, section 8). For the master key; the routes ask for it.
#pragma once
#include <string>

#include "services/settings.h"
#include "storage/store.h"

namespace parsimony {

// Thread-safe; borrows the store and the settings.
class SchemaService {
 public:
  SchemaService(Store& store, const ServiceSettings& settings) : store_(store), settings_(settings) {}

  Json list() const;                              // {"results":[...]}
  Json get(const std::string& class_name) const;  // throws 103 when there is none
  Json create(const std::string& class_name, const Json& body) const;
  Json update(const std::string& class_name, const Json& body) const;
  // Throws 255 when the class still has objects. Does nothing when there is no such class or it is an internal one, as Parse Server.
  void remove(const std::string& class_name) const;

 private:
  void require_unlocked() const;

  Store& store_;
  const ServiceSettings& settings_;
};

}  // namespace parsimony
