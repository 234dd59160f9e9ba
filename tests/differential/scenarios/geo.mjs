// Places and areas.
import { create, differs, differsByError, differsByIds, find, geoPoint, polygon, where } from '../steps.mjs';

const C = 'GeoCity';
const kCities = {
  prague: [50.0755, 14.4378],
  brno: [49.1951, 16.6068],
  berlin: [52.52, 13.405],
  london: [51.5074, -0.1278],
  sydney: [-33.8688, 151.2093],
};
const near = (more = {}) => ({ place: { $nearSphere: geoPoint(...kCities.prague), ...more } });
const inOrder = (name, filter, query = {}) => find(name, C, { where: filter, keys: 'name', ...query }, { ordered: true });
const query = (name, filter) => where(name, C, filter);
const kEurope = [
  [35, -10],
  [35, 30],
  [60, 30],
  [60, -10],
].map(([a, b]) => geoPoint(a, b));

export const steps = [
  ...Object.entries(kCities).map(([name, place]) => create(`a city: ${name}`, C, { name, place: geoPoint(...place) }, { saves: name })),
  create('a city without place', C, { name: 'atlantis' }, { saves: 'atlantis' }),
  create('an area', 'GeoArea', { name: 'square', area: polygon([0, 0], [0, 10], [10, 10], [10, 0]) }, { saves: 'square' }),
  create('another area', 'GeoArea', { name: 'bohemia', area: polygon([48, 12], [48, 16], [51, 16], [51, 12]) }, { saves: 'bohemia' }),
  inOrder('the nearest first', near()),
  inOrder('the two nearest', near(), { limit: 2 }),
  inOrder('the nearest after the first', near(), { skip: 1, limit: 1 }),
  inOrder('near, but by name', near(), { order: 'name' }),
  query('within radians', near({ $maxDistance: 0.05 })),
  query('within kilometres', near({ $maxDistanceInKilometers: 300 })),
  query('within miles', near({ $maxDistanceInMiles: 300 })),
  query('within radians, by name', near({ $maxDistanceInRadians: 0.05 })),
  query('within no distance', near({ $maxDistance: 0 })),
  find('count of what is near', C, { where: near({ $maxDistance: 0.05 }), count: 1, limit: 0 }),
  query('near something that is no point', { place: { $nearSphere: 'here' } }),
  query('near with a distance that is text', near({ $maxDistance: 'far' })),
  query('in a box', { place: { $within: { $box: [geoPoint(45, 10), geoPoint(53, 20)] } } }),
  query('in a box of one corner', { place: { $within: { $box: [geoPoint(45, 10)] } } }),
  query('in something that is no box', { place: { $within: { $circle: 1 } } }),
  query('in a polygon', { place: { $geoWithin: { $polygon: kEurope } } }),
  query('in a polygon as a value', { place: { $geoWithin: { $polygon: polygon([35, -10], [35, 30], [60, 30], [60, -10]) } } }),
  query('in a polygon of two points', { place: { $geoWithin: { $polygon: kEurope.slice(0, 2) } } }),
  query('in a polygon that is text', { place: { $geoWithin: { $polygon: 'x' } } }),
  query('in a polygon out of range', { place: { $geoWithin: { $polygon: [geoPoint(100, 0), geoPoint(0, 1), geoPoint(1, 1)] } } }),
  query('in a circle', { place: { $geoWithin: { $centerSphere: [geoPoint(...kCities.prague), 0.05] } } }),
  query('in a circle given by numbers', { place: { $geoWithin: { $centerSphere: [[14.4378, 50.0755], 0.05] } } }),
  query('in a circle without distance', { place: { $geoWithin: { $centerSphere: [geoPoint(...kCities.prague)] } } }),
  query('in a circle of a negative distance', { place: { $geoWithin: { $centerSphere: [geoPoint(...kCities.prague), -1] } } }),
  query('in nothing that is known', { place: { $geoWithin: { $nope: 1 } } }),
  query('equal to a point', { place: geoPoint(...kCities.brno) }),
  query('unequal to a point', { place: { $ne: geoPoint(...kCities.brno) } }),
  query('has a place', { place: { $exists: true } }),
  query('has no place', { place: { $exists: false } }),
  where('areas that hold a point', 'GeoArea', { area: { $geoIntersects: { $point: geoPoint(5, 5) } } }),
  where('areas that hold another point', 'GeoArea', { area: { $geoIntersects: { $point: geoPoint(...kCities.prague) } } }),
  where('areas that hold no such point', 'GeoArea', { area: { $geoIntersects: { $point: geoPoint(-5, -5) } } }),
  where('areas that hold something else', 'GeoArea', { area: { $geoIntersects: { $point: 'x' } } }),
  where('areas equal to an area', 'GeoArea', { area: polygon([0, 0], [0, 10], [10, 10], [10, 0]) }),
  query('near in $or', { $or: [{ place: { $geoWithin: { $centerSphere: [geoPoint(...kCities.prague), 0.01] } } }, { name: 'sydney' }] }),
];

export const differences = {
  'near, but by name': differs('D31', 200, {
    results: [
      { createdAt: '$date', name: 'berlin', objectId: '$id(berlin)', updatedAt: '$date' },
      { createdAt: '$date', name: 'brno', objectId: '$id(brno)', updatedAt: '$date' },
      { createdAt: '$date', name: 'london', objectId: '$id(london)', updatedAt: '$date' },
      { createdAt: '$date', name: 'prague', objectId: '$id(prague)', updatedAt: '$date' },
      { createdAt: '$date', name: 'sydney', objectId: '$id(sydney)', updatedAt: '$date' },
    ],
  }),
  'within kilometres': differsByIds('D32', 'berlin', 'brno', 'prague'),
  'within miles': differsByIds('D32', 'berlin', 'brno', 'prague'),
  'within radians, by name': differsByIds('D32', 'berlin', 'brno', 'prague'),
  'near something that is no point': differsByError('D02', 400, 107, 'bad $nearSphere value, should be a GeoPoint'),
  'near with a distance that is text': differsByError('D02', 400, 107, 'bad $maxDistance value'),
  'in a box of one corner': differsByError('D01', 400, 107, 'malformatted $within arg'),
  'in something that is no box': differsByError('D12', 400, 107, 'malformatted $within arg'),
  'in a polygon out of range': differsByError('D01', 400, 107, 'GeoPoint latitude out of bounds: 100 > 90.0.'),
  'in nothing that is known': differsByError('D12', 400, 107, 'bad $geoWithin value'),
};
