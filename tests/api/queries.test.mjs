// Constraints of `where` on every type, sub-documents, arrays and pointers, and their errors. Each case names the rows that it must find.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { assertError, assertOk, createdId } from '../support/assert.mjs';
import { isParseServer, oursOnly, startServer, uniqueName } from '../support/server.mjs';

const server = await startServer();
after(() => server.stop());
const { api } = server;
const C = uniqueName('Query');
const T = uniqueName('QueryTarget');

const pointer = (className, objectId) => ({ __type: 'Pointer', className, objectId });
const date = (iso) => ({ __type: 'Date', iso });
const ids = {};
const targets = {};

// The rows; row e has nothing but its key.
const rowsOf = () => ({
  a: {
    num: 1,
    text: 'apple',
    flag: true,
    day: date('2020-01-01T00:00:00.000Z'),
    list: [1, 2],
    object: { x: 1, deep: { y: 'p' } },
    link: pointer(T, targets.one),
    links: [pointer(T, targets.one)],
  },
  b: {
    num: 2,
    text: 'Banana',
    flag: false,
    day: date('2021-01-01T00:00:00.000Z'),
    list: [2, 'two'],
    object: { x: 2, deep: { y: 'q' } },
    link: pointer(T, targets.two),
    links: [pointer(T, targets.two), pointer(T, targets.one)],
  },
  c: {
    num: 2.5,
    text: 'cherry pie',
    flag: true,
    day: date('2022-01-01T00:00:00.500Z'),
    list: [],
    object: { x: null },
    link: pointer(T, targets.one),
  },
  d: { num: -3, text: '', day: date('1970-01-01T00:00:00.000Z'), list: [{ k: 1 }, [5, 6]], object: {} },
  e: {},
});

before(async () => {
  for (const name of ['one', 'two']) targets[name] = createdId(await api.create(T, { name }));
  for (const [key, row] of Object.entries(rowsOf())) ids[key] = createdId(await api.create(C, { key, ...row }));
});

async function keysOf(where, parameters = {}) {
  const { results } = assertOk(await api.find(C, { where, ...parameters }));
  return results
    .map((row) => row.key)
    .sort()
    .join('');
}

