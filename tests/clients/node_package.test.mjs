// The package parsimony-test (clients/node), as tests of an app use it.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { startParsimony } from '../../clients/node/index.js';
import { assertOk, assertStatus } from '../support/assert.mjs';
import { clientFor } from '../support/client.mjs';
import { folderOf } from '../support/files.mjs';
import { executable, ownServerOnly, repositoryFolder, temporaryFolder, until } from '../support/server.mjs';

const skip = ownServerOnly;
const kPackage = pathToFileURL(path.join(repositoryFolder, 'clients/node/index.js')).href;

const kNote = { className: 'Note', fields: { text: { type: 'String' }, at: { type: 'Date' } }, classLevelPermissions: { find: { '*': true } } };
const kRows = [{ objectId: 'aaaaaaaaaa', text: 'first' }];

async function started(context, options) {
  const server = await startParsimony({ executable, ...options });
  context.after(() => server.stop());
  return server;
}

function call(server, method, route, { body, master } = {}) {
  const headers = { 'X-Parse-Application-Id': server.appId, ...(master ? { 'X-Parse-Master-Key': server.keys.master } : {}) };
  return clientFor(server.url).request(method, route, body, { anonymous: true, headers });
}

const texts = async (server) => assertOk(await call(server, 'GET', '/classes/Note?order=objectId')).results.map((row) => row.text);

// The private folders of the servers that a process has started.
function foldersOf(pid) {
  const bases = ['/dev/shm', os.tmpdir()].filter((folder) => fs.existsSync(folder));
  const isOfProcess = (name) => name.startsWith(`parsimony-backend-${pid}-`);
  return bases.flatMap((base) => fs.readdirSync(base).filter(isOfProcess).map((name) => path.join(base, name)));
}

function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(fs.readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

// Runs a module's text in a Node of its own: {child, output(), ended}.
function runScript(text, { env = {}, cwd } = {}) {
  const file = path.join(temporaryFolder(), 'script.mjs');
  fs.writeFileSync(file, `import { startParsimony } from ${JSON.stringify(kPackage)};\n${text}`);
  const child = spawn(process.execPath, [file], { cwd, env: { ...process.env, PARSIMONY_EXECUTABLE: executable, ...env } });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (part) => (output += part));
  const ended = new Promise((resolve) => child.once('close', (code, signal) => resolve({ code, signal, output })));
  return { child, output: () => output, ended };
}

