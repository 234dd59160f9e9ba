// $all, $containedBy, $relativeTime, whole arrays and objects, $nor: which rows each finds, and what it refuses.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { assertError, assertOk, createdId } from '../support/assert.mjs';
import { oursOnly, startServer, uniqueName } from '../support/server.mjs';

const server = await startServer();
after(() => server.stop());
const { api } = server;
const C = uniqueName('Constraint');
const kDay = 86_400_000;

const date = (ms) => ({ __type: 'Date', iso: new Date(ms).toISOString() });
const pointer = (objectId) => ({ __type: 'Pointer', className: 'Elsewhere', objectId });

const rows = {
  a: { tags: ['red', 'green'], numbers: [1, 2, 3], object: { x: 1, y: { z: [1] } }, at: date(Date.now() - 3 * kDay) },
  b: { tags: ['red'], numbers: [2], object: { x: 2 }, at: date(Date.now() - 60_000) },
  c: { tags: ['reddish', 'blue'], numbers: [], object: {}, at: date(Date.now() + 2 * kDay) },
  d: { tags: ['blue', 'red', 'green'], numbers: [3, 4], pointers: [pointer('p1'), pointer('p2')], number: 5 },
  e: {},
};

before(async () => {
  for (const [key, row] of Object.entries(rows)) createdId(await api.create(C, { key, ...row }));
});

async function keysOf(where) {
  const { results } = assertOk(await api.find(C, { where }));
  return results
    .map((row) => row.key)
    .sort()
    .join('');
}

// Where the fourth member is true, Parse Server on PostgreSQL answers otherwise.
const cases = [
  ['$all', { tags: { $all: ['red', 'green'] } }, 'ad'],
  ['$all of one', { tags: { $all: ['blue'] } }, 'cd'],
  ['$all of numbers', { numbers: { $all: [3] } }, 'ad'],
  ['$all of nothing', { tags: { $all: [] } }, ''],
  ['$all of pointers', { pointers: { $all: [pointer('p2'), pointer('p1')] } }, 'd'],
  ['$all of prefixes', { tags: { $all: [{ $regex: '^\\Qred\\E' }, { $regex: '^\\Qbl\\E' }] } }, 'cd'],
  ['$all of one prefix', { tags: { $all: [{ $regex: '^\\Qred\\E' }] } }, 'abcd'],
  ['$all on a number', { number: { $all: [5] } }, 'd', true],

  ['$containedBy', { numbers: { $containedBy: [1, 2, 3] } }, 'abc'],
  ['$containedBy, none but empty arrays', { numbers: { $containedBy: [9] } }, 'c'],
  ['$containedBy of nothing', { numbers: { $containedBy: [] } }, 'c'],
  ['$containedBy of texts', { tags: { $containedBy: ['red', 'green', 'x'] } }, 'ab'],

  ['after a time in the past', { at: { $gt: { $relativeTime: '2 hours ago' } } }, 'bc'],
  ['before now', { at: { $lt: { $relativeTime: 'now' } } }, 'ab'],
  ['before a time to come', { at: { $lte: { $relativeTime: 'in 1 day 2 hrs' } } }, 'ab'],
  ['between', { at: { $gte: { $relativeTime: '1 wk ago' }, $lt: { $relativeTime: '1 d ago' } } }, 'a'],
  ['$relativeTime on createdAt', { createdAt: { $gt: { $relativeTime: '1 yr ago' } } }, 'abcde'],

  ['a whole array', { numbers: { $eq: [1, 2, 3] } }, 'a', true],
  ['a whole object', { object: { x: 1, y: { z: [1] } } }, 'a', true],
  ['an object that is only a part', { object: { x: 1 } }, '', true],
  ['not a whole object', { object: { $ne: { x: 2 } } }, 'acde', true],
  ['$nor', { $nor: [{ numbers: 3 }, { tags: 'reddish' }] }, 'be', true],
  ['$nor holds for unset fields', { $nor: [{ number: 5 }] }, 'abce', true],
];

describe('rows that a constraint finds', () => {
  for (const [what, where, expected, onlyOurs] of cases) {
    test(what, { skip: onlyOurs && oursOnly }, async () => {
      assert.equal(await keysOf(where), expected);
    });
  }
});

const refusals = [
  [{ tags: { $all: 'red' } }, 107, 'bad $all value', true],
  [{ tags: { $all: ['red', { $regex: '^\\Qa\\E' }] } }, 107, /^All \$all values must be of regex type or none/],
  [{ numbers: { $containedBy: { x: 1 } } }, 107, 'bad $containedBy: should be an array'],
  [{ numbers: { $containedBy: 'x' } }, 107, 'bad $containedBy: should be an array'],
  [{ at: { $gt: { $relativeTime: 'soon' } } }, 107, "bad $relativeTime (soon) value. Time should either start with 'in' or end with 'ago'"],
  [{ at: { $gt: { $relativeTime: 'in 1 day ago' } } }, 107, /Time cannot have both 'in' and 'ago'$/],
  [{ at: { $gt: { $relativeTime: 'in 1' } } }, 107, /Invalid time string. Dangling unit or number.$/],
  [{ at: { $gt: { $relativeTime: '1.5 days ago' } } }, 107, /'1.5' is not an integer.$/],
  [{ at: { $gt: { $relativeTime: '1 moon ago' } } }, 107, /Invalid interval: 'moon'$/],
  [{ number: { $gt: { $relativeTime: 'now' } } }, 107, '$relativeTime can only be used with Date field'],
  [{ at: { $ne: { $relativeTime: 'now' } } }, 107, '$relativeTime can only be used with the $lt, $lte, $gt, and $gte operators'],
  [{ at: { $exists: { $relativeTime: 'now' } } }, 107, '$relativeTime can only be used with the $lt, $lte, $gt, and $gte operators'],
  [{ $nor: [] }, 102, 'Bad $nor format - use an array of at least 1 value.'],
  [{ $nor: {} }, 102, 'Bad $nor format - use an array of at least 1 value.'],
  [{ numbers: { $nothing: 1 } }, 107, 'bad constraint: $nothing', true],
];

describe('what is refused', () => {
  for (const [where, code, message, onlyOurs] of refusals) {
    test(JSON.stringify(where), { skip: onlyOurs && oursOnly }, async () => {
      assertError(await api.find(C, { where }), 400, code, message);
    });
  }
});
