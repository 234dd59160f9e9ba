#include "types/geo_math.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <numbers>
#include <random>

using namespace parsimony;

TEST_CASE("angles between points") {
  CHECK(angle_between({0, 0}, {0, 90}) == Approx(std::numbers::pi / 2));
  CHECK(angle_between({90, 0}, {-90, 123}) == Approx(std::numbers::pi));
  CHECK(angle_between({0, 179}, {0, -179}) == Approx(2 * std::numbers::pi / 180));
  CHECK(angle_between({52.52, 13.405}, {52.4, 13.06}) * kEarthRadiusKm == Approx(26.9).epsilon(0.01));
  CHECK(angle_between({5, 5}, {5, 5}) == 0);
}

TEST_CASE("boxes, also over the antimeridian") {
  const GeoBox plain{{0, 0}, {10, 10}};
  CHECK(plain.contains({0, 10}));
  CHECK_FALSE(plain.contains({0, 10.1}));
  const GeoBox pacific{{-20, 170}, {-10, -170}};
  CHECK(pacific.contains({-15, 180}));
  CHECK(pacific.contains({-15, -180}));
  CHECK_FALSE(pacific.contains({-15, 0}));
}

TEST_CASE("rings, also over the antimeridian") {
  const Ring square{{0, 0}, {0, 10}, {10, 10}, {10, 0}, {0, 0}};
  CHECK(ring_contains(square, {5, 5}));
  CHECK(ring_contains(square, {0, 5}));
  CHECK(ring_contains(square, {10, 10}));
  CHECK_FALSE(ring_contains(square, {5, 10.01}));
  const Ring pacific{{-20, 170}, {-20, -170}, {-10, -170}, {-10, 170}, {-20, 170}};
  CHECK(ring_contains(pacific, {-15, 175}));
  CHECK(ring_contains(pacific, {-15, -175}));
  CHECK_FALSE(ring_contains(pacific, {-15, 0}));
}

TEST_CASE("numbers out of range have an answer, too") {
  constexpr double kHuge = 1.7976931348623157e308;
  for (const double far : {539.0, -1e10, 1e300, kHuge, -kHuge}) {
    INFO(far);
    CHECK_FALSE(ring_contains({{0, far}, {0, -far}, {10, 0}, {0, far}}, {-5, 5}));
    CHECK_FALSE(ring_contains({{far, 0}, {0, 1}, {-1, 0}, {far, 0}}, {-5, 5}));
    CHECK_FALSE(boxes_around(Ring{{0, far}, {0, -far}, {10, 0}, {0, far}}).empty());
  }
  CHECK(ring_contains({{0, 360}, {0, 370}, {10, 370}, {10, 360}, {0, 360}}, {5, 5}));
}

TEST_CASE("the boxes for an index hold the antimeridian on both of its sides") {
  const auto hold = [](const std::vector<GeoBox>& boxes, const GeoPoint& point) {
    return std::any_of(boxes.begin(), boxes.end(), [&](const GeoBox& box) { return box.contains(point); });
  };
  for (const double longitude : {180.0, -180.0}) {
    INFO(longitude);
    CHECK(hold(boxes_around(GeoBox{{0, 90}, {10, -180}}), {5, longitude}));
    CHECK(hold(boxes_around(GeoBox{{0, 90}, {10, 180}}), {5, longitude}));
    CHECK(hold(boxes_around(GeoBox{{0, -180}, {10, -90}}), {5, longitude}));
    CHECK(hold(boxes_around(Ring{{0, 179}, {0, 180}, {10, 180}, {0, 179}}), {5, longitude}));
    CHECK(hold(boxes_around(Ring{{0, -179}, {0, -180}, {10, -180}, {0, -179}}), {5, longitude}));
    CHECK(hold(boxes_around(GeoPoint{0, 179}, std::numbers::pi / 180), {0, longitude}));
    CHECK(hold(boxes_around(GeoPoint{45, 0}, std::numbers::pi / 4), {90, longitude}));
  }
}

TEST_CASE("the boxes for an index lose no point of a circle") {
  std::mt19937 random(7);
  std::uniform_real_distribution<double> latitude(-90, 90), longitude(-180, 180), radius(0, 1);
  std::size_t within = 0;
  for (int i = 0; i < 20'000; ++i) {
    const GeoPoint center{latitude(random), longitude(random)}, point{latitude(random), longitude(random)};
    const double radians = radius(random);
    if (angle_between(center, point) > radians) continue;
    ++within;
    bool found = false;
    for (const GeoBox& box : boxes_around(center, radians)) {
      CHECK(box.south_west.longitude <= box.north_east.longitude);
      found = found || box.contains(point);
    }
    CHECK(found);
  }
  CHECK(within > 500);
}
