// Aggregation pipelines and distinct values. Each case is a pipeline and the rows that it must answer, in order.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { assertError, assertNoServerError, assertOk, createdId } from '../support/assert.mjs';
import { keys } from '../support/client.mjs';
import { oursOnly, startServer, uniqueName } from '../support/server.mjs';

const server = await startServer();
after(() => server.stop());
const { api } = server;
const C = uniqueName('Sale');
const T = uniqueName('Shop');

const date = (iso) => ({ __type: 'Date', iso });
const shop = (name) => ({ __type: 'Pointer', className: T, objectId: shops[name] });
const shops = {};
const ids = {};

// The rows; the last one has nothing but its key.
const rowsOf = () => [
  {
    key: 'a',
    kind: 'tea',
    n: 1,
    paid: true,
    day: date('2020-01-05T10:20:30.456Z'),
    tags: ['x', 'y'],
    o: { s: 'q', in: { d: 5 } },
    shop: shop('north'),
  },
  { key: 'b', kind: 'tea', n: 2.5, paid: false, day: date('2021-06-01T23:59:59.999Z'), tags: ['y'], o: { s: 'r' }, shop: shop('south') },
  { key: 'c', kind: 'jam', n: 4, paid: true, day: date('2021-06-02T00:00:00.000Z'), tags: [], shop: shop('north') },
  { key: 'd', kind: 'Jam', n: -3, spot: { __type: 'GeoPoint', latitude: 10.1, longitude: 20.2 } },
  { key: 'e' },
];

before(async () => {
  for (const name of ['north', 'south']) shops[name] = createdId(await api.create(T, { name }));
  for (const row of rowsOf()) ids[row.key] = createdId(await api.create(C, row));
});

const aggregate = (parameters, options) =>
  api.request('POST', `/aggregate/${C}`, { _method: 'GET', ...parameters }, { master: true, ...options });
const rows = async (...pipeline) => assertOk(await aggregate({ pipeline })).results;
const distinct = async (field, parameters) => assertOk(await aggregate({ distinct: field, ...parameters })).results;
const refused = async (pipeline, code, message) => assertError(await aggregate({ pipeline }), 400, code, message);

const kByKey = { $sort: { key: 1 } };
const keysOf = async (...pipeline) => (await rows(...pipeline, kByKey)).map((row) => row.key).join('');

// [name, pipeline, answer]; the answer may be a function where it holds ids.
function table(cases, options = {}) {
  for (const [name, pipeline, expected] of cases) {
    test(name, options, async () => assert.deepEqual(await rows(...pipeline), typeof expected === 'function' ? expected() : expected));
  }
}

