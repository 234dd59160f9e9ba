#include "types/geo_math.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace parsimony {
namespace {

constexpr double kRadiansPerDegree = std::numbers::pi / 180;
constexpr double kMarginDegrees = 1e-4;  // beyond the precision of the 32-bit numbers that an R*Tree holds

// A longitude on the same side as a neighbour: the short way from it. Takes any numbers: what is stored is not checked.
double unwrapped(double longitude, double neighbour) {
  const double way = longitude - neighbour;
  return std::abs(way) > 180 ? neighbour + std::remainder(way, 360) : longitude;
}

bool is_on_edge(const GeoPoint& a, const GeoPoint& b, const GeoPoint& p) {
  const double cross = (b.longitude - a.longitude) * (p.latitude - a.latitude) - (b.latitude - a.latitude) * (p.longitude - a.longitude);
  return std::abs(cross) < 1e-12 && p.latitude >= std::min(a.latitude, b.latitude) && p.latitude <= std::max(a.latitude, b.latitude) &&
         p.longitude >= std::min(a.longitude, b.longitude) && p.longitude <= std::max(a.longitude, b.longitude);
}

bool plane_contains(const Ring& ring, const GeoPoint& point) {
  bool inside = false;
  for (std::size_t i = 0; i + 1 < ring.size(); ++i) {
    const GeoPoint& a = ring[i];
    const GeoPoint& b = ring[i + 1];
    if (is_on_edge(a, b, point)) return true;
    const bool crosses = (a.latitude > point.latitude) != (b.latitude > point.latitude);
    if (crosses && point.longitude < (b.longitude - a.longitude) * (point.latitude - a.latitude) / (b.latitude - a.latitude) + a.longitude)
      inside = !inside;
  }
  return inside;
}

// Longitudes that follow each other without a jump, so that they may leave -180 to 180.
Ring unwrapped(Ring ring) {
  for (std::size_t i = 1; i < ring.size(); ++i) ring[i].longitude = unwrapped(ring[i].longitude, ring[i - 1].longitude);
  return ring;
}

void add_box(std::vector<GeoBox>& boxes, double south, double west, double north, double east) {
  boxes.push_back({{south - kMarginDegrees, west - kMarginDegrees}, {north + kMarginDegrees, east + kMarginDegrees}});
}

// The part of west..east, which may lie outside of -180..180, on each side of the antimeridian; that line itself belongs to both sides.
std::vector<GeoBox> wrapped_boxes(double south, double west, double north, double east) {
  std::vector<GeoBox> boxes;
  if (east - west >= 360) {
    add_box(boxes, south, -180, north, 180);
    return boxes;
  }
  add_box(boxes, south, west, north, east);
  if (west <= kMarginDegrees - 180) add_box(boxes, south, west + 360, north, 180);
  if (east >= 180 - kMarginDegrees) add_box(boxes, south, -180, north, east - 360);
  return boxes;
}

}  // namespace

double angle_between(const GeoPoint& a, const GeoPoint& b) {
  const double latitude = std::sin((b.latitude - a.latitude) * kRadiansPerDegree / 2);
  const double longitude = std::sin((b.longitude - a.longitude) * kRadiansPerDegree / 2);
  const double h =
      latitude * latitude + std::cos(a.latitude * kRadiansPerDegree) * std::cos(b.latitude * kRadiansPerDegree) * longitude * longitude;
  return 2 * std::asin(std::sqrt(std::clamp(h, 0.0, 1.0)));
}

bool GeoBox::contains(const GeoPoint& point) const {
  if (point.latitude < south_west.latitude || point.latitude > north_east.latitude) return false;
  const bool after_west = point.longitude >= south_west.longitude;
  const bool before_east = point.longitude <= north_east.longitude;
  return south_west.longitude <= north_east.longitude ? after_west && before_east : after_west || before_east;
}

bool ring_contains(const Ring& ring, const GeoPoint& point) {
  const Ring plane = unwrapped(ring);
  for (const double turn : {0.0, 360.0, -360.0}) {
    if (plane_contains(plane, {point.latitude, point.longitude + turn})) return true;
  }
  return false;
}

std::vector<GeoBox> boxes_around(const GeoPoint& center, double radians) {
  if (radians >= std::numbers::pi) return wrapped_boxes(-90, -180, 90, 180);
  const double degrees = radians / kRadiansPerDegree;
  const double south = center.latitude - degrees;
  const double north = center.latitude + degrees;
  if (south <= kMarginDegrees - 90 || north >= 90 - kMarginDegrees)
    return wrapped_boxes(std::max(south, -90.0), -180, std::min(north, 90.0), 180);
  const double sine = std::sin(radians) / std::cos(center.latitude * kRadiansPerDegree);
  const double width = sine >= 1 ? 180 : std::asin(sine) / kRadiansPerDegree;
  return wrapped_boxes(south, center.longitude - width, north, center.longitude + width);
}

std::vector<GeoBox> boxes_around(const GeoBox& box) {
  const bool crosses = box.south_west.longitude > box.north_east.longitude;
  return wrapped_boxes(box.south_west.latitude, box.south_west.longitude, box.north_east.latitude,
                       box.north_east.longitude + (crosses ? 360 : 0));
}

std::vector<GeoBox> boxes_around(const Ring& ring) {
  constexpr double kFar = std::numeric_limits<double>::infinity();
  double south = kFar, west = kFar, north = -kFar, east = -kFar;
  for (const GeoPoint& point : unwrapped(ring)) {
    south = std::min(south, point.latitude);
    north = std::max(north, point.latitude);
    west = std::min(west, point.longitude);
    east = std::max(east, point.longitude);
  }
  return wrapped_boxes(south, west, north, east);
}

}  // namespace parsimony
