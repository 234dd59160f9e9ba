// `parsimony deploy`, `rollback` and the routes below /_cloud.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { assertError, assertOk, assertStatus } from '../support/assert.mjs';
import { keys, send } from '../support/client.mjs';
import { cloudFolder, startCloud } from '../support/cloud.mjs';
import { ephemeralFolder, ownServerOnly, runParsimony, startOwnServer, temporaryFolder, until } from '../support/server.mjs';

const skip = ownServerOnly;

const env = { PARSE_SERVER_APPLICATION_ID: keys.appId, PARSE_SERVER_MASTER_KEY: keys.masterKey };
const answering = (value) => `Parse.Cloud.define('which', () => ${JSON.stringify(value)});`;
const base64 = (text) => Buffer.from(text).toString('base64');
const asMaster = { master: true };

const run = (args, options = {}) => runParsimony(args, { env, ...options });

async function ran(args, options) {
  const { code, stdout, stderr } = await run(args, options);
  assert.equal(code, 0, stderr + stdout);
  return stdout;
}

// A server, and what is asked of it.
async function serving(options = {}) {
  const server = await startOwnServer(options);
  return {
    ...server,
    which: async () => assertOk(await server.api.request('POST', '/functions/which', {})).result,
    deploy: (files, main = 'main.js') => server.api.request('POST', '/_cloud/versions', packageOf(files, main), asMaster),
    list: async () => assertOk(await server.api.request('GET', '/_cloud/versions', undefined, asMaster)),
    rollback: (body = {}) => server.api.request('POST', '/_cloud/rollback', body, asMaster),
    versions: () => fs.readdirSync(path.join(server.dataDir, 'cloud')).filter((name) => /^\d+$/.test(name)).sort(),
  };
}

function packageOf(files, main) {
  const all = typeof files === 'string' ? { 'main.js': files } : files;
  return { main, files: Object.entries(all).map(([name, text]) => ({ path: name, base64: base64(text) })) };
}