describe('$group', () => {
  const byId = { $sort: { _id: 1 } };
  const all = { $match: { key: { $in: ['a', 'b', 'c', 'd'] } } };
  table(
    [
      [
        'sums over everything',
        [all, { $group: { _id: null, sum: { $sum: '$n' }, rows: { $sum: 1 } } }],
        [{ objectId: null, sum: 4.5, rows: 4 }],
      ],
      [
        'average, least and most',
        [{ $group: { _id: null, avg: { $avg: '$n' }, min: { $min: '$n' }, max: { $max: '$n' } } }],
        [{ objectId: null, avg: 1.125, min: -3, max: 4 }],
      ],
      [
        'by a field, unset being one group',
        [{ $group: { _id: '$kind', n: { $count: {} } } }, byId],
        [
          { objectId: null, n: 1 },
          { objectId: 'Jam', n: 1 },
          { objectId: 'jam', n: 1 },
          { objectId: 'tea', n: 2 },
        ],
      ],
      [
        'groups stand in the order of their first row',
        [all, { $group: { _id: '$paid', n: { $sum: 1 } } }],
        [
          { objectId: true, n: 2 },
          { objectId: false, n: 1 },
          { objectId: null, n: 1 },
        ],
      ],
      [
        'by a pointer: its id',
        [{ $match: { shop: { $exists: true } } }, { $group: { _id: '$shop', n: { $sum: '$n' } } }],
        () => [
          { objectId: shops.north, n: 5 },
          { objectId: shops.south, n: 2.5 },
        ],
      ],
      ['by a pointer in words of MongoDB', [{ $match: { _p_shop: `${T}$%` } }, { $group: { _id: '$_p_shop' } }], []],
      [
        'by several: an object',
        [{ $match: { shop: { $exists: true } } }, { $group: { _id: { shop: '$shop', kind: '$kind' }, n: { $sum: 1 } } }],
        () => [
          { objectId: { shop: shop('north'), kind: 'tea' }, n: 1 },
          { objectId: { shop: shop('south'), kind: 'tea' }, n: 1 },
          { objectId: { shop: shop('north'), kind: 'jam' }, n: 1 },
        ],
      ],
      [
        'by a date',
        [{ $match: { key: 'a' } }, { $group: { _id: '$day', last: { $max: '$day' } } }],
        [{ objectId: date('2020-01-05T10:20:30.456Z'), last: date('2020-01-05T10:20:30.456Z') }],
      ],
      [
        'by parts of a date',
        [
          { $match: { key: 'a' } },
          {
            $group: {
              _id: {
                y: { $year: '$day' },
                m: { $month: '$day' },
                d: { $dayOfMonth: '$day' },
                w: { $dayOfWeek: '$day' },
                j: { $dayOfYear: '$day' },
                h: { $hour: '$day' },
                i: { $minute: '$day' },
                s: { $second: '$day' },
                l: { $millisecond: '$day' },
                u: { $week: '$day' },
                v: { $isoWeek: '$day' },
                g: { $isoWeekYear: '$day' },
                o: { $isoDayOfWeek: '$day' },
              },
            },
          },
        ],
        [{ objectId: { y: 2020, m: 1, d: 5, w: 1, j: 5, h: 10, i: 20, s: 30, l: 456, u: 1, v: 1, g: 2020, o: 7 } }],
      ],
      [
        'by a value within an object',
        [{ $match: { o: { $exists: true } } }, { $group: { _id: '$o.s', n: { $sum: '$o.in.d' } } }],
        [
          { objectId: 'q', n: 5 },
          { objectId: 'r', n: 0 },
        ],
      ],
      [
        'first and last follow $sort',
        [all, { $sort: { n: -1 } }, { $group: { _id: null, first: { $first: '$key' }, last: { $last: '$key' }, all: { $push: '$key' } } }],
        [{ objectId: null, first: 'c', last: 'd', all: ['c', 'b', 'a', 'd'] }],
      ],
      [
        '$push of objects and pointers',
        [
          { $match: { key: { $in: ['a', 'e'] } } },
          { $group: { _id: null, all: { $push: { k: '$key', s: '$shop' } }, shops: { $push: '$shop' } } },
        ],
        () => [{ objectId: null, all: [{ k: 'a', s: shop('north') }, { k: 'e' }], shops: [shop('north')] }],
      ],
      [
        '$addToSet holds each value once',
        [{ $group: { _id: null, shops: { $addToSet: '$shop' }, kinds: { $addToSet: { $toLower: '$kind' } } } }],
        () => [{ objectId: null, shops: [shop('north'), shop('south')], kinds: ['tea', 'jam', ''] }],
      ],
      [
        '$sum of an expression',
        [
          { $match: { kind: 'tea' } },
          { $group: { _id: '$kind', n: { $sum: { $multiply: ['$n', 2] } }, yes: { $sum: { $cond: ['$paid', 1, 0] } } } },
        ],
        [{ objectId: 'tea', n: 7, yes: 1 }],
      ],
      ['no rows, no groups', [{ $match: { key: 'nobody' } }, { $group: { _id: null, n: { $sum: 1 } } }], []],
      [
        'groups of groups',
        [{ $group: { _id: '$kind', n: { $sum: 1 } } }, { $group: { _id: '$n', kinds: { $sum: 1 } } }, byId],
        [
          { objectId: 1, kinds: 3 },
          { objectId: 2, kinds: 1 },
        ],
      ],
      [
        'what a key holds can be asked for',
        [{ $group: { _id: { k: '$kind' } } }, { $project: { _id: 0, kind: '$_id.k' } }, { $sort: { kind: 1 } }],
        [{}, { kind: 'Jam' }, { kind: 'jam' }, { kind: 'tea' }],
      ],
      ['$sortByCount', [{ $sortByCount: '$kind' }, { $limit: 1 }], [{ objectId: 'tea', count: 2 }]],
      [
        '$$ROOT is the whole row',
        [{ $match: { key: 'd' } }, { $project: { key: 1, n: 1, spot: 1, _id: 0 } }, { $group: { _id: null, all: { $push: '$$ROOT' } } }],
        [{ objectId: null, all: [{ key: 'd', n: -3, spot: { __type: 'GeoPoint', latitude: 10.1, longitude: 20.2 } }] }],
      ],
    ],
    { skip: oursOnly },
  );
});

