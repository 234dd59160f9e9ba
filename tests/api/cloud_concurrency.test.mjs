// Many functions at once, each with triggers within triggers, beside plain requests: nothing waits for what waits for it.
import assert from 'node:assert/strict';
import http from 'node:http';
import { after, before, describe, test } from 'node:test';
import { assertOk, createdId } from '../support/assert.mjs';
import { startCloud } from '../support/cloud.mjs';
import { ownServerOnly } from '../support/server.mjs';

/* global Parse */
function code() {
  const kLevels = 4;

  // Level n saves two objects of level n + 1 and asks for them, before and after each save.
  const goDeeper = async ({ object }, when) => {
    const level = object.get('level');
    if (level === kLevels) return;
    const inner = new Parse.Object(`Level${level + 1}`);
    await inner.save({ level: level + 1, call: object.get('call'), when });
    const found = await new Parse.Query(`Level${level + 1}`).equalTo('call', object.get('call')).equalTo('when', when).count();
    if (found < 1) throw new Error(`level ${level} does not see what it saved ${when}`);
  };
  for (let level = 1; level <= kLevels; level++) {
    Parse.Cloud.beforeSave(`Level${level}`, (request) => goDeeper(request, 'before'));
    Parse.Cloud.afterSave(`Level${level}`, (request) => goDeeper(request, 'after'));
  }
  Parse.Cloud.define('deep', async ({ params: { call } }) => {
    const saved = await new Parse.Object('Level1').save({ level: 1, call });
    const again = await new Parse.Query('Level1').equalTo('call', call).first();
    return { call, same: again.id === saved.id };
  });
  Parse.Cloud.define('shallow', ({ params }) => params.n);
}

const kCalls = 100;

let server;
let plain;
before(async () => {
  if (ownServerOnly) return;
  server = await startCloud(code, { args: ['--cloudTimeLimit', '120'] });
  plain = createdId(await server.api.create('Plain', { n: 1 }));
});
after(() => server?.stop());

// Asks again and again as long as `run` runs: how often it was answered.
async function during(run, ask) {
  let over = false;
  let answered = 0;
  const asking = (async () => {
    while (!over) {
      await ask();
      answered++;
    }
  })();
  try {
    await run();
  } finally {
    over = true;
    await asking;
  }
  return answered;
}

const keeping = (sockets) => ({ agent: new http.Agent({ keepAlive: true, maxSockets: sockets }) });
const countOf = async (className) => assertOk(await server.api.find(className, { count: 1, limit: 0 })).count;

describe('a hundred functions at once', { skip: ownServerOnly }, () => {
  test('with saves and queries four levels deep, end while reads and writes go on', async () => {
    const agent = keeping(kCalls);
    const one = keeping(1);
    let reads = 0;
    let writes = 0;
    const functions = async () => {
      const answers = await Promise.all(Array.from({ length: kCalls }, (_, call) => server.call('deep', { call }, agent)));
      for (const [call, response] of answers.entries()) assert.deepEqual(assertOk(response).result, { call, same: true });
    };
    const read = async () => assert.equal(assertOk(await server.api.get('Plain', plain, {}, one)).objectId, plain);
    const write = async () => createdId(await server.api.create('Written', { n: 1 }, one));
    writes = await during(async () => {
      reads = await during(functions, read);
    }, write);

    // One object at level 1, and twice as many at each level below.
    const expected = [1, 2, 4, 8].map((times) => times * kCalls);
    assert.deepEqual(await Promise.all([1, 2, 3, 4].map((level) => countOf(`Level${level}`))), expected);
    // 1500 saves and as many queries went by; a reader that had to wait for them would have had one or two answers.
    assert.ok(reads > 20, `${reads} reads were answered meanwhile`);
    assert.ok(writes > 20, `${writes} writes were answered meanwhile`);
    assert.equal(await countOf('Written'), writes);
    agent.agent.destroy();
    one.agent.destroy();
  });

  test('and more than may be unfinished are refused, not lost', async () => {
    const agent = keeping(600);
    const all = await Promise.all(Array.from({ length: 600 }, (_, n) => server.call('shallow', { n }, agent)));
    for (const [n, response] of all.entries()) {
      if (response.status === 503) continue;
      assert.equal(assertOk(response).result, n);
    }
    assert.equal(assertOk(await server.call('shallow', { n: 7 })).result, 7);
    agent.agent.destroy();
  });
});
