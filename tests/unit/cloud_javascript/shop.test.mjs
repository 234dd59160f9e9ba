// The sample shop's main.js.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { startCloud } from '../../support/cloud_engine.mjs';

const main = readFileSync(new URL('../../../cloud/main.js', import.meta.url), 'utf8');

const order = (id, price) => ({
  objectId: id,
  product: { __type: 'Object', className: 'Product', objectId: `p${id}`, price },
  createdAt: '2023-10-17T20:30:29.368Z',
  updatedAt: '2023-10-17T20:30:29.368Z',
});

const orders = [order('a', 80), order('b', 1360), order('c', undefined)];

/** Answers the calls of Cloud Code as the server would. */
function shopServer(cloudOf, { closed = false } = {}) {
  return async ({ path }) => {
    if (path === '/functions/calculateSales')
      return { status: 200, body: (await cloudOf().call('function', 'calculateSales', { params: {} })).result };
    if (closed) return { status: 400, body: { code: 119, error: 'Permission denied for action find on class Order.' } };
    return { status: 200, body: { results: path === '/classes/Order' ? orders : [] } };
  };
}

test('calculateSales adds the prices of what was ordered', async () => {
  const asked = [];
  const cloud = await startCloud(main, { rest: (message) => (asked.push(message), shopServer(() => cloud)(message)) });
  assert.deepEqual(await cloud.result('calculateSales'), { sales: 1440 });
  assert.equal(asked[0].body.include, 'product');
  assert.equal(asked[0].useMasterKey, undefined);
});

test('closed classes count as nothing and the log names the class', async () => {
  const cloud = await startCloud(main, { rest: shopServer(() => cloud, { closed: true }) });
  assert.deepEqual(await cloud.result('calculateSales'), { sales: 0 });
  assert.match(cloud.texts('error')[0], /class Order/);
});

test('printSales logs the sum and says it as its message', async () => {
  const cloud = await startCloud(main, { rest: shopServer(() => cloud) });
  assert.deepEqual(await cloud.call('job', 'printSales', { jobId: 'j1' }), { result: { message: 'Sales: 1440$' } });
  assert.deepEqual(cloud.texts('info'), ['Sales: 1440$']);
  assert.equal(cloud.progress[0].message, 'Adding up the orders');
});

test('hello greets', async () => {
  const cloud = await startCloud(main);
  assert.equal(await cloud.result('hello', { name: 'Ada' }), 'Hello, Ada!');
  assert.equal(await cloud.result('hello'), 'Hello, world!');
});
