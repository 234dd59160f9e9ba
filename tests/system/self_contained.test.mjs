// The one file runs on a machine that has glibc and nothing else: here in an empty root folder, with the sample shop beside it.
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { after, test } from 'node:test';
import { clientFor, keys } from '../support/client.mjs';
import { executable, readReadyFile, repositoryFolder, temporaryFolder, until } from '../support/server.mjs';

const kLimitBytes = 15 * 1024 * 1024;
const kGlibc = /^(libc|libm|libdl|libpthread|librt|libresolv|ld-linux-[\w-]+)\.so\.\d+$/;
const kEnvironment = { PATH: `${process.env.PATH}:/usr/sbin` }; // where chroot is, for users whose PATH leaves that out
const kSanitized = /__(asan|tsan)_init/;

const sanitized = kSanitized.test(fs.readFileSync(executable, 'latin1'));
const releaseOnly = sanitized && 'skipped: a build with sanitizers links their libraries';

// Paths of the shared libraries that the executable loads, the loader included. The kernel's own has no path.
function sharedLibraries() {
  const lines = execFileSync('ldd', [executable], { encoding: 'utf8' }).split('\n');
  return lines.map((line) => /(?:=> |^\s*)(\/\S+) \(0x/.exec(line)?.[1]).filter(Boolean);
}

function install(root, source, target) {
  const to = path.join(root, target);
  fs.mkdirSync(path.dirname(to), { recursive: true });
  fs.cpSync(source, to, { recursive: true, dereference: true });
}

function emptyRoot() {
  const root = temporaryFolder();
  install(root, executable, 'parsimony');
  for (const library of sharedLibraries()) install(root, library, library);
  install(root, path.join(repositoryFolder, 'schema/shop.json'), 'shop/schema/shop.json');
  install(root, path.join(repositoryFolder, 'fixtures'), 'shop/fixtures');
  return root;
}

// The command that runs a program with `root` as its whole file system, or undefined where the machine allows none.
function enterCommand(root) {
  const candidates = [['chroot', root], ['unshare', '--user', '--map-root-user', 'chroot', root]];
  const works = ([command, ...args]) => spawnSync(command, [...args, '/parsimony', 'version'], { env: kEnvironment }).status === 0;
  return candidates.find(works);
}

test('ldd names nothing but glibc', { skip: releaseOnly }, () => {
  const names = sharedLibraries().map((file) => path.basename(file));
  assert.ok(names.length > 0, 'ldd names the loader at least');
  assert.deepEqual(names.filter((name) => !kGlibc.test(name)), []);
});

test('the stripped executable has at most 15 MB', { skip: releaseOnly }, () => {
  const stripped = path.join(temporaryFolder(), 'parsimony');
  execFileSync('strip', ['-o', stripped, executable]);
  const { size } = fs.statSync(stripped);
  assert.ok(size <= kLimitBytes, `${size} bytes`);
});

test('it serves the shop from an otherwise empty root', { skip: releaseOnly }, async (context) => {
  const root = emptyRoot();
  const enter = enterCommand(root);
  if (!enter) return context.skip('skipped: this user may change the root folder neither by chroot nor by unshare');
  const args = [
    'serve', '--profile', 'parse-server', '--host', '127.0.0.1', '--port', '0', '--ready-file', '/ready', '--data', '/data',
    '--appId', keys.appId, '--masterKey', keys.masterKey, '--schema', '/shop/schema/shop.json', '--fixtures', '/shop/fixtures',
  ];
  const child = spawn(enter[0], [...enter.slice(1), '/parsimony', ...args], { env: kEnvironment, stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.on('data', (chunk) => (stderr += chunk));
  const ended = new Promise((resolve) => child.on('close', (code, signal) => resolve({ code, signal })));
  after(() => child.kill('SIGKILL'));

  const readyFile = path.join(root, 'ready');
  const url = await until(() => {
    assert.equal(child.exitCode, null, `it ended early:\n${stderr}`);
    return readReadyFile(readyFile)?.url;
  }, { what: 'the ready file' });

  const rows = JSON.parse(fs.readFileSync(path.join(repositoryFolder, 'fixtures/Product.json'), 'utf8'));
  const expected = (rows.results ?? rows).map((row) => row.objectId).sort();
  const answer = await clientFor(url).find('Product', { limit: 1000 });
  assert.equal(answer.status, 200, answer.text);
  assert.deepEqual(answer.json.results.map((row) => row.objectId).sort(), expected);

  child.kill('SIGTERM');
  assert.deepEqual(await ended, { code: 0, signal: null }, stderr);
});
