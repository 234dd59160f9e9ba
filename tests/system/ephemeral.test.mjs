// Servers with throw-away data: how they are found, what they leave behind, and when they end.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { assertOk, assertUnauthorized, createdId } from '../support/assert.mjs';
import { send } from '../support/client.mjs';
import {
  ephemeralFolder,
  executable,
  ownServerOnly as skip,
  readReadyFile,
  repositoryFolder,
  runParsimony,
  startOwnServer,
  temporaryFolder,
  until,
} from '../support/server.mjs';
import { controlsOf } from '../support/test_controls.mjs';

const kSideBySide = 50;
const kStarted = new Set();
after(() => {
  for (const pid of kStarted) if (isAlive(pid)) process.kill(pid, 'SIGKILL');
});

function isAlive(pid) {
  try {
    return !/\) Z /.test(fs.readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

const gone = (pid) => until(() => !isAlive(pid), { what: `the end of process ${pid}` });

async function withServer(options, run) {
  const server = await startOwnServer({ ephemeral: true, ...options });
  try {
    return await run(server);
  } finally {
    await server.stop();
  }
}

// The ready file of a server that something else starts.
async function ready(readyFile) {
  const found = await until(() => readReadyFile(readyFile), { what: 'the ready file', deadlineMs: 20_000 });
  kStarted.add(found.pid);
  return found;
}

describe('the ready file', { skip }, () => {
  test('says how to reach the server, to its owner alone, and goes with it', async () => {
    const server = await startOwnServer({ ephemeral: true });
    const { keys, ...rest } = readReadyFile(server.readyFile);
    assert.deepEqual(rest, { url: server.url, port: server.port, pid: server.pid, appId: 'app' });
    assert.deepEqual(keys, { master: 'master', javascript: 'js', rest: 'rest' });
    assert.match(server.url, /^http:\/\/127\.0\.0\.1:\d+\/parse$/);
    assert.equal(fs.statSync(server.readyFile).mode & 0o777, 0o600);
    await server.stop();
    assert.equal(fs.existsSync(server.readyFile), false);
  });

  test('names every key that is set', async () => {
    const args = ['--clientKey', 'c', '--dotNetKey', 'd', '--maintenanceKey', 'm', '--readOnlyMasterKey', 'r'];
    await withServer({ args }, async ({ readyFile }) => {
      const names = Object.keys(readReadyFile(readyFile).keys).sort();
      assert.deepEqual(names, ['client', 'dotNet', 'javascript', 'maintenance', 'master', 'readOnlyMaster', 'rest']);
    });
  });

  test('has no keys where the server is not for tests', async () => {
    await withServer({ ephemeral: false }, async ({ readyFile }) => {
      assert.deepEqual(Object.keys(readReadyFile(readyFile)), ['url', 'port', 'pid', 'appId']);
    });
  });
});

describe('options', { skip }, () => {
  test('keys are made at random, and are good for the server', async () => {
    const read = ({ readyFile }) => readReadyFile(readyFile);
    await withServer({ defaults: false }, async (first) => {
      await withServer({ defaults: false }, async (second) => {
        const [one, other] = [read(first), read(second)];
        assert.ok(one.keys.master.length >= 20);
        assert.notEqual(one.keys.master, other.keys.master);
        assert.notEqual(one.appId, other.appId);
        const reset = (key) => {
          const headers = { 'X-Parse-Application-Id': one.appId, 'X-Parse-Master-Key': key };
          return send(one.url, 'POST', '/_test/reset', {}, { anonymous: true, headers });
        };
        assertOk(await reset(one.keys.master));
        assert.equal((await reset(other.keys.master)).status, 403);
        assertUnauthorized(await send(one.url, 'GET', '/classes/A', undefined, { anonymous: true }));
      });
    });
  });

  test('a place for data on the same command line is a contradiction', async () => {
    for (const args of [
      ['--data', temporaryFolder()],
      ['--databaseURI', path.join(temporaryFolder(), 'x.db')],
    ]) {
      const { code, stderr } = await runParsimony(['serve', '--ephemeral', ...args]);
      assert.equal(code, 2);
      assert.match(stderr, /keeps no data/);
    }
  });

  test('a place for data in the environment or the config file is left alone', async () => {
    const home = temporaryFolder();
    const data = path.join(home, 'data');
    const config = path.join(home, 'config.json');
    fs.writeFileSync(config, JSON.stringify({ appId: 'app', masterKey: 'master', databaseURI: path.join(home, 'x.db') }));
    await withServer({ args: ['--config', config], env: { PARSIMONY_DATA: data } }, async ({ api }) => {
      createdId(await api.create('A', {}));
    });
    assert.deepEqual(fs.readdirSync(home), ['config.json']);
  });
});

describe('the private folder', { skip }, () => {
  test('holds all data, is for the owner alone, and goes with the server', async () => {
    const server = await startOwnServer({ ephemeral: true });
    createdId(await server.api.create('A', {}));
    const folder = ephemeralFolder(server.pid);
    assert.equal(fs.statSync(folder).mode & 0o777, 0o700);
    assert.ok(fs.readdirSync(folder).includes('parsimony.db'));
    assert.equal((await server.stop()).code, 0);
    assert.equal(fs.existsSync(folder), false);
  });

  test('of a server that was killed is removed by the next start; those of running ones stay', async () => {
    const killed = await startOwnServer({ ephemeral: true });
    const left = ephemeralFolder(killed.pid);
    await killed.kill();
    assert.ok(fs.existsSync(left));
    await withServer({}, async (first) => {
      assert.equal(fs.existsSync(left), false);
      await withServer({}, async () => assert.ok(fs.existsSync(ephemeralFolder(first.pid))));
      createdId(await first.api.create('A', {}));
    });
  });
});

// A process that starts a server with a free port and then does as it is told on its standard input.
const kParent = `
  const { spawn } = require('node:child_process');
  const { Worker } = require('node:worker_threads');
  const [executable, readyFile, stdin, where] = process.argv.slice(1);
  const args = ['serve', '--ephemeral', '--silent', '--ready-file', readyFile];
  if (where === 'worker') {
    const code = 'const { workerData: [file, args] } = require("node:worker_threads");' +
      'require("node:child_process").spawn(file, args, { stdio: "ignore", detached: true });' +
      'process.exit(0);';
    new Worker(code, { eval: true, workerData: [executable, args] });
  }
  const child = where === 'main' && spawn(executable, args, { stdio: [stdin, 'ignore', 'ignore'] });
  process.stdin.on('data', () => child.stdin.destroy().once('close', () => console.log('closed')));
`;

function startParent(stdin, where = 'main') {
  const readyFile = path.join(temporaryFolder(), 'ready');
  const parent = spawn(process.execPath, ['-e', kParent, executable, readyFile, stdin, where], { stdio: ['pipe', 'pipe', 'inherit'] });
  kStarted.add(parent.pid);
  return { parent, readyFile };
}

describe('the end of the parent', { skip }, () => {
  for (const stdin of ['ignore', 'pipe', 'inherit']) {
    for (const signal of ['SIGKILL', 'SIGTERM']) {
      test(`by ${signal} ends the server and takes its data away (standard input: ${stdin})`, async () => {
        const { parent, readyFile } = startParent(stdin);
        const { pid } = await ready(readyFile);
        const folder = ephemeralFolder(pid);
        assert.ok(fs.existsSync(folder));
        parent.kill(signal);
        await gone(pid);
        assert.equal(fs.existsSync(folder), false);
        assert.equal(fs.existsSync(readyFile), false);
      });
    }
  }

  // The shell becomes the server once its parent is gone, so that the server has never seen that one.
  test('before the server could look ends it, too', async () => {
    const readyFile = path.join(temporaryFolder(), 'ready');
    const shell = 'while kill -0 "$1"; do :; done 2>/dev/null; exec "$0" serve --ephemeral --silent --ready-file "$2"';
    const script = `
      const { spawn } = require('node:child_process');
      const [executable, readyFile] = process.argv.slice(1);
      spawn('sh', ['-c', ${JSON.stringify(shell)}, executable, process.pid, readyFile], { stdio: ['pipe', 'ignore', 'inherit'] });
      process.kill(process.pid, 'SIGKILL');
    `;
    const parent = spawn(process.execPath, ['-e', script, executable, readyFile], { stdio: ['ignore', 'ignore', 'inherit'] });
    await once(parent, 'exit');
    const processes = () => fs.readdirSync('/proc').filter((pid) => isAlive(pid) && commandOf(pid).includes(readyFile));
    await until(() => processes().length === 0, { what: 'the end of the server' });
  });

  test('is not the end of the thread that started the server', async () => {
    const { parent, readyFile } = startParent('ignore', 'worker');
    const { pid, url, appId } = await ready(readyFile);
    const headers = { 'X-Parse-Application-Id': appId };
    assertOk(await send(url, 'GET', '/health', undefined, { anonymous: true, headers }));
    assert.ok(isAlive(pid));
    parent.kill('SIGKILL');
    await gone(pid);
  });

  test('is nothing to a server with data that stay', async () => {
    const { readyFile, stop } = await startDetached();
    const { pid, url } = await ready(readyFile);
    assertOk(await send(url, 'GET', '/health', undefined, { anonymous: true }));
    assert.ok(isAlive(pid));
    stop(pid);
    await gone(pid);
  });
});

function commandOf(pid) {
  try {
    return fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

// A server whose parent has ended when this resolves.
async function startDetached() {
  const home = temporaryFolder();
  const readyFile = path.join(home, 'ready');
  const args = ['serve', '--port', '0', '--host', '127.0.0.1', '--data', path.join(home, 'data'), '--ready-file', readyFile];
  const shell = spawn('sh', ['-c', '"$0" "$@" &', executable, ...args], { stdio: 'ignore' });
  await once(shell, 'exit');
  return { readyFile, stop: (pid) => process.kill(pid, 'SIGTERM') };
}

test('standard input that is closed while the parent lives does not end the server', { skip }, async () => {
  const { parent, readyFile } = startParent('pipe');
  const { pid, url } = await ready(readyFile);
  const closed = once(parent.stdout, 'data');
  parent.stdin.write('close\n');
  assert.equal(String(await closed), 'closed\n');
  for (let i = 0; i < 20; ++i) assertOk(await send(url, 'GET', '/health', undefined, { anonymous: true }));
  parent.kill('SIGKILL');
  await gone(pid);
});

test(`${kSideBySide} servers side by side are strangers to each other`, { skip }, async () => {
  const start = () =>
    startOwnServer({
      ephemeral: true,
      schema: path.join(repositoryFolder, 'schema/shop.json'),
      fixtures: path.join(repositoryFolder, 'fixtures'),
    });
  const servers = await Promise.all(Array.from({ length: kSideBySide }, start));
  assert.equal(new Set(servers.map(({ port }) => port)).size, kSideBySide);
  const products = async ({ api }) => assertOk(await api.find('Product', { limit: 1000 }, { master: true })).results.length;
  const atStart = await products(servers[0]);
  await Promise.all(
    servers.map(async ({ api }, n) => {
      for (let i = 0; i < n % 7; ++i) createdId(await api.create('Product', { name: `p${i}` }, { master: true }));
    }),
  );
  assert.deepEqual(await Promise.all(servers.map(products)), servers.map((_, n) => atStart + (n % 7)));
  await Promise.all(servers.slice(0, kSideBySide / 2).map(async ({ api }) => assertOk(await controlsOf(api).reset())));
  const afterwards = await Promise.all(servers.map(products));
  assert.deepEqual(afterwards, servers.map((_, n) => atStart + (n < kSideBySide / 2 ? 0 : n % 7)));
  const folders = servers.map(({ pid }) => ephemeralFolder(pid));
  await Promise.all(servers.map((server) => server.stop()));
  assert.deepEqual(folders.filter((folder) => fs.existsSync(folder)), []);
});
