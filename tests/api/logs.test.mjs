// The log: what is kept, GET /scriptlog, and `parsimony logs`.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { assertError, assertIsoDate, assertOk, assertStatus } from '../support/assert.mjs';
import { queryString } from '../support/client.mjs';
import { executable, ownServerOnly, runParsimony, startOwnServer, temporaryFolder, until } from '../support/server.mjs';
import { master, signUp } from '../support/users.mjs';
import { startWebhook } from '../support/webhooks.mjs';

const skip = ownServerOnly;
const scriptlog = async (api, parameters) => assertOk(await api.request('GET', `/scriptlog${queryString(parameters)}`, undefined, master));
const messages = (lines) => lines.map((line) => line.message);

// A server that logs what the test makes it log: calls of the function "f", which a webhook serves. {server, api, call, stop}
async function loggingServer(args = [], more = {}) {
  const server = await startOwnServer({ args, ...more });
  const { api } = server;
  const webhook = await startWebhook();
  for (const functionName of ['f', 'g']) {
    await api.request('POST', '/hooks/functions', { functionName, url: webhook.url }, master);
  }
  const call = async (params, answer = { success: 'done' }, { name = 'f', ...options } = {}) => {
    webhook.answer = answer;
    return api.request('POST', `/functions/${name}`, params, options);
  };
  return { ...server, call };
}

const shared = skip ? undefined : await loggingServer();
after(() => shared?.stop());

