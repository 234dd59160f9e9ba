// $inQuery, $notInQuery, $select, $dontSelect: which rows they find, under whose rights, and what is refused.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { assertError, assertOk, createdId } from '../support/assert.mjs';
import { oursOnly, startServer, uniqueName } from '../support/server.mjs';

const server = await startServer();
after(() => server.stop());
const { api } = server;
const master = { master: true };
const Team = uniqueName('Team');
const Player = uniqueName('Player');
const Closed = uniqueName('Closed');

const pointer = (className, objectId) => ({ __type: 'Pointer', className, objectId });
const teams = {};
const players = {};

before(async () => {
  const rowsOfTeam = {
    red: { city: 'Rome', wins: 10, codes: [1, 2], info: { zone: 'south' } },
    blue: { city: 'Oslo', wins: 3, codes: [3], info: { zone: 'north' } },
    secret: { city: 'Bern', wins: 99, codes: [9], info: { zone: 'middle' }, ACL: {} },
  };
  for (const [name, row] of Object.entries(rowsOfTeam)) teams[name] = createdId(await api.create(Team, { name, ...row }, master));
  const rowsOfPlayer = {
    a: { team: pointer(Team, teams.red), home: 'Rome', shirt: 1, all: [pointer(Team, teams.red), pointer(Team, teams.blue)], zone: 'south' },
    b: { team: pointer(Team, teams.blue), home: 'Rome', shirt: 3, all: [pointer(Team, teams.blue)], zone: 'north' },
    c: { team: pointer(Team, teams.secret), home: 'Bern', shirt: 9, all: [], inner: { team: pointer(Team, teams.red) } },
    d: { home: 'Oslo' },
  };
  for (const [key, row] of Object.entries(rowsOfPlayer)) players[key] = createdId(await api.create(Player, { key, ...row }));
  assertOk(await api.update(Player, players.a, { fans: { __op: 'AddRelation', objects: [pointer(Team, teams.blue)] } }));
  const classLevelPermissions = { create: { '*': true }, get: { '*': true } };
  assertOk(await api.schema('POST', Closed, { className: Closed, fields: { home: { type: 'String' } }, classLevelPermissions }));
  createdId(await api.create(Closed, { home: 'Rome' }));
});

async function keysOf(where, options) {
  const { results } = assertOk(await api.find(Player, { where }, options));
  return results
    .map((row) => row.key)
    .sort()
    .join('');
}

const inQuery = (where, more = {}) => ({ $inQuery: { className: Team, where, ...more } });
const notInQuery = (where) => ({ $notInQuery: { className: Team, where } });
const select = (key, where = {}) => ({ $select: { query: { className: Team, where }, key } });
const dontSelect = (key, where = {}) => ({ $dontSelect: { query: { className: Team, where }, key } });