describe('$match', { skip: oursOnly }, () => {
  for (const [where, expected] of [
    [{ n: { $gt: 1 } }, 'bc'],
    [{ kind: 'tea', paid: true }, 'a'],
    [{ $or: [{ key: 'a' }, { key: 'e' }] }, 'ae'],
    [{ kind: { $regex: '^j', $options: 'i' } }, 'cd'],
    [{ tags: 'y' }, 'ab'],
    [{ 'o.s': 'r' }, 'b'],
    [{ n: { $exists: false } }, 'e'],
    [{ n: { $ne: 4 } }, 'abde'],
    [{ day: { $gte: '2021-06-01' } }, 'bc'],
    [{ day: { $gte: date('2021-06-02T00:00:00.000Z') } }, 'c'],
    [{ day: { $lt: { $date: '2021-01-01T00:00:00Z' } } }, 'a'],
    [{ day: { $lt: { $date: 1609459200000 } } }, 'a'],
    [{ $nor: [{ kind: 'tea' }, { n: -3 }] }, 'ce'],
  ]) {
    test(`at the front: ${JSON.stringify(where)}`, async () => assert.equal(await keysOf({ $match: where }), expected));
    test(`behind another stage: ${JSON.stringify(where)}`, async () =>
      assert.equal(await keysOf({ $skip: 0 }, { $match: where }), expected));
  }
  test('by pointer, as an encoding, an id, and in words of MongoDB', async () => {
    for (const where of [{ shop: shop('south') }, { shop: shops.south }, { _p_shop: `${T}$${shops.south}` }])
      assert.equal(await keysOf({ $match: where }), 'b');
  });
  test('by id', async () => {
    for (const where of [{ objectId: ids.c }, { _id: ids.c }]) assert.equal(await keysOf({ $match: where }), 'c');
    assert.equal(await keysOf({ $skip: 0 }, { $match: { _id: ids.c } }), 'c');
  });
  test('of groups', async () => {
    const groups = await rows({ $group: { _id: '$kind', n: { $sum: 1 } } }, { $match: { n: { $gt: 1 } } });
    assert.deepEqual(groups, [{ objectId: 'tea', n: 2 }]);
  });
  test('of a field that is nowhere', async () => assert.equal(await keysOf({ $match: { nowhere: 1 } }), ''));
});

