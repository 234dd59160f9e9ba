#include "app/cloud_config.h"

namespace parsimony {

Json cloud_config(const Options& options, const std::string& server_url) {
  return {{"applicationId", options.app_id},
          {"javascriptKey", options.javascript_key.value_or("unused")},
          {"masterKey", options.master_key},
          {"serverURL", server_url},
          {"mount", options.mount_path}};
}

}  // namespace parsimony
