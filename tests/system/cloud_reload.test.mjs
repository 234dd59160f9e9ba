// Cloud Code follows its files while the server runs (option watch).
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { assertOk } from '../support/assert.mjs';
import { cloudFolder, startCloud } from '../support/cloud.mjs';
import { reloadUnderLoad } from '../support/reload.mjs';
import { outputWith, ownServerOnly, startOwnServer, temporaryFolder, until } from '../support/server.mjs';

const skip = ownServerOnly;

const answering = (value) => `Parse.Cloud.define('which', () => ${JSON.stringify(value)});`;

async function watched(context, files, args = []) {
  const server = await startCloud(files, { args: ['--watch', ...args] });
  context.after(() => server.kill());
  const which = async () => assertOk(await server.call('which')).result;
  return {
    ...server,
    which,
    save: (name, source) => fs.writeFileSync(path.join(server.cloud, name), source),
    comes: (value) => until(async () => (await which()) === value, { what: `${value} in ${server.stderr()}` }),
    reloads: () => server.stderr().split('\n').filter((line) => /Reloaded Cloud Code/.test(line)).length,
  };
}

describe('Cloud Code', { skip }, () => {
  test('follows its main file, and what that requires', async (context) => {
    const server = await watched(context, {
      'main.js': `const { value } = require('./lib/deep/value');\nParse.Cloud.define('which', () => value + require('./table.json').row);`,
      'lib/deep/value.js': `exports.value = 'a';`,
      'table.json': '{"row":1}',
    });
    assert.equal(await server.which(), 'a1');
    server.save('lib/deep/value.js', `exports.value = 'b';`);
    await server.comes('b1');
    server.save('table.json', '{"row":2}');
    await server.comes('b2');
    fs.writeFileSync(path.join(server.cloud, 'main.js~'), answering('renamed'));
    fs.renameSync(path.join(server.cloud, 'main.js~'), path.join(server.cloud, 'main.js'));
    await server.comes('renamed');
    assert.match(server.stdout(), /watching \S*cloud$/m);
  });

  test('is found when it comes into its folder', async (context) => {
    const cwd = temporaryFolder();
    fs.mkdirSync(path.join(cwd, 'cloud'));
    const server = await startOwnServer({ defaults: false, cwd, args: ['--watch', '--appId', 'app', '--masterKey', 'master', '--profile', 'dev'] });
    context.after(() => server.kill());
    fs.writeFileSync(path.join(cwd, 'cloud/lib.js'), `module.exports = 'came';`);
    fs.writeFileSync(path.join(cwd, 'cloud/main.js'), `Parse.Cloud.define('which', () => require('./lib'));`);
    const headers = { 'X-Parse-Application-Id': 'app', 'X-Parse-Master-Key': 'master' };
    const which = async () => (await (await fetch(`${server.url}/functions/which`, { method: 'POST', headers })).json()).result;
    await until(async () => (await which()) === 'came', { what: server.stderr() });
    fs.renameSync(path.join(cwd, 'cloud/main.js'), path.join(cwd, 'cloud/other.js'));
    await outputWith(server, /could not be loaded, the version before goes on/);
    assert.equal(await which(), 'came');
  });

  test('follows folders that are made later', async (context) => {
    const server = await watched(context, answering('no folder'));
    fs.mkdirSync(path.join(server.cloud, 'new/inner'), { recursive: true });
    server.save('new/inner/value.js', `module.exports = 'first';`);
    server.save('main.js', `const value = require('./new/inner/value');\nParse.Cloud.define('which', () => value);`);
    await server.comes('first');
    server.save('new/inner/value.js', `module.exports = 'second';`);
    await server.comes('second');
    fs.rmSync(path.join(server.cloud, 'new'), { recursive: true });
    await outputWith(server, /could not be loaded.*Cannot find module '.\/new\/inner\/value'/);
    assert.equal(await server.which(), 'second');
  });

  test('follows the file with its environment variables', async (context) => {
    const env = path.join(temporaryFolder(), 'cloud.env');
    fs.writeFileSync(env, 'NAME=one\n', { mode: 0o600 });
    const server = await watched(context, `Parse.Cloud.define('which', () => process.env.NAME);`, ['--cloudEnvFile', env]);
    assert.equal(await server.which(), 'one');
    fs.writeFileSync(env, 'NAME=two\n');
    await server.comes('two');
    fs.writeFileSync(env, 'NAME two\n');
    await outputWith(server, /the version before goes on: .*cloud\.env:1: expected NAME=value/);
    assert.equal(await server.which(), 'two');
  });

  test('that is broken is told with file, line and column, and the version before goes on', async (context) => {
    const server = await watched(context, { 'main.js': answering('good'), 'lib.js': '' });
    server.save('main.js', 'let a = 1;\nlet b = ;');
    await outputWith(server, /could not be loaded, the version before goes on: \S*cloud\/main\.js:2:9: SyntaxError/);
    assert.equal(await server.which(), 'good');
    server.save('lib.js', `\n\n  throw new Error('from lib');`);
    server.save('main.js', `require('./lib');\n${answering('worse')}`);
    await outputWith(server, /cloud\/lib\.js:3:\d+: Error: from lib/);
    assert.equal(await server.which(), 'good');
    server.save('main.js', answering('better'));
    await server.comes('better');
  });

  test('is left alone by packages, hidden files, data and fixtures', async (context) => {
    const folder = cloudFolder({ 'main.js': answering(1), 'package.json': '{}', 'node_modules/a/index.js': '', '.git/x.js': '' });
    const fixtures = path.join(folder, 'fixtures');
    fs.mkdirSync(fixtures);
    const dataDir = path.join(folder, 'data');
    const args = ['--watch', '--cloud', path.join(folder, 'main.js')];
    const server = await startOwnServer({ fixtures, dataDir, args });
    context.after(() => server.kill());
    fs.writeFileSync(path.join(folder, 'node_modules/a/index.js'), '1');
    fs.writeFileSync(path.join(folder, '.git/x.js'), '1');
    fs.writeFileSync(path.join(dataDir, 'note.json'), '1');
    fs.writeFileSync(path.join(fixtures, 'Row.json'), '[{"objectId":"aaaaaaaaaa"}]');
    await outputWith(server, /Reloaded fixtures/);
    fs.writeFileSync(path.join(folder, 'seen.js'), '1');
    await outputWith(server, /Reloaded Cloud Code/);
    assert.equal(server.stderr().match(/Reloaded Cloud Code/g).length, 1, server.stderr());
  });

  test('that changed while the server started is loaded once more; what did not is not', async (context) => {
    const server = await watched(context, answering('same'));
    await server.comes('same');
    server.save('main.js', answering('next'));
    await server.comes('next');
    assert.equal(server.reloads(), 1, server.stderr());
  });
});

test('a reload loses no request', { skip }, async (context) => {
  const { times, answers } = await reloadUnderLoad(10);
  context.diagnostic(`${answers} answers; ms to the first changed one: ${times.map(Math.round).join(' ')}`);
});
