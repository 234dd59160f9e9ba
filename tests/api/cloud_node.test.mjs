// Parts of Node's modules in Cloud Code that only the executable can show: what its host computes, and streams in its loop.
import assert from 'node:assert/strict';
import { scryptSync } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { assertOk } from '../support/assert.mjs';
import { startCloud } from '../support/cloud.mjs';
import { ownServerOnly } from '../support/server.mjs';

function code() {
  const crypto = require('crypto');
  const { promisify } = require('util');
  const { Readable, PassThrough } = require('stream');

  Parse.Cloud.define('scrypt', async ({ params: { password, salt, length, options } }) => {
    const bytes = Buffer.from(salt, 'hex');
    const key = crypto.scryptSync(password, bytes, length, options);
    const scrypt = promisify(crypto.scrypt);
    const later = options ? await scrypt(password, bytes, length, options) : await scrypt(password, bytes, length);
    return [key.toString('hex'), key.equals(later)];
  });

  async function* counted(state) {
    try {
      for (let i = 1; i <= 100; i++) yield { i };
    } finally {
      state.ended = true;
    }
  }
  Parse.Cloud.define('from', async () => {
    const state = {};
    let sum = 0;
    for await (const { i } of Readable.from(counted(state))) sum += i;
    const chunks = [];
    await new Promise((resolve, reject) => {
      const readable = Readable.from(['a', 'b', Promise.resolve('c')]);
      readable.pipe(new PassThrough()).on('data', (chunk) => chunks.push(String(chunk))).on('end', resolve).on('error', reject);
    });
    const whole = [];
    for await (const chunk of Readable.from('text')) whole.push(chunk);
    for await (const chunk of Readable.from(Buffer.from('bytes'))) whole.push(String(chunk));
    const failing = Readable.from((async function* () {
      yield 1;
      throw new Error('broken');
    })());
    const failed = await new Promise((resolve) => failing.on('error', (error) => resolve(error.message)).resume());
    return { sum, ended: state.ended, chunks, whole, failed };
  });
  Parse.Cloud.define('left', async () => {
    const state = {};
    for await (const { i } of Readable.from(counted(state))) if (i === 3) break;
    await new Promise((resolve) => setTimeout(resolve, 1));
    return state.ended;
  });
}

describe("Node's modules in Cloud Code", { skip: ownServerOnly }, () => {
  let server;
  before(async () => {
    server = await startCloud(code);
  });
  after(() => server?.stop());
  const result = async (name, params) => assertOk(await server.call(name, params)).result;

  for (const options of [undefined, { N: 1024, r: 4, p: 2 }, { cost: 65536, blockSize: 8, maxmem: 2 ** 28 }, { N: 2, r: 1, p: 1 }]) {
    test(`scrypt makes the keys of Node with ${JSON.stringify(options)}`, async () => {
      const expected = scryptSync('grün', Buffer.from('00ff', 'hex'), 40, options).toString('hex');
      assert.deepEqual(await result('scrypt', { password: 'grün', salt: '00ff', length: 40, options }), [expected, true]);
    });
  }

  for (const [options, said] of [
    [{ N: 32768 * 2 }, /memory limit exceeded/],
    [{ N: 131072, r: 8, maxmem: 2 ** 30 }, /memory limit exceeded/],
    [{ N: 16384, r: 8, p: 9 }, /at most 1048576 for N \* r \* p/],
    [{ N: 2 ** 40, r: 2 ** 40, maxmem: 2 ** 100 }, /at most|no count/],
    [{ N: 1000 }, /a power of two/],
    [{ N: 0 }, /a power of two/],
    [{ r: -1 }, /r is no count/],
  ]) {
    test(`scrypt refuses ${JSON.stringify(options)}`, async () => {
      const { code, error } = (await server.call('scrypt', { password: 'x', salt: '00', length: 40, options })).json;
      assert.equal(code, 141);
      assert.match(error, said);
    });
  }

  test('scrypt makes no key of any length', async () => {
    assert.match((await server.call('scrypt', { password: 'x', salt: '00', length: 2 ** 21, options: { N: 2 } })).json.error, /1048576 bytes/);
  });

  test('Readable.from streams what can be iterated', async () => {
    assert.deepEqual(await result('from'), { sum: 5050, ended: true, chunks: ['a', 'b', 'c'], whole: ['text', 'bytes'], failed: 'broken' });
  });

  test('Readable.from ends what it reads when nobody reads on', async () => {
    assert.equal(await result('left'), true);
  });
});
