// Start, options, profiles, keys, locking of the data folder, and the end of the server.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { describe, test } from 'node:test';
import { assertError, assertOk, assertStatus, assertUnauthorized, createdId } from '../support/assert.mjs';
import { clientFor, keys } from '../support/client.mjs';
import { folderOf } from '../support/files.mjs';
import { defaultArguments, externalUrl, outputWith, runParsimony, startOwnServer, temporaryFolder, until } from '../support/server.mjs';

const skip = externalUrl !== undefined && 'needs a server of its own';
const newData = () => path.join(temporaryFolder(), 'data');
const lastLine = (text) => text.trimEnd().split('\n').at(-1);

async function withServer(options, check) {
  const server = await startOwnServer(options);
  try {
    return await check(server);
  } finally {
    await server.stop();
  }
}

describe('commands', { skip }, () => {
  test('version', async () => {
    for (const word of ['version', '--version']) {
      const { code, stdout } = await runParsimony([word]);
      assert.equal(code, 0);
      assert.match(stdout, /\d+\.\d+\.\d+/);
    }
  });

  test('help names the commands and the options', async () => {
    for (const words of [['help'], ['--help'], ['help', 'serve'], ['serve', '--help']]) {
      const { code, stdout } = await runParsimony(words);
      assert.equal(code, 0, words.join(' '));
      assert.match(stdout, /serve/);
    }
    const { stdout } = await runParsimony(['help']);
    for (const command of ['serve', 'import', 'export', 'version', 'help']) assert.match(stdout, new RegExp(`\\b${command}\\b`));
    const { stdout: serve } = await runParsimony(['serve', '--help']);
    for (const option of ['--appId', '--masterKey', '--databaseURI', '--port', '--schema', '--fixtures', '--data', '--ready-file']) {
      assert.ok(serve.includes(option), option);
    }
  });

  test('an unknown command', async () => {
    const { code, stderr } = await runParsimony(['serbe']);
    assert.notEqual(code, 0);
    assert.match(lastLine(stderr), /serbe/);
  });
});

describe('wrong options end the start', { skip }, () => {
  const wrong = [
    ['an unknown option', ['--apId', 'x'], [/apId/, /appId/]],
    ['an unknown option with a near name', ['--masterkeyy', 'x'], [/masterkeyy/, /masterKey/]],
    ['a port that is no number', ['--port', 'abc'], [/port/, /abc/]],
    ['a port that is none', ['--port', '70000'], [/port/, /70000/]],
    ['a boolean that is none', ['--allowClientClassCreation', 'perhaps'], [/allowClientClassCreation/, /perhaps/]],
    ['an unknown profile', ['--profile', 'prod'], [/profile/, /prod/]],
    ['a config file that is not there', ['--config', '/nowhere/config.json'], [/\/nowhere\/config\.json/]],
    ['a schema file that is not there', ['--schema', '/nowhere/schema.json'], [/\/nowhere\/schema\.json/]],
    ['a folder of fixtures that is not there', ['--fixtures', '/nowhere/fixtures'], [/\/nowhere\/fixtures/]],
    ['an option without its value', ['--port'], [/port/]],
  ];
  for (const [title, args, patterns] of wrong) {
    test(title, async () => {
      const { code, signal, stderr } = await runParsimony(['serve', '--data', newData(), '--appId', 'a', '--masterKey', 'b', ...args]);
      assert.equal(signal, null);
      assert.notEqual(code, 0);
      for (const pattern of patterns) assert.match(lastLine(stderr), pattern);
    });
  }

  const config = (content) => path.join(folderOf({ 'config.json': content }), 'config.json');
  const wrongFiles = [
    ['an unknown name', { appId: 'a', masterKey: 'b', apIdd: 1 }, [/apIdd/, /appId/]],
    ['a wrong type', { appId: 'a', masterKey: 'b', port: 'abc' }, [/port/]],
    ['another wrong type', { appId: 5, masterKey: 'b' }, [/appId/]],
    ['broken JSON', '{"appId":', [/config\.json/]],
    [
      'two apps',
      {
        apps: [
          { appId: 'a', masterKey: 'b' },
          { appId: 'c', masterKey: 'd' },
        ],
      },
      [/apps/],
    ],
  ];
  for (const [title, content, patterns] of wrongFiles) {
    test(`in the config file: ${title}`, async () => {
      const { code, signal, stderr } = await runParsimony(['serve', '--port', '0', '--data', newData(), '--config', config(content)]);
      assert.equal(signal, null);
      assert.notEqual(code, 0);
      for (const pattern of patterns) assert.match(lastLine(stderr), pattern);
    });
  }

  test('in the environment: a wrong type', async () => {
    const env = { PARSE_SERVER_APPLICATION_ID: 'a', PARSE_SERVER_MASTER_KEY: 'b', PARSE_SERVER_ALLOW_CLIENT_CLASS_CREATION: 'perhaps' };
    const { code, stderr } = await runParsimony(['serve', '--port', '0', '--data', newData()], { env });
    assert.notEqual(code, 0);
    assert.match(lastLine(stderr), /ALLOW_CLIENT_CLASS_CREATION|allowClientClassCreation/);
  });

  test('a definition with an unknown type names the file', async () => {
    const file = path.join(
      folderOf({ 'classes.json': { definitions: [{ className: 'A', fields: { f: { type: 'Nothing' } } }] } }),
      'classes.json',
    );
    const { code, stderr } = await runParsimony([
      'serve',
      '--port',
      '0',
      '--data',
      newData(),
      '--appId',
      'a',
      '--masterKey',
      'b',
      '--schema',
      file,
    ]);
    assert.notEqual(code, 0);
    assert.match(stderr, /classes\.json/);
    assert.match(stderr, /Nothing/);
  });
});

