// `parsimony init` and the project folder that it lays out, which `parsimony serve` runs as it is.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { assertOk } from '../support/assert.mjs';
import { clientFor } from '../support/client.mjs';
import { filesOf, folderOf } from '../support/files.mjs';
import { ownServerOnly, runParsimony, startOwnServer, temporaryFolder } from '../support/server.mjs';

const skip = ownServerOnly;

async function init(folder, ...args) {
  const { code, stdout, stderr } = await runParsimony(['init', ...args], { cwd: folder });
  assert.equal(code, 0, stderr);
  return stdout;
}

// Runs a plain `parsimony serve` in the folder, but for the port; `work` gets a find for clients.
async function served(cwd, work) {
  const server = await startOwnServer({ defaults: false, cwd, dataDir: path.join(cwd, 'parsimony-data') });
  try {
    const find = (appId, className) =>
      clientFor(server.url).find(className, { order: 'objectId' }, { anonymous: true, headers: { 'X-Parse-Application-Id': appId } });
    return await work({ ...server, find });
  } finally {
    await server.stop();
  }
}

describe('init', { skip }, () => {
  test('lays out a project that serve runs as it is', async () => {
    const parent = temporaryFolder();
    const stdout = await init(parent, 'my shop');
    const folder = path.join(parent, 'my shop');
    assert.deepEqual(Object.keys(filesOf(folder)), [
      '.gitignore', 'cloud/main.js', 'cloud/main.test.js', 'fixtures/Task.json', 'parsimony.json', 'public/index.html', 'schema/Task.json',
    ]);
    assert.match(stdout, /^ {2}cd 'my shop'$/m);
    const appId = /X-Parse-Application-Id: (\w+)'/.exec(stdout)[1];
    await served(folder, async ({ find, stdout: summary }) => {
      assert.equal(assertOk(await find(appId, 'Task')).results.length, 2);
      assert.match(summary(), /Config +\.\/parsimony\.json/);
    });
    const ignored = fs.readFileSync(path.join(folder, '.gitignore'), 'utf8').split('\n');
    assert.ok(ignored.includes('/parsimony-data/'));
    assert.ok(fs.existsSync(path.join(folder, 'parsimony-data/keys.json')));
  });

  test('lays out a test of the code that passes', async () => {
    const folder = temporaryFolder();
    await init(folder);
    const { code, stdout, stderr } = await runParsimony(['cloud', 'test'], { cwd: folder });
    assert.equal(code, 0, stdout + stderr);
    assert.match(stdout, /2 passed, 0 failed/);
  });

  test('lays it out in the working folder when none is named', async () => {
    const folder = temporaryFolder();
    assert.doesNotMatch(await init(folder), /^ {2}cd /m);
    assert.ok(fs.existsSync(path.join(folder, 'parsimony.json')));
  });

  test('leaves every file that is there as it is', async () => {
    const folder = folderOf({ 'parsimony.json': '{"appId":"mine"}', '.gitignore': 'dist\n' });
    for (const name of ['schema', 'fixtures']) fs.mkdirSync(path.join(folder, name));
    fs.writeFileSync(path.join(folder, 'schema/Own.json'), JSON.stringify({ className: 'Own', fields: {} }));
    const before = filesOf(folder);
    assert.match(await init(folder), /\.gitignore +left as it is; add the line \/parsimony-data\//);
    const after = filesOf(folder);
    for (const [name, content] of Object.entries(before)) assert.equal(after[name], content, name);
    assert.match(await init(folder), /cloud\/main\.js +left as it is\n(?![^]*public\/)/);
    assert.deepEqual(filesOf(folder), after);
  });

  test('gives a project with classes of its own no sample, and it is served', async () => {
    const folder = temporaryFolder();
    fs.mkdirSync(path.join(folder, 'schema'));
    const own = { className: 'Own', fields: {}, classLevelPermissions: { find: { '*': true } } };
    fs.writeFileSync(path.join(folder, 'schema/Own.json'), JSON.stringify(own));
    await init(folder);
    assert.deepEqual(Object.keys(filesOf(folder)), ['.gitignore', 'cloud/main.js', 'cloud/main.test.js', 'parsimony.json', 'public/index.html', 'schema/Own.json']);
    const { appId } = JSON.parse(fs.readFileSync(path.join(folder, 'parsimony.json'), 'utf8'));
    await served(folder, async ({ find }) => assert.deepEqual(assertOk(await find(appId, 'Own')).results, []));
  });

  test('says what is in the way', async () => {
    const folder = folderOf({ taken: 'a file' });
    const { code, stderr } = await runParsimony(['init', 'taken'], { cwd: folder });
    assert.equal(code, 1);
    assert.match(stderr, /cannot make the folder taken/);
    assert.equal((await runParsimony(['init', 'a', 'b'], { cwd: folder })).code, 2);
  });
});

describe('parsimony.json of the working folder', { skip }, () => {
  test('is read when no config file is named, and only then', async () => {
    const cwd = folderOf({ 'parsimony.json': { appId: 'found', mountPath: '/found' }, 'other.json': { appId: 'other', mountPath: '/other' } });
    await served(cwd, async ({ url, stdout }) => {
      assert.equal(new URL(url).pathname, '/found');
      assert.match(stdout(), /parse-server, because a config file was given/);
    });
    const other = await startOwnServer({ defaults: false, cwd, args: ['--config', 'other.json'] });
    assert.equal(new URL(other.url).pathname, '/other');
    await other.stop();
  });

  test('is read by other commands on data, too', async () => {
    const cwd = folderOf({ 'parsimony.json': { data: './here' }, 'A.json': [{ objectId: 'aaaaaaaaaa' }] });
    assert.equal((await runParsimony(['import', 'A.json'], { cwd })).code, 0);
    assert.ok(fs.existsSync(path.join(cwd, 'here/parsimony.db')));
  });

  test('with a mistake ends the start, which names the place', async () => {
    const cwd = folderOf({ 'parsimony.json': '{\n  "appId": "a",\n}' });
    const { code, stderr } = await runParsimony(['serve', '--port', '0'], { cwd });
    assert.equal(code, 2);
    assert.match(stderr, /parsimony\.json:3:1: not JSON/);
  });
});
