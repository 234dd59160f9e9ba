#include "services/cloud/triggers.h"

#include "common/error.h"
#include "common/log.h"
#include "services/cloud/call_log.h"
#include "services/objects/object_renderer.h"
#include "services/users/user_rows.h"

namespace parsimony {
namespace {

// What a call is about.
const Json& input_of(const CloudCall& call) {
  static const Json kNothing = Json::object();
  for (const char* name : {"params", "update", "object", "query", "file"}) {
    if (const Json* found = find_member(call.request, name)) return *found;
  }
  return kNothing;
}

template <class Call>
void nest_as(Call& call, const Caller& caller, const std::string& name) {
  if (!caller.origin) return;
  call.chain = caller.origin->chain;
  call.chain_deadline = caller.origin->chain_deadline;
  if (call.chain.size() < kMaxCloudDepth) return;
  std::string names;
  for (const std::string& outer : call.chain) names += outer + " > ";
  throw Error(error_code::kScriptFailed,
              "Cloud Code calls itself more than " + std::to_string(kMaxCloudDepth) + " levels deep: " + names + name);
}

}  // namespace

void nest(CloudCall& call, const Caller& caller) {
  nest_as(call, caller, call.class_name.empty() ? call.name : call.name + " " + call.class_name);
}

void nest(AdapterCall& call, const Caller& caller) { nest_as(call, caller, call.adapter + " " + call.method); }

void Triggers::add_caller(Json& request, const Caller& caller) const {
  if (caller.is_master) request["master"] = true;
  if (caller.is_read_only) request["isReadOnly"] = true;
  if (!caller.installation_id.empty()) request["installationId"] = caller.installation_id;
  request["ip"] = caller.origin ? caller.origin->ip : "";
  request["headers"] = caller.origin ? caller.origin->headers : Json::object();
  request["context"] = caller.origin ? caller.origin->context : Json::object();
  if (!caller.has_user()) return;
  store_.read([&](Reads& reads) {
    const Json more = {{"__type", "Object"}, {"className", "_User"}, {"sessionToken", caller.session_token}};
    request["user"] = parse_json(render_user(reads, caller, caller.user_id, more, settings_));
  });
  request["userRoles"] = caller.roles;
}

Json Triggers::run(CloudCall call, const Caller& caller) const {
  nest(call, caller);
  add_caller(call.request, caller);
  Json answer = logged_run(call, caller);
  const Json* context = find_member(answer, "context");
  if (caller.origin && context && context->is_object()) caller.origin->context = *context;
  return answer;
}

Json Triggers::logged_run(const CloudCall& call, const Caller& caller) const {
  try {
    Json answer = code_.run(call);
    log_call(settings_.call_log, call, caller, input_of(call), &answer, nullptr);
    return answer;
  } catch (const Error& error) {
    log_call(settings_.call_log, call, caller, input_of(call), nullptr, &error);
    throw;
  }
}

Json Triggers::run(const std::string& name, const std::string& class_name, const Caller& caller, Json request) const {
  return run(CloudCall{CloudKind::Trigger, name, class_name, std::move(request)}, caller);
}

Json Triggers::run_quietly(const std::string& name, const std::string& class_name, const Caller& caller, Json request) const {
  if (!listen(name, class_name)) return Json::object();
  try {
    return run(name, class_name, caller, std::move(request));
  } catch (const std::exception& error) {
    log::error(name + " of " + class_name + " failed", {{"reason", error.what()}});
    return Json::object();
  }
}

std::optional<Json> Triggers::object_for_code(Reads& reads, const ClassSchema& of, const Filter& where, const Caller& caller) const {
  Caller eyes = caller;
  if (settings_.protection.triggers_exempt) eyes.is_master = true;
  const RenderedObjects rendered = ObjectRenderer(reads, eyes, settings_).render(of, where, FindOptions{});
  if (rendered.count == 0) return std::nullopt;
  Json object = parse_json(rendered.text);
  object["className"] = of.name();
  return object;
}

}  // namespace parsimony
