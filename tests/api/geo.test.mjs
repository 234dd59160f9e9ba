// Places: near, within a box, a polygon or a circle, polygons around a point; over the antimeridian and the poles; errors.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { assertError, assertOk, createdId } from '../support/assert.mjs';
import { oursOnly, startServer, uniqueName } from '../support/server.mjs';

const server = await startServer();
after(() => server.stop());
const { api } = server;
const C = uniqueName('Place');
const Area = uniqueName('Area');

const point = (latitude, longitude) => ({ __type: 'GeoPoint', latitude, longitude });
const polygon = (...coordinates) => ({ __type: 'Polygon', coordinates });
const ids = {};

const places = {
  berlin: point(52.52, 13.405),
  potsdam: point(52.4, 13.06),
  munich: point(48.137, 11.575),
  fiji: point(-17.8, 178),
  samoa: point(-13.8, -172),
  pole: point(89.9, 10),
  overPole: point(89.9, -170),
  zero: point(0, 0),
};

before(async () => {
  for (const [key, at] of Object.entries(places)) ids[key] = createdId(await api.create(C, { key, at, inside: { at } }));
  createdId(await api.create(C, { key: 'nowhere' }));
  createdId(await api.create(Area, { key: 'square', area: polygon([0, 0], [0, 10], [10, 10], [10, 0]) }));
  createdId(await api.create(Area, { key: 'pacific', area: polygon([-20, 170], [-20, -170], [-10, -170], [-10, 170]) }));
  createdId(await api.create(Area, { key: 'none' }));
});

async function found(className, where, parameters = {}) {
  return assertOk(await api.find(className, { where, ...parameters }))
    .results.map((row) => row.key)
    .join(' ');
}
const foundSorted = async (className, where) => (await found(className, where)).split(' ').sort().join(' ');

describe('near', () => {
  const near = (more) => ({ at: { $nearSphere: places.berlin, ...more } });

  test('the nearest come first', async () => {
    assert.match(await found(C, near({ $maxDistance: 0.1 })), /^berlin potsdam munich$/);
  });
  test('all of them without a distance, but for those without a place', { skip: oursOnly }, async () => {
    const keys = (await found(C, near({}))).split(' ');
    assert.equal(keys.length, Object.keys(places).length);
    assert.deepEqual(keys.slice(0, 3), ['berlin', 'potsdam', 'munich']);
  });
  test('an order that is asked for holds', async () => {
    assert.equal(await found(C, near({ $maxDistance: 0.1 }), { order: '-key' }), 'potsdam munich berlin');
  });
  test('with limit and skip', async () => {
    assert.equal(await found(C, near({ $maxDistance: 0.1 }), { limit: 1, skip: 1 }), 'potsdam');
  });
  test('counted', async () => {
    assert.equal(assertOk(await api.find(C, { where: near({ $maxDistance: 0.1 }), count: 1, limit: 0 })).count, 3);
  });
  // Berlin and Potsdam are 27 km apart.
  for (const [form, some, less] of [
    ['$maxDistanceInKilometers', 28, 26],
    ['$maxDistanceInMiles', 17.5, 16],
    ['$maxDistanceInRadians', 0.0045, 0.0041],
    ['$maxDistance', 0.0045, 0.0041],
  ]) {
    test(form, { skip: form !== '$maxDistance' && oursOnly }, async () => {
      assert.equal(await found(C, near({ [form]: some })), 'berlin potsdam');
      assert.equal(await found(C, near({ [form]: less })), 'berlin');
    });
  }
  test('over the antimeridian and the pole', async () => {
    assert.equal(await found(C, { at: { $nearSphere: point(-16, -179), $maxDistance: 0.2 } }), 'fiji samoa');
    assert.equal(await found(C, { at: { $nearSphere: point(89.95, 10), $maxDistance: 0.01 } }), 'pole overPole');
  });
  test('within $or it is a condition only', { skip: oursOnly }, async () => {
    assert.equal(await foundSorted(C, { $or: [near({ $maxDistance: 0.001 }), { key: 'zero' }] }), 'berlin zero');
  });
  test('in an object', { skip: oursOnly }, async () => {
    assert.equal(await foundSorted(C, { 'inside.at': { $nearSphere: places.berlin, $maxDistance: 0.01 } }), 'berlin potsdam');
  });
});

