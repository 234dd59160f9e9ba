// /_cloud: versions of Cloud Code (docs/deploy.md). For the master key, and no lesser one.
#pragma once
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include "rest/route.h"

namespace parsimony::deploy_routes {

inline constexpr std::string_view kVersions = "/_cloud/versions";

// Behind those of rest_routes(), and only where there are deployments; neither in batches nor for Cloud Code itself.
std::span<const Route> routes();

// How large the body of a deploy may be, of a request that has the header kMaxUploadSize of file_routes; nothing: as others. `path` is
// below the mount path.
std::optional<std::size_t> body_limit(const RestSettings& settings, const http::Request& head, std::string_view path);

}  // namespace parsimony::deploy_routes