const cases = [
  ['$inQuery', { team: inQuery({ wins: { $gt: 5 } }) }, 'a', 'ac'],
  ['$inQuery without a condition', { team: inQuery({}) }, 'ab', 'abc'],
  ['$inQuery finding nothing', { team: inQuery({ city: 'Paris' }) }, '', ''],
  ['$notInQuery includes unset', { team: notInQuery({ wins: { $gt: 5 } }) }, 'bcd', 'bd', true],
  ['$inQuery in an array of pointers', { all: inQuery({ city: 'Rome' }) }, 'a', 'a'],
  ['$notInQuery in an array of pointers', { all: notInQuery({ city: 'Rome' }) }, 'bcd', 'bcd', true],
  ['$inQuery in an object', { 'inner.team': inQuery({ city: 'Rome' }) }, 'c', 'c', true],
  ['$inQuery on a relation', { fans: inQuery({ city: 'Oslo' }) }, 'a', 'a'],
  ['$inQuery with limit, skip and order, which are ignored', { team: inQuery({}, { limit: 1, skip: 1, order: 'city' }) }, 'ab', 'abc'],
  ['$inQuery of another class', { team: { $inQuery: { className: Player, where: {} } } }, '', ''],
  ['$select of a text', { home: select('city') }, 'abd', 'abcd'],
  ['$select with a condition', { home: select('city', { wins: 10 }) }, 'ab', 'ab'],
  ['$select of a number', { shirt: select('wins') }, 'b', 'b'],
  ['$select of an array of numbers', { shirt: select('codes') }, 'ab', 'abc', true],
  ['$select of a part of an object', { zone: select('info.zone') }, 'ab', 'ab'],
  ['$select of an objectId on a pointer', { team: select('objectId') }, 'ab', 'abc'],
  ['$select of another type', { home: select('wins') }, '', '', true],
  ['$select of no field', { home: select('nowhere') }, '', '', true],
  ['$dontSelect', { home: dontSelect('city', { wins: 10 }) }, 'cd', 'cd'],
  ['$dontSelect includes unset', { shirt: dontSelect('wins') }, 'acd', 'acd', true],
  ['within $or', { $or: [{ team: inQuery({ city: 'Oslo' }) }, { key: 'd' }] }, 'bd', 'bd'],
  ['beside another operator', { team: { ...inQuery({}), $ne: null }, key: { $ne: 'a' } }, 'b', 'bc', true],
  ['one within another', { key: { $select: { query: { className: Player, where: { team: inQuery({ city: 'Rome' }) } }, key: 'key' } } }, 'a', 'a'],
];

describe('rows that a sub-query finds', () => {
  for (const [what, where, forClients, forMaster, onlyOurs] of cases) {
    test(`${what}: for clients`, { skip: onlyOurs && oursOnly }, async () => assert.equal(await keysOf(where), forClients));
    test(`${what}: for the master key`, { skip: onlyOurs && oursOnly }, async () => assert.equal(await keysOf(where, master), forMaster));
  }

  test('counted', async () => {
    const answer = assertOk(await api.find(Player, { where: { team: inQuery({ wins: 10 }) }, count: 1, limit: 0 }));
    assert.equal(answer.count, 1);
  });
});

describe('rights', () => {
  const refers = [
    { home: { $select: { query: { className: Closed, where: {} }, key: 'home' } } },
    { home: { $dontSelect: { query: { className: Closed, where: {} }, key: 'home' } } },
    { team: { $inQuery: { className: Closed, where: {} } } },
    { $or: [{ key: 'a' }, { team: { $notInQuery: { className: Closed, where: {} } } }] },
    { key: { $select: { query: { className: Player, where: { team: { $inQuery: { className: Closed, where: {} } } } }, key: 'key' } } },
  ];
  for (const where of refers) {
    test(`a class that the caller may not search: ${JSON.stringify(where).replaceAll(Closed, 'Closed').slice(0, 90)}`, async () => {
      assertError(await api.find(Player, { where }), 400, 119, 'Permission denied');
      assertOk(await api.find(Player, { where }, master));
    });
  }

  test('a class that does not exist', async () => {
    assert.equal(await keysOf({ team: { $inQuery: { className: uniqueName('Never'), where: {} } } }), '');
  });
});

const refusals = [
  ['$inQuery', { team: { $inQuery: { className: Team } } }],
  ['$inQuery', { team: { $inQuery: { where: {} } } }],
  ['$inQuery', { team: { $inQuery: 'x' } }, true],
  ['$inQuery', { team: { $inQuery: { className: Team, where: 'x' } } }, true],
  ['$inQuery', { team: { $inQuery: { className: { a: 1 }, where: {} } } }, true],
  ['$notInQuery', { team: { $notInQuery: { className: Team } } }],
  ['$select', { home: { $select: { query: { className: Team, where: {} } } } }],
  ['$select', { home: { $select: { query: { className: Team, where: {} }, key: 'city', more: 1 } } }],
  ['$select', { home: { $select: { query: { where: {} }, key: 'city' } } }],
  ['$dontSelect', { home: { $dontSelect: { key: 'city' } } }],
  ['$dontSelect', { home: { $dontSelect: { query: Team, key: 'city' } } }],
];