// Where the fourth member is true, Parse Server on PostgreSQL answers otherwise (an error, or other rows).
const cases = [
  ['no constraint', {}, 'abcde'],

  ['number', { num: 2 }, 'b'],
  ['real number', { num: 2.5 }, 'c'],
  ['number as text finds nothing', { num: '2' }, '', true],
  ['text', { text: 'apple' }, 'a'],
  ['text is case-sensitive', { text: 'banana' }, ''],
  ['empty text', { text: '' }, 'd'],
  ['boolean', { flag: true }, 'ac'],
  ['boolean false', { flag: false }, 'b'],
  ['date', { day: date('2021-01-01T00:00:00.000Z') }, 'b'],
  ['objectId', () => ({ objectId: ids.b }), 'b'],
  ['null means unset', { flag: null }, 'de'],
  ['$eq', { num: { $eq: 2 } }, 'b'],
  ['two fields are both required', { flag: true, num: 1 }, 'a'],

  ['$ne includes unset', { num: { $ne: 2 } }, 'acde'],
  ['$ne text', { text: { $ne: 'apple' } }, 'bcde'],
  ['$ne boolean', { flag: { $ne: true } }, 'bde'],
  ['$ne date', { day: { $ne: date('2021-01-01T00:00:00.000Z') } }, 'acde', true],
  ['$ne null means set', { flag: { $ne: null } }, 'abc'],

  ['$lt', { num: { $lt: 2 } }, 'ad'],
  ['$lte', { num: { $lte: 2 } }, 'abd'],
  ['$gt', { num: { $gt: 2 } }, 'c'],
  ['$gte', { num: { $gte: 2 } }, 'bc'],
  ['range', { num: { $gt: 0, $lt: 2.5 } }, 'ab'],
  ['$gt on text', { text: { $gt: 'a' } }, 'ac'],
  ['$lt on text', { text: { $lt: 'b' } }, 'abd'],
  ['$gt on dates', { day: { $gt: date('2020-06-01T00:00:00.000Z') } }, 'bc'],
  ['$lte on dates', { day: { $lte: date('2020-01-01T00:00:00.000Z') } }, 'ad'],
  ['dates with milliseconds', { day: { $gt: date('2022-01-01T00:00:00.499Z'), $lt: date('2022-01-01T00:00:00.501Z') } }, 'c'],
  ['createdAt in the past', { createdAt: { $gt: date('2020-01-01T00:00:00.000Z') } }, 'abcde'],
  ['updatedAt in the future', { updatedAt: { $gt: date('2999-01-01T00:00:00.000Z') } }, ''],

  ['$in', { num: { $in: [1, 2.5, 99] } }, 'ac'],
  ['$in text', { text: { $in: ['apple', 'Banana'] } }, 'ab'],
  ['$in of objectId', () => ({ objectId: { $in: [ids.a, ids.e] } }), 'ae'],
  ['$in dates', { day: { $in: [date('2020-01-01T00:00:00.000Z')] } }, 'a', true],
  ['$in of nothing', { num: { $in: [] } }, '', true],
  ['$in of null', { num: { $in: [null] } }, 'e', true],
  ['$nin includes unset', { num: { $nin: [1, 2] } }, 'cde', true],
  ['$nin of nothing', { num: { $nin: [] } }, 'abcde', true],

  ['$exists', { flag: { $exists: true } }, 'abc'],
  ['$exists false', { flag: { $exists: false } }, 'de'],
  ['$exists false of no field', { nowhere: { $exists: false } }, 'abcde'],
  ['$exists of no field', { nowhere: { $exists: true } }, ''],
  ['equality on no field', { nowhere: 1 }, ''],

  ['$regex', { text: { $regex: 'an' } }, 'b'],
  ['$regex anchored', { text: { $regex: '^a' } }, 'a'],
  ['$regex case-insensitive', { text: { $regex: '^B', $options: 'i' } }, 'b'],
  ['$regex case-insensitive, other case', { text: { $regex: '^b', $options: 'i' } }, 'b'],
  ['$regex is case-sensitive without options', { text: { $regex: '^b' } }, ''],
  ['$regex with literal block', { text: { $regex: '^\\Qcherry\\E' } }, 'c'],
  ['$regex with literal block in the middle', { text: { $regex: '\\Qrry p\\E' } }, 'c'],
  ['$regex of nothing matches set texts', { text: { $regex: '' } }, 'abcd', true],
  ['$regex with character class', { text: { $regex: '[a-c]p+l' } }, 'a'],

  ['$or', { $or: [{ num: 1 }, { text: 'Banana' }] }, 'ab'],
  ['$or beside a field', { flag: true, $or: [{ num: 1 }, { num: 2 }] }, 'a'],
  ['$and', { $and: [{ flag: true }, { num: { $gt: 1 } }] }, 'c'],
  ['$or in $and', { $and: [{ $or: [{ num: 1 }, { num: 2 }] }, { $or: [{ flag: false }, { num: -3 }] }] }, 'b'],
  ['$and in $or', { $or: [{ $and: [{ flag: true }, { num: 1 }] }, { key: 'e' }] }, 'ae'],

  ['list contains', { list: 2 }, 'ab', true],
  ['list contains text', { list: 'two' }, 'b', true],
  ['list $in', { list: { $in: [1, 'two'] } }, 'ab'],
  ['list $nin', { list: { $nin: [1] } }, 'bcde', true],
  ['list $ne', { list: { $ne: 1 } }, 'bcde', true],
  ['list $exists', { list: { $exists: true } }, 'abcd'],
  ['whole list', { list: [1, 2] }, 'a', true],
  ['list contains an object', { list: { $in: [{ k: 1 }] } }, 'd', true],

  ['dotted', { 'object.x': 2 }, 'b'],
  ['dotted, deep', { 'object.deep.y': 'p' }, 'a'],
  ['dotted $gt', { 'object.x': { $gt: 1 } }, 'b', true],
  ['dotted $in', { 'object.deep.y': { $in: ['p', 'q'] } }, 'ab', true],
  ['dotted $exists', { 'object.deep': { $exists: true } }, 'ab', true],
  ['dotted $exists false', { 'object.deep': { $exists: false } }, 'cde', true],
  ['whole object', { object: { x: 1, deep: { y: 'p' } } }, 'a', true],

  ['pointer', () => ({ link: pointer(T, targets.one) }), 'ac'],
  ['pointer $ne', () => ({ link: { $ne: pointer(T, targets.one) } }), 'bde', true],
  ['pointer $in', () => ({ link: { $in: [pointer(T, targets.two)] } }), 'b'],
  ['pointer $nin', () => ({ link: { $nin: [pointer(T, targets.two)] } }), 'acde', true],
  ['pointer $exists', { link: { $exists: false } }, 'de'],
  ['pointer null', { link: null }, 'de'],
  ['pointer to another class', () => ({ link: pointer('Other', targets.one) }), '', true],
  ['pointer by its plain id', () => ({ link: targets.two }), 'b'],
  ['list of pointers contains', () => ({ links: pointer(T, targets.two) }), 'b', true],
  ['list of pointers $in', () => ({ links: { $in: [pointer(T, targets.one)] } }), 'ab'],
];

describe('where', () => {
  for (const [title, where, expected, differs = false] of cases) {
    const asked = () => (typeof where === 'function' ? where() : where);
    test(title, { skip: differs && oursOnly }, async () => {
      assert.equal(await keysOf(asked()), expected);
    });
    test(`${title}, counted`, { skip: differs && oursOnly }, async () => {
      const body = assertOk(await api.find(C, { where: asked(), count: 1, limit: 0 }));
      assert.deepEqual(body, { results: [], count: expected.length });
    });
  }
});