describe('$project, $addFields, $unset', () => {
  const one = { $match: { key: 'a' } };
  table(
    [
      ['keeps fields and the id', [one, { $project: { key: 1, n: true } }], () => [{ objectId: ids.a, key: 'a', n: 1 }]],
      ['without the id', [one, { $project: { key: 1, _id: 0 } }], [{ key: 'a' }]],
      ['keeps parts of objects', [one, { $project: { 'o.in': 1, _id: 0 } }], [{ o: { in: { d: 5 } } }]],
      [
        'drops fields',
        [one, { $project: { o: 0, tags: 0, shop: 0, day: 0, createdAt: 0, updatedAt: 0, objectId: 0 } }],
        [{ key: 'a', kind: 'tea', n: 1, paid: true }],
      ],
      ['drops parts of objects', [one, { $project: { o: 1, _id: 0 } }, { $unset: 'o.in.d' }], [{ o: { s: 'q', in: {} } }]],
      ['names anew', [one, { $project: { _id: 0, title: '$key', where: '$shop' } }], () => [{ title: 'a', where: shop('north') }]],
      [
        'adds fields, seeing the row as it was',
        [one, { $project: { n: 1, _id: 0 } }, { $addFields: { n: { $add: ['$n', 1] }, before: '$n', 'deep.er': '$n' } }],
        [{ n: 2, before: 1, deep: { er: 1 } }],
      ],
      ['$set is $addFields', [one, { $project: { n: 1, _id: 0 } }, { $set: { m: 5 } }], [{ n: 1, m: 5 }]],
      [
        'constants',
        [
          one,
          {
            $project: {
              _id: 0,
              text: 'plain',
              list: ['$n', 'x', null],
              object: { a: '$key' },
              one: { $literal: 1 },
              dollar: { $literal: '$n' },
            },
          },
        ],
        [{ text: 'plain', list: [1, 'x', null], object: { a: 'a' }, one: 1, dollar: '$n' }],
      ],
    ],
    { skip: oursOnly },
  );
});

describe('expressions', { skip: oursOnly }, () => {
  for (const [expression, expected] of [
    [{ $add: ['$n', 2, 0.5] }, 5],
    [{ $subtract: ['$n', 1] }, 1.5],
    [{ $multiply: ['$n', 2] }, 5],
    [{ $divide: [7, 2] }, 3.5],
    [{ $divide: [7, 0] }, undefined],
    [{ $add: ['$nowhere', 1] }, undefined],
    [{ $add: [0.1, 0.2] }, 0.1 + 0.2],
    [{ $multiply: [9007199254740993, 9007199254740993] }, 9007199254740993 * 9007199254740993],
    [{ $mod: [7, 4] }, 3],
    [{ $abs: -2 }, 2],
    [{ $ceil: 1.2 }, 2],
    [{ $floor: -1.2 }, -2],
    [{ $round: [2.345, 1] }, 2.3],
    [{ $trunc: 2.9 }, 2],
    [{ $sqrt: 9 }, 3],
    [{ $pow: [2, 10] }, 1024],
    [{ $concat: ['$key', '-', '$kind'] }, 'b-tea'],
    [{ $concat: ['$key', '$nowhere'] }, undefined],
    [{ $toUpper: '$kind' }, 'TEA'],
    [{ $toLower: 'ABC' }, 'abc'],
    [{ $strLenCP: 'é€' }, 2],
    [{ $substrCP: ['$kind', 1, 5] }, 'ea'],
    [{ $toString: '$n' }, '2.5'],
    [{ $cond: [{ $gt: ['$n', 2] }, 'much', 'little'] }, 'much'],
    [{ $cond: { if: '$paid', then: 'yes', else: 0 } }, 0],
    [{ $ifNull: ['$nowhere', '$kind'] }, 'tea'],
    [{ $eq: ['$kind', 'tea'] }, true],
    [{ $ne: ['$kind', 'tea'] }, false],
    [{ $lt: ['$nowhere', 0] }, true],
    [{ $gte: ['$n', '2.5'] }, false],
    [{ $and: ['$n', { $not: ['$paid'] }] }, true],
    [{ $or: ['$paid', '$nowhere'] }, false],
    [{ $in: ['$key', ['a', 'b']] }, true],
    [{ $size: '$tags' }, 1],
    [{ $arrayElemAt: ['$tags', -1] }, 'y'],
    [{ $subtract: ['$day', date('2021-06-01T23:59:59.000Z')] }, 999],
    [{ $add: ['$day', 1] }, date('2021-06-02T00:00:00.000Z')],
    [{ $dateToString: { date: '$day', format: '%Y-%m-%d %H:%M' } }, '2021-06-01 23:59'],
    [{ $month: { date: '$day', timezone: 'UTC' } }, 6],
    ['$shop.objectId', () => shops.south],
    ['$o.s', 'r'],
    ['$o.s.t', undefined],
  ]) {
    test(JSON.stringify(expression), async () => {
      const [row] = await rows({ $match: { key: 'b' } }, { $project: { _id: 0, v: expression } });
      assert.deepEqual(row.v, typeof expected === 'function' ? expected() : expected);
    });
  }
});

