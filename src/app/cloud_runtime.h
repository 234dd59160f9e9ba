// Cloud Code in the running server: the host with what the options say, and its ways out to the REST API and the network.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "app/file_survey.h"
#include "app/options.h"
#include "cloud/host/cloud_host.h"
#include "rest/rest_api.h"

namespace parsimony {

class CloudRuntime {
 public:
  // `server_url` is where clients find the REST API, for Parse.serverURL.
  CloudRuntime(const Options& options, const std::string& server_url);

  CloudHost& host() { return host_; }

  // Where calls of the code go from then on. Before anything is loaded.
  void serve(const RestApi& api) { api_ = &api; }

  // Loads the main file of the options, where there is one. Throws OptionError with file, line and column of what is wrong.
  void load_at_start();

  // Whose change means another version of the code: the files of its project, without packages, and the file with its environment
  // variables. Empty without a main file.
  std::vector<WatchedPath> watched() const;
  // How they were just before they were loaded at the start.
  const FileStamps& seen() const { return seen_; }
  // Loads the code of the options anew, beside the code that serves, which goes on when the new one is broken. Logs what came of it.
  // One thread at a time. Throws nothing.
  void reload();

 private:
  RestAnswer answer(const RestCall& call) const;

  std::optional<CloudLoadError> load_main();

  const Options& options_;
  FileStamps seen_;
  const RestApi* api_ = nullptr;
  net::HttpClient client_;
  CloudHost host_;
};

}  // namespace parsimony
