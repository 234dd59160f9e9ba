// The server stops while Cloud Code is at work.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { startCloud } from '../support/cloud.mjs';
import { isSanitized, ownServerOnly, until } from '../support/server.mjs';

const skip = ownServerOnly;
const kRounds = isSanitized ? 8 : 20;
const kCalls = 24;
const kStopMs = isSanitized ? 30_000 : 5_000;

const code = () => {
  Parse.Cloud.beforeSave('Row', async ({ object }) => {
    await new Parse.Query('Row').count({ useMasterKey: true });
    if (object.get('depth') > 0) await new Parse.Object('Row', { depth: object.get('depth') - 1 }).save(null, { useMasterKey: true });
  });
  Parse.Cloud.define('busy', async () => {
    for (let i = 0; i < 1000; ++i) await new Parse.Object('Row', { depth: 3 }).save(null, { useMasterKey: true });
  });
  // Goes on after its answer, as nothing keeps code from doing.
  Parse.Cloud.define('careless', () => {
    const on = () => new Parse.Object('Row', { depth: 2 }).save(null, { useMasterKey: true }).then(on, on);
    for (let i = 0; i < 8; ++i) on();
  });
  Parse.Cloud.job('long', async () => {
    for (;;) await new Parse.Object('Row', { depth: 1 }).save(null, { useMasterKey: true });
  });
};

async function stopAtWork(round) {
  const server = await startCloud(code, { args: ['--cloudTimeLimit', '1'] });
  const calls = Array.from({ length: kCalls }, (_, i) => server.call(i % 3 ? 'busy' : 'careless').catch((error) => error));
  if (round % 10 === 0) await server.api.request('POST', '/jobs/long', {}, { master: true });  // which are left two seconds
  await until(async () => (await server.api.find('Row', { count: 1, limit: 0 }, { master: true })).json.count > 10 + round);
  const start = performance.now();
  const { code: exitCode, signal, stderr } = await server.stop();
  const took = performance.now() - start;
  assert.deepEqual({ exitCode, signal }, { exitCode: 0, signal: null }, stderr.slice(-2000));
  assert.ok(took < kStopMs, `stopping took ${took} ms: ${stderr.slice(-2000)}`);
  await Promise.all(calls);
  return took;
}

test(`stopping in the middle of saves of functions, triggers and jobs neither fails nor hangs, ${kRounds} times`, { skip }, async (context) => {
  const times = [];
  for (let round = 0; round < kRounds; ++round) times.push(await stopAtWork(round));
  context.diagnostic(`ms to stop: ${Math.round(Math.min(...times))} to ${Math.round(Math.max(...times))}`);
});

test('a load that goes on does not hold up the stop', { skip }, async (context) => {
  const server = await startCloud(() => {}, { args: ['--watch'] });
  context.after(() => server.kill());
  fs.writeFileSync(path.join(server.cloud, 'main.js'), `export {};\nconsole.log('loading');\nawait new Promise(() => {});`);
  await until(() => /loading/.test(server.stderr()), { what: 'the load' });
  const start = performance.now();
  const { code: exitCode, stderr } = await server.stop();
  assert.equal(exitCode, 0, stderr);
  assert.ok(performance.now() - start < kStopMs, stderr);
});
