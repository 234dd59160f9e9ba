// Every type: what goes in comes out, the schema names it, and malformed or mismatching values are refused.
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { assertError, assertOk, createdId, ownFields } from '../support/assert.mjs';
import { isParseServer, oursOnly, startServer, uniqueName } from '../support/server.mjs';

const server = await startServer();
after(() => server.stop());
const { api } = server;
const C = uniqueName('Typed');

const pointer = { __type: 'Pointer', className: 'Target', objectId: 'aaaaaaaaaa' };
const date = { __type: 'Date', iso: '2020-02-29T23:59:59.123Z' };
const geoPoint = { __type: 'GeoPoint', latitude: 40.5, longitude: -30.25 };
const bytes = { __type: 'Bytes', base64: 'AAECAwQ=' };
const square = {
  __type: 'Polygon',
  coordinates: [
    [0, 0],
    [0, 10],
    [10, 10],
    [10, 0],
    [0, 0],
  ],
};

// [name, stored type, values that must come back as they were sent]
const kinds = [
  ['String', { type: 'String' }, ['', 'a', ' spaces ', '0', 'null', "it's", '%_\\', 'x'.repeat(100_000)]],
  [
    'Number',
    { type: 'Number' },
    [0, 1, -1, 0.1, 1e-7, 1.7976931348623157e308, 5e-324, 9007199254740991, -9007199254740991, 1e21, 123456.789],
  ],
  ['Boolean', { type: 'Boolean' }, [true, false]],
  [
    'Date',
    { type: 'Date' },
    [date, { __type: 'Date', iso: '1969-12-31T23:59:59.999Z' }, { __type: 'Date', iso: '2038-01-19T03:14:08.000Z' }],
  ],
  ['Array', { type: 'Array' }, [[], [1, 'a', true, null, [1, [2]], { a: 1 }], [pointer, pointer], [date], [geoPoint]]],
  [
    'Object',
    { type: 'Object' },
    [{}, { a: 1 }, { a: { b: { c: [1, { d: null }] } } }, { date, pointer }, { 'key with space': 1, ü: 2, '': 3 }],
  ],
  ['Pointer', { type: 'Pointer', targetClass: 'Target' }, [pointer]],
  [
    'GeoPoint',
    { type: 'GeoPoint' },
    [geoPoint, { ...geoPoint, latitude: 0, longitude: 0 }, { ...geoPoint, latitude: -90, longitude: 180 }],
  ],
  ['Bytes', { type: 'Bytes' }, [bytes]],
  ['Polygon', { type: 'Polygon' }, [square]],
];

for (const [name, type, values] of kinds) {
  describe(name, () => {
    const field = `f${name}`;
    values.forEach((value, index) =>
      test(`value ${index}: ${JSON.stringify(value).slice(0, 60)}`, async () => {
        const id = createdId(await api.create(C, { [field]: value }));
        assert.deepEqual(ownFields(assertOk(await api.get(C, id))), { [field]: value });
        if (isParseServer && name === 'Bytes') return;
        assertOk(await api.update(C, id, { [field]: null }));
        assert.deepEqual(ownFields(assertOk(await api.get(C, id))), {});
        assertOk(await api.update(C, id, { [field]: value }));
        assert.deepEqual(assertOk(await api.get(C, id))[field], value);
      }),
    );
    test('is named in the schema', async () => {
      assert.deepEqual(assertOk(await api.schema('GET', C)).fields[field], type);
    });
  });
}

describe('Number', () => {
  test('integers stay integers and reals stay reals in the text of the answer', async () => {
    const id = createdId(await api.create(C, '{"fNumber":3}'));
    assert.match((await api.get(C, id)).text, /"fNumber":3[,}]/);
    const other = createdId(await api.create(C, '{"fNumber":3.0}'));
    assert.match((await api.get(C, other)).text, /"fNumber":3[,}]/);
    const real = createdId(await api.create(C, '{"fNumber":0.30000000000000004}'));
    assert.match((await api.get(C, real)).text, /"fNumber":0\.30000000000000004[,}]/);
  });

  test('negative zero and 1e400 are answered as JSON can', async () => {
    const id = createdId(await api.create(C, '{"fNumber":-0.0}'));
    assert.equal(assertOk(await api.get(C, id)).fNumber, 0);
  });
});

describe('File', () => {
  test('keeps the name and computes the url', { skip: isParseServer && 'needs a files store' }, async () => {
    const name = '0123456789abcdef0123456789abcdef_photo one.png';
    const id = createdId(await api.create(C, { fFile: { __type: 'File', name, url: 'http://elsewhere.example/x' } }));
    const file = assertOk(await api.get(C, id)).fFile;
    assert.equal(file.__type, 'File');
    assert.equal(file.name, name);
    assert.equal(new URL(file.url).pathname, `/parse/files/app/${encodeURIComponent(name)}`);
    assert.deepEqual(assertOk(await api.schema('GET', C)).fields.fFile, { type: 'File' });
  });
});

