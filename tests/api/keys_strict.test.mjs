// The profile strict: defaults that are tighter than Parse Server's.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertError, assertOk, createdId } from '../support/assert.mjs';
import { ownServerOnly, runParsimony, startOwnServer } from '../support/server.mjs';
import { master, moreKeys, readOnly } from '../support/users.mjs';

const nested = (depth) => (depth === 0 ? { n: 1 } : { $or: [nested(depth - 1)] });

test('the profile strict', { skip: ownServerOnly }, async (t) => {
  const server = await startOwnServer({ args: ['--profile', 'strict', ...moreKeys] });
  const { api } = server;
  createdId(await api.create('A', { n: 1 }));
  const items = (count) => ({ requests: Array.from({ length: count }, () => ({ method: 'GET', path: '/parse/classes/A' })) });

  await t.test('bounds batches, includes and conditions of clients', async () => {
    assertOk(await api.request('POST', '/batch', items(100)));
    assertError(await api.request('POST', '/batch', items(101)), 400, 107);
    assertOk(await api.request('POST', '/batch', items(101), master));
    assertOk(await api.find('A', { include: Array(10).fill('a').join('.') }));
    assertError(await api.find('A', { include: Array(11).fill('a').join('.') }), 400, 102);
    assertOk(await api.find('A', { where: nested(10) }));
    assertError(await api.find('A', { where: nested(11) }), 400, 102);
  });

  await t.test('keeps the read-only key from aggregating', async () => {
    assertOk(await api.request('GET', '/classes/A', undefined, readOnly));
    assertError(await api.request('GET', '/aggregate/A?distinct=n', undefined, readOnly), 400, 119);
  });

  await server.stop();
});

test('a profile that is not known ends the start and names the nearest', async () => {
  const { code, stderr } = await runParsimony(['serve', '--port', '0', '--profile', 'strikt']);
  assert.notEqual(code, 0);
  assert.match(stderr, /strict/);
});
