// 200 000 calls of functions leave the server as large as it was.
import assert from 'node:assert/strict';
import http from 'node:http';
import { test } from 'node:test';
import { assertOk } from '../support/assert.mjs';
import { startCloud } from '../support/cloud.mjs';
import { rssMb } from '../support/memory.mjs';
import { isSanitized, ownServerOnly } from '../support/server.mjs';

/* global Parse */
function code() {
  Parse.Cloud.define('hello', ({ params }) => `Hello, ${params.name}!`);
  Parse.Cloud.beforeSave('Counter', ({ object }) => object.increment('times'));
  Parse.Cloud.define('save', async ({ params }) => {
    const counter = await new Parse.Query('Counter').equalTo('n', params.n).first();
    await (counter ?? new Parse.Object('Counter')).save({ n: params.n, text: 'x'.repeat(500) });
    return params.n;
  });
}

const kConnections = 32;
const kWarmUp = 20_000;
const kCalls = 200_000;
const kSavesEach = 20; // one call in so many saves
const kRows = 50;
const kGrowthMb = 5;


test('200 000 calls of functions do not make the server larger', { skip: ownServerOnly || isSanitized }, async (t) => {
  const server = await startCloud(code, { args: ['--logLevel', 'warn', '--silent', 'true'] });
  const agent = new http.Agent({ keepAlive: true, maxSockets: kConnections });
  const one = async (i) => {
    const saves = i % kSavesEach === 0;
    const n = (i / kSavesEach) % kRows;
    const response = saves ? await server.call('save', { n }, { agent }) : await server.call('hello', { name: `caller ${i}` }, { agent });
    assert.equal(assertOk(response).result, saves ? n : `Hello, caller ${i}!`);
  };
  let next = 0;
  const run = async (count) => {
    const end = next + count;
    const worker = async () => {
      while (next < end) await one(next++);
    };
    await Promise.all(Array.from({ length: kConnections }, worker));
    next = end;
  };

  await run(kWarmUp);
  const warm = rssMb(server.pid);
  const sizes = [];
  for (let part = 0; part < 10; part++) {
    await run(kCalls / 10);
    sizes.push(rssMb(server.pid));
  }
  t.diagnostic(`RSS ${warm.toFixed(1)} MB after ${kWarmUp} calls, then each ${kCalls / 10}: ${sizes.map((mb) => mb.toFixed(1)).join(' ')}`);
  assert.ok(sizes.at(-1) - warm <= kGrowthMb, `${warm.toFixed(1)} MB became ${sizes.at(-1).toFixed(1)} MB`);
  const { results } = assertOk(await server.api.find('Counter', { order: 'n', limit: 1000 }));
  assert.ok(results.length >= kRows);
  agent.destroy();
  await server.stop();
});
