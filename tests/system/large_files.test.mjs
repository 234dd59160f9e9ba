// Files that are larger than the memory that their download may take.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { once } from 'node:events';
import { isSanitized, ownServerOnly, startOwnServer, temporaryFolder } from '../support/server.mjs';
import { peakMemoryMb } from '../support/memory.mjs';

const kSize = 400 * 2 ** 20;
const kTail = 'the end';

describe('a file of 400 MB', { skip: ownServerOnly }, () => {
  const folder = path.join(temporaryFolder(), 'public');
  const file = path.join(folder, 'large.bin');
  let server;
  before(async () => {
    fs.mkdirSync(folder);
    fs.writeFileSync(file, '');
    fs.truncateSync(file, kSize - kTail.length); // no space on disk
    fs.appendFileSync(file, kTail);
    server = await startOwnServer({ args: ['--publicFolder', folder] });
  });
  after(() => server.stop());

  async function open(options = {}) {
    const { hostname, port } = new URL(server.url);
    const request = http.request({ hostname, port, path: '/large.bin', agent: false, ...options });
    request.end();
    const [response] = await once(request, 'response');
    return response;
  }

  test('its length is told without a look at it, and a part of it is sent alone', async () => {
    const head = await open({ method: 'HEAD' });
    assert.deepEqual([head.statusCode, head.headers['content-length']], [200, String(kSize)]);
    assert.deepEqual(await head.toArray(), []);
    const part = await open({ headers: { Range: `bytes=-${kTail.length}` } });
    assert.equal(part.statusCode, 206);
    assert.equal(Buffer.concat(await part.toArray()).toString(), kTail);
  });

  test('takes little memory, for many slow clients as for one that takes all', async () => {
    const slow = await Promise.all(Array.from({ length: 20 }, () => open()));
    let length = 0;
    let last = Buffer.alloc(0);
    for await (const chunk of await open()) {
      length += chunk.length;
      last = Buffer.concat([last, chunk]).subarray(-kTail.length);
    }
    assert.equal(length, kSize);
    assert.equal(last.toString(), kTail);
    for (const response of slow) response.destroy();
    if (!isSanitized) assert.ok(peakMemoryMb(server.pid) < 100, `${peakMemoryMb(server.pid)} MB`);
  });

  test('the next request of the connection is answered when all of it is sent', async () => {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    const first = await open({ agent, headers: { Range: 'bytes=0-2999999' } });
    assert.equal(Buffer.concat(await first.toArray()).length, 3000000);
    const second = await open({ agent, headers: { Range: `bytes=-${kTail.length}` } });
    assert.equal(Buffer.concat(await second.toArray()).toString(), kTail);
    agent.destroy();
  });

  test('a client is not left waiting for bytes that are gone', async () => {
    const response = await open();
    await once(response, 'readable');
    fs.truncateSync(file, 2 ** 20);
    await assert.rejects(async () => {
      for await (const chunk of response) assert.ok(chunk.length);
    }, /aborted/);
  });
});
