// Cloud Code in the running server: the host with what the options say, and its ways out to the REST API and the network.
#pragma once
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "app/options.h"
#include "cloud/host/cloud_host.h"
#include "rest/rest_api.h"
#include "services/testing/outbox.h"

namespace parsimony {

class CloudRuntime {
 public:
  // `server_url` is where clients find the REST API, for Parse.serverURL.
  CloudRuntime(const Options& options, const std::string& server_url);

  CloudHost& host() { return host_; }

  // Where calls of the code go from then on. Before anything is loaded.
  void serve(RestApi& api) { api_ = &api; }

  // Where mails of the code go under the option testControls, unless an adapter of the options sends them. Before anything is loaded.
  void capture_mails(Outbox& mails) { captured_mails_ = &mails; }

  // CloudHost::load() with the environment variables of the options as they are now. Throws OptionError when those cannot be read.
  std::optional<CloudLoadError> load(CloudSource source);

 private:
  RestAnswer answer(const RestCall& call) const;
  std::function<void(const Json& mail)> email_of(const Options& options);
  // Sets the limits of requests that the code asks for.
  std::optional<CloudLoadError> accept(const std::vector<Registration>& definitions);

  const Options& options_;
  RestApi* api_ = nullptr;
  Outbox* captured_mails_ = nullptr;
  net::HttpClient client_;
  CloudHost host_;
};

}  // namespace parsimony