describe('parsimony deploy', { skip }, () => {
  let server;
  before(async () => {
    server = await serving();
  });
  after(() => server?.stop());
  const to = () => ['--server', server.url];

  test('sends a folder, and the code serves', async () => {
    const folder = cloudFolder({ 'main.js': `module.exports = require('./lib/a');`, 'lib/a.js': answering('sent') });
    const stdout = await ran(['deploy', folder, ...to()]);
    assert.match(stdout, /Sending 2 files/);
    assert.match(stdout, /Version 1 serves: main\.js defines 1 function, 0 jobs, 0 triggers\./);
    assert.equal(await server.which(), 'sent');
  });

  test('refuses code that does not load, with its place; the one before goes on', async () => {
    const folder = cloudFolder({ 'main.js': `require('./lib/broken');`, 'lib/broken.js': 'let a = 1;\n\nlet b = ;' });
    const { code, stderr } = await run(['deploy', folder, ...to()]);
    assert.equal(code, 1);
    assert.match(stderr, /The code does not load: lib\/broken\.js:3:9: SyntaxError/);
    assert.equal(await server.which(), 'sent');
    const { results, serves } = await server.list();
    assert.deepEqual([results.map((each) => each.version), serves], [[1], 1]);
    assert.deepEqual(server.versions(), ['1']);
  });

  test('takes packages along, and says what it leaves out', async () => {
    const project = cloudFolder({
      'package.json': '{"dependencies":{"needed":"1","absent":"1"},"devDependencies":{"dev":"1"}}',
      'cloud/main.js': `const needed = require('needed');\nParse.Cloud.define('which', () => needed + require('./table.json').row);`,
      'cloud/table.json': '{"row":5}',
      'cloud/main.test.js': 'throw 1;',
      'cloud/.env': 'SECRET=1',
      'node_modules/needed/package.json': '{"main":"lib/index.js","dependencies":{"deeper":"1"}}',
      'node_modules/needed/lib/index.js': `module.exports = require('deeper') + require('nested');`,
      'node_modules/needed/README.md': 'text',
      'node_modules/needed/node_modules/nested/index.js': `module.exports = 'nested';`,
      'node_modules/deeper/index.js': `module.exports = 'deeper';`,
      'node_modules/dev/index.js': `throw new Error('never');`,
      'app/huge.js': 'x',
    });
    fs.writeFileSync(path.join(project, 'node_modules/needed/package.json'), '{"main":"lib/index.js","dependencies":{"deeper":"1","nested":"1"}}');
    fs.symlinkSync('/etc/hostname', path.join(project, 'cloud/link.js'));
    const stdout = await ran(['deploy', path.join(project, 'cloud'), ...to()]);
    assert.equal(await server.which(), 'deepernested5');
    assert.match(stdout, /cloud\/\.env: hidden/);
    assert.match(stdout, /cloud\/main\.test\.js: a test/);
    assert.match(stdout, /cloud\/link\.js: a link that leads out of the project/);
    assert.match(stdout, /node_modules\/absent: not installed; run: npm install/);
    const { serves, results } = await server.list();
    const code = path.join(server.dataDir, 'cloud', String(serves), 'code');
    const files = fs.readdirSync(code, { recursive: true }).filter((name) => fs.statSync(path.join(code, name)).isFile());
    assert.deepEqual(files.sort(), [
      'cloud/main.js',
      'cloud/table.json',
      'node_modules/deeper/index.js',
      'node_modules/needed/lib/index.js',
      'node_modules/needed/node_modules/nested/index.js',
      'node_modules/needed/package.json',
      'package.json',
    ]);
    assert.equal(results[0].files, 7);
    assert.equal(results[0].main, 'cloud/main.js');
    assert.equal(fs.statSync(path.join(code, 'package.json')).mode & 0o777, 0o600);
    assert.equal(fs.statSync(code).mode & 0o777, 0o700);
  });

  test('lists the versions, and rollback lets one of them serve', async () => {
    assert.match(await ran(['deploy', '--list', ...to()]), /^ *\d+ serves +\S+Z +7 +.*cloud\/main\.js$/m);
    assert.match(await ran(['deploy', cloudFolder(answering('third')), ...to()]), /^To go back: parsimony rollback$/m);
    assert.equal(await server.which(), 'third');
    assert.match(await ran(['rollback', ...to()]), /^Version 3 serves\.$/m);
    assert.equal(await server.which(), 'deepernested5');
    assert.match(await ran(['rollback', '1', ...to()]), /^Version 1 serves\.$/m);
    assert.equal(await server.which(), 'sent');
    const none = await run(['rollback', '99', ...to()]);
    assert.equal(none.code, 1);
    assert.match(none.stderr, /There is no version 99\. These are kept: 4, 3, 1\.$/m);
    const { stderr } = await run(['rollback', ...to()]);
    assert.match(stderr, /No version before 1 is kept/);
    assert.match(await ran(['rollback', '--to-config', ...to()]), /The code of the config serves/);
    assertError(await server.api.request('POST', '/functions/which', {}), 400, 141, 'Invalid function: "which"');
  });

  test('without a folder, a server or keys says what to do', async () => {
    const cwd = temporaryFolder();
    const cases = [
      [['deploy', '/nowhere', ...to()], 1, /there is no folder \/nowhere/],
      [['deploy', ...to()], 1, /there is no main\.js or cloud\/main\.js in .*--main FILE/],
      [['deploy', cwd, '--server', 'ftp://x'], 2, /begins with http:\/\/ or https:\/\//],
      [['deploy', '--list', '--server', `${server.url}/x`], 1, /Cannot GET .*is the mount path part of the URL/],
      [['rollback', 'x', ...to()], 2, /a version is a number/],
      [['rollback', '2', '--to-config', ...to()], 2, /not both/],
      [['deploy', cwd], 1, /no server runs on .*parsimony serve.*--server/],
    ];
    for (const [args, expected, pattern] of cases) {
      const { code, stderr } = await run(args, { cwd });
      assert.match(stderr, pattern);
      assert.equal(code, expected, stderr);
    }
    const noKeys = await run(['deploy', '--list', ...to()], { env: {}, cwd });
    assert.match(noKeys.stderr, /keys of .* are missing.*PARSE_SERVER_MASTER_KEY/);
    const badKey = await run(['deploy', '--list', ...to()], { env: { ...env, PARSE_SERVER_MASTER_KEY: 'wrong' }, cwd });
    assert.match(badKey.stderr, /refuses the keys.*masterKeyIps/);
    for (const { stderr, stdout } of [noKeys, badKey]) assert.ok(!(stderr + stdout).includes('wrong'));
  });

  test('refuses what is too large before it sends anything, and links that lead round in a circle', async () => {
    const large = cloudFolder({ 'main.js': '', 'assets/film.bin': '' });
    fs.truncateSync(path.join(large, 'assets/film.bin'), 17 << 20);
    const { code, stdout, stderr } = await run(['deploy', large, ...to()]);
    assert.equal(code, 1);
    assert.match(stderr, /assets\/film\.bin: 17 MB is more than a server takes of a file; name the folder with the code alone/);
    assert.equal(stdout, '');
    const round = cloudFolder({ 'main.js': '', 'a/b.js': '' });
    fs.symlinkSync(round, path.join(round, 'a/again'));
    assert.match((await run(['deploy', round, ...to()])).stderr, /is too deep, or a link leads round in a circle/);
  });

  test('finds the server of its data folder, with its keys', async (context) => {
    const home = temporaryFolder();
    const own = await startOwnServer({ defaults: false, cwd: home, dataDir: 'data' });
    context.after(() => own.kill());
    fs.mkdirSync(path.join(home, 'cloud'));
    fs.writeFileSync(path.join(home, 'cloud/main.js'), answering('own'));
    const stdout = await ran(['deploy', '--data', 'data'], { env: {}, cwd: home });
    assert.match(stdout, /Version 1 serves: main\.js/);
    assert.doesNotMatch(stdout, /To go back/); // there is nothing before it
    assert.ok(!stdout.includes(JSON.parse(fs.readFileSync(path.join(home, 'data/keys.json'))).masterKey));
    fs.writeFileSync(path.join(home, 'cloud/main.js'), '\nlet a = ;');
    const { stderr } = await run(['deploy', '--data', 'data'], { env: {}, cwd: home });
    assert.match(stderr, /The code does not load: main\.js:2:9: SyntaxError/);
  });

  test('finds it also where the config names the app id and the keys were made', async (context) => {
    const home = temporaryFolder();
    fs.writeFileSync(path.join(home, 'parsimony.json'), '{"appId":"named"}');
    const args = ['--cloud', path.join(cloudFolder(answering('config')), 'main.js')];
    const own = await startOwnServer({ defaults: false, cwd: home, dataDir: path.join(home, 'data'), args });
    context.after(() => own.kill());
    const stdout = await ran(['deploy', cloudFolder(answering('deployed')), '--data', path.join(home, 'data')], { env: {} });
    assert.match(stdout, /^To go back: parsimony rollback --to-config$/m);
  });
});

describe('the data folder', { skip }, () => {
  test('keeps the version that serves over a restart, and says so', async () => {
    const folder = cloudFolder(answering('config'));
    const args = ['--cloud', path.join(folder, 'main.js')];
    let server = await serving({ args });
    const { dataDir } = server;
    assert.match(server.stdout(), /Cloud Code +\S*main\.js$/m);
    assert.equal(await server.which(), 'config');
    assertStatus(await server.deploy(answering('first')), 201);
    assertStatus(await server.deploy(answering('second')), 201);
    await server.kill();

    server = await serving({ args, dataDir });
    assert.match(server.stdout(), /Cloud Code +version 2, deployed \S+Z; not \S*main\.js, which serves after: parsimony rollback --to-config/);
    assert.equal(await server.which(), 'second');
    await server.stop();

    assert.match(await ran(['deploy', '--list', '--data', dataDir]), /2 serves/);
    assert.match(await ran(['rollback', '--data', dataDir]), /Version 1 serves from the next start on/);
    server = await serving({ args, dataDir });
    assert.equal(await server.which(), 'first');
    assert.equal(assertOk(await server.rollback({ config: true })).serves, null);
    assert.equal(await server.which(), 'config');
    await server.stop();
    server = await serving({ args, dataDir });
    assert.equal(await server.which(), 'config');
    assertError(await server.rollback(), 404, 101, /The code of the config serves; name a version/);
    assertStatus(await server.deploy(answering('third')), 201);
    assert.deepEqual((await server.list()).results.map((each) => each.version), [3, 2, 1]);
    await server.stop();
  });

  test('with a version that does not load any more does not keep anybody from choosing another one', async () => {
    let server = await serving();
    const { dataDir } = server;
    assertStatus(await server.deploy(answering('good')), 201);
    assertStatus(await server.deploy(answering('bad later')), 201);
    await server.stop();
    fs.writeFileSync(path.join(dataDir, 'cloud/2/code/main.js'), 'let = ;');
    const { code, stderr } = await run(['serve', '--port', '0', '--data', dataDir]);
    assert.equal(code, 2);
    assert.match(stderr, /version 2 of Cloud Code could not be loaded: \S*main\.js:1:\d+: SyntaxError[^]*parsimony rollback VERSION/);
    await ran(['rollback', '--data', dataDir]);
    server = await serving({ dataDir });
    assert.equal(await server.which(), 'good');
    assertError(await server.rollback({ version: 2 }), 400, 141, /does not load: main\.js:1:/);
    assert.equal(await server.which(), 'good');
    await server.stop();
  });

  test('keeps as many versions as option cloudVersions says, and the one that serves', async (context) => {
    const server = await serving({ args: ['--cloudVersions', '2'] });
    context.after(() => server.kill());
    for (const value of [1, 2, 3]) assertStatus(await server.deploy(answering(value)), 201);
    assert.deepEqual(server.versions(), ['2', '3']);
    assertOk(await server.rollback());
    for (const value of [4, 5]) assertStatus(await server.deploy(answering(value)), 201);
    assert.deepEqual(server.versions(), ['4', '5']);
    assert.equal(await server.which(), 5);
  });

  test('holds no half version after kill -9 in the middle of deploys', async () => {
    let server = await serving();
    const { dataDir } = server;
    assertStatus(await server.deploy(answering('whole')), 201);
    for (let round = 0; round < 6; ++round) {
      const files = Object.fromEntries(Array.from({ length: 400 }, (_, i) => [`lib/${i}/file.js`, `// ${'x'.repeat(2000)}`]));
      const end = server.deploy({ 'main.js': answering(`round ${round}`), ...files }).catch((error) => error);
      const code = path.join(dataDir, 'cloud');
      const known = server.versions().length;
      await until(() => fs.readdirSync(code).filter((name) => /^\d+$/.test(name)).length > known, { what: 'a new folder' });
      if (round % 2) await until(() => fs.readdirSync(code).some((name) => fs.existsSync(path.join(code, name, 'code/lib/100'))), { what: 'files' });
      await server.kill();
      await end;
      server = await serving({ dataDir });
      assert.equal(await server.which(), 'whole');
      const { results, serves } = await server.list();
      assert.deepEqual([results.map((each) => each.version), serves], [[1], 1]);
      assert.deepEqual(fs.readdirSync(code).sort(), ['1', 'state.json']);
    }
    assertStatus(await server.deploy(answering('after')), 201);
    assert.equal(await server.which(), 'after');
    await server.stop();
  });

  test('of a server with throw-away data takes deploys, too', async (context) => {
    const server = await serving({ ephemeral: true });
    context.after(() => server.kill());
    assertStatus(await server.deploy(answering('in memory')), 201);
    assert.equal(await server.which(), 'in memory');
    assert.ok(fs.existsSync(path.join(ephemeralFolder(server.pid), 'cloud/1/code/main.js')));
  });

  test('code that was deployed reads nothing outside of its version', async (context) => {
    const home = temporaryFolder();
    fs.writeFileSync(path.join(home, 'package.json'), '{}');
    const server = await serving({ dataDir: path.join(home, 'data') });
    context.after(() => server.kill());
    const read = (file) => `try { return require('fs').readFileSync(${JSON.stringify(file)}, 'utf8') } catch (error) { return error.code }`;
    const tries = [path.join(home, 'package.json'), '../../state.json', '../version.json', '/etc/hostname'];
    const code = `Parse.Cloud.define('which', () => [${tries.map((file) => `(() => { ${read(file)} })()`)}]);`;
    assertStatus(await server.deploy(code), 201);
    assert.deepEqual(await server.which(), tries.map(() => 'ENOENT'));
  });
});

describe('the routes', { skip }, () => {
  let server;
  before(async () => {
    server = await serving({ args: ['--readOnlyMasterKey', keys.readOnlyMasterKey, '--maintenanceKey', keys.maintenanceKey] });
    assertStatus(await server.deploy(answering('serves')), 201);
  });
  after(() => server?.stop());
  const stays = async () => {
    assert.equal(await server.which(), 'serves');
    assert.deepEqual(server.versions(), ['1']);
  };

  const calls = [
    ['POST', '/_cloud/versions', packageOf(answering('stolen'), 'main.js')],
    ['GET', '/_cloud/versions', undefined],
    ['POST', '/_cloud/rollback', { config: true }],
  ];

  test('are for the master key alone', async () => {
    const others = [
      {},
      { headers: { 'X-Parse-Master-Key': 'wrong' } },
      { headers: { 'X-Parse-Master-Key': keys.readOnlyMasterKey } },
      { headers: { 'X-Parse-Maintenance-Key': keys.maintenanceKey } },
    ];
    for (const [method, route, body] of calls) {
      for (const options of others) {
        const answer = await server.api.request(method, route, body, options);
        assert.ok([400, 403].includes(answer.status), `${method} ${route} ${JSON.stringify(options)}: ${answer.status} ${answer.text}`);
      }
      const anonymous = await server.api.request(method, route, body, { anonymous: true });
      assert.ok([401, 403].includes(anonymous.status), anonymous.text);
    }
    await stays();
  });

  test('are not for batches, nor for the code itself', async () => {
    const requests = [{ method: 'POST', path: `${new URL(server.url).pathname}/_cloud/rollback`, body: { config: true } }];
    const answer = await server.api.request('POST', '/batch', { requests }, asMaster);
    assert.ok(answer.status >= 400 || answer.json[0].error, answer.text);
    const inside = await startCloud(`Parse.Cloud.define('try', async () => {
      const { CoreManager } = Parse;
      try { return await CoreManager.getRESTController().request('POST', '_cloud/rollback', { config: true }, { useMasterKey: true }); }
      catch (error) { return error.message; }
    });`);
    assert.match(assertOk(await inside.call('try')).result, /Cannot POST \/_cloud\/rollback/);
    await inside.stop();
    await stays();
  });

  const bad = (name) => ({ 'main.js': answering('bad'), [name]: '1' });
  const paths = {
    'a parent': '../main.js',
    'a parent within': 'a/../../main.js',
    'an absolute path': '/etc/evil.js',
    'a backslash': '..\\evil.js',
    'a drive': 'C:evil.js',
    'a hidden file': '.env',
    'a hidden folder': 'a/.git/config',
    'an empty name': '',
    'an empty part': 'a//b.js',
    'a slash at the end': 'a/',
    'a control character': 'a\u0000b.js',
    'a line break': 'a\nb.js',
    'other letters of one name': 'MAIN.js',
    'other letters of one folder': 'Main.JS/x.js',
    'a file for a folder': 'main.js/x.js',
    'a dot at the end': 'a.',
    'a long name': `${'a'.repeat(256)}.js`,
    'a long path': `${'a/'.repeat(300)}b.js`,
    'a deep path': `${'a/'.repeat(40)}b.js`,
  };
  for (const [what, name] of Object.entries(paths)) {
    test(`refuse ${what}`, async () => {
      assertError(await server.deploy(bad(name)), 400, 122);
      await stays();
    });
  }

  test('refuse names that differ by composition, names of two files and a link for a file', async () => {
    assertError(await server.deploy({ 'main.js': '', 'caf\u00e9.js': '1', 'cafe\u0301.js': '2' }), 400, 122);
    const twice = packageOf(answering('twice'), 'main.js');
    twice.files.push(twice.files[0]);
    assertError(await server.api.request('POST', '/_cloud/versions', twice, asMaster), 400, 122, /is there twice/);
    const link = packageOf('', 'main.js');
    link.files[0] = { path: 'main.js', target: '/etc/passwd' };
    assertError(await server.api.request('POST', '/_cloud/versions', link, asMaster), 400, 107);
    await stays();
  });

  test('refuse bodies that say something else', async () => {
    const bodies = [
      {},
      [],
      { main: 'main.js' },
      { main: 'main.js', files: 'x' },
      { main: 'main.js', files: {} },
      { main: 5, files: [] },
      { main: 'main.js', files: [5] },
      { main: 'main.js', files: [{ path: 'main.js' }] },
      { main: 'main.js', files: [{ path: 'main.js', base64: '%%%' }] },
      { main: 'other.js', files: [{ path: 'main.js', base64: '' }] },
    ];
    for (const body of bodies) assertError(await server.api.request('POST', '/_cloud/versions', body, asMaster), 400, 107);
    for (const body of [{ version: 'x' }, { version: 0 }, { version: 1e12 }, { version: 1.5 }, { config: 1 }, { version: 1, config: true }]) {
      assertError(await server.rollback(body), 400, 107);
    }
    assertError(await server.rollback({ version: 77 }), 404, 101);
    await stays();
  });

  test('refuse too many files, too large ones and too much', async () => {
    const many = { main: 'main.js', files: Array.from({ length: 10_001 }, (_, i) => ({ path: `${i}.js`, base64: '' })) };
    assertError(await server.api.request('POST', '/_cloud/versions', many, asMaster), 400, 140, /too many files/);
    const bytes = (megabytes) => Buffer.alloc(megabytes << 20).toString('base64');
    const large = { 'X-Parse-File-Max-Upload-Size': '1gb' };
    const deploy = (files, headers) => server.api.request('POST', '/_cloud/versions', { main: 'a.js', files }, { master: true, headers });
    assertError(await deploy([{ path: 'a.js', base64: bytes(17) }], large), 400, 140, /more than 16 MB/);
    const three = ['a.js', 'b.js', 'c.js'].map((name) => ({ path: name, base64: bytes(11) }));
    assertError(await deploy(three, large), 400, 140, /more than 32 MB/);
    assertStatus(await deploy(three, {}), 413);
    assertStatus(await deploy([...three, ...three], large), 413);
    const other = await send(server.url, 'POST', '/classes/Row', { text: bytes(16) }, { master: true, headers: large });
    assert.equal(other.status, 413, 'the limit is of deploys only');
    await stays();
  });

  test('take one deploy at a time', async (context) => {
    const slow = await serving();
    context.after(() => slow.kill());
    const first = slow.deploy({ 'main.mjs': `await new Promise((resolve) => setTimeout(resolve, 1500));\n${answering('slow')}` }, 'main.mjs');
    await until(() => fs.existsSync(path.join(slow.dataDir, 'cloud/1/code/main.mjs')), { what: 'its file' });
    assert.match(assertStatus(await slow.deploy(answering('fast')), 503).error, /Try again when that has ended/);
    assertStatus(await slow.rollback({ config: true }), 503);
    assertStatus(await first, 201);
    assert.equal(await slow.which(), 'slow');
  });

  test('lose no request while versions change', async (context) => {
    const busy = await serving();
    context.after(() => busy.kill());
    assertStatus(await busy.deploy(answering(0)), 201);
    let going = true;
    let answers = 0;
    const client = async () => {
      for (; going; ++answers) assert.equal(typeof (await busy.which()), 'number');
    };
    const clients = Promise.all([client(), client(), client(), client()]);
    clients.catch(() => (going = false));
    for (let i = 1; i <= 8; ++i) {
      assertStatus(await busy.deploy(answering(i)), 201);
      assert.equal(await busy.which(), i);
      if (i % 3 === 0) assertOk(await busy.rollback());
    }
    going = false;
    await clients;
    assert.ok(answers > 100, `${answers}`);
  });
});
