// sum: Number fields added up over what the caller may read.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { assertError, assertOk, createdId } from '../support/assert.mjs';
import { oursOnly, startServer, uniqueName } from '../support/server.mjs';

const server = await startServer();
after(() => server.stop());
const { api } = server;
const master = { master: true };
const C = uniqueName('Summed');
const fields = { price: { type: 'Number' }, stock: { type: 'Number' }, name: { type: 'String' } };
const sumOf = async (query, options) => assertOk(await api.find(C, { limit: 0, ...query }, options)).sum;
let closedClasses = 0;
const closedClass = async (permissions) => {
  const D = uniqueName(`Closed${++closedClasses}`);
  assertOk(await api.schema('POST', D, { className: D, fields, classLevelPermissions: permissions }));
  createdId(await api.create(D, { price: 7 }, master));
  return D;
};

describe('sum', { skip: oursOnly }, () => {
  before(async () => {
    assertOk(await api.schema('POST', C, { className: C, fields }));
    for (const row of [{ price: 1.5, stock: 2 }, { price: 2.25 }, { name: 'none' }]) createdId(await api.create(C, row));
    createdId(await api.create(C, { price: 100, stock: 1, ACL: {} }, master));
  });

  test('over every object that matches and may be read', async () => {
    assert.deepEqual(await sumOf({ sum: 'price,stock' }), { price: 3.75, stock: 2 });
    assert.deepEqual(await sumOf({ sum: ['price'] }, master), { price: 103.75 });
    assert.deepEqual(await sumOf({ sum: 'price', where: { stock: { $exists: true } } }), { price: 1.5 });
    assert.deepEqual(await sumOf({ sum: 'price', where: { name: 'nobody' } }), { price: 0 });
  });

  test('beside rows and a count, whatever the page', async () => {
    const answer = assertOk(await api.find(C, { sum: 'price', count: 1, limit: 1, order: 'price' }));
    assert.deepEqual([answer.results.length, answer.count, answer.sum], [1, 3, { price: 3.75 }]);
  });

  test('large integers do not fail', async () => {
    const B = uniqueName('Big');
    for (let i = 0; i < 3; ++i) createdId(await api.create(B, { n: Number.MAX_SAFE_INTEGER }));
    assert.deepEqual(assertOk(await api.find(B, { sum: 'n', limit: 0 })).sum, { n: 3 * Number.MAX_SAFE_INTEGER });
  });

  test('needs the permissions find and count', async () => {
    const all = { '*': true };
    for (const permissions of [{ find: all }, { count: all }, {}]) {
      const D = await closedClass(permissions);
      assertError(await api.find(D, { sum: 'price', limit: 0 }), 400, 119);
      assert.deepEqual(assertOk(await api.find(D, { sum: 'price', limit: 0 }, master)).sum, { price: 7 });
    }
    const open = await closedClass({ find: all, count: all });
    assert.deepEqual(assertOk(await api.find(open, { sum: 'price', limit: 0 })).sum, { price: 7 });
  });

  test('what is no Number field is refused', async () => {
    for (const sum of ['name', 'missing', 'objectId', 'createdAt', 'price.x']) {
      assertError(await api.find(C, { sum }), 400, 102);
    }
    for (const sum of ['a-b', '_rperm', '$score']) assertError(await api.find(C, { sum }), 400, 105);
    assertError(await api.find(C, { sum: 5 }), 400, 102);
    assertError(await api.find(C, { sum: Array(33).fill('price') }), 400, 102);
  });
});
