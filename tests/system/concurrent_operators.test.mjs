// Operators lose nothing when many clients change one object at once, and transactions are seen whole or not at all.
import assert from 'node:assert/strict';
import http from 'node:http';
import { after, test } from 'node:test';
import { assertOk, assertStatus, createdId } from '../support/assert.mjs';
import { startServer, uniqueName } from '../support/server.mjs';

const kClients = 8;
const kRounds = 500;
const kOwnValues = 100; // that a client adds again and again

const server = await startServer();
after(() => server.stop());
const { api } = server;
const pointer = (className, objectId) => ({ __type: 'Pointer', className, objectId });

// Runs the work of every client at the same time, each over a connection of its own.
function together(work) {
  return Promise.all(
    Array.from({ length: kClients }, async (_, client) => {
      const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
      try {
        return await work(client, { agent });
      } finally {
        agent.destroy();
      }
    }),
  );
}

const numbers = (count) => Array.from({ length: count }, (_, n) => n);
const byNumber = (a, b) => a - b;

test(`${kClients} clients × ${kRounds} increments and AddUniques of one object`, async () => {
  const C = uniqueName('Contended');
  const id = createdId(await api.create(C, { n: 0, list: [], nested: { n: 0 } }));
  const seen = await together(async (client, options) => {
    const own = [];
    for (let round = 0; round < kRounds; round++) {
      const changes = {
        n: { __op: 'Increment', amount: 1 },
        'nested.n': { __op: 'Increment', amount: 2 },
        list: { __op: 'AddUnique', objects: [round, `${client}-${round % kOwnValues}`] },
      };
      own.push(assertOk(await api.update(C, id, changes, options)).n);
    }
    return own;
  });
  const total = kClients * kRounds;
  const row = assertOk(await api.get(C, id));
  assert.equal(row.n, total);
  assert.equal(row.nested.n, 2 * total);
  assert.deepEqual(
    seen.flat().sort(byNumber),
    numbers(total).map((n) => n + 1),
    'every answer shows another value of the counter',
  );
  const expected = [...numbers(kRounds), ...numbers(kClients).flatMap((client) => numbers(kOwnValues).map((n) => `${client}-${n}`))];
  assert.deepEqual([...row.list].sort(), expected.sort());
});

test('Add, Remove and relations of one object', async () => {
  const C = uniqueName('Listed');
  const P = uniqueName('Member');
  const members = [];
  for (let client = 0; client < kClients; client++) members.push(createdId(await api.create(P, { client })));
  const id = createdId(await api.create(C, { list: ['kept'], members: { __op: 'AddRelation', objects: [pointer(P, members[0])] } }));
  await together(async (client, options) => {
    const change = async (changes) => assertOk(await api.update(C, id, changes, options));
    for (let round = 0; round < 50; round++) {
      await change({ list: { __op: 'Add', objects: [`${client}-${round}`] } });
      await change({ members: { __op: 'AddRelation', objects: [pointer(P, members[client])] } });
      if (round % 2) await change({ list: { __op: 'Remove', objects: [`${client}-${round}`] } });
    }
  });
  const { list } = assertOk(await api.get(C, id));
  const left = numbers(kClients).flatMap((client) => numbers(25).map((n) => `${client}-${2 * n}`));
  assert.deepEqual([...list].sort(), ['kept', ...left].sort());
  const related = assertOk(await api.find(P, { where: { $relatedTo: { object: pointer(C, id), key: 'members' } } })).results;
  assert.deepEqual(related.map((row) => row.objectId).sort(), [...members].sort());
});

// Money moves between accounts: whoever looks, the sum is the same, and what fails leaves nothing behind.
test('transactions are all or nothing', async () => {
  const C = uniqueName('Account');
  const accounts = [];
  for (let n = 0; n < 4; n++) accounts.push(createdId(await api.create(C, { money: 1000 })));
  const path = (id) => `/parse/classes/${C}/${id}`;
  const move = (id, amount) => ({ method: 'PUT', path: path(id), body: { money: { __op: 'Increment', amount } } });
  const missing = { method: 'PUT', path: path('doesNotEx1'), body: { money: 1 } };
  const kMoves = 60;
  let watching = true;

  const watch = async () => {
    let looks = 0;
    for (; watching; looks++) {
      const { results } = assertOk(await api.find(C, { where: { money: { $exists: true } } }));
      assert.equal(
        results.reduce((sum, row) => sum + row.money, 0),
        4000,
        'a transaction was seen half done',
      );
    }
    return looks;
  };
  const watched = watch();
  watched.catch(() => undefined);

  await together(async (client, options) => {
    const batch = (requests) => api.request('POST', '/batch', { transaction: true, requests }, options);
    for (let round = 0; round < kMoves; round++) {
      const from = accounts[(client + round) % 4];
      const to = accounts[(client + round + 1) % 4];
      const fails = round % 3 === 0;
      const made = { method: 'POST', path: `/parse/classes/${C}`, body: { failed: true } };
      const answer = await batch([move(from, -1), ...(fails ? [made] : []), move(to, 1), ...(fails ? [missing] : [])]);
      if (fails) assertStatus(answer, 404);
      else assert.equal(assertOk(answer).length, 2);
    }
  });
  watching = false;
  assert.ok((await watched) > 0);
  assert.equal(assertOk(await api.find(C, { where: { failed: true } })).results.length, 0);
  assert.equal(assertOk(await api.find(C)).results.length, 4);
});
