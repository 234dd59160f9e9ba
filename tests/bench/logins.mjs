// Whether logins, which cost much computing, hold up reads: the p99 of reads while many clients log in at once, against the quiet one.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import http from 'node:http';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { clientFor, keys } from '../support/client.mjs';
import { readReadyFile, temporaryFolder, until } from '../support/server.mjs';

const kClients = 32;
const kReaders = 2;
const kPauseMs = 2;  // between two reads of a reader, so that they measure waiting rather than make it
const kRounds = 3;
const kRoundMs = 4000;
const kPassword = 'a password';

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const p99 = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length * 0.99)];
const keepAlive = (sockets) => ({ agent: new http.Agent({ keepAlive: true, maxSockets: sockets }) });

async function startServer(executable) {
  const folder = temporaryFolder();
  const readyFile = path.join(folder, 'ready');
  const args = [
    'serve', '--profile', 'parse-server', '--host', '127.0.0.1', '--port', '0', '--appId', keys.appId, '--masterKey', keys.masterKey,
    '--allowClientClassCreation', 'true', '--data', path.join(folder, 'data'), '--ready-file', readyFile,
  ];
  const child = spawn(executable, args, { stdio: 'ignore' });
  const url = await until(() => readReadyFile(readyFile)?.url, { what: 'the ready file' });
  const stop = async () => {
    child.kill('SIGTERM');
    await new Promise((resolve) => child.on('close', resolve));
  };
  return { api: clientFor(url), stop };
}

// The p99 in milliseconds of reads of one object.
async function measureReads(api, id) {
  const options = keepAlive(kReaders);
  const times = [];
  const end = performance.now() + kRoundMs;
  const reader = async () => {
    while (performance.now() < end) {
      const begin = performance.now();
      const { status, text } = await api.get('Read', id, {}, options);
      times.push(performance.now() - begin);
      assert.equal(status, 200, text);
      await pause(kPauseMs);
    }
  };
  await Promise.all(Array.from({ length: kReaders }, reader));
  options.agent.destroy();
  return p99(times);
}

// The same while every client logs in again and again: {ms, logins}, the number of logins in that time.
async function measureReadsUnderLogins(api, id) {
  const options = keepAlive(kClients);
  let over = false;
  let logins = 0;
  const client = async (_, i) => {
    while (!over) {
      const { status, text } = await api.request('POST', '/login', { username: `user${i}`, password: kPassword }, options);
      assert.equal(status, 200, text);
      if (!over) logins += 1;
    }
  };
  const clients = Promise.all(Array.from({ length: kClients }, client));
  const ms = await Promise.race([measureReads(api, id), clients.then(() => Promise.reject(new Error('the logins ended')))]);
  over = true;
  await clients;
  options.agent.destroy();
  return { ms, logins };
}

export async function measureLogins(executable) {
  const { api, stop } = await startServer(executable);
  const { json } = await api.create('Read', { n: 1 });
  for (let i = 0; i < kClients; i++) {
    const { status, text } = await api.request('POST', '/users', { username: `user${i}`, password: kPassword });
    assert.equal(status, 201, text);
  }
  await measureReads(api, json.objectId);  // warms both sides
  const rounds = [];
  for (let i = 0; i < kRounds; i++) {
    const quiet = await measureReads(api, json.objectId);
    const { ms, logins } = await measureReadsUnderLogins(api, json.objectId);
    rounds.push({ quiet, ms, ratio: ms / quiet, perSecond: (logins * 1000) / kRoundMs });
  }
  await stop();
  const of = (name) => median(rounds.map((round) => round[name]));
  return [
    { what: 'p99 of reads, nobody logs in', value: of('quiet'), unit: 'ms' },
    { what: `p99 of reads while ${kClients} clients log in`, value: of('ms'), unit: 'ms' },
    { what: 'the second against the first', value: of('ratio'), unit: 'x', atMost: 3 },
    { what: 'logins per second meanwhile', value: of('perSecond'), unit: '/s' },
  ];
}
