#include "types/geo.h"

namespace parsimony {
namespace {

bool has_type(const Json& value, std::string_view type) {
  const std::string* marker = find_string(value, "__type");
  return marker != nullptr && *marker == type;
}

std::optional<GeoPoint> point_of(const Json* latitude, const Json* longitude) {
  if (latitude == nullptr || longitude == nullptr || !latitude->is_number() || !longitude->is_number()) return std::nullopt;
  return GeoPoint{latitude->get<double>(), longitude->get<double>()};
}

std::optional<Ring> read_ring(const Json& coordinates) {
  Ring ring;
  for (const Json& pair : coordinates) {
    if (!pair.is_array() || pair.size() != 2) return std::nullopt;
    const auto point = point_of(&pair[0], &pair[1]);
    if (!point) return std::nullopt;
    ring.push_back(*point);
  }
  return ring;
}

bool same_point(const GeoPoint& a, const GeoPoint& b) { return a.latitude == b.latitude && a.longitude == b.longitude; }

}  // namespace

Json encode(const GeoPoint& point) { return {{"__type", "GeoPoint"}, {"latitude", point.latitude}, {"longitude", point.longitude}}; }

std::optional<GeoPoint> decode_geo_point(const Json& value) {
  if (!has_type(value, "GeoPoint")) return std::nullopt;
  return point_of(find_member(value, "latitude"), find_member(value, "longitude"));
}

Json encode_polygon(const Ring& ring) {
  Json coordinates = Json::array();
  for (const GeoPoint& point : ring) coordinates.push_back(Json::array({point.latitude, point.longitude}));
  return {{"__type", "Polygon"}, {"coordinates", std::move(coordinates)}};
}

std::optional<Ring> decode_polygon(const Json& value) {
  const Json* coordinates = find_member(value, "coordinates");
  if (!has_type(value, "Polygon") || coordinates == nullptr || !coordinates->is_array()) return std::nullopt;
  auto ring = read_ring(*coordinates);
  if (!ring || ring->size() < kMinPolygonPoints) return std::nullopt;
  if (!same_point(ring->front(), ring->back())) ring->push_back(ring->front());
  return ring;
}

}  // namespace parsimony
