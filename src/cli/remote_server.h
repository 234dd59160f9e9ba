// The running server that a command speaks to.
#pragma once
#include <optional>
#include <string>

#include "app/options.h"
#include "cli/command_line.h"
#include "net/http_client.h"
#include "types/json.h"

namespace parsimony {

class RemoteServer {
 public:
  // The server of --server, else the one that runs on the data of these options, else the one of option serverURL; with the keys of the
  // options, and where those name none, of the key file, if the server is one of this machine. Nothing: none of them is there.
  // Throws OptionError when keys are missing.
  static std::optional<RemoteServer> find(const CommandLine& line, const Options& options);

  const std::string& url() const { return url_; }

  // A call with the master key, which goes into a header. Throws std::runtime_error with what the server says, or why it says nothing.
  Json call(const std::string& method, const std::string& path, const Json& body) const;

 private:
  RemoteServer(std::string url, std::string app_id, std::string master_key)
      : url_(std::move(url)), app_id_(std::move(app_id)), master_key_(std::move(master_key)) {}

  std::string url_;
  std::string app_id_;
  std::string master_key_;
};

}  // namespace parsimony
