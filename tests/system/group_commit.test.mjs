// Concurrent writes share commits: 64 creates that arrive together are answered by at most 8 of them.
import assert from 'node:assert/strict';
import net from 'node:net';
import { after, test } from 'node:test';
import { createdId } from '../support/assert.mjs';
import { keys } from '../support/client.mjs';
import { ownServerOnly, startServer } from '../support/server.mjs';
import { walCommits } from '../support/sqlite.mjs';

const kCreates = 64;
const kMostCommits = 8;
const kRounds = 5;

const server = await startServer();
after(() => server.stop());

function requestText(n) {
  const body = JSON.stringify({ n, text: `row ${n}` });
  return [
    'POST /parse/classes/Grouped HTTP/1.1',
    'Host: x',
    `X-Parse-Application-Id: ${keys.appId}`,
    `X-Parse-REST-API-Key: ${keys.restKey}`,
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
    '',
    body,
  ].join('\r\n');
}

// A connection that has sent all but the last byte of its request. `finish` sends that and resolves to the answer.
async function almostSent(n) {
  const socket = net.connect(server.port, '127.0.0.1').setNoDelay(true);
  const text = requestText(n);
  await new Promise((resolve, reject) => {
    socket.on('error', reject);
    socket.write(text.slice(0, -1), resolve);
  });
  const answer = new Promise((resolve, reject) => {
    let received = '';
    socket.on('data', (bytes) => {
      received += bytes;
      if (received.includes('createdAt')) resolve(received);
    });
    socket.on('close', () => reject(new Error(`closed after: ${received}`)));
  });
  answer.catch(() => undefined);
  return { finish: () => socket.write(text.slice(-1)), answer, close: () => socket.destroy() };
}

async function commitsOfOneRound() {
  const connections = await Promise.all(Array.from({ length: kCreates }, (_, n) => almostSent(n)));
  const before = walCommits(server.dataDir);
  for (const connection of connections) connection.finish();
  const answers = await Promise.all(connections.map((connection) => connection.answer));
  const now = walCommits(server.dataDir);
  for (const answer of answers) assert.match(answer, /^HTTP\/1\.1 201/);
  for (const connection of connections) connection.close();
  assert.equal(now.salt, before.salt, 'the log began anew in between');
  return now.commits - before.commits;
}

test(`${kCreates} concurrent creates, at most ${kMostCommits} commits`, { skip: ownServerOnly }, async (context) => {
  createdId(await server.api.create('Grouped', { n: -1, text: 'the class is there' }));
  const counts = [];
  for (let round = 0; round < kRounds; round++) counts.push(await commitsOfOneRound());
  context.diagnostic(`commits in ${kRounds} rounds: ${counts.join(', ')}`);
  assert.ok(Math.min(...counts) >= 1, 'the commits are not in the log that was read');
  counts.sort((a, b) => a - b);
  assert.ok(counts[Math.floor(kRounds / 2)] <= kMostCommits, `commits: ${counts.join(', ')}`);
});

test('one write alone is one commit', { skip: ownServerOnly }, async () => {
  const before = walCommits(server.dataDir);
  for (let n = 0; n < 3; n++) createdId(await server.api.create('Grouped', { n, text: 'alone' }));
  assert.equal(walCommits(server.dataDir).commits - before.commits, 3);
});