const areas = [
  ['$box', { $within: { $box: [point(45, 10), point(55, 14)] } }, 'berlin munich potsdam'],
  ['$box, edges belong to it', { $within: { $box: [point(0, 0), point(1, 1)] } }, 'zero'],
  ['$box over the antimeridian', { $within: { $box: [point(-20, 170), point(-10, -170)] } }, 'fiji samoa', true],
  ['$polygon', { $geoWithin: { $polygon: [point(50, 10), point(54, 10), point(54, 15), point(50, 15)] } }, 'berlin potsdam'],
  ['closed $polygon', { $geoWithin: { $polygon: [point(-1, -1), point(1, -1), point(1, 1), point(-1, 1), point(-1, -1)] } }, 'zero'],
  ['$polygon as pairs of longitude and latitude', { $geoWithin: { $polygon: polygon([10, 50], [10, 54], [15, 54], [15, 50]) } }, 'berlin potsdam'],
  ['$polygon over the antimeridian', { $geoWithin: { $polygon: [point(-20, 170), point(-20, -170), point(-10, -170), point(-10, 170)] } }, 'fiji samoa', true],
  ['$centerSphere', { $geoWithin: { $centerSphere: [places.berlin, 0.0045] } }, 'berlin potsdam'],
  ['$centerSphere by longitude and latitude', { $geoWithin: { $centerSphere: [[13.405, 52.52], 0.1] } }, 'berlin munich potsdam'],
  ['equal to a point', places.zero, 'zero'],
  ['set', { $exists: true }, Object.keys(places).sort().join(' ')],
];

describe('areas', () => {
  for (const [what, constraint, expected, onlyOurs] of areas) {
    test(what, { skip: onlyOurs && oursOnly }, async () => assert.equal(await foundSorted(C, { at: constraint }), expected));
  }

  test('$geoIntersects', async () => {
    const around = (at) => foundSorted(Area, { area: { $geoIntersects: { $point: at } } });
    assert.equal(await around(point(5, 5)), 'square');
    assert.equal(await around(point(11, 5)), '');
    assert.equal(await around(point(0, 5)), 'square');
  });
  test('$geoIntersects over the antimeridian', { skip: oursOnly }, async () => {
    assert.equal(await foundSorted(Area, { area: { $geoIntersects: { $point: point(-15, 179) } } }), 'pacific');
    assert.equal(await foundSorted(Area, { area: { $geoIntersects: { $point: point(-15, -175) } } }), 'pacific');
    assert.equal(await foundSorted(Area, { area: { $geoIntersects: { $point: point(-15, 0) } } }), '');
  });
});

test('what is written is found at once, and no longer when it is gone', async () => {
  const M = uniqueName('Moving');
  const around = (at) => found(M, { at: { $nearSphere: at, $maxDistance: 0.001 } });
  const id = createdId(await api.create(M, { key: 'm', at: point(10, 10) }));
  assert.equal(await around(point(10, 10)), 'm');
  assertOk(await api.update(M, id, { at: point(20, 20) }));
  assert.equal(await around(point(10, 10)), '');
  assert.equal(await around(point(20, 20)), 'm');
  assertOk(await api.update(M, id, { at: { __op: 'Delete' } }));
  assert.equal(await around(point(20, 20)), '');
  assertOk(await api.update(M, id, { at: point(30, 30) }));
  assertOk(await api.remove(M, id));
  assert.equal(await around(point(30, 30)), '');
});

test('a field that comes later is indexed, and may go and come back', async () => {
  const L = uniqueName('Later');
  const id = createdId(await api.create(L, { key: 'x' }));
  assertOk(await api.update(L, id, { at: point(1, 1) }));
  assert.equal(await found(L, { at: { $within: { $box: [point(0, 0), point(2, 2)] } } }), 'x');
});

