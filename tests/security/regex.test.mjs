// Patterns that try for ever (GHSA-mf3j-86qx-cq5j and its kin). What a request may try is counted in steps, not in time.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { assertError, assertOk, createdId } from '../support/assert.mjs';
import { oursOnly, startServer, uniqueName } from '../support/server.mjs';

const kTooLong = 'The regular expression takes too long to match';
const kBatch = 50;

const server = await startServer();
after(() => server.stop());
const { api } = server;
const Long = uniqueName('Long');
const Many = uniqueName('Many');
const master = { master: true };

// Holds what the patterns end with, so that none is given up at a glance.
const long = 'a'.repeat(60) + '!Ab=';
const short = 'a'.repeat(11) + '!'; // thousands of steps: too few to be refused by itself

async function createAll(className, objects) {
  for (let at = 0; at < objects.length; at += kBatch) {
    const requests = objects.slice(at, at + kBatch).map((body) => ({ method: 'POST', path: `/parse/classes/${className}`, body }));
    assert.ok(assertOk(await api.request('POST', '/batch', { requests })).every((each) => each.success));
  }
}

before(async () => {
  const row = { text: long, list: ['x', long], data: { deep: { text: long } }, key: 'k' };
  await createAll(Long, Array.from({ length: 100 }, () => row));
  await createAll(Many, Array.from({ length: 1000 }, (_, n) => ({ text: short, n })));
});

const patterns = [
  '(a+)+$',
  '^(a+)+$',
  '(a|a)*$',
  '^(a|aa)+$',
  '^(a*)*b',
  '^([a-z]+)*=',
  '^(([a-z])+.)+[A-Z]([a-z])+$',
  '(x+x+)+y|(a+a+)+$',
  '^(a{1,10}){1,10}b',
  '^(?:(?=a+)a?)*(?:a+)+b',
  '^(a(?1)?a?)+$',
];

describe('refused on a long text', () => {
  for (const pattern of patterns) {
    test(pattern, { skip: oursOnly }, async () => {
      assertError(await api.find(Long, { where: { text: { $regex: pattern } } }), 400, 102, kTooLong);
    });
  }
});

const slow = { $regex: '^(a+)+$' };
const wheres = {
  'an element of an array': { list: slow },
  'a dotted key': { 'data.deep.text': slow },
  'with options': { text: { ...slow, $options: 'imsx' } },
  $all: { list: { $all: [slow] } },
  $or: { $or: [{ key: 'other' }, { text: slow }] },
  $nor: { $nor: [{ text: slow }] },
  'deep within groups': { $and: [{ key: 'k' }, { $or: [{ $nor: [{ $and: [{ text: slow }] }] }] }] },
  'a sub-query': { key: { $select: { query: { className: Long, where: { text: slow } }, key: 'key' } } },
};

describe('refused wherever it stands', () => {
  for (const [name, where] of Object.entries(wheres)) {
    test(name, { skip: oursOnly }, async () => {
      assertError(await api.find(Long, { where }), 400, 102, kTooLong);
      assertError(await api.find(Long, { where, count: 1, limit: 0 }), 400, 102, kTooLong);
    });
  }

  test('by POST', { skip: oursOnly }, async () => {
    assertError(await api.request('POST', `/classes/${Long}`, { _method: 'GET', where: { text: slow } }), 400, 102, kTooLong);
  });

  test('distinct and $match', { skip: oursOnly }, async () => {
    const where = encodeURIComponent(JSON.stringify({ text: slow }));
    assertError(await api.request('GET', `/aggregate/${Long}?distinct=key&where=${where}`, undefined, master), 400, 102, kTooLong);
    const pipeline = encodeURIComponent(JSON.stringify([{ $match: { text: slow } }]));
    assertError(await api.request('GET', `/aggregate/${Long}?pipeline=${pipeline}`, undefined, master), 400, 102, kTooLong);
  });
});

describe('what one request may try is one sum', () => {
  let ids;
  before(async () => {
    ids = assertOk(await api.find(Many, { limit: 3, keys: 'text' })).results.map((row) => row.objectId);
  });

  test('a pattern that is slow on each of many rows is refused, on few it is not', { skip: oursOnly }, async () => {
    const few = assertOk(await api.find(Many, { where: { objectId: { $in: ids }, text: slow } }));
    assert.deepEqual(few.results, []);
    assertError(await api.find(Many, { where: { text: slow } }), 400, 102, kTooLong);
    assertError(await api.find(Many, { where: { text: slow }, count: 1, limit: 0 }), 400, 102, kTooLong);
  });

  test('many patterns on one row are refused together', { skip: oursOnly }, async () => {
    const $or = Array.from({ length: 200 }, (_, n) => ({ text: { $regex: `^(a+)+[${n}]?$` } }));
    assertOk(await api.find(Many, { where: { objectId: ids[0], $or: $or.slice(0, 2) } }));
    assertError(await api.find(Many, { where: { objectId: ids[0], $or } }), 400, 102, kTooLong);
  });

  test('an ordinary pattern passes over all of them', async () => {
    assert.equal(assertOk(await api.find(Many, { where: { text: { $regex: '^a+!$' } }, count: 1, limit: 0 })).count, 1000);
  });
});

test('the next request is answered as before', async () => {
  await api.find(Long, { where: { text: slow } });
  const id = createdId(await api.create(Long, { text: 'fine' }));
  assert.deepEqual(assertOk(await api.find(Long, { where: { text: 'fine' } })).results.map((row) => row.objectId), [id]);
});
