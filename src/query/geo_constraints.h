// The constraints on places: how they are written, what they are as operands, and which values meet them.
#pragma once
#include <optional>
#include <vector>

#include "query/filter.h"
#include "types/geo_math.h"

namespace parsimony {

// The forms of a geo operand: Near and WithinSphere {"center":[lat,lon],"radians":r or null}, WithinBox [[lat,lon],[lat,lon]] from the
// south-west, WithinPolygon [[lat,lon],...] closed, Intersects [lat,lon].

inline constexpr std::size_t kMaxPolygonPoints = 10'000;

// Read the value of "$nearSphere" (with "$maxDistance" and its kin beside it), "$within", "$geoWithin", "$geoIntersects".
// Throw 107 as the reference lists it, also for latitudes beyond 90 and longitudes beyond 180 degrees.
Filter read_near_sphere(const FieldPath& path, const Json& operand, const Json& around);
Filter read_within(const FieldPath& path, const Json& operand);
Filter read_geo_within(const FieldPath& path, const Json& operand);
Filter read_geo_intersects(const FieldPath& path, const Json& operand);
bool is_max_distance(std::string_view op);

bool is_geo(Comparison comparison);

// An operand, read once for many values.
class GeoArea {
 public:
  GeoArea(Comparison comparison, const Json& operand);

  bool contains(const GeoPoint& point) const;  // false for Intersects
  bool meets(const Ring& polygon) const;       // Intersects only
  double distance_from_center(const GeoPoint& point) const;
  // What an index can be asked for; none when the area is the whole globe.
  std::vector<GeoBox> boxes() const;

 private:
  Comparison comparison_;
  GeoPoint center_{};  // or the point of Intersects
  std::optional<double> radians_;
  GeoBox box_{};
  Ring ring_;
};

}  // namespace parsimony