describe('order, pages, counts', () => {
  const names = { $project: { key: 1, _id: 0 } };
  table(
    [
      ['unset comes first', [{ $sort: { n: 1 } }, names], [{ key: 'e' }, { key: 'd' }, { key: 'a' }, { key: 'b' }, { key: 'c' }]],
      ['and last downwards', [{ $sort: { n: -1 } }, names], [{ key: 'c' }, { key: 'b' }, { key: 'a' }, { key: 'd' }, { key: 'e' }]],
      [
        'by two fields',
        [{ $match: { paid: { $exists: true } } }, { $sort: { paid: 1, n: -1 } }, names],
        [{ key: 'b' }, { key: 'c' }, { key: 'a' }],
      ],
      [
        'pages in the order of the stages',
        [{ $sort: { key: -1 } }, { $skip: 1 }, { $limit: 2 }, { $sort: { key: 1 } }, names],
        [{ key: 'c' }, { key: 'd' }],
      ],
      ['a limit before a condition', [{ $limit: 2 }, { $match: { kind: { $ne: 'tea' } } }], []],
      ['$count', [{ $match: { kind: 'tea' } }, { $count: 'teas' }], [{ teas: 2 }]],
      ['$count of nothing', [{ $match: { kind: 'none' } }, { $count: 'teas' }], []],
    ],
    { skip: oursOnly },
  );
  test('$sample takes that many different rows', { skip: oursOnly }, async () => {
    const picked = await rows({ $sample: { size: 3 } });
    assert.equal(new Set(picked.map((row) => row.objectId)).size, 3);
  });
});

