#include "query/geo_constraints.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "common/error.h"
#include "query/constraint_reader.h"

namespace parsimony {
namespace {

struct DistanceForm {
  std::string_view name;
  double units_per_radian;
};
constexpr DistanceForm kDistanceForms[] = {
    {"$maxDistance", 1},
    {"$maxDistanceInRadians", 1},
    {"$maxDistanceInKilometers", kEarthRadiusKm},
    {"$maxDistanceInMiles", kEarthRadiusMiles},
};

[[noreturn]] void refuse(std::string_view reason) { refuse_query(error_code::kInvalidJson, reason); }

void require_in_range(double value, double limit, const char* what) {
  if (value >= -limit && value <= limit) return;
  const bool above = value > limit;
  std::string text = std::string("GeoPoint ") + what + " out of bounds: ";
  append_json_number(text, value);
  refuse(text + (above ? " > " : " < -") + std::to_string(static_cast<int>(limit)) + ".0.");
}

GeoPoint in_range(const GeoPoint& point) {
  require_in_range(point.latitude, 90, "latitude");
  require_in_range(point.longitude, 180, "longitude");
  return point;
}

// A GeoPoint, or the pair [longitude, latitude].
std::optional<GeoPoint> point_or_pair(const Json& value) {
  if (!value.is_array()) return decode_geo_point(value);
  if (value.size() != 2 || !value[0].is_number() || !value[1].is_number()) return std::nullopt;
  return GeoPoint{value[1].get<double>(), value[0].get<double>()};
}

GeoPoint required_point(const std::optional<GeoPoint>& point, std::string_view otherwise) {
  if (!point) refuse(otherwise);
  return in_range(*point);
}

Json pair_of(const GeoPoint& point) { return Json::array({point.latitude, point.longitude}); }
GeoPoint point_of(const Json& pair) { return {pair.at(0).get<double>(), pair.at(1).get<double>()}; }

Filter sphere(const FieldPath& path, Comparison comparison, const GeoPoint& center, std::optional<double> radians) {
  Json operand = {{"center", pair_of(center)}, {"radians", radians ? Json(*radians) : Json()}};
  return {Constraint{path, comparison, std::move(operand), {}}};
}

Filter read_polygon(const FieldPath& path, const Json& polygon) {
  const std::string* type = find_string(polygon, "__type");
  const Json* points = &polygon;
  if (type && *type == "Polygon") {
    points = find_member(polygon, "coordinates");
    if (!points || !points->is_array() || points->size() < 3)
      refuse("bad $geoWithin value; Polygon.coordinates should contain at least 3 lon/lat pairs");
  } else if (!polygon.is_array()) {
    refuse("bad $geoWithin value; $polygon should be Polygon object or Array of Parse.GeoPoint's");
  } else if (polygon.size() < 3) {
    refuse("bad $geoWithin value; $polygon should contain at least 3 GeoPoints");
  }
  if (points->size() > kMaxPolygonPoints) refuse("bad $geoWithin value; too many points");
  Json ring = Json::array();
  for (const Json& point : *points) ring.push_back(pair_of(required_point(point_or_pair(point), "bad $geoWithin value")));
  if (ring.front() != ring.back()) ring.push_back(Json(ring.front()));
  return {Constraint{path, Comparison::WithinPolygon, std::move(ring), {}}};
}

Filter read_center_sphere(const FieldPath& path, const Json& value) {
  if (!value.is_array() || value.size() < 2)
    refuse("bad $geoWithin value; $centerSphere should be an array of Parse.GeoPoint and distance");
  const GeoPoint center = required_point(point_or_pair(value[0]), "bad $geoWithin value; $centerSphere geo point invalid");
  if (!value[1].is_number() || value[1].get<double>() < 0) refuse("bad $geoWithin value; $centerSphere distance invalid");
  return sphere(path, Comparison::WithinSphere, center, value[1].get<double>());
}

std::optional<double> max_radians(const Json& around) {
  std::optional<double> least;
  for (const DistanceForm& form : kDistanceForms) {
    const Json* distance = find_member(around, form.name);
    if (!distance || distance->is_null()) continue;
    if (!distance->is_number() || distance->get<double>() < 0) refuse(std::string("bad ").append(form.name).append(" value"));
    const double radians = distance->get<double>() / form.units_per_radian;
    least = least ? std::min(*least, radians) : radians;
  }
  return least;
}

}  // namespace

Filter read_near_sphere(const FieldPath& path, const Json& operand, const Json& around) {
  const GeoPoint center = required_point(point_or_pair(operand), "bad $nearSphere value, should be a GeoPoint");
  return sphere(path, Comparison::Near, center, max_radians(around));
}

Filter read_within(const FieldPath& path, const Json& operand) {
  const Json* box = find_member(operand, "$box");
  if (!box || !box->is_array() || box->size() != 2) refuse("malformatted $within arg");
  const GeoPoint south_west = required_point(decode_geo_point((*box)[0]), "malformatted $within arg");
  const GeoPoint north_east = required_point(decode_geo_point((*box)[1]), "malformatted $within arg");
  return {Constraint{path, Comparison::WithinBox, Json::array({pair_of(south_west), pair_of(north_east)}), {}}};
}

Filter read_geo_within(const FieldPath& path, const Json& operand) {
  if (const Json* polygon = find_member(operand, "$polygon")) return read_polygon(path, *polygon);
  if (const Json* center_sphere = find_member(operand, "$centerSphere")) return read_center_sphere(path, *center_sphere);
  refuse("bad $geoWithin value");
}

Filter read_geo_intersects(const FieldPath& path, const Json& operand) {
  constexpr std::string_view kBad = "bad $geoIntersect value; $point should be GeoPoint";
  const Json* value = find_member(operand, "$point");
  if (!value) refuse(kBad);
  return {Constraint{path, Comparison::Intersects, pair_of(required_point(decode_geo_point(*value), kBad)), {}}};
}

bool is_max_distance(std::string_view op) {
  return std::any_of(std::begin(kDistanceForms), std::end(kDistanceForms), [&](const DistanceForm& form) { return form.name == op; });
}

bool is_geo(Comparison comparison) {
  switch (comparison) {
    case Comparison::Near:
    case Comparison::WithinSphere:
    case Comparison::WithinBox:
    case Comparison::WithinPolygon:
    case Comparison::Intersects: return true;
    default: return false;
  }
}

GeoArea::GeoArea(Comparison comparison, const Json& operand) : comparison_(comparison) {
  switch (comparison) {
    case Comparison::WithinBox: box_ = {point_of(operand.at(0)), point_of(operand.at(1))}; break;
    case Comparison::WithinPolygon:
      for (const Json& pair : operand) ring_.push_back(point_of(pair));
      break;
    case Comparison::Intersects: center_ = point_of(operand); break;
    default:
      center_ = point_of(operand.at("center"));
      if (const Json& radians = operand.at("radians"); radians.is_number()) radians_ = radians.get<double>();
  }
}

bool GeoArea::contains(const GeoPoint& point) const {
  switch (comparison_) {
    case Comparison::WithinBox: return box_.contains(point);
    case Comparison::WithinPolygon: return ring_contains(ring_, point);
    case Comparison::Intersects: return false;
    default: return !radians_ || angle_between(center_, point) <= *radians_;
  }
}

bool GeoArea::meets(const Ring& polygon) const { return comparison_ == Comparison::Intersects && ring_contains(polygon, center_); }

double GeoArea::distance_from_center(const GeoPoint& point) const { return angle_between(center_, point); }

std::vector<GeoBox> GeoArea::boxes() const {
  switch (comparison_) {
    case Comparison::WithinBox: return boxes_around(box_);
    case Comparison::WithinPolygon: return boxes_around(ring_);
    case Comparison::Intersects: return {};
    default: return radians_ ? boxes_around(center_, *radians_) : std::vector<GeoBox>{};
  }
}

}  // namespace parsimony
