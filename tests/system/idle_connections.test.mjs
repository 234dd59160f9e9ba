// Idle connections cost nothing but memory: no thread each, no processor time, and others are served beside them.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import net from 'node:net';
import { after, test } from 'node:test';
import { assertOk, createdId } from '../support/assert.mjs';
import { ownServerOnly, startServer } from '../support/server.mjs';

const kConnections = 200;
const kMostWorkers = 8; // that the requests of the connections may have started; they are few, and live on
const kWindowMs = 1_000;
const kMostTicks = 1;

const server = await startServer();
after(() => server.stop());
const { api } = server;

const threads = () => fs.readdirSync(`/proc/${server.pid}/task`).length;

// Ticks of processor time that the process has used so far, in user and system mode.
function ticks() {
  const fields = fs
    .readFileSync(`/proc/${server.pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return Number(fields[11]) + Number(fields[12]);
}

// Sends one request on an open connection and resolves when its answer is there.
function askHealth(socket) {
  return new Promise((resolve, reject) => {
    let received = '';
    const onData = (bytes) => {
      received += bytes;
      if (!received.endsWith('{"status":"ok"}')) return;
      socket.off('data', onData);
      socket.off('close', onClose);
      resolve();
    };
    const onClose = () => reject(new Error('the server closed the connection'));
    socket.on('data', onData);
    socket.once('close', onClose);
    socket.write('GET /parse/health HTTP/1.1\r\nHost: x\r\n\r\n');
  });
}

async function openIdle() {
  const socket = net.connect(server.port, '127.0.0.1');
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  await askHealth(socket);
  return socket;
}

test(`${kConnections} idle connections`, { skip: ownServerOnly }, async (context) => {
  const id = createdId(await api.create('Idle', { n: 1 }));
  await Promise.all(Array.from({ length: 32 }, async (_, n) => createdId(await api.create('Idle', { n }))));
  const threadsBefore = threads();
  const sockets = [];
  for (let n = 0; n < kConnections; n++) sockets.push(await openIdle());
  const threadsNow = threads();
  assert.ok(threadsNow <= threadsBefore + kMostWorkers, `${threadsBefore} threads before, ${threadsNow} with ${kConnections} idle connections`);

  const begin = ticks();
  await new Promise((resolve) => setTimeout(resolve, kWindowMs));
  const used = ticks() - begin;
  context.diagnostic(`${threadsNow} threads, ${used} ticks in ${kWindowMs} ms`);
  assert.ok(used <= kMostTicks, `${used} ticks of processor time in ${kWindowMs} ms of idleness`);

  assert.equal(assertOk(await api.get('Idle', id)).n, 1);
  await Promise.all(sockets.map(askHealth));
  for (const socket of sockets) socket.destroy();
});
