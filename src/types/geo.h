// Points and polygons on the globe. Degrees; latitude first, as Parse orders them.
#pragma once
#include <optional>
#include <vector>

#include "types/json.h"

namespace parsimony {

struct GeoPoint {
  double latitude;
  double longitude;
};

Json encode(const GeoPoint& point);
// Nothing when `value` is no encoded GeoPoint with two numbers. The range is not checked, as in Parse.
std::optional<GeoPoint> decode_geo_point(const Json& value);

// {"__type":"Polygon","coordinates":[[lat,lon],...]}. Stored closed: the first point again at the end.
using Ring = std::vector<GeoPoint>;
inline constexpr std::size_t kMinPolygonPoints = 3;
Json encode_polygon(const Ring& ring);
// Closes the ring. Nothing when `value` is no encoded polygon of at least three points.
std::optional<Ring> decode_polygon(const Json& value);

}  // namespace parsimony
