// requestComplexity, explain and redirectClassNameForKey.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { assertError, assertOk, createdId } from '../support/assert.mjs';
import { ownServerOnly, startOwnServer, startServer, uniqueName } from '../support/server.mjs';

const master = { master: true };

describe('limits for clients', { skip: ownServerOnly }, () => {
  let server;
  before(async () => {
    const limits = { queryDepth: 2, subqueryDepth: 1, subqueryLimit: 1, includeDepth: 2, includeCount: 3, batchRequestLimit: 2, allowRegex: false };
    server = await startOwnServer({ args: ['--requestComplexity', JSON.stringify(limits)] });
    for (const n of [1, 2]) createdId(await server.api.create('C', { n, p: 'x' }));
  });
  after(() => server.stop());

  const nested = (depth) => (depth === 0 ? { n: 1 } : { $or: [nested(depth - 1)] });
  const subqueries = (depth) => (depth === 0 ? {} : { n: { $select: { query: { className: 'C', where: subqueries(depth - 1) }, key: 'n' } } });
  const refused = [
    ['groups', { where: nested(3) }, 'Query condition nesting depth exceeds maximum allowed depth of 2'],
    ['sub-queries', { where: subqueries(2) }, 'Subquery nesting depth exceeds maximum allowed depth of 1'],
    ['depth of includes', { include: 'a.b.c' }, 'Include depth of 3 exceeds maximum allowed depth of 2'],
    ['number of includes', { include: 'a.b,c.d' }, 'Number of include fields (4) exceeds maximum allowed (3)'],
    ['$regex', { where: { p: { $regex: 'x' } } }, '$regex operator is not allowed'],
  ];
  for (const [what, parameters, message] of refused) {
    test(what, async () => {
      assertError(await server.api.find('C', parameters), 400, 102, message);
      assertOk(await server.api.find('C', parameters, master));
    });
  }
  test('what the limits allow', async () => {
    assertOk(await server.api.find('C', { where: nested(2), include: 'a.b,c' }));
  });
  test('rows that a sub-query looks at', async () => {
    assert.equal(assertOk(await server.api.find('C', { where: subqueries(1) })).results.length, 1);
    assert.equal(assertOk(await server.api.find('C', { where: subqueries(1) }, master)).results.length, 2);
  });
  test('requests of a batch', async () => {
    const requests = Array.from({ length: 3 }, () => ({ method: 'GET', path: '/parse/classes/C' }));
    const message = 'Batch request contains 3 sub-requests, which exceeds the limit of 2.';
    assertError(await server.api.request('POST', '/batch', { requests }), 400, 107, message);
    assertOk(await server.api.request('POST', '/batch', { requests }, master));
  });
});

describe('explain and redirectClassNameForKey', { skip: ownServerOnly }, () => {
  let server;
  before(async () => {
    server = await startServer();
    const target = createdId(await server.api.create('Target', { name: 't' }));
    const objects = [{ __type: 'Pointer', className: 'Target', objectId: target }];
    createdId(await server.api.create('Place', { at: { __type: 'GeoPoint', latitude: 1, longitude: 1 }, to: { __op: 'AddRelation', objects } }));
  });
  after(() => server.stop());

  test('the plan is for the master key', async () => {
    const message = 'Using the explain query parameter requires the master key';
    assertError(await server.api.find('Place', { explain: true }), 400, 102, message);
  });
  test('the plan shows the index of places', async () => {
    const where = { at: { $nearSphere: { __type: 'GeoPoint', latitude: 1, longitude: 1 }, $maxDistance: 0.1 } };
    const { results } = assertOk(await server.api.find('Place', { where, explain: true }, master));
    assert.ok(results.some((step) => /VIRTUAL TABLE INDEX/.test(step.detail)), JSON.stringify(results));
    assert.ok(results.every((step) => Number.isInteger(step.id) && Number.isInteger(step.parent)));
  });
  test('false asks for rows', async () => {
    assert.ok(assertOk(await server.api.find('Place', { explain: false })).results[0].objectId);
  });
  for (const explain of ['foo', [], { a: 1 }, 5]) {
    test(`a bad value: ${JSON.stringify(explain)}`, async () => {
      assertError(await server.api.find('Place', { explain }, master), 400, 102, 'Invalid value for explain');
    });
  }
  test('a relation leads to another class', async () => {
    const { results } = assertOk(await server.api.find('Place', { redirectClassNameForKey: 'to' }));
    assert.deepEqual(
      results.map((row) => [row.className, row.name]),
      [['Target', 't']],
    );
  });
  test('another field leads nowhere', async () => {
    const { results } = assertOk(await server.api.find('Place', { redirectClassNameForKey: 'at' }));
    assert.equal(results[0].className, 'Place');
  });
});