describe('startParsimony', { skip }, () => {
  test('takes class definitions and fixtures as objects', async (context) => {
    const at = new Date('2026-01-02T03:04:05.678Z');
    const createdAt = new Date('2025-01-01T00:00:00.000Z');
    const server = await started(context, { schema: [kNote], fixtures: { Note: [{ ...kRows[0], at, createdAt }] } });
    const [row] = assertOk(await call(server, 'GET', '/classes/Note')).results;
    assert.deepEqual([row.at, row.createdAt], [{ __type: 'Date', iso: at.toISOString() }, createdAt.toISOString()]);
    assert.deepEqual(await texts(await started(context, { schema: kNote, fixtures: { Note: kRows } })), ['first']);
    assert.deepEqual(await texts(await started(context, { schema: { definitions: [kNote] }, fixtures: { Note: kRows } })), ['first']);
  });

  test('takes rows of relations', async (context) => {
    const definition = { ...kNote, fields: { others: { type: 'Relation', targetClass: 'Note' } } };
    const rows = [{ objectId: 'aaaaaaaaaa' }, { objectId: 'bbbbbbbbbb' }];
    const relation = [{ owningId: 'aaaaaaaaaa', relatedId: 'bbbbbbbbbb' }];
    const server = await started(context, { schema: definition, fixtures: { Note: rows, '_Join:others:Note': relation } });
    const where = { $relatedTo: { object: { __type: 'Pointer', className: 'Note', objectId: 'aaaaaaaaaa' }, key: 'others' } };
    const route = `/classes/Note?where=${encodeURIComponent(JSON.stringify(where))}`;
    const { results } = assertOk(await call(server, 'GET', route, { master: true }));
    assert.deepEqual(results.map((row) => row.objectId), ['bbbbbbbbbb']);
  });

  test('takes paths, relative to the working folder, and URLs', async (context) => {
    const schema = path.join(folderOf({ 'note.json': kNote }), 'note.json');
    const fixtures = folderOf({ 'Note.json': kRows });
    const relative = (file) => path.relative(process.cwd(), file);
    assert.deepEqual(await texts(await started(context, { schema: relative(schema), fixtures: relative(fixtures) })), ['first']);
    assert.deepEqual(await texts(await started(context, { schema: [path.dirname(schema)], fixtures: pathToFileURL(fixtures) })), ['first']);
  });

  test('passes on every other option of the server, and no variable that happens to be set', async (context) => {
    process.env.PARSE_SERVER_MOUNT_PATH = '/by-accident';
    context.after(() => delete process.env.PARSE_SERVER_MOUNT_PATH);
    const plain = await started(context, {});
    assert.equal(new URL(plain.url).pathname, '/parse');
    const server = await started(context, { appId: 'mine', masterKey: 'secret', restAPIKey: 'rest', mountPath: '/api', defaultLimit: 1 });
    assert.equal(new URL(server.url).pathname, '/api');
    assert.deepEqual([server.appId, server.keys.master, server.keys.rest], ['mine', 'secret', 'rest']);
    const named = await started(context, { env: { PARSE_SERVER_MOUNT_PATH: '/on-purpose' } });
    assert.equal(new URL(named.url).pathname, '/on-purpose');
  });

  test('uses nothing of the working folder by itself', async (context) => {
    const cwd = folderOf({ 'parsimony.json': { mountPath: '/found' } });
    fs.mkdirSync(path.join(cwd, 'fixtures'));
    fs.writeFileSync(path.join(cwd, 'fixtures/broken.json'), 'no fixture of a backend');
    const { ended } = runScript('const server = await startParsimony(); console.log(server.url); await server.stop();', { cwd });
    const { code, output } = await ended;
    assert.equal(code, 0, output);
    assert.match(output, /\/parse$/m);
    context.diagnostic(output.trim());
  });

  test('hands on what the server warns about', async () => {
    const { ended } = runScript("const server = await startParsimony({ analyticsAdapter: 'x' }); await server.stop();");
    assert.match((await ended).output, /analyticsAdapter/);
  });

  test('fifty at once in one process', async (context) => {
    const servers = await Promise.all(Array.from({ length: 50 }, (_, at) => started(context, { fixtures: { Note: [{ at }] } })));
    assert.equal(new Set(servers.map((server) => server.port)).size, 50);
    await Promise.all(
      servers.map(async (server, at) => {
        const { results } = assertOk(await call(server, 'GET', '/classes/Note', { master: true }));
        assert.deepEqual(results.map((row) => row.at), [at]);
      }),
    );
    await Promise.all(servers.map((server) => server.stop()));
    assert.deepEqual(servers.filter((server) => isRunning(server.pid)), []);
  });
});

