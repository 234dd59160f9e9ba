// POST /batch: order, answers of each kind, and what stops the whole call.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { assertError, assertOk, createdId, ownFields } from '../support/assert.mjs';
import { oursOnly, startServer, uniqueName } from '../support/server.mjs';

const server = await startServer();
after(() => server.stop());
const { api } = server;
const C = uniqueName('Batched');
const path = (id) => `/parse/classes/${C}${id ? `/${id}` : ''}`;
const batch = (requests, options, rest = {}) => api.request('POST', '/batch', { requests, ...rest }, options);

test('create, update, get, find and delete in one call, answered in order', async () => {
  const [a, b] = [createdId(await api.create(C, { n: 1 })), createdId(await api.create(C, { n: 2 }))];
  const body = assertOk(
    await batch([
      { method: 'POST', path: path(), body: { n: 3 } },
      { method: 'PUT', path: path(a), body: { n: { __op: 'Increment', amount: 10 } } },
      { method: 'GET', path: path(b) },
      { method: 'DELETE', path: path(b) },
    ]),
  );
  assert.equal(body.length, 4);
  assert.deepEqual(Object.keys(body[0].success).sort(), ['createdAt', 'objectId']);
  assert.equal(body[1].success.n, 11);
  assert.deepEqual(body[3], { success: {} });
  assertError(await api.get(C, b), 404, 101);
});

test('an error in one item leaves the others', async () => {
  const body = assertOk(
    await batch([
      { method: 'POST', path: path(), body: { n: 1, tag: 'kept' } },
      { method: 'PUT', path: path('doesNotEx1'), body: { n: 1 } },
      { method: 'POST', path: path(), body: { n: 'text' } },
      { method: 'POST', path: path(), body: { n: 2, tag: 'kept' } },
    ]),
  );
  assert.deepEqual(body[1], { error: { code: 101, error: 'Object not found.' } });
  assert.equal(body[2].error.code, 111);
  assert.equal(assertOk(await api.find(C, { where: { tag: 'kept' } })).results.length, 2);
});

test('no requests', async () => assert.deepEqual(assertOk(await batch([])), []));

test('items run in the order in which they stand', { skip: oursOnly }, async () => {
  const id = createdId(await api.create(C, { n: 0 }));
  const requests = Array.from({ length: 20 }, (_, i) => ({ method: 'PUT', path: path(id), body: { n: i + 1 } }));
  assertOk(await batch(requests));
  assert.deepEqual(ownFields(assertOk(await api.get(C, id))), { n: 20 });
});

test('items have the rights of the call', async () => {
  const hidden = createdId(await api.create(C, { n: 1, ACL: {} }, { master: true }));
  const requests = [{ method: 'PUT', path: path(hidden), body: { n: 2 } }];
  assert.equal(assertOk(await batch(requests))[0].error.code, 101);
  assert.ok(assertOk(await batch(requests, { master: true }))[0].success);
});

test('more than the SDK sends at once', async () => {
  const D = uniqueName('Batched500');
  const requests = Array.from({ length: 500 }, (_, n) => ({ method: 'POST', path: `/parse/classes/${D}`, body: { n } }));
  const body = assertOk(await batch(requests));
  assert.equal(new Set(body.map((item) => item.success.objectId)).size, 500);
  assert.equal(assertOk(await api.find(D, { count: 1, limit: 0 })).count, 500);
});

for (const [title, request] of [
  ['requests that are no list', { requests: { a: 1 } }],
  ['no requests at all', {}],
  ['an item without a path', { requests: [{ method: 'POST', body: {} }] }],
  ['a path that is no text', { requests: [{ method: 'POST', path: 5, body: {} }] }],
  ['a path outside of the mount path', { requests: [{ method: 'GET', path: `/classes/${C}` }] }],
  ['a path without a route', { requests: [{ method: 'GET', path: '/parse/nope' }] }],
  ['a batch in a batch', { requests: [{ method: 'POST', path: '/parse/batch', body: { requests: [] } }] }],
]) {
  test(`refused: ${title}`, async () => assertError(await api.request('POST', '/batch', request), 400, 107));
}

test('the path that cannot be routed is named', async () => {
  assertError(await batch([{ method: 'GET', path: '/other/classes/X' }]), 400, 107, 'cannot route batch path /other/classes/X');
  assertError(await batch([{ method: 'GET', path: '/parse/nope' }]), 400, 107, 'cannot route GET /nope');
  assertError(await batch([{ path: `/parse/classes/${C}` }]), 400, 107, `cannot route undefined /classes/${C}`);
});

test('items that are no objects are no server error', { skip: oursOnly }, async () => {
  for (const item of [null, 5, 'x', []]) assertError(await batch([item]), 400, 107);
});

test('a transaction is all', async () => {
  const D = uniqueName('Transacted');
  createdId(await api.create(D, { n: 0 }));
  const post = (n) => ({ method: 'POST', path: `/parse/classes/${D}`, body: { n } });
  const body = assertOk(await batch([post(1), post(2)], {}, { transaction: true }));
  assert.equal(body.length, 2);
  assert.equal(assertOk(await api.find(D, { count: 1, limit: 0 })).count, 3);
});

test('a transaction is nothing when one item fails', { skip: oursOnly }, async () => {
  const D = uniqueName('RolledBack');
  createdId(await api.create(D, { n: 0 }));
  const post = (n) => ({ method: 'POST', path: `/parse/classes/${D}`, body: { n } });
  assertError(await batch([post(1), post('text'), post(2)], {}, { transaction: true }), 400, 111);
  assert.equal(assertOk(await api.find(D, { count: 1, limit: 0 })).count, 1);
});
