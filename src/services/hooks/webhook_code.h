// Functions and triggers of the users that are served by other programs: webhooks (server-behaviour.md, section 16).
#pragma once
#include <mutex>

#include "net/http_client.h"
#include "services/cloud/cloud_code.h"
#include "services/hooks/hook_service.h"
#include "services/hooks/webhook_settings.h"

namespace parsimony {

inline constexpr auto kWebhookTime = std::chrono::seconds(10);
inline constexpr std::size_t kMaxWebhookAnswerBytes = 16 * 1024 * 1024;

// Borrows the hooks.
class WebhookCode final : public CloudCode {
 public:
  WebhookCode(const HookService& hooks, WebhookSettings settings);

  bool is_empty() const override { return hooks_.is_empty(); }
  bool has_trigger(std::string_view name, std::string_view class_name) const override;
  bool has_trigger_anywhere(std::string_view name) const override;
  bool has_function(std::string_view name) const override;
  bool has_job(std::string_view) const override { return false; }
  std::vector<std::string> function_names() const override;
  std::vector<std::string> job_names() const override { return {}; }

  // Throws 141 for a webhook that cannot be reached, is too slow, or answers what docs/webhooks.md does not know. Redirects are not
  // followed. What the network said is for the log alone: it names hosts.
  Json run(const CloudCall& call) override;

 private:
  net::HttpAnswer send(const CloudCall& call, const std::string& url);

  const HookService& hooks_;
  const WebhookSettings settings_;
  const net::HttpClient client_;
  std::once_flag warned_;
};

}  // namespace parsimony
