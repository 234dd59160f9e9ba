// Fields come and go while 8 clients read: every read is answered, and none that began after a deletion shows the deleted field.
import assert from 'node:assert/strict';
import http from 'node:http';
import { after, test } from 'node:test';
import { assertOk, createdId } from '../support/assert.mjs';
import { ownServerOnly, startServer } from '../support/server.mjs';

const kReaders = 8;
const kFields = 25;

const server = await startServer();
after(() => server.stop());
const { api } = server;
const master = { master: true };

test('no failure and no stale field', { skip: ownServerOnly, timeout: 120_000 }, async (context) => {
  const ids = [];
  for (let n = 0; n < 20; n++) ids.push(createdId(await api.create('Moving', { n, steady: `row ${n}` })));
  const deleted = new Set();
  let running = true;
  let reads = 0;

  const ask = {
    find: (agent) => api.find('Moving', { order: 'n' }, { agent }),
    get: (agent) => api.get('Moving', ids[0], {}, { agent }),
    where: (agent) => api.find('Moving', { where: { n: { $lt: 10 } }, order: '-n' }, { agent }),
    schema: (agent) => api.schema('GET', 'Moving', undefined, { agent }),
  };

  async function readOn(reader) {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    const kinds = Object.keys(ask);
    while (running) {
      const gone = [...deleted];
      const response = await ask[kinds[reader % kinds.length]](agent);
      assert.equal(response.status, 200, response.text);
      for (const field of gone) assert.ok(!response.text.includes(`"${field}"`), `${field} was deleted before this read began`);
      if (reader % kinds.length === 0) assert.equal(response.json.results.length, ids.length);
      reads++;
    }
    agent.destroy();
  }

  async function changeFields() {
    for (let n = 0; n < kFields; n++) {
      const field = `moving${n}x`;
      const type = n % 2 ? 'Number' : 'String';
      assertOk(await api.schema('PUT', 'Moving', { fields: { [field]: { type } } }));
      const value = n % 2 ? n : `text ${n}`;
      await Promise.all(ids.slice(0, 5).map(async (id) => assertOk(await api.update('Moving', id, { [field]: value }, master))));
      assert.equal(assertOk(await api.get('Moving', ids[0]))[field], value);
      assertOk(await api.schema('PUT', 'Moving', { fields: { [field]: { __op: 'Delete' } } }));
      deleted.add(field);
    }
    running = false;
  }

  const readers = Array.from({ length: kReaders }, (_, reader) => readOn(reader));
  const changes = changeFields().finally(() => (running = false));
  await Promise.all([changes, ...readers]);
  context.diagnostic(`${reads} reads beside ${kFields} fields`);
  assert.ok(reads > kFields);
});