describe('$unwind and $lookup', () => {
  const tagged = { $project: { key: 1, tags: 1, _id: 0 } };
  table(
    [
      [
        'a row for each element',
        [tagged, { $unwind: '$tags' }],
        [
          { key: 'a', tags: 'x' },
          { key: 'a', tags: 'y' },
          { key: 'b', tags: 'y' },
        ],
      ],
      [
        'with its place',
        [tagged, { $unwind: { path: '$tags', includeArrayIndex: 'at' } }, { $match: { at: 1 } }],
        [{ key: 'a', tags: 'y', at: 1 }],
      ],
      [
        'keeping empty ones',
        [tagged, { $unwind: { path: '$tags', preserveNullAndEmptyArrays: true } }, { $group: { _id: '$key', n: { $sum: 1 } } }],
        [
          { objectId: 'a', n: 2 },
          { objectId: 'b', n: 1 },
          { objectId: 'c', n: 1 },
          { objectId: 'd', n: 1 },
          { objectId: 'e', n: 1 },
        ],
      ],
      [
        'groups of elements',
        [{ $unwind: '$tags' }, { $group: { _id: '$tags', n: { $sum: '$n' } } }],
        [
          { objectId: 'x', n: 1 },
          { objectId: 'y', n: 3.5 },
        ],
      ],
      [
        'within an object',
        [{ $limit: 1 }, { $project: { _id: 0, o: { list: [1, { a: 'b' }] } } }, { $unwind: '$o.list' }],
        [{ o: { list: 1 } }, { o: { list: { a: 'b' } } }],
      ],
      [
        'follows pointers',
        [
          { $match: { key: 'b' } },
          { $lookup: { from: T, localField: 'shop', foreignField: '_id', as: 'shops' } },
          { $project: { _id: 0, name: { $arrayElemAt: ['$shops.name', 0] }, id: '$shops.objectId' } },
        ],
        () => [{ name: 'south', id: [shops.south] }],
      ],
      [
        'finds by what points here',
        [
          { $match: { key: 'b' } },
          { $lookup: { from: C, localField: 'kind', foreignField: 'kind', as: 'same' } },
          { $project: { _id: 0, same: '$same.key' } },
        ],
        [{ same: ['a', 'b'] }],
      ],
      [
        'finds by elements of a list',
        [
          { $match: { key: 'a' } },
          { $lookup: { from: C, localField: 'tags', foreignField: 'tags', as: 'like' } },
          { $project: { _id: 0, like: '$like.key' } },
        ],
        [{ like: ['a', 'b'] }],
      ],
      [
        'finds nothing in a class that is not there',
        [
          { $limit: 1 },
          { $lookup: { from: 'Nowhere', localField: 'kind', foreignField: 'kind', as: 'x' } },
          { $project: { _id: 0, x: 1 } },
        ],
        [{ x: [] }],
      ],
      [
        "finds nothing in the database's own tables",
        [
          { $limit: 1 },
          { $lookup: { from: '_SCHEMA', localField: 'nosuch', foreignField: 'nosuch', as: 'x' } },
          { $project: { _id: 0, x: 1 } },
        ],
        [{ x: [] }],
      ],
    ],
    { skip: oursOnly },
  );
});

describe('distinct', () => {
  test('values of a field, without unset ones', async () => assert.deepEqual((await distinct('kind')).sort(), ['Jam', 'jam', 'tea']));
  test('numbers and booleans', async () => {
    assert.deepEqual(
      (await distinct('n')).sort((a, b) => a - b),
      [-3, 1, 2.5, 4],
    );
    assert.deepEqual((await distinct('paid')).sort(), [false, true]);
  });
  test('elements of arrays', async () => assert.deepEqual((await distinct('tags')).sort(), ['x', 'y']));
  test('pointers', async () => {
    assert.deepEqual(
      new Set((await distinct('shop')).map((pointer) => JSON.stringify(pointer))),
      new Set([shop('north'), shop('south')].map((p) => JSON.stringify(p))),
    );
  });
  test('dates as text', async () => assert.deepEqual(await distinct('day', { where: { key: 'a' } }), ['2020-01-05T10:20:30.456Z']));
  test('with a condition, also as text', async () => {
    assert.deepEqual(await distinct('kind', { where: { n: { $gt: 2 } } }).then((v) => v.sort()), ['jam', 'tea']);
    assert.deepEqual(await distinct('kind', { where: '{"n":4}' }), ['jam']);
    assertError(await aggregate({ distinct: 'kind', where: '{' }), 400, 107, 'where parameter is not valid JSON');
  });
  test('values within objects', { skip: oursOnly }, async () => assert.deepEqual(await distinct('o.s'), ['q', 'r']));
  test('of a field or a class that is not there', async () => {
    assert.deepEqual(await distinct('nowhere'), []);
    const answer = await api.request('POST', `/aggregate/${uniqueName('Nothing')}`, { _method: 'GET', distinct: 'a' }, { master: true });
    assert.deepEqual(assertOk(answer), { results: [] });
  });
});