describe('GET /scriptlog', { skip }, () => {
  test('has each call of a function as one line', async () => {
    const user = await signUp(shared.api, 'caller');
    assertOk(await shared.call({ marker: 'seen' }, { success: { sum: 5 } }, user.as));
    const [line] = await scriptlog(shared.api, { n: 1 });
    assert.equal(line.level, 'info');
    assert.equal(line.functionName, 'f');
    assert.equal(line.user, user.id);
    assertIsoDate(line.timestamp);
    assert.ok(Math.abs(Date.parse(line.timestamp) - Date.now()) < 60_000);
    assert.equal(line.message, `Ran cloud function f for user ${user.id}: input {"marker":"seen"}, result {"sum":5}`);
  });

  test('has failures as errors', async () => {
    await shared.call({ marker: 'bad' }, { error: 'broken\nheart' });
    const [line] = await scriptlog(shared.api, { level: 'error', n: 1 });
    assert.equal(line.level, 'error');
    assert.equal(line.message, 'Failed running cloud function f for user anonymous: input {"marker":"bad"}, error "broken\\nheart"');
  });

  test('masks secrets', async () => {
    const secret = 'hunter2-and-more';
    const params = { password: secret, deep: [{ sessionToken: secret, apiKey: secret, authData: { id: secret } }], plain: 'shown' };
    await shared.call(params, { success: { newPassword: secret, ok: 1 } });
    const [line] = await scriptlog(shared.api, { n: 1 });
    assert.ok(!JSON.stringify(line).includes(secret));
    assert.match(line.message, /"password":"\*{8}"/);
    assert.match(line.message, /"plain":"shown"/);
    assert.match(line.message, /"ok":1/);
  });

  test('cuts long lines', async () => {
    assertOk(await shared.call({ text: 'ü'.repeat(100_000), more: Array.from({ length: 1000 }, (_, i) => i) }, { success: 'r'.repeat(100_000) }));
    const [line] = await scriptlog(shared.api, { n: 1 });
    assert.ok(line.message.length < 2300, String(line.message.length));
    assert.match(line.message, /üü\.\.\., result "rrr/);
  });

  test('answers as many lines as asked for, the newest first', async () => {
    for (let i = 0; i < 12; ++i) await shared.call({ i });
    const numbers = (lines) => lines.map((line) => Number(/"i":(\d+)/.exec(line.message)?.[1]));
    assert.deepEqual(numbers(await scriptlog(shared.api)), [11, 10, 9, 8, 7, 6, 5, 4, 3, 2]);
    assert.deepEqual(numbers(await scriptlog(shared.api, { n: 2 })), [11, 10]);
    assert.deepEqual(numbers(await scriptlog(shared.api, { size: 2 })), [11, 10]);
    assert.deepEqual(numbers(await scriptlog(shared.api, { size: 5, n: 1 })), [11]);
    for (const n of ['x', -1, 0]) assert.equal((await scriptlog(shared.api, { n })).length, 10);
    assert.ok((await scriptlog(shared.api, { n: 1e9 })).length <= 1000);
    const times = (await scriptlog(shared.api, { order: 'asc', n: 1000 })).map((line) => line.timestamp);
    assert.deepEqual(times, times.toSorted());
    assert.ok(times.length > 12);
  });

  test('looks for times', async () => {
    await shared.call({ marker: 'before' });
    const [{ timestamp }] = await scriptlog(shared.api, { n: 1 });
    const later = new Date(Date.parse(timestamp) + 1).toISOString();
    await until(() => Date.now() > Date.parse(later));
    await shared.call({ marker: 'after' });
    const within = async (parameters) => messages(await scriptlog(shared.api, { n: 1000, ...parameters })).join('\n');
    assert.match(await within({ from: later }), /"marker":"after"/);
    assert.doesNotMatch(await within({ from: later }), /"marker":"before"/);
    assert.match(await within({ until: timestamp }), /"marker":"before"/);
    assert.doesNotMatch(await within({ until: timestamp }), /"marker":"after"/);
    assert.deepEqual(await scriptlog(shared.api, { from: '2100-01-01T00:00:00.000Z' }), []);
    assert.deepEqual(await scriptlog(shared.api, { until: '2001-01-01' , from: '2000-01-01' }), []);
    assert.match(await within({ from: 'nonsense', until: 'more' }), /"marker":"after"/);
  });

  test('looks for text, in messages and values', async () => {
    await shared.call({ marker: 'Needle%_x' }, { success: 1 }, { name: 'g' });
    await shared.call({ marker: 'hay' });
    const found = async (search) => (await scriptlog(shared.api, { search, n: 1000 })).length;
    assert.equal(await found('needle%_X'), 1);
    assert.equal(await found('needle%x'), 0);
    assert.equal(await found("' OR '1'='1"), 0);
    const byName = await scriptlog(shared.api, { search: '"functionName":"g"' });
    assert.deepEqual(
      byName.map((line) => line.functionName),
      ['g'],
    );
    assert.equal(await found('12345.0'), 0);
    await shared.call({ marker: '12345.0' });
    assert.equal(await found('12345.0'), 1);
    assertError(await shared.api.request('GET', `/scriptlog?search=${'x'.repeat(2000)}`, undefined, master), 400, 102);
  });

  test('is for the master key', async () => {
    const user = await signUp(shared.api, 'curious');
    for (const options of [{}, user.as]) assertStatus(await shared.api.request('GET', '/scriptlog', undefined, options), 403);
  });

  test('serverInfo offers it to dashboards', async () => {
    const { features } = assertOk(await shared.api.request('GET', '/serverInfo', undefined, master));
    assert.deepEqual(features.logs, { level: true, size: true, order: true, until: true, from: true });
  });
});

describe('options', { skip }, () => {
  test('logLevel says what is kept, silent only what is printed', async () => {
    const server = await loggingServer(['--logLevel', 'error', '--silent']);
    await server.call({ marker: 'fine' });
    await server.call({ marker: 'bad' }, { error: 'x' });
    const lines = messages(await scriptlog(server.api)).join('\n');
    assert.match(lines, /"marker":"bad"/);
    assert.doesNotMatch(lines, /"marker":"fine"/);
    await server.stop();
    assert.equal(server.stderr(), '');
  });

  test('with logLevel verbose each request is a line', async () => {
    const server = await startOwnServer({ args: ['--logLevel', 'verbose'] });
    assertOk(await server.api.find('Anything'));
    const [line] = await scriptlog(server.api, { search: '/classes/Anything' });
    assert.deepEqual([line.level, line.method, line.status], ['debug', 'GET', '200']);
    await server.stop();
  });

  test('logLevels says at which level calls are logged', async () => {
    const levels = { cloudFunctionSuccess: 'warn', cloudFunctionError: 'silent' };
    const server = await loggingServer(['--logLevels', JSON.stringify(levels)]);
    await server.call({ marker: 'fine' });
    await server.call({ marker: 'bad' }, { error: 'x' });
    const lines = await scriptlog(server.api, { search: 'marker' });
    assert.deepEqual(
      lines.map((line) => line.level),
      ['warn'],
    );
    await server.stop();
  });

  test('maxLogSize holds, and the newest lines stay', async () => {
    const server = await loggingServer(['--maxLogSize', '300kb']);
    for (let i = 0; i < 400; i += 20) {
      await Promise.all(Array.from({ length: 20 }, (_, j) => server.call({ i: i + j, text: 'x'.repeat(900) }, { success: 'y'.repeat(900) })));
    }
    const kept = await scriptlog(server.api, { n: 1000 });
    assert.ok(kept.length > 50 && kept.length < 200, String(kept.length));
    assert.ok(kept.some((line) => line.message.includes('"i":399')));
    assert.ok(fs.statSync(path.join(server.dataDir, 'logs.db')).size < 1024 * 1024);
    await server.stop();
  });

  test('logsFolder names another place', async () => {
    const folder = path.join(temporaryFolder(), 'elsewhere');
    const server = await loggingServer(['--logsFolder', folder]);
    await server.stop();
    assert.ok(fs.existsSync(path.join(folder, 'logs.db')));
    assert.ok(!fs.existsSync(path.join(server.dataDir, 'logs.db')));
  });

  for (const [name, value] of [
    ['logLevel', 'loud'],
    ['logLevels.triggerAfter', 'loud'],
    ['maxLogFiles', 'many'],
    ['maxLogFiles', '0'],
    ['maxLogSize', 'huge'],
  ]) {
    test(`${name} ${value} is refused`, async () => {
      const { code, stderr } = await runParsimony(['serve', '--port', '0', `--${name}`, value]);
      assert.equal(code, 2);
      assert.match(stderr, new RegExp(name.split('.')[0]));
    });
  }
});

test('the log survives a restart, and a damaged one does no harm', { skip }, async () => {
  const first = await loggingServer();
  await first.call({ marker: 'first life' });
  await first.stop();
  const second = await loggingServer([], { dataDir: first.dataDir });
  assert.equal((await scriptlog(second.api, { search: 'first life' })).length, 1);
  await second.stop();
  fs.writeFileSync(path.join(first.dataDir, 'logs.db'), 'x'.repeat(5000));
  const third = await loggingServer([], { dataDir: first.dataDir });
  await third.call({ marker: 'third life' });
  assert.equal((await scriptlog(third.api, { search: 'third life' })).length, 1);
  await third.stop();
});

test('a log that cannot be written harms no request', { skip }, async () => {
  const folder = temporaryFolder();
  fs.mkdirSync(path.join(folder, 'logs.db'));
  const server = await loggingServer(['--logsFolder', folder]);
  for (let i = 0; i < 5; ++i) assertOk(await server.call({ i }));
  await until(() => server.stderr().includes('The log cannot be kept'), { what: 'a word about it' });
  await server.stop();
  assert.equal(server.stderr().match(/The log cannot be kept/g).length, 1);
});

describe('parsimony logs', { skip }, () => {
  const logs = async (dataDir, ...args) => {
    const { code, stdout, stderr } = await runParsimony(['logs', '--data', dataDir, ...args]);
    assert.equal(code, 0, stderr);
    return stdout.split('\n').filter(Boolean);
  };
  const numbers = (lines) => lines.map((line) => Number(/"i":(\d+)/.exec(line)?.[1])).filter((n) => !Number.isNaN(n));

  test('prints the last lines of a server, running or stopped', async () => {
    const server = await loggingServer();
    for (let i = 0; i < 120; ++i) await server.call({ i });
    await scriptlog(server.api);
    const lines = await logs(server.dataDir);
    assert.equal(lines.length, 100);
    assert.match(lines[99], /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z info {2}Ran cloud function f .*"i":119.* functionName="f"/);
    assert.deepEqual(numbers(lines), Array.from({ length: 100 }, (_, i) => i + 20));
    await server.kill();
    assert.deepEqual(numbers(await logs(server.dataDir, '--lines', '2')), [118, 119]);
    assert.ok(numbers(await logs(server.dataDir, '--since', '1h')).length === 120);
    assert.deepEqual(await logs(server.dataDir, '--since', '2100-01-01'), []);
    assert.deepEqual(numbers(await logs(server.dataDir, '--search', '"I":77')), [77]);
    const [json] = await logs(server.dataDir, '--json', '--lines', '1');
    assert.deepEqual(Object.keys(JSON.parse(json)), ['level', 'message', 'timestamp', 'functionName', 'user']);
  });

  test('takes a level', async () => {
    const server = await loggingServer();
    await server.call({ i: 1 });
    await server.call({ i: 2 }, { error: 'x' });
    await server.stop();
    assert.deepEqual(numbers(await logs(server.dataDir, '--level', 'error')), [2]);
    assert.deepEqual(numbers(await logs(server.dataDir, '--level', 'info')), [1, 2]);
  });

  test('-f goes on', async () => {
    const server = await loggingServer();
    await server.call({ i: 1 });
    await scriptlog(server.api);
    const child = spawn(executable, ['logs', '-f', '--data', server.dataDir, '--search', '"i":'], { stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    await until(() => numbers(output.split('\n')).includes(1), { what: 'the line that was there' });
    for (let i = 2; i < 6; ++i) await server.call({ i });
    await until(() => numbers(output.split('\n')).includes(5), { what: 'the lines that come' });
    assert.deepEqual(numbers(output.split('\n')), [1, 2, 3, 4, 5]);
    child.kill();
    await server.stop();
  });

  test('says what is missing or wrong', async () => {
    const fails = async (args, code, text) => {
      const result = await runParsimony(['logs', ...args]);
      assert.equal(result.code, code, result.stderr);
      assert.match(result.stderr, text);
    };
    await fails(['--data', path.join(temporaryFolder(), 'none')], 1, /there is no log .*--data/);
    await fails(['--databaseURI', ':memory:'], 2, /in memory/);
    const { dataDir, stop } = await loggingServer();
    await stop();
    await fails(['--data', dataDir, '--since', 'tomorrowish'], 2, /--since/);
    await fails(['--data', dataDir, '--level', 'loud'], 2, /--level/);
    await fails(['--data', dataDir, '--lines', 'many'], 2, /--lines/);
  });

  test('shows control characters instead of sending them', async () => {
    const server = await loggingServer();
    await server.call({ '\u001b[31m': '\u001b[2J\u007f' });
    await scriptlog(server.api);
    const text = (await logs(server.dataDir)).join('\n');
    assert.doesNotMatch(text, /[\u0000-\u0009\u000b-\u001f\u007f]/);
    await server.stop();
  });
});
