#include "rest/api_request.h"

#include <unordered_set>

#include "rest/request_body.h"

namespace parsimony {
namespace {

// Looking each name up in the body would take time quadratic in what a client sends.
Json merged(const Json& query, const Json& body) {
  std::unordered_set<std::string_view> in_query;
  Json::object_t merged;
  for (const auto& [name, value] : query.get_ref<const Json::object_t&>()) {
    in_query.insert(name);
    merged.emplace_back(name, value);
  }
  if (!body.is_object()) return merged;
  for (const auto& [name, value] : body.get_ref<const Json::object_t&>()) {
    if (!in_query.contains(name)) merged.emplace_back(name, value);
  }
  return merged;
}

}  // namespace

Json ApiRequest::parameters() const { return merged(query, body); }

Json ApiRequest::code_parameters() const { return merged(http ? read_query_texts(*http) : query, body); }

}  // namespace parsimony