describe('forms of the call', () => {
  const tea = { $match: { kind: 'tea' } };
  const counted = { $group: { _id: null, n: { $sum: 1 } } };
  const encoded = (parameters) =>
    Object.entries(parameters)
      .map(([k, v]) => `${encodeURIComponent(k)}=${encodeURIComponent(JSON.stringify(v))}`)
      .join('&');
  const get = async (query) => assertOk(await api.request('GET', `/aggregate/${C}?${query}`, undefined, { master: true })).results;

  test('a pipeline in the query string', async () => assert.equal((await get(encoded({ pipeline: [tea] }))).length, 2));
  test('no stages: every row', { skip: oursOnly }, async () => assert.equal((await get('')).length, 5));
  test('stages as parameters', async () => {
    assert.deepEqual(await get(encoded({ $match: { key: 'a' }, $group: { _id: '$kind', n: { $sum: '$n' } } })), [
      { objectId: 'tea', n: 1 },
    ]);
  });
  test('one object of stages', async () => {
    const { results } = assertOk(await aggregate({ pipeline: { $match: { key: 'a' }, $group: { _id: '$kind', n: { $sum: '$n' } } } }));
    assert.deepEqual(results, [{ objectId: 'tea', n: 1 }]);
  });
  test('as the JavaScript SDK sends it', { skip: oursOnly }, async () => {
    const body = {
      pipeline: [tea, counted],
      _method: 'GET',
      _ApplicationId: keys.appId,
      _MasterKey: keys.masterKey,
      _ClientVersion: 'js8.6.0',
      _InstallationId: 'x',
    };
    const answer = await api.request('POST', `/aggregate/${C}`, JSON.stringify(body), {
      anonymous: true,
      headers: { 'Content-Type': 'text/plain' },
    });
    assert.deepEqual(assertOk(answer).results, [{ objectId: null, n: 2 }]);
  });
  test('hint, comment and read preference are taken', { skip: oursOnly }, async () => {
    const { results } = assertOk(
      await aggregate({
        $match: { kind: 'tea' },
        $group: { _id: null, n: { $sum: 1 } },
        hint: '_id_',
        comment: 'x',
        readPreference: 'SECONDARY',
      }),
    );
    assert.deepEqual(results, [{ objectId: null, n: 2 }]);
  });
  test('explain tells how', { skip: oursOnly }, async () => {
    const { results } = assertOk(await aggregate({ pipeline: [{ $match: { shop: shop('north') } }], explain: true }));
    assert.match(JSON.stringify(results), /USING INDEX/);
  });
  test('raw names and values', { skip: oursOnly }, async () => {
    const pipeline = [{ $match: { key: 'a' } }, { $project: { day: 1, shop: 1 } }];
    const [named] = assertOk(await aggregate({ pipeline, rawFieldNames: true })).results;
    assert.deepEqual(named, { _id: ids.a, day: date('2020-01-05T10:20:30.456Z'), _p_shop: `${T}$${shops.north}` });
    const [raw] = assertOk(await aggregate({ pipeline, rawValues: true })).results;
    assert.deepEqual(raw.day, { $date: '2020-01-05T10:20:30.456Z' });
  });
  test('only with the master key', async () => {
    assert.equal((await aggregate({ pipeline: [tea] }, { master: false })).status, 403);
    assert.equal((await aggregate({ distinct: 'kind' }, { master: false })).status, 403);
  });
});

