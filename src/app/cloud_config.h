// What Cloud Code is told of the server, and finds as Parse.Server.
#pragma once
#include <string>

#include "app/options.h"

namespace parsimony {

// `server_url` is where clients find the REST API, for Parse.serverURL.
Json cloud_config(const Options& options, const std::string& server_url);

}  // namespace parsimony
