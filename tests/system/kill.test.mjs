// Durability: a server that is killed at a random moment has every write that it has acknowledged, 25 times on the same folder.
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import http from 'node:http';
import path from 'node:path';
import { test } from 'node:test';
import { assertOk, createdId } from '../support/assert.mjs';
import { externalUrl, startOwnServer, temporaryFolder } from '../support/server.mjs';
import { integrityCheck } from '../support/sqlite.mjs';

const kRounds = 25;
const kWriters = 6;
const kMostWritesARound = 400;
const contentOf = (round, writer, n) => `${round}/${writer}/${n}/${'x'.repeat((n * 37) % 500)}`;

// Writes as fast as it can on one connection until the server is gone. What was answered goes into `acknowledged`; `counter` is a row that
// is incremented after every create, so that updates are seen as well as inserts.
async function write(api, round, writer, counter, onAnswer) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const acknowledged = { rows: new Map(), increments: 0, counter };
  try {
    for (let n = 0; ; n++) {
      const text = contentOf(round, writer, n);
      const created = await api.create('Row', { round, writer, n, text }, { agent });
      assert.equal(created.status, 201, created.text);
      acknowledged.rows.set(created.json.objectId, text);
      onAnswer();
      const updated = await api.update('Counter', counter, { value: { __op: 'Increment', amount: 1 } }, { agent });
      assert.equal(updated.status, 200, updated.text);
      acknowledged.increments++;
      onAnswer();
    }
  } catch (error) {
    if (!['ECONNRESET', 'ECONNREFUSED', 'EPIPE'].includes(error.code)) throw error;
  } finally {
    agent.destroy();
  }
  return acknowledged;
}

async function writeAndKill(server, round) {
  const counters = await Promise.all(
    Array.from({ length: kWriters }, async () => createdId(await server.api.create('Counter', { value: 0 }))),
  );
  const last = randomInt(1, kMostWritesARound);
  let answers = 0;
  const onAnswer = () => {
    if (++answers === last) process.kill(server.pid, 'SIGKILL');
  };
  const written = await Promise.all(counters.map((counter, writer) => write(server.api, round, writer, counter, onAnswer)));
  assert.equal((await server.exited).signal, 'SIGKILL');
  return written;
}

async function assertThere(api, round, written) {
  const { results } = assertOk(await api.find('Row', { where: { round }, limit: 100_000 }));
  const stored = new Map(results.map((row) => [row.objectId, row]));
  for (const { rows, increments, counter } of written) {
    for (const [objectId, text] of rows) assert.equal(stored.get(objectId)?.text, text, `round ${round}: acknowledged row ${objectId}`);
    const { value } = assertOk(await api.get('Counter', counter));
    assert.ok(value === increments || value === increments + 1, `round ${round}: counter is ${value}, acknowledged were ${increments}`);
  }
  for (const { writer, n, text } of results) assert.equal(text, contentOf(round, writer, n));
}

test('every acknowledged write outlives SIGKILL', { skip: externalUrl !== undefined, timeout: 300_000 }, async () => {
  const dataDir = path.join(temporaryFolder(), 'data');
  const all = [];
  for (let round = 0; round < kRounds; round++) {
    const server = await startOwnServer({ dataDir });
    if (round > 0) await assertThere(server.api, round - 1, all[round - 1]);
    all.push(await writeAndKill(server, round));
    assert.equal(integrityCheck(dataDir), 'ok', `after round ${round}`);
  }
  const server = await startOwnServer({ dataDir });
  for (const [round, written] of all.entries()) await assertThere(server.api, round, written);
  assert.equal((await server.stop()).code, 0);
  assert.equal(integrityCheck(dataDir), 'ok');
});
