// Functions as the users' code defines them: requests, results, errors.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startCloud } from '../../support/cloud_engine.mjs';

test('a function gets its parameters and its result is sent', async () => {
  const cloud = await startCloud(`Parse.Cloud.define('hello', (request) => 'Hello ' + request.params.name);`);
  assert.equal(cloud.loadError, undefined);
  assert.deepEqual(cloud.registered, [{ kind: 'function', name: 'hello' }]);
  assert.deepEqual(await cloud.call('function', 'hello', { params: { name: 'Ada' } }), { result: { result: 'Hello Ada' } });
});
