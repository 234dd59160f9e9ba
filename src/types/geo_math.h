// Distances and areas on the globe. Degrees in, radians for distances.
#pragma once
#include <array>
#include <vector>

#include "types/geo.h"

namespace parsimony {

inline constexpr double kEarthRadiusKm = 6371;
inline constexpr double kEarthRadiusMiles = 3959;

// The angle between two points as seen from the centre of the earth.
double angle_between(const GeoPoint& a, const GeoPoint& b);

// A box from its south-west to its north-east corner; one whose west is east of its east crosses the antimeridian.
struct GeoBox {
  GeoPoint south_west;
  GeoPoint north_east;

  bool contains(const GeoPoint& point) const;
};

// Whether a point lies within a closed ring or on its edge, on the plane of latitude and longitude, as Parse Server means it. An edge
// that spans more than half of the globe goes the other way round, over the antimeridian.
bool ring_contains(const Ring& ring, const GeoPoint& point);

// Boxes, none of which crosses the antimeridian, that together hold everything within the area. A little larger than the area, so that
// no rounding loses a point.
std::vector<GeoBox> boxes_around(const GeoPoint& center, double radians);
std::vector<GeoBox> boxes_around(const GeoBox& box);
std::vector<GeoBox> boxes_around(const Ring& ring);

}  // namespace parsimony
