#include "rest/admission.h"

#include <exception>
#include <optional>

#include "rest/rate_limiter.h"

namespace parsimony {
namespace {

// As the router sees it, a slash may be doubled behind the mount path.
std::string_view routed_path(std::string_view path) {
  if (path.starts_with("//")) path.remove_prefix(1);
  return path;
}

std::optional<std::string> count(const RestContext& context, const Caller& caller, const Arrival& arrival) {
  const std::string address = client_address(arrival.request, context.settings.trusted_proxies);
  return context.rate_limiter.count({arrival.method, routed_path(arrival.path), address, caller});
}

}  // namespace

Caller admit(const RestContext& context, Caller caller, const Arrival& arrival) {
  std::exception_ptr bad_session;
  try {
    if (arrival.signs_in) caller = signed_in(context, std::move(caller));
  } catch (const Error&) {
    bad_session = std::current_exception();
  }
  if (const auto refusal = count(context, caller, arrival)) throw Error::too_many_requests(*refusal);
  if (bad_session) std::rethrow_exception(bad_session);
  if (!context.services.code.is_empty()) describe_origin(caller, arrival.request, context.settings);
  return caller;
}

void describe_origin(Caller& caller, const http::Request& request, const RestSettings& settings) {
  if (!caller.origin) caller.origin = std::make_shared<CallOrigin>();
  caller.origin->ip = client_address(request, settings.trusted_proxies);
  for (const auto& [name, value] : request.headers) caller.origin->headers[http::lower_case(name)] = value;
}

void count_item(const RestContext& context, const Caller& caller, const Arrival& item) {
  Caller counted = caller;
  if (!item.signs_in) counted.user_id.clear();
  if (const auto refusal = count(context, counted, item)) throw Error(error_code::kConnectionFailed, *refusal);
}

}  // namespace parsimony
