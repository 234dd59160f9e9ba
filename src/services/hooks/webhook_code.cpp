#include "services/hooks/webhook_code.h"

#include "common/error.h"
#include "common/log.h"
#include "services/hooks/webhook_protocol.h"

namespace parsimony {
namespace {

net::AddressGuard guard_of(const WebhookSettings& settings) {
  if (settings.may_call_private_hosts) return {};
  return [](const std::string& address) { return !net::is_private_address(address); };
}

const Hook* find_hook(const HookTable& table, const CloudCall& call) {
  switch (call.kind) {
    case CloudKind::Function: return table.find_function(call.name);
    case CloudKind::Trigger: return table.find_trigger(call.name, call.class_name);
    case CloudKind::Job: break;
  }
  return nullptr;
}

std::string name_of(const CloudCall& call) { return call.class_name.empty() ? call.name : call.name + " " + call.class_name; }

std::string text_of(net::Fault fault) {
  switch (fault) {
    case net::Fault::TimedOut: return "The webhook did not answer in time.";
    case net::Fault::Untrusted: return "The webhook cannot be trusted: its certificate is not in order.";
    case net::Fault::Forbidden: return "The webhook lies in a private network, which must not be called.";
    case net::Fault::TooLarge: return "The answer of the webhook is too large.";
    case net::Fault::BadAnswer: return "The webhook does not speak HTTP.";
    default: return "The webhook cannot be reached.";
  }
}

}  // namespace

WebhookCode::WebhookCode(const HookService& hooks, WebhookSettings settings)
    : hooks_(hooks), settings_(std::move(settings)), client_(guard_of(settings_)) {}

bool WebhookCode::has_trigger(std::string_view name, std::string_view class_name) const {
  return !is_empty() && hooks_.table()->find_trigger(name, class_name);
}

bool WebhookCode::has_trigger_anywhere(std::string_view name) const { return !is_empty() && hooks_.table()->has_trigger_anywhere(name); }
bool WebhookCode::has_function(std::string_view name) const { return !is_empty() && hooks_.table()->find_function(name); }

std::vector<std::string> WebhookCode::function_names() const {
  std::vector<std::string> names;
  for (const Hook& hook : hooks_.table()->all()) {
    if (hook.is_function()) names.push_back(hook.function_name);
  }
  return names;
}

net::HttpAnswer WebhookCode::send(const CloudCall& call, const std::string& url) {
  net::HttpCall request;
  request.method = "POST";
  request.url = url;
  request.headers = {{"Content-Type", "application/json"}, {"Accept", "application/json"}};
  if (!settings_.key.empty()) request.headers.emplace_back("X-Parse-Webhook-Key", settings_.key);
  request.body = to_json_text(webhook_body(call));
  request.connect_time = request.total_time = kWebhookTime;
  request.redirects = net::Redirects::Manual;
  request.max_answer_bytes = kMaxWebhookAnswerBytes;
  try {
    return client_.send(request);
  } catch (const net::NetError& error) {
    log::warn("The webhook of " + name_of(call) + " failed", {{"reason", error.what()}});
    throw Error(error_code::kScriptFailed, text_of(error.fault()), error.what());
  }
}

Json WebhookCode::run(const CloudCall& call) {
  const auto table = hooks_.table();
  const Hook* hook = find_hook(*table, call);
  if (!hook) throw Error(error_code::kScriptFailed, "There is no webhook for " + name_of(call) + ".");
  if (settings_.key.empty()) {
    std::call_once(warned_, [] { log::warn("Webhooks are called without the option webhookKey: they cannot tell who calls"); });
  }
  const net::HttpAnswer answer = send(call, hook->url);
  if (answer.status < 200 || answer.status > 299) {
    throw Error(error_code::kScriptFailed, "The webhook answered with the HTTP status " + std::to_string(answer.status) + ".");
  }
  return webhook_result(call, answer.body);
}

}  // namespace parsimony