describe('the test controls', { skip }, () => {
  const open = { ...kNote, classLevelPermissions: { find: { '*': true }, create: { '*': true }, update: { '*': true }, delete: { '*': true } } };
  const add = async (server, text) => assertStatus(await call(server, 'POST', '/classes/Note', { body: { text } }), 201);

  test('reset() goes back to the fixtures', async (context) => {
    const server = await started(context, { schema: open, fixtures: { Note: kRows } });
    await add(server, 'second');
    await call(server, 'DELETE', '/classes/Note/aaaaaaaaaa');
    assert.deepEqual(await texts(server), ['second']);
    assert.equal(await server.reset(), undefined);
    assert.deepEqual(await texts(server), ['first']);
  });

  test('snapshot() and restore() keep states by name', async (context) => {
    const server = await started(context, { schema: open, fixtures: { Note: kRows } });
    await call(server, 'PUT', '/classes/Note/aaaaaaaaaa', { body: { text: 'changed' } });
    await server.snapshot('changed');
    await server.reset();
    assert.deepEqual(await texts(server), ['first']);
    await server.restore('changed');
    assert.deepEqual(await texts(server), ['changed']);
    await assert.rejects(server.restore('unknown'), /POST _test\/restore was refused \(404\): .*unknown/);
  });

  test('the clock can be set, moved, frozen and let go', async (context) => {
    const server = await started(context, { schema: open });
    const at = new Date('2031-05-06T07:08:09.000Z');
    assert.deepEqual(await server.clock.freeze(at), at);
    assert.equal((await add(server, 'then')).createdAt, at.toISOString());
    assert.deepEqual(await server.clock.advance(1500), new Date(at.getTime() + 1500));
    assert.deepEqual(await server.clock.now(), new Date(at.getTime() + 1500));
    assert.deepEqual(await server.clock.set('2032-01-01T00:00:00.000Z'), new Date('2032-01-01T00:00:00.000Z'));
    assert.deepEqual(await server.clock.freeze(), new Date('2032-01-01T00:00:00.000Z'));
    await server.clock.resume();
    await until(async () => (await server.clock.now()) > new Date('2032-01-01T00:00:00.000Z'), { what: 'a clock that goes' });
    const real = await server.clock.real();
    assert.ok(Math.abs(real - Date.now()) < 60_000, String(real));
    await server.clock.freeze(at);
    await server.reset();
    assert.ok((await server.clock.now()) - at < 0);
  });

  test('a seed makes the same ids', async (context) => {
    const server = await started(context, { schema: open });
    const ids = async () => [(await add(server, 'a')).objectId, (await add(server, 'b')).objectId];
    await server.seed(7);
    const first = await ids();
    await server.reset();
    assert.notDeepEqual(await ids(), first);
    await server.reset();
    await server.seed(7, { tokens: true });
    assert.deepEqual(await ids(), first);
    await server.reset();
    await server.seed(null);
    assert.notDeepEqual(await ids(), first);
  });

  test('mails and pushes can be listed and cleared', async (context) => {
    const server = await started(context, {});
    for (const outbox of [server.mails, server.pushes]) {
      assert.deepEqual(await outbox(), []);
      assert.equal(await outbox.clear(), undefined);
    }
  });
});

describe('what goes wrong', { skip }, () => {
  test('an executable that is not there, and what to set', async (context) => {
    await assert.rejects(startParsimony({ executable: '/nowhere/parsimony' }), /the option "executable" is \/nowhere\/parsimony.*PARSIMONY_EXECUTABLE/);
    const script = 'await startParsimony();';
    const named = await runScript(script, { env: { PARSIMONY_EXECUTABLE: '/nowhere/parsimony' } }).ended;
    assert.match(named.output, /the variable PARSIMONY_EXECUTABLE is \/nowhere\/parsimony/);
    // A copy of the package outside of this repository has nothing beside it.
    const copy = path.join(temporaryFolder(), 'copy');
    fs.cpSync(path.join(repositoryFolder, 'clients/node'), copy, { recursive: true, filter: (file) => !/node_modules|samples/.test(file) });
    const { startParsimony: startOfCopy } = await import(pathToFileURL(path.join(copy, 'index.js')));
    const before = { ...process.env };
    context.after(() => Object.assign(process.env, before));
    delete process.env.PARSIMONY_EXECUTABLE;
    process.env.PATH = temporaryFolder();
    await assert.rejects(startOfCopy(), /was not found.*"executable".*PARSIMONY_EXECUTABLE.*PATH/);
    process.env.PATH = temporaryFolder();
    fs.symlinkSync(executable, path.join(process.env.PATH, 'parsimony'));
    await (await startOfCopy()).stop();
    process.env.PATH = '';
    fs.mkdirSync(path.join(copy, 'bin'));
    fs.symlinkSync(executable, path.join(copy, 'bin/parsimony'));
    await (await startOfCopy()).stop();
  });

  test('a server that does not start says why, and leaves nothing behind', async () => {
    const before = foldersOf(process.pid);
    await assert.rejects(startParsimony({ executable, apId: 'x' }), /exit code 2.*\n.*unknown option "apId".*"appId"/);
    await assert.rejects(startParsimony({ executable, schema: '/nowhere/schema.json' }), /\/nowhere\/schema\.json: cannot be read/);
    await assert.rejects(startParsimony({ executable, fixtures: { Note: [{ objectId: 5 }] } }), /Note\.json:1:\d+: objectId/);
    await assert.rejects(startParsimony({ executable: '/bin/true' }), /ended with exit code 0 before it served and said nothing/);
    const slow = path.join(folderOf({ slow: '#!/bin/sh\nexec tail -f /dev/null\n' }), 'slow');
    fs.chmodSync(slow, 0o755);
    await assert.rejects(startParsimony({ executable: slow, startTimeoutMs: 50 }), /did not start within 50 ms/);
    assert.deepEqual(foldersOf(process.pid), before);
  });

  test('options of the wrong kind', async () => {
    const refused = (options, pattern) => assert.rejects(startParsimony({ executable, ...options }), pattern);
    await refused({ fixtures: { '../Note': [] } }, /"\.\.\/Note" is no name of a class/);
    await refused({ fixtures: { Note: {} } }, /fixtures of Note must be a list/);
    await refused({ schema: ['schema.json', kNote] }, /either paths or class definitions/);
  });
});

