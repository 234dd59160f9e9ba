#include "http/middleware/cors.h"

#include <algorithm>
#include <utility>

namespace parsimony::http {
namespace {

constexpr std::string_view kMethods = "GET,PUT,POST,DELETE,OPTIONS";
constexpr std::string_view kExposedHeaders = "X-Parse-Job-Status-Id, X-Parse-Push-Status-Id";
constexpr std::string_view kAllowedHeaders =
    "X-Parse-Master-Key, X-Parse-REST-API-Key, X-Parse-Javascript-Key, X-Parse-Application-Id, X-Parse-Client-Version, "
    "X-Parse-Session-Token, X-Requested-With, X-Parse-Revocable-Session, X-Parse-Request-Id, Content-Type, Pragma, Cache-Control";

class Cors {
 public:
  explicit Cors(CorsOptions options) : origins_(std::move(options.allow_origins)), allowed_headers_(kAllowedHeaders) {
    if (origins_.empty()) origins_.emplace_back("*");
    for (const std::string& name : options.allow_headers) allowed_headers_ += ", " + name;
  }

  Response operator()(const Request& request, const Handler& next) const {
    Response response = request.method == "OPTIONS" ? ok() : next(request);
    response.set_header("Access-Control-Allow-Origin", origin_for(request));
    response.set_header("Access-Control-Allow-Methods", std::string(kMethods));
    response.set_header("Access-Control-Allow-Headers", allowed_headers_);
    response.set_header("Access-Control-Expose-Headers", std::string(kExposedHeaders));
    return response;
  }

 private:
  static Response ok() {
    Response response;
    response.content_type = "text/plain; charset=utf-8";
    response.body = "OK";
    return response;
  }

  const std::string& origin_for(const Request& request) const {
    if (origins_.size() == 1) return origins_.front();
    const auto listed = std::find(origins_.begin(), origins_.end(), request.header("Origin").value_or(std::string_view{}));
    return listed == origins_.end() ? origins_.front() : *listed;
  }

  std::vector<std::string> origins_;
  std::string allowed_headers_;
};

}  // namespace

Middleware cors(CorsOptions options) { return Cors(std::move(options)); }

}  // namespace parsimony::http
