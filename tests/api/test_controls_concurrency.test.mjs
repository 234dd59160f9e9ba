// Going back to a state while clients are at work.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { assertNoServerError, assertOk, assertStatus, createdId } from '../support/assert.mjs';
import { filesOf } from '../support/files.mjs';
import { rssMb } from '../support/memory.mjs';
import { ephemeralFolder, isSanitized, ownServerOnly as skip, repositoryFolder, startOwnServer } from '../support/server.mjs';
import { controlsOf } from '../support/test_controls.mjs';

const kClients = 8;
const master = { master: true };

describe('while clients write', { skip }, () => {
  let server, api, controls;
  before(async () => {
    server = await startOwnServer({
      ephemeral: true,
      schema: path.join(repositoryFolder, 'schema/shop.json'),
      fixtures: path.join(repositoryFolder, 'fixtures'),
      args: ['--fileUpload.enableForPublic', 'true'],
    });
    api = server.api;
    controls = controlsOf(api);
  });
  after(() => server.stop());

  async function everything() {
    const schemas = assertOk(await api.schema('GET')).results;
    const rows = {};
    for (const { className } of schemas) rows[className] = assertOk(await api.find(className, { limit: 1000 }, master)).results;
    return { schemas, rows };
  }

  // What a client does over and over, each time another thing: rows, new classes, users, files, a transaction.
  const kDeeds = [
    (n) => api.create('Product', { name: `p${n}` }, master),
    (n) => api.create('Fresh', { [`field${n % 5}`]: n }),
    (n) => api.request('POST', '/users', { username: `user${n}`, password: 'x', other: n }),
    (n) => api.request('POST', `/files/f${n}.txt`, `content ${n}`, { headers: { 'Content-Type': 'text/plain' } }),
    (n) => {
      const requests = [1, 2].map((half) => ({ method: 'POST', path: '/parse/classes/Pair', body: { n, half } }));
      return api.request('POST', '/batch', { requests, transaction: true }, master);
    },
    () => api.find('Product', { limit: 1 }),
  ];

  // Runs the deeds in kClients clients until `enough` resolves; answers how many were done.
  async function workUntil(enough) {
    let over = false;
    let done = 0;
    const client = async (first) => {
      for (let n = first; !over; n += kClients) {
        assertNoServerError(await kDeeds[n % kDeeds.length](n));
        ++done;
      }
    };
    const clients = Array.from({ length: kClients }, (_, first) => client(first * 1000));
    await Promise.race([enough(() => done), ...clients]);
    over = true;
    await Promise.all(clients);
    return done;
  }

  test('resets are clean: nothing half done, no server error, and at last exactly the fixtures', async () => {
    const atStart = await everything();
    const done = await workUntil(async () => {
      for (let i = 0; i < 40; ++i) {
        const { objectId } = assertStatus(await api.create('Product', { name: 'mine' }, master), 201);
        assertOk(await controls.reset());
        assertStatus(await api.get('Product', objectId, {}, master), 404);
        const pairs = (await api.find('Pair', { limit: 1000 }, master)).json.results;
        assert.equal(pairs.length % 2, 0, 'half of a transaction is there');
      }
    });
    assert.ok(done > kClients, `${done} deeds`);
    assertOk(await controls.reset());
    assert.deepEqual(await everything(), atStart);
    createdId(await api.create('Fresh', { field0: 'a text now' }));
    assertOk(await controls.reset());
  });

  test('snapshots are whole', async () => {
    await workUntil(async () => {
      for (let i = 0; i < 10; ++i) {
        assertOk(await controls.snapshot('now'));
        assertOk(await controls.restore('now'));
      }
    });
    assertOk(await controls.restore('now'));
    const taken = await everything();
    assert.equal((taken.rows.Pair ?? []).length % 2, 0);
    assertOk(await controls.reset());
    assertOk(await controls.restore('now'));
    assert.deepEqual(await everything(), taken);
    assertOk(await controls.reset());
  });

  test('several may reset at the same time', async () => {
    const atStart = await everything();
    await Promise.all(Array.from({ length: kClients }, (_, n) => (n % 2 ? controls.reset() : controls.snapshot(`s${n}`))).map(async (call) => assertOk(await call)));
    assertOk(await controls.reset());
    assert.deepEqual(await everything(), atStart);
  });
});

// What the kernel says of a process and of the folder of its data.
function footprint({ pid }) {
  const files = filesOf(ephemeralFolder(pid));
  return {
    kilobytes: rssMb(pid) * 1024,
    descriptors: fs.readdirSync(`/proc/${pid}/fd`).length,
    files: Object.keys(files).length,
    bytes: Object.values(files).reduce((sum, text) => sum + text.length, 0),
  };
}

test('500 resets in a row leave memory, files and open files as they were', { skip }, async () => {
  const server = await startOwnServer({
    ephemeral: true,
    schema: path.join(repositoryFolder, 'schema/shop.json'),
    fixtures: path.join(repositoryFolder, 'fixtures'),
    args: ['--fileUpload.enableForPublic', 'true'],
  });
  try {
    const { api } = server;
    const controls = controlsOf(api);
    const rounds = async (count) => {
      for (let n = 0; n < count; ++n) {
        createdId(await api.create('Product', { name: `p${n}` }, master));
        createdId(await api.create('Fresh', { n }));
        const options = { headers: { 'Content-Type': 'text/plain' } };
        assertStatus(await api.request('POST', '/files/f.txt', 'content', options), 201);
        assertOk(await controls.reset());
      }
    };
    await rounds(50);
    const early = footprint(server);
    await rounds(450);
    const late = footprint(server);
    assert.equal(late.files, early.files);
    assert.ok(late.descriptors <= early.descriptors + 2, JSON.stringify({ early, late }));
    assert.ok(late.bytes <= early.bytes * 1.5, JSON.stringify({ early, late }));
    if (!isSanitized) assert.ok(late.kilobytes <= early.kilobytes * 1.2, JSON.stringify({ early, late }));
  } finally {
    await server.stop();
  }
});