describe('the server ends with the tests', { skip }, () => {
  const kStart = "const server = await startParsimony(); console.log('pid', server.pid);";
  const pidOf = async (script) =>
    Number(await until(() => /pid (\d+)/.exec(script.output())?.[1], { what: `the pid in ${script.output()}` }));
  const gone = (pid) => until(() => !isRunning(pid), { what: `the end of ${pid}` });

  test('that are killed', async () => {
    for (const signal of ['SIGKILL', 'SIGTERM', 'SIGINT']) {
      const script = runScript(`${kStart} setInterval(() => undefined, 1000);`);
      const pid = await pidOf(script);
      assert.ok(isRunning(pid));
      script.child.kill(signal);
      await gone(pid);
    }
  });

  test('and a killed one leaves no keys behind', async () => {
    const script = runScript(`${kStart} setInterval(() => undefined, 1000);`);
    const pid = await pidOf(script);
    script.child.kill('SIGKILL');
    await gone(pid);
    const left = foldersOf(script.child.pid);
    assert.deepEqual(
      left.map((folder) => fs.readdirSync(folder)),
      [[]],
    );
    await (await startParsimony({ executable })).stop();
    assert.deepEqual(foldersOf(script.child.pid), []);
  });

  test('that forget to stop it, fail or call exit', async () => {
    for (const [end, code] of [['', 0], ["throw new Error('failed');", 1], ['process.exit(3);', 3]]) {
      const script = runScript(`${kStart}\n${end}`);
      const result = await script.ended;
      assert.equal(result.code, code, result.output);
      await gone(await pidOf(script));
    }
  });

  test('that run in a worker thread, and not before', async () => {
    const worker = `const { parentPort } = await import('node:worker_threads'); const { startParsimony } = await import(${JSON.stringify(kPackage)});
      const server = await startParsimony(); parentPort.postMessage(server.pid); parentPort.once('message', () => process.exit());`;
    const script = runScript(`import { Worker } from 'node:worker_threads';
      const worker = new Worker(new URL('data:text/javascript,' + encodeURIComponent(${JSON.stringify(worker)})));
      worker.once('message', (pid) => { console.log('pid', pid); process.stdin.once('data', () => worker.postMessage('end')); });
      worker.once('exit', () => { console.log('worker ended'); setInterval(() => undefined, 1000); });`);
    const pid = await pidOf(script);
    assert.ok(isRunning(pid));
    script.child.stdin.write('end');
    await gone(pid);
    script.child.kill();
  });

  test('stop() is over when it is, may be called again, and is what `await using` calls', async () => {
    const server = await startParsimony({ executable });
    assert.equal(server[Symbol.asyncDispose], server.stop);
    await Promise.all([server.stop(), server.stop()]);
    assert.ok(!isRunning(server.pid));
    await server.stop();
    await assert.rejects(call(server, 'GET', '/health'), { code: 'ECONNREFUSED' });
  });
});