test('the nearest of many are found by the index, in order, page by page', { skip: oursOnly }, async () => {
  const N = uniqueName('Near');
  const at = (i) => point(((i * 37) % 160) - 80, ((i * 101) % 340) - 170);
  const requests = Array.from({ length: 400 }, (_, i) => ({ method: 'POST', path: `/parse/classes/${N}`, body: { i, at: at(i) } }));
  assertOk(await api.request('POST', '/batch', { requests }));
  const where = { at: { $nearSphere: point(10, 10) } };
  const rows = async (query) => assertOk(await api.find(N, { where, keys: 'i', ...query })).results.map((row) => row.i);
  const all = await rows({ limit: 1000 });
  assert.equal(all.length, 400);
  for (const [skip, limit] of [[0, 1], [0, 20], [5, 10], [100, 50], [390, 20]]) assert.deepEqual(await rows({ skip, limit }), all.slice(skip, skip + limit));
  const plan = async (query) => assertOk(await api.find(N, { where, explain: true, ...query }, { master: true })).results.map((step) => step.detail).join('; ');
  assert.match(await plan({ limit: 1 }), /VIRTUAL TABLE INDEX/);
  assert.doesNotMatch(await plan({ limit: 400 }), /VIRTUAL TABLE INDEX/);
});

const square = [point(0, 0), point(0, 1), point(1, 1)];
const refusals = [
  [{ $within: { $box: [point(0, 0)] } }, 'malformatted $within arg', true],
  [{ $within: {} }, 'malformatted $within arg', true],
  [{ $within: { $box: [1, 2] } }, 'malformatted $within arg', true],
  [{ $geoWithin: {} }, 'bad $geoWithin value', true],
  [{ $geoWithin: { $polygon: square.slice(1) } }, 'bad $geoWithin value; $polygon should contain at least 3 GeoPoints'],
  [{ $geoWithin: { $polygon: 5 } }, "bad $geoWithin value; $polygon should be Polygon object or Array of Parse.GeoPoint's"],
  [{ $geoWithin: { $polygon: { __type: 'Polygon', coordinates: [[0, 0]] } } }, 'bad $geoWithin value; Polygon.coordinates should contain at least 3 lon/lat pairs'],
  [{ $geoWithin: { $polygon: [...square, { x: 1 }] } }, 'bad $geoWithin value'],
  [{ $geoWithin: { $polygon: [...square, point(91, 0)] } }, 'GeoPoint latitude out of bounds: 91 > 90.0.', true],
  [{ $geoWithin: { $centerSphere: [] } }, 'bad $geoWithin value; $centerSphere should be an array of Parse.GeoPoint and distance'],
  [{ $geoWithin: { $centerSphere: [{ x: 1 }, 1] } }, 'bad $geoWithin value; $centerSphere geo point invalid'],
  [{ $geoWithin: { $centerSphere: [point(0, 0), -1] } }, 'bad $geoWithin value; $centerSphere distance invalid'],
  [{ $geoWithin: { $centerSphere: [point(0, 0), 'x'] } }, 'bad $geoWithin value; $centerSphere distance invalid'],
  [{ $geoIntersects: { $point: { x: 1 } } }, 'bad $geoIntersect value; $point should be GeoPoint'],
  [{ $geoIntersects: { $point: point(0, -181) } }, 'GeoPoint longitude out of bounds: -181 < -180.0.', true],
  [{ $nearSphere: 'here' }, 'bad $nearSphere value, should be a GeoPoint', true],
  [{ $nearSphere: point(0, 0), $maxDistance: 'far' }, 'bad $maxDistance value', true],
  [{ $maxDistance: 1 }, 'bad constraint: $maxDistance', true],
];

describe('what is refused', () => {
  for (const [constraint, message, onlyOurs] of refusals) {
    test(JSON.stringify(constraint), { skip: onlyOurs && oursOnly }, async () => {
      assertError(await api.find(C, { where: { at: constraint } }), 400, 107, message);
    });
  }
});
