#include "rest/api_request.h"

namespace parsimony {

Json ApiRequest::parameters() const {
  Json merged = body.is_object() ? body : Json::object();
  for (const auto& [name, value] : query.items()) merged[name] = value;
  return merged;
}

}  // namespace parsimony