describe('options', { skip }, () => {
  test('arguments beat the environment, which beats the file', async () => {
    const file = path.join(
      folderOf({ 'config.json': { appId: 'fileApp', masterKey: 'fileMaster', mountPath: '/file', defaultLimit: 3 } }),
      'config.json',
    );
    const env = { PARSE_SERVER_MASTER_KEY: 'envMaster', PARSE_SERVER_MOUNT_PATH: '/env' };
    const args = ['--host', '127.0.0.1', '--config', file, '--mountPath', '/arg'];
    await withServer({ defaults: false, args, env }, async ({ url }) => {
      assert.equal(new URL(url).pathname, '/arg');
      const ask = (app, master) =>
        clientFor(url).request('GET', '/schemas', undefined, {
          anonymous: true,
          headers: { 'X-Parse-Application-Id': app, 'X-Parse-Master-Key': master },
        });
      assertOk(await ask('fileApp', 'envMaster'));
      assertStatus(await ask('fileApp', 'fileMaster'), 403);
    });
  });

  test('the form with apps', async () => {
    const file = path.join(folderOf({ 'config.json': { apps: [{ appId: 'one', masterKey: 'm' }] } }), 'config.json');
    await withServer({ defaults: false, args: ['--host', '127.0.0.1', '--config', file] }, async ({ url }) => {
      const headers = { 'X-Parse-Application-Id': 'one', 'X-Parse-Master-Key': 'm' };
      assertOk(await clientFor(url).request('GET', '/schemas', undefined, { anonymous: true, headers }));
    });
  });

  test('known options without effect yet are warned about, one line each', async () => {
    const args = ['--verifyUserEmails', 'true', '--appName', 'x'];
    const own = await startOwnServer({ args });
    const { stderr, stdout } = await own.stop();
    const lines = (stderr + stdout).split('\n');
    for (const name of ['verifyUserEmails', 'appName']) assert.equal(lines.filter((line) => line.includes(name)).length, 1, name);
  });

  test('databaseURI takes a file, sqlite:// and :memory:', async () => {
    const folder = temporaryFolder();
    for (const [uri, file] of [
      [path.join(folder, 'a.db'), 'a.db'],
      [`sqlite://${path.join(folder, 'b.db')}`, 'b.db'],
    ]) {
      await withServer({ args: ['--databaseURI', uri] }, async ({ api }) => createdId(await api.create('A', { n: 1 })));
      assert.ok(fs.existsSync(path.join(folder, file)), file);
      await withServer({ args: ['--databaseURI', uri] }, async ({ api }) => assert.equal(assertOk(await api.find('A')).results.length, 1));
    }
    const dataDir = newData();
    await withServer({ dataDir, args: ['--databaseURI', ':memory:'] }, async ({ api }) => createdId(await api.create('A', { n: 1 })));
    await withServer({ dataDir, args: ['--databaseURI', ':memory:'] }, async ({ api }) =>
      assert.deepEqual(assertOk(await api.find('A')).results, []),
    );
  });

  test('text and JSON logs', async () => {
    const own = await startOwnServer({ args: ['--log-format', 'json', '--verbose', 'true'] });
    assertOk(await own.api.request('GET', '/health'));
    const lines = (await own.stop()).stderr.split('\n').filter(Boolean);
    assert.ok(lines.length > 0);
    for (const line of lines) assert.doesNotThrow(() => JSON.parse(line), line);
  });

  test('defaultLimit and maxLimit', async () => {
    await withServer({ args: ['--defaultLimit', '3', '--maxLimit', '5'] }, async ({ api }) => {
      const requests = Array.from({ length: 8 }, (_, n) => ({ method: 'POST', path: '/parse/classes/Limited', body: { n } }));
      assertOk(await api.request('POST', '/batch', { requests }));
      assert.equal(assertOk(await api.find('Limited')).results.length, 3);
      assert.equal(assertOk(await api.find('Limited', { limit: 100 })).results.length, 5);
    });
  });
});

