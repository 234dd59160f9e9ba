// What Cloud Code sees of the folders of its project: projects load all files of a folder.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { assertOk } from '../support/assert.mjs';
import { cloudFolder, startCloud } from '../support/cloud.mjs';
import { ownServerOnly, startOwnServer, temporaryFolder } from '../support/server.mjs';

const kMaxEntries = 10_000;

const files = {
  'main.js': `
    const fs = require('fs');
    const { promisify } = require('util');
    const path = require('path');
    fs.readdirSync(__dirname + '/fns').forEach((file) => require('./fns/' + file));
    const ways = {
      sync: (folder, options) => fs.readdirSync(folder, options),
      callback: (folder, options) => promisify(fs.readdir)(folder, options),
      short: (folder) => promisify(fs.readdir)(folder),
      promise: (folder, options) => fs.promises.readdir(folder, options),
      module: (folder, options) => require('node:fs/promises').readdir(folder, options),
    };
    Parse.Cloud.define('list', async ({ params: { way = 'sync', folder, options } }) => {
      try {
        const entries = await ways[way](path.resolve(__dirname, folder), options);
        return entries.map((entry) => (typeof entry === 'string' ? entry : [entry.name, path.relative(__dirname, entry.parentPath),
          entry.isFile() ? 'file' : entry.isDirectory() ? 'directory' : entry.isSymbolicLink() ? 'link' : 'none']));
      } catch ({ code, syscall, message }) {
        return { code, syscall, message };
      }
    });
    Parse.Cloud.define('relative', () => fs.readdirSync('fns'));`,
  'package.json': '{}',
  '.env': 'SECRET=1',
  'fns/b.js': `Parse.Cloud.define('b', () => 'of b');`,
  'fns/a.js': `Parse.Cloud.define('a', () => 'of a');`,
  'tree/z.txt': '',
  'tree/ü.txt': '',
  'tree/deep/er/x.txt': '',
  'tree/deep/y.txt': '',
};

describe('folders of Cloud Code', { skip: ownServerOnly }, () => {
  let server;
  const list = async (folder, options, way) => assertOk(await server.call('list', { folder, options, way })).result;

  before(async () => {
    server = await startCloud(files);
    const outside = temporaryFolder();
    fs.writeFileSync(path.join(outside, 'secret.txt'), '');
    fs.symlinkSync(outside, path.join(server.cloud, 'tree/outside'));
    fs.symlinkSync('..', path.join(server.cloud, 'tree/deep/up'));
    fs.symlinkSync('nowhere', path.join(server.cloud, 'tree/broken'));
  });
  after(() => server?.stop());

  test('all files of one are required', async () => {
    assert.equal(assertOk(await server.call('a')).result, 'of a');
    assert.equal(assertOk(await server.call('b')).result, 'of b');
    assert.deepEqual(assertOk(await server.call('relative')).result, ['a.js', 'b.js']);
  });

  test('are listed by name, without what leads out of the project', async () => {
    for (const way of ['sync', 'callback', 'short', 'promise', 'module']) {
      assert.deepEqual(await list('tree', undefined, way), ['deep', 'z.txt', 'ü.txt'], way);
    }
    assert.deepEqual(await list('tree/', 'utf8'), ['deep', 'z.txt', 'ü.txt']);
  });

  test('say of what kind their entries are', async () => {
    assert.deepEqual(await list('tree/deep', { withFileTypes: true }), [
      ['er', 'tree/deep', 'directory'],
      ['up', 'tree/deep', 'link'],
      ['y.txt', 'tree/deep', 'file'],
    ]);
  });

  test('are listed with those in them, and links are not followed', async () => {
    const names = ['deep', 'z.txt', 'ü.txt', 'deep/er', 'deep/up', 'deep/y.txt', 'deep/er/x.txt'];
    assert.deepEqual(await list('tree', { recursive: true }), names);
    const entries = await list('tree', { recursive: true, withFileTypes: true });
    assert.deepEqual(entries.at(-1), ['x.txt', 'tree/deep/er', 'file']);
  });

  test('are refused where they are none, or lie outside of the project', async () => {
    assert.equal((await list('absent')).code, 'ENOENT');
    assert.equal((await list('/etc')).code, 'ENOENT');
    assert.equal((await list('..')).code, 'ENOENT');
    assert.equal((await list('tree/outside')).code, 'ENOENT');
    const { code, syscall, message } = await list('main.js');
    assert.deepEqual([code, syscall], ['ENOTDIR', 'scandir']);
    assert.match(message, /^ENOTDIR: not a directory, scandir '.*main\.js'$/);
  });

  test('have a limit', async () => {
    for (const name of ['many', 'many/more']) fs.mkdirSync(path.join(server.cloud, name));
    const add = (index) => fs.writeFileSync(path.join(server.cloud, `many/more/${index}.txt`), '');
    for (let index = 0; index < kMaxEntries; index++) add(index);
    assert.equal((await list('many/more')).length, kMaxEntries);
    assert.match((await list('many', { recursive: true })).message, /holds more than 10000 entries/);
    add(kMaxEntries);
    assert.match((await list('many/more')).message, /holds more than 10000 entries/);
  });
});

describe('what the server keeps in the project for itself', { skip: ownServerOnly }, () => {
  test('is not listed', async (t) => {
    const project = cloudFolder(files);
    const env = path.join(project, '.env');
    fs.chmodSync(env, 0o600);
    const args = ['--cloud', path.join(project, 'main.js'), '--cloudEnvFile', env];
    const server = await startOwnServer({ dataDir: path.join(project, 'data'), args });
    t.after(() => server.stop());
    const list = async (folder) => assertOk(await server.api.request('POST', '/functions/list', { folder })).result;
    assert.deepEqual(await list('.'), ['data', 'fns', 'main.js', 'package.json', 'tree']);
    const kept = fs.readdirSync(path.join(project, 'data'));
    assert.ok(['parsimony.db', 'lock', 'logs.db'].every((name) => kept.includes(name)), kept.join());
    assert.deepEqual(await list('data'), []);
  });
});
