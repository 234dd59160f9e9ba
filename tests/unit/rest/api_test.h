// The REST API over a store of its own, called without a socket.
#pragma once
#include <string>
#include <utility>

#include "rest/rest_api.h"
#include "services/files/folder_store.h"
#include "unit/storage/test_store.h"

namespace parsimony {

inline RestSettings test_rest_settings() {
  RestSettings settings;
  settings.mount_path = "/parse";
  settings.server_url = "http://host/parse";
  settings.app_id = "app";
  settings.master_key = "master";
  settings.rest_api_key = "rest";
  settings.javascript_key = "js";
  settings.master_key_ips = IpList({"127.0.0.1"});
  return settings;
}

inline ServiceSettings test_service_settings() {
  ServiceSettings settings;
  settings.allow_client_class_creation = true;
  return settings;
}

struct Answer {
  int status;
  std::string text;
  Json json;
};

class TestApi {
 public:
  explicit TestApi(RestSettings settings = test_rest_settings())
      : services_(*store_, files_, no_cloud_code(), test_service_settings()), api_(services_, std::move(settings)) {}

  Answer send(http::Request request) const {
    const http::Response response = api_.handle(request);
    return {response.status, response.body, parse_json(response.body)};
  }
  // With the REST API key.
  Answer call(const std::string& method, const std::string& path, const std::string& body = {}) const {
    http::Request request;
    request.method = method;
    request.path = path;
    request.body = body;
    request.remote_address = "127.0.0.1";
    request.headers = {{"X-Parse-Application-Id", "app"}, {"X-Parse-REST-API-Key", "rest"}};
    return send(std::move(request));
  }
  const Store& store() const { return *store_; }
  Store& store() { return *store_; }

 private:
  TemporaryStore store_;
  FolderStore files_{store_.path().parent_path() / "files"};
  Services services_;
  RestApi api_;
};

}  // namespace parsimony