describe('Relation', () => {
  const R = uniqueName('Related');

  test('is answered with its class', async () => {
    const target = createdId(await api.create(R, { n: 1 }));
    const related = { __type: 'Pointer', className: R, objectId: target };
    const id = createdId(await api.create(C, { fRelation: { __op: 'AddRelation', objects: [related] } }));
    assert.deepEqual(assertOk(await api.get(C, id)).fRelation, { __type: 'Relation', className: R });
    assert.deepEqual(assertOk(await api.schema('GET', C)).fields.fRelation, { type: 'Relation', targetClass: R });
  });

  test('a relation sent back as it was read changes nothing', async () => {
    const target = createdId(await api.create(R, { n: 2 }));
    const related = { __type: 'Pointer', className: R, objectId: target };
    const id = createdId(await api.create(C, { fRelation: { __op: 'AddRelation', objects: [related] } }));
    assertOk(await api.update(C, id, { fRelation: { __type: 'Relation', className: R } }));
    const where = { $relatedTo: { object: { __type: 'Pointer', className: C, objectId: id }, key: 'fRelation' } };
    assert.equal(assertOk(await api.find(R, { where })).results.length, 1);
  });
});

describe('dates', () => {
  test('other forms of ISO 8601 become UTC with milliseconds', async () => {
    const id = createdId(await api.create(C, { fDate: { __type: 'Date', iso: '2020-01-01T01:00:00+01:00' } }));
    assert.deepEqual(assertOk(await api.get(C, id)).fDate, { __type: 'Date', iso: '2020-01-01T00:00:00.000Z' });
    const short = createdId(await api.create(C, { fDate: { __type: 'Date', iso: '2020-01-01' } }));
    assert.deepEqual(assertOk(await api.get(C, short)).fDate, { __type: 'Date', iso: '2020-01-01T00:00:00.000Z' });
  });

  test('text that is no date is refused', { skip: oursOnly }, async () => {
    for (const iso of ['soon', '2020-13-01T00:00:00.000Z', '', 5, null]) {
      assertError(await api.create(C, { fDate: { __type: 'Date', iso } }), 400, 111);
    }
  });
});

describe('malformed values', () => {
  const bad = [
    [{ __type: 'Pointer' }, 'This is not a valid Pointer'],
    [{ __type: 'Pointer', objectId: 'a' }, 'This is not a valid Pointer'],
    [{ __type: 'File' }, 'This is not a valid File'],
    [{ __type: 'Date' }, 'This is not a valid Date'],
    [{ __type: 'GeoPoint' }, 'This is not a valid GeoPoint'],
    [{ __type: 'GeoPoint', latitude: 1 }, 'This is not a valid GeoPoint'],
    [{ __type: 'Bytes' }, 'This is not a valid Bytes'],
    [{ __type: 'Polygon' }, 'This is not a valid Polygon'],
    [{ __type: 'Relation' }, 'This is not a valid Relation'],
    [{ __type: 'Object', className: 'A', objectId: 'a' }, 'This is not a valid Object'],
    [{ __type: 'Wrong' }, 'This is not a valid Wrong'],
  ];
  for (const [value, message] of bad) {
    test(JSON.stringify(value), async () => {
      assertError(await api.create(C, { malformed: value }), 400, 111, message);
    });
  }

  test('a polygon needs three points', async () => {
    const line = [
      [0, 0],
      [1, 1],
    ];
    const message = 'Polygon must have at least 3 values';
    assertError(await api.create(C, { fPolygon: { __type: 'Polygon', coordinates: line } }), 400, 107, message);
  });

  test('the points of a polygon are a list', { skip: oursOnly }, async () => {
    assertError(await api.create(C, { fPolygon: { __type: 'Polygon', coordinates: 'x' } }), 400, [102, 107, 111]);
  });
});

describe('a field keeps its type', () => {
  const sample = {
    String: 'a',
    Number: 1,
    Boolean: true,
    Date: date,
    Array: [],
    Object: {},
    GeoPoint: geoPoint,
    Bytes: bytes,
    Polygon: square,
  };
  for (const expected of Object.keys(sample)) {
    for (const actual of Object.keys(sample)) {
      if (expected === actual) continue;
      test(`${actual} into ${expected}`, async () => {
        const field = `f${expected}`;
        createdId(await api.create(C, { [field]: sample[expected] }));
        assertError(
          await api.create(C, { [field]: sample[actual] }),
          400,
          111,
          `schema mismatch for ${C}.${field}; expected ${expected} but got ${actual}`,
        );
      });
    }
  }

  test('a pointer field keeps its class', async () => {
    createdId(await api.create(C, { fPointer: pointer }));
    assertError(
      await api.create(C, { fPointer: { ...pointer, className: 'Another' } }),
      400,
      111,
      `schema mismatch for ${C}.fPointer; expected Pointer<Target> but got Pointer<Another>`,
    );
  });

  test('a class has one GeoPoint', { skip: oursOnly }, async () => {
    assertError(
      await api.create(C, { fGeoPoint: geoPoint, second: geoPoint }),
      400,
      111,
      'there can only be one geopoint field in a class',
    );
    assertError(await api.create(uniqueName('TwoPoints'), { a: geoPoint, b: geoPoint }), 400, 111);
  });
});