describe('$relatedTo and relations in where', () => {
  const O = uniqueName('QueryOwner');
  const owners = {};
  before(async () => {
    const add = (...names) => ({ __op: 'AddRelation', objects: names.map((name) => pointer(C, ids[name])) });
    owners.first = createdId(await api.create(O, { name: 'first', rel: add('a', 'b') }));
    owners.second = createdId(await api.create(O, { name: 'second', rel: add('b', 'c') }));
    owners.third = createdId(await api.create(O, { name: 'third' }));
  });
  const relatedTo = (owner, rest = {}) => ({ $relatedTo: { object: pointer(O, owners[owner]), key: 'rel' }, ...rest });
  const ownersOf = async (where) => assertOk(await api.find(O, { where, order: 'name' })).results.map((row) => row.name);

  test('the objects of one owner', async () => {
    assert.equal(await keysOf(relatedTo('first')), 'ab');
    assert.equal(await keysOf(relatedTo('second')), 'bc');
    assert.equal(await keysOf(relatedTo('third')), '');
  });

  test('with a constraint, an order, a limit and a count', async () => {
    assert.equal(await keysOf(relatedTo('first', { num: 2 })), 'b');
    const body = assertOk(await api.find(C, { where: relatedTo('second'), order: '-num', limit: 1, count: 1 }));
    assert.equal(body.count, 2);
    assert.deepEqual(
      body.results.map((row) => row.key),
      ['c'],
    );
  });

  test('within $or', async () => {
    assert.equal(await keysOf({ $or: [relatedTo('first'), { key: 'e' }] }), 'abe');
  });

  test('the owners of an object', async () => {
    assert.deepEqual(await ownersOf({ rel: pointer(C, ids.b) }), ['first', 'second']);
    assert.deepEqual(await ownersOf({ rel: pointer(C, ids.c) }), ['second']);
    assert.deepEqual(await ownersOf({ rel: { $in: [pointer(C, ids.a), pointer(C, ids.c)] } }), ['first', 'second']);
  });

  test('of a key that is no relation finds nothing', { skip: oursOnly }, async () => {
    assert.equal(await keysOf({ $relatedTo: { object: pointer(O, owners.first), key: 'nowhere' } }), '');
  });
});

describe('errors of where', () => {
  const refused = [
    ['no JSON', 'nonsense', 107, 'where parameter is not valid JSON'],
    ['broken JSON', '{"a":', 107, 'where parameter is not valid JSON'],
    ['a bad field name', { 'bad-name': 1 }, 105, 'Invalid key name: bad-name'],
    ['a field that begins with _', { _secret: 1 }, 105, 'Invalid key name: _secret'],
    ['an unknown operator at the top', { $unknown: [] }, 105, 'Invalid key name: $unknown'],
    ['a query on ACL', { ACL: 1 }, 102, 'Cannot query on ACL.'],
    ['$or that is no list', { $or: { a: 1 } }, 102],
    ['$and that is no list', { $and: 1 }, 102],
    ['$in that is no list', { num: { $in: 1 } }, 107, 'bad $in value'],
    ['$nin that is no list', { num: { $nin: 'x' } }, 107, 'bad $nin value'],
    ['$regex that is no text', { text: { $regex: 5 } }, 102, '$regex value must be a string'],
    ['bad $options', { text: { $regex: 'a', $options: 'z' } }, 102, 'Bad $options value for query: z'],
  ];
  for (const [title, where, code, message] of refused) {
    test(title, async () => assertError(await api.find(C, { where }), 400, code, message));
  }

  const sane = [
    ['where that is a list', '[1]', 107],
    ['where that is a number', '5', 107],
    ['an unknown operator in a field', { num: { $unknown: 1 } }, 107],
    ['empty $or', { $or: [] }, 102],
    ['empty $and', { $and: [] }, 102],
    ['a pattern that is no regular expression', { text: { $regex: '(' } }, 102],
    ['$or with a member that is no object', { $or: [1] }, [102, 107]],
  ];
  for (const [title, where, code] of sane) {
    test(title, { skip: oursOnly }, async () => assertError(await api.find(C, { where }), 400, code));
  }

  test('an unknown parameter', async () => {
    assertError(await api.find(C, { foo: 1 }), 400, 102, 'Invalid parameter for query: foo');
  });
});

test('a where of 30 kB in the query string', { skip: isParseServer && 'Node has a limit of 16 kB' }, async () => {
  const list = Array.from({ length: 2_000 }, (_, i) => `id${i}`);
  assert.equal(await keysOf({ $or: [{ key: 'a' }, { text: { $in: list } }] }), 'a');
});

test('where in the body of a POST with _method', async () => {
  const response = await api.request('POST', `/classes/${C}`, { _method: 'GET', where: { num: { $gt: 1 } }, order: 'num', limit: 1 });
  assert.deepEqual(
    assertOk(response).results.map((row) => row.key),
    ['b'],
  );
});
