// What the options say to webhooks.
#pragma once
#include <string>

namespace parsimony {

struct WebhookSettings {
  std::string key;                     // sent as X-Parse-Webhook-Key; empty: none
  bool may_call_private_hosts = true;  // addresses of this machine and of private networks
};

}  // namespace parsimony