describe('profiles', { skip }, () => {
  const asked = ['--host', '127.0.0.1', '--appId', 'app', '--masterKey', 'master'];

  test('parse-server, when keys are named: clients make no classes', async () => {
    await withServer({ defaults: false, args: asked }, async (own) => {
      const { api } = own;
      assertError(await api.create('Fresh', { n: 1 }), 400, 119, 'Permission denied');
      assertError(await api.find('Fresh'), 400, 119, 'Permission denied');
      createdId(await api.create('Fresh', { n: 1 }, { master: true }));
      createdId(await api.create('Fresh', { n: 2 }));
      await outputWith(own, /parse-server/);
    });
  });

  test('dev, when nothing is named: the folders of the working folder are used, classes can be made', async () => {
    const cwd = temporaryFolder();
    fs.mkdirSync(path.join(cwd, 'schema'));
    fs.mkdirSync(path.join(cwd, 'fixtures'));
    const definition = { className: 'Found', fields: { n: { type: 'Number' } }, classLevelPermissions: { find: { '*': true } } };
    fs.writeFileSync(path.join(cwd, 'schema/found.json'), JSON.stringify({ definitions: [definition] }));
    fs.writeFileSync(path.join(cwd, 'fixtures/Found.json'), JSON.stringify([{ objectId: 'aaaaaaaaaa', n: 5 }]));
    await withServer({ defaults: false, cwd }, async (own) => {
      const { url, dataDir } = own;
      await outputWith(own, /\bdev\b/);
      const found = await devClient(dataDir, url).find('Found');
      assert.deepEqual(
        assertOk(found).results.map((row) => row.n),
        [5],
      );
      createdId(await devClient(dataDir, url).create('Another', { n: 1 }));
    });
  });

  test('parse-server leaves the folders of the working folder alone', async () => {
    const cwd = temporaryFolder();
    fs.mkdirSync(path.join(cwd, 'fixtures'));
    fs.writeFileSync(path.join(cwd, 'fixtures/Found.json'), JSON.stringify([{ objectId: 'aaaaaaaaaa', n: 5 }]));
    await withServer({ cwd }, async ({ api }) => assert.deepEqual(assertOk(await api.find('Found', {}, { master: true })).results, []));
  });

  test('--profile wins, and the summary says so', async () => {
    await withServer({ defaults: false, args: [...asked, '--profile', 'dev'] }, async (own) => {
      createdId(await own.api.create('Fresh', { n: 1 }));
      await outputWith(own, /\bdev\b/);
    });
  });
});

// The keys that a first start has made, read from the one file of the data folder that holds them.
function generatedKeys(dataDir) {
  const files = fs.readdirSync(dataDir).filter((name) => /key/i.test(name));
  assert.equal(files.length, 1, files.join());
  const file = path.join(dataDir, files[0]);
  return { file, content: JSON.parse(fs.readFileSync(file, 'utf8')) };
}

function devClient(dataDir, url) {
  const { content } = generatedKeys(dataDir);
  const api = clientFor(url);
  const headers = {
    'X-Parse-Application-Id': content.appId,
    'X-Parse-REST-API-Key': content.restAPIKey,
    'X-Parse-Javascript-Key': content.javascriptKey,
  };
  for (const name of Object.keys(headers)) if (headers[name] === undefined) delete headers[name];
  const options = { anonymous: true, headers };
  return {
    find: (className, parameters) => api.find(className, parameters, options),
    create: (className, object) => api.create(className, object, options),
    schemas: (masterKey) =>
      api.request('GET', '/schemas', undefined, { ...options, headers: { ...headers, 'X-Parse-Master-Key': masterKey } }),
  };
}

describe('generated keys', { skip }, () => {
  test('are random, private, kept, and not in the output', async () => {
    const dataDir = newData();
    const first = await withServer({ defaults: false, dataDir }, async (own) => {
      const { file, content } = generatedKeys(dataDir);
      assert.equal(fs.statSync(file).mode & 0o777, 0o600);
      assert.ok(content.masterKey.length >= 20);
      assertOk(await devClient(dataDir, own.url).schemas(content.masterKey));
      const said = await outputWith(own, new RegExp(path.basename(file).replaceAll('.', '\\.')));
      assert.ok(!said.includes(content.masterKey));
      return content;
    });
    await withServer({ defaults: false, dataDir }, async () => assert.deepEqual(generatedKeys(dataDir).content, first));
    const other = newData();
    await withServer({ defaults: false, dataDir: other }, async () =>
      assert.notEqual(generatedKeys(other).content.masterKey, first.masterKey),
    );
  });
});