describe('what is refused', () => {
  for (const [name, pipeline, code, message, options] of [
    ['a stage without $', [{ group: {} }], 102, "Invalid aggregate stage 'group'."],
    ['two stages in one', [{ $match: {}, $limit: 1 }], 102, 'Pipeline stages should only have one key but found $match, $limit.'],
    ['objectId in $group', [{ $group: { objectId: '$n' } }], 102, "Cannot use 'objectId' in aggregation stage $group."],
    ['$group without a key', [{ $group: { n: { $sum: 1 } } }], 102, 'Invalid parameter for query: group. Missing key _id'],
    ['an unknown stage', [{ $out: 'x' }], 102, "Invalid aggregate stage '$out'.", { skip: oursOnly }],
    ['writing elsewhere', [{ $merge: { into: 'x' } }], 102, undefined, { skip: oursOnly }],
    ['code', [{ $match: { $where: 'sleep(9)' } }], [102, 105], undefined, { skip: oursOnly }],
    ['an expression as a condition', [{ $match: { $expr: { $gt: ['$n', 1] } } }], [102, 105], undefined, { skip: oursOnly }],
    ['an unknown accumulator', [{ $group: { _id: null, n: { $accumulator: {} } } }], 102, undefined, { skip: oursOnly }],
    ['an unknown expression', [{ $project: { n: { $function: {} } } }], 102, undefined, { skip: oursOnly }],
    ['a limit that is no number', [{ $limit: 'x' }], 102],
    ['a negative limit', [{ $limit: -1 }], 102],
    ['no list', 5, 102, undefined, { skip: oursOnly }],
    ['no stage', [null], 102, undefined, { skip: oursOnly }],
    ['too many stages', Array(51).fill({ $skip: 0 }), 102, undefined, { skip: oursOnly }],
    [
      'an expression too deep',
      [{ $project: { n: [...Array(100)].reduce((inner) => ({ $not: [inner] }), 1) } }],
      102,
      undefined,
      { skip: oursOnly },
    ],
    [
      'a relation between stages',
      [{ $skip: 0 }, { $match: { $relatedTo: { object: { __type: 'Pointer', className: 'A', objectId: 'x' }, key: 'k' } } }],
      102,
      undefined,
      { skip: oursOnly },
    ],
    [
      'a class of the product itself',
      [{ $lookup: { from: '_Installation', localField: 'a', foreignField: 'b', as: 'c' } }],
      [102, 119],
      undefined,
      { skip: oursOnly },
    ],
  ]) {
    test(name, options ?? {}, () => refused(pipeline, code, message));
  }

  // SQL in every place where a name may stand.
  const kAttack = 'kind" OR 1=1 --';
  for (const pipeline of [
    [{ $group: { _id: { alias: `$${kAttack}` } } }],
    [{ $group: { _id: { day: { $dayOfMonth: `$${kAttack}` } } } }],
    [{ $group: { _id: null, n: { $sum: `$${kAttack}` } } }],
    [{ $group: { _id: null, [kAttack]: { $sum: 1 } } }],
    [{ $group: { _id: { [kAttack]: '$n' } } }],
    [{ $project: { [kAttack]: 1 } }],
    [{ $addFields: { [kAttack]: 1 } }],
    [{ $sort: { [kAttack]: 1 } }],
    [{ $unwind: `$${kAttack}` }],
    [{ $count: kAttack }],
    [{ $match: { [kAttack]: 1 } }],
    [{ $lookup: { from: T, localField: kAttack, foreignField: '_id', as: 'x' } }],
    [{ $lookup: { from: T, localField: 'shop', foreignField: '_id', as: kAttack } }],
  ]) {
    test(`SQL as a name: ${JSON.stringify(pipeline)}`, { skip: oursOnly }, () => refused(pipeline, [102, 105]));
  }
  test('SQL in distinct', { skip: oursOnly }, async () => {
    for (const field of [kAttack, "o' OR '1'='1.tag", 'o.s" --']) assertError(await aggregate({ distinct: field }), 400, [102, 105]);
  });
  test('SQL as a class', { skip: oursOnly }, async () => {
    const pipeline = [
      { $limit: 1 },
      { $lookup: { from: `${T}" --`, localField: 'shop', foreignField: '_id', as: 'x' } },
      { $project: { _id: 0, x: 1 } },
    ];
    assert.deepEqual(await rows(...pipeline), [{ x: [] }]);
  });
  test('values that double with each stage end in an error, not in the memory of the server', { skip: oursOnly }, async () => {
    const doubling = Array(40).fill({ $addFields: { v: ['$v', '$v'] } });
    const answer = await aggregate({ pipeline: [{ $limit: 1 }, { $project: { v: 'x'.repeat(1000) } }, ...doubling] });
    assertNoServerError(answer);
    assert.equal(answer.status, 400);
  });
});