describe('what is refused', () => {
  for (const [op, where, onlyOurs] of refusals) {
    test(JSON.stringify(where).replaceAll(Team, 'Team'), { skip: onlyOurs && oursOnly }, async () => {
      assertError(await api.find(Player, { where }), 400, 102, `improper usage of ${op}`);
    });
  }

  test('conditions within a sub-query are checked as those outside', async () => {
    assertError(await api.find(Player, { where: { team: inQuery({ ACL: 1 }) } }), 400, 102, 'Cannot query on ACL.');
    assertError(await api.find(Player, { where: { team: inQuery({ 'a"b': 1 }) } }), 400, 105, 'Invalid key name: a"b');
  });

  test('sub-queries within each other beyond the limit', async () => {
    let where = { city: 'x' };
    for (let depth = 0; depth < 40; ++depth) where = { team: inQuery(where) };
    assertError(await api.find(Player, { where }), 400, 102);
  });
});

describe('sub-queries deep within each other', () => {
  // A chain of objects, each with a pointer and a list of pointers to the one before and with its number and that of the one before.
  const Link = uniqueName('ChainLink');
  const kLinks = 32;
  const pointer = (objectId) => ({ __type: 'Pointer', className: Link, objectId });

  before(async () => {
    let last = createdId(await api.create(Link, { number: 0, data: { number: 0 } }));
    for (let number = 1; number <= kLinks; ++number) {
      const data = { number, before: number - 1, link: pointer(last) };
      last = createdId(await api.create(Link, { number, before: number - 1, link: pointer(last), links: [pointer(last)], data }));
    }
  });

  const query = (where) => ({ className: Link, where });
  const select = (key, where) => ({ $select: { query: query(where), key } });
  const ways = {
    'pointers by $inQuery': (where) => ({ link: { $inQuery: query(where) } }),
    'lists of pointers by $inQuery': (where) => ({ links: { $inQuery: query(where) } }),
    'pointers in objects by $inQuery': (where) => ({ 'data.link': { $inQuery: query(where) } }),
    'values by $select': (where) => ({ before: select('number', where) }),
    'values in objects by $select': (where) => ({ 'data.before': select('data.number', where) }),
    'in groups': (where) => ({ $or: [{ number: -1 }, { $and: [{ link: { $inQuery: query(where) } }, { number: { $gt: 0 } }] }] }),
    'beside others': (where) => ({ number: { $gt: 0 }, link: { $inQuery: query(where) }, before: { $gte: 0 }, links: { $exists: true } }),
  };
  const nested = (way, depth) => Array.from({ length: depth }).reduce(way, { number: 0 });
  for (const [name, way] of Object.entries(ways)) {
    test(name, async () => {
      for (const depth of [1, 2, 5, 10]) {
        const { results } = assertOk(await api.find(Link, { where: nested(way, depth) }));
        assert.deepEqual(
          results.map((row) => row.number),
          [depth],
          `depth ${depth}`,
        );
      }
    });
  }

  test('32 of them, and not one more', { skip: oursOnly }, async () => {
    const way = ways['pointers by $inQuery'];
    const ask = (depth) => api.request('POST', `/classes/${Link}`, { _method: 'GET', where: nested(way, depth), count: 1 });
    const { results, count } = assertOk(await ask(32));
    assert.deepEqual([results.map((row) => row.number), count], [[32], 1]);
    assertError(await ask(33), 400, 102, 'Query condition nesting depth exceeds maximum allowed depth of 32');
  });

  test('what does not match at one level matches nowhere', async () => {
    const where = nested((inner, _, level) => ({ link: { $inQuery: query({ ...inner, ...(level === 2 ? { number: 9 } : {}) }) } }), 6);
    assert.deepEqual(assertOk(await api.find(Link, { where })).results, []);
  });
});