describe('the data folder', { skip }, () => {
  test('belongs to one server; the second one names the first', async () => {
    await withServer({}, async ({ dataDir, url, pid, api }) => {
      const { code, signal, stderr } = await runParsimony(['serve', '--port', '0', '--data', dataDir, ...defaultArguments]);
      assert.equal(signal, null);
      assert.notEqual(code, 0);
      assert.ok(stderr.includes(String(pid)), stderr);
      assert.ok(stderr.includes(new URL(url).host), stderr);
      createdId(await api.create('A', {}));
    });
  });

  test('is free again after SIGKILL', async () => {
    const first = await startOwnServer();
    createdId(await first.api.create('A', { n: 1 }));
    await first.kill();
    await withServer({ dataDir: first.dataDir }, async ({ api }) => assert.equal(assertOk(await api.find('A')).results.length, 1));
  });

  test('a port that is taken is named', async () => {
    await withServer({}, async ({ port }) => {
      const { code, stderr } = await runParsimony(['serve', '--data', newData(), ...defaultArguments, '--port', String(port)]);
      assert.notEqual(code, 0);
      assert.match(stderr, new RegExp(String(port)));
    });
  });

  test('data outlive a restart', async () => {
    const dataDir = newData();
    const id = await withServer({ dataDir }, async ({ api }) =>
      createdId(await api.create('A', { n: 1, list: [1], ACL: { '*': { read: true } } })),
    );
    await withServer({ dataDir }, async ({ api }) => {
      const row = assertOk(await api.get('A', id));
      assert.deepEqual([row.n, row.list, row.ACL], [1, [1], { '*': { read: true } }]);
    });
  });
});

describe('the end', { skip }, () => {
  test('SIGTERM and SIGINT end an idle server with 0', async () => {
    for (const signal of ['SIGTERM', 'SIGINT']) {
      const server = await startOwnServer();
      process.kill(server.pid, signal);
      const { code, signal: by } = await server.exited;
      assert.deepEqual([code, by], [0, null], signal);
    }
  });

  test('open idle connections do not hold it up', async () => {
    const server = await startOwnServer();
    const socket = net.connect(server.port, '127.0.0.1');
    await new Promise((resolve) => socket.once('connect', resolve));
    socket.on('error', () => undefined);
    assert.equal((await server.stop()).code, 0);
    socket.destroy();
  });

  test('a running request is finished, a new one refused', async () => {
    const server = await startOwnServer();
    createdId(await server.api.create('Late', { n: 0 }));
    const requests = Array.from({ length: 500 }, (_, n) => ({ method: 'POST', path: '/parse/classes/Late', body: { n } }));
    const running = server.api.request('POST', '/batch', { requests });
    await until(async () => assertOk(await server.api.find('Late', { count: 1, limit: 0 })).count > 1, {
      what: 'the first rows of the batch',
    });
    process.kill(server.pid, 'SIGTERM');
    const response = await running;
    assert.equal(assertOk(response).filter((item) => item.success).length, 500);
    assert.deepEqual([(await server.exited).code, (await server.exited).signal], [0, null]);
    await assert.rejects(server.api.request('GET', '/health'), { code: 'ECONNREFUSED' });
    await withServer({ dataDir: server.dataDir }, async ({ api }) => {
      assert.equal(assertOk(await api.find('Late', { count: 1, limit: 0 })).count, 501);
    });
  });

  test('the database is one whole file afterwards', async () => {
    const server = await startOwnServer();
    createdId(await server.api.create('A', { n: 1 }));
    await server.stop();
    const leftovers = fs
      .readdirSync(server.dataDir)
      .filter((name) => /-wal$/.test(name) && fs.statSync(path.join(server.dataDir, name)).size > 0);
    assert.deepEqual(leftovers, []);
  });
});

test('the log has no keys', { skip }, async () => {
  const own = await startOwnServer({ args: ['--verbose', 'true'] });
  createdId(await own.api.create('A', { n: 1 }, { master: true }));
  assertUnauthorized(await own.api.request('GET', '/classes/A', undefined, { headers: { 'X-Parse-REST-API-Key': 'wrongSecretKey' } }));
  const { stdout, stderr } = await own.stop();
  assert.match(stderr, /\/parse\/classes\/A/);
  for (const secret of [`"${keys.masterKey}"`, `masterKey=${keys.masterKey}`, 'wrongSecretKey'])
    assert.ok(!(stderr + stdout).includes(secret), secret);
});
