// `parsimony doctor`: each check in good health and in bad.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { describe, test } from 'node:test';
import { filesOf, folderOf } from '../support/files.mjs';
import { ownServerOnly, runParsimony, startOwnServer, temporaryFolder } from '../support/server.mjs';

const skip = ownServerOnly;
const kStrongKey = 'k7Qm2vXw9LpT4sRz8YbN';

// {code, stdout, checks, of(name)}: of() are the findings of one check.
async function doctor(args, { cwd = temporaryFolder(), env } = {}) {
  const { code, stdout, stderr } = await runParsimony(['doctor', '--json', ...args], { cwd, env });
  assert.equal(stderr, '');
  const { ok, checks } = JSON.parse(stdout);
  assert.equal(code, ok ? 0 : 1);
  assert.equal(ok, checks.every((check) => check.health !== 'fail'));
  for (const { health, advice } of checks) assert.ok(health !== 'fail' || advice || checks.some((check) => check.check === 'options'));
  return { code, stdout, checks, of: (name) => checks.filter((check) => check.check === name) };
}

// The one finding of a check.
function only(report, name) {
  const found = report.of(name);
  assert.equal(found.length, 1, JSON.stringify(report.checks));
  return found[0];
}

// The findings of that check that match.
function said(report, name, health, pattern) {
  const found = report.of(name).filter((check) => check.health === health && pattern.test(`${check.text}; ${check.advice ?? ''}`));
  assert.equal(found.length, 1, `${name} ${health} ${pattern} in ${JSON.stringify(report.checks)}`);
}

async function listening(context) {
  const server = net.createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  context.after(() => server.close());
  return server.address().port;
}

// A stopped server's data folder with some rows.
async function dataFolder() {
  const server = await startOwnServer({ args: ['--profile', 'dev'], fixtures: folderOf({ 'A.json': [{ objectId: 'aaaaaaaaaa', text: 'x'.repeat(9000) }] }) });
  await server.stop();
  return server.dataDir;
}

describe('doctor', { skip }, () => {
  test('a new folder is fine, and stays empty', async () => {
    const cwd = temporaryFolder();
    const report = await doctor(['--port', '0'], { cwd });
    assert.equal(report.code, 0);
    for (const name of ['version', 'options', 'keys', 'access', 'port', 'data', 'database']) assert.equal(only(report, name).health, 'ok', name);
    assert.match(only(report, 'version').text, /^parsimony \d+\.\d+\.\d+/);
    assert.match(only(report, 'clock').text, /\d{4}-\d\d-\d\dT/);
    assert.deepEqual(fs.readdirSync(cwd), []);
  });

  test('prints a line each', async () => {
    const { code, stdout } = await runParsimony(['doctor', '--port', '0']);
    assert.equal(code, 0);
    for (const line of stdout.trimEnd().split('\n')) assert.match(line, /^(ok|warn|fail) +\w+ +\S/);
    const failed = await runParsimony(['doctor', '--port', '0', '--data', '/dev/null/x']);
    assert.equal(failed.code, 1);
    assert.match(failed.stdout, /^fail +data +\/dev\/null is no folder; name another place with --data$/m);
  });

  test('options: every name of the config file that is none, and what ends a start', async () => {
    const config = (content) => ['--config', path.join(folderOf({ 'c.json': content }), 'c.json')];
    const misspelt = await doctor(config({ prot: 1, apIdd: 'a', masterKey: kStrongKey }));
    said(misspelt, 'options', 'fail', /"prot".*"port"/);
    said(misspelt, 'options', 'fail', /"apIdd".*"appId"/);
    said(await doctor(config({ port: 'abc' })), 'options', 'fail', /port/);
    said(await doctor(config('{"port":')), 'options', 'fail', /c\.json:1:9: not JSON/);
    const idle = await doctor([...config({ port: 0, appName: 'x' })], { env: { PARSE_SERVER_APP_ID: 'x' } });
    said(idle, 'options', 'warn', /appName.*no effect/);
    said(idle, 'options', 'warn', /PARSE_SERVER_APP_ID.*PARSE_SERVER_APPLICATION_ID/);
    assert.equal((await runParsimony(['doctor', '--prot', '1'])).code, 2);
  });

  test('keys that are weak, of guides, or shared with clients; and never shows one', async () => {
    const env = (masterKey, more) => ({ env: { PARSE_SERVER_MASTER_KEY: masterKey, PARSE_SERVER_APPLICATION_ID: 'shop', ...more } });
    const here = ['--port', '0', '--host', '127.0.0.1'];
    const everywhere = ['--port', '0', '--host', '0.0.0.0'];
    assert.equal(only(await doctor(everywhere, env(kStrongKey)), 'keys').health, 'ok');
    said(await doctor(here, env('short1')), 'keys', 'warn', /masterKey has only 6 characters.*openssl rand/);
    said(await doctor(everywhere, env('short1')), 'keys', 'fail', /masterKey has only 6 characters/);
    said(await doctor(everywhere, env('YOUR_MASTER_KEY_123')), 'keys', 'fail', /guides and samples/);
    said(await doctor(everywhere, env('abababababababababab')), 'keys', 'fail', /few different characters/);
    said(await doctor(everywhere, env(kStrongKey, { PARSE_SERVER_MAINTENANCE_KEY: 'm1' })), 'keys', 'fail', /maintenanceKey has only 2/);
    said(await doctor(here, env(kStrongKey, { PARSE_SERVER_REST_API_KEY: kStrongKey })), 'keys', 'fail', /same as restAPIKey/);
    const asFlag = await doctor([...here, '--masterKey', 'flagSecret'], env(''));
    said(asFlag, 'keys', 'warn', /as a flag/);
    assert.ok(!asFlag.stdout.includes('flagSecret'));
  });

  test('files with keys that others can read', async () => {
    const folder = folderOf({ 'keys.json': { appId: 'shop', masterKey: kStrongKey }, 'config.json': { appId: 'a', masterKey: kStrongKey } });
    fs.chmodSync(folder, 0o700);
    const asked = ['--port', '0', '--data', folder];
    const config = [...asked, '--config', path.join(folder, 'config.json')];
    for (const [file, args] of [['keys.json', asked], ['config.json', config]]) {
      fs.chmodSync(path.join(folder, file), 0o644);
      const report = await doctor(args);
      said(report, 'keys', 'warn', new RegExp(`${file} holds keys and is open to others; chmod 600`));
      assert.ok(!report.stdout.includes(kStrongKey));
      fs.chmodSync(path.join(folder, file), 0o600);
      assert.equal(only(await doctor(args), 'keys').health, 'ok');
    }
    fs.writeFileSync(path.join(folder, 'keys.json'), '{}');
    said(await doctor(asked), 'keys', 'fail', /does not hold appId and masterKey/);
  });

  test('who may use the master key, and the profile', async () => {
    const keys = { env: { PARSE_SERVER_MASTER_KEY: kStrongKey } };
    const here = ['--port', '0', '--host', '127.0.0.1'];
    const everywhere = ['--port', '0', '--host', '0.0.0.0'];
    assert.equal(only(await doctor(everywhere, keys), 'access').health, 'ok');
    for (const networks of ['0.0.0.0/0,::1', '::/0']) {
      said(await doctor([...everywhere, '--masterKeyIps', networks], keys), 'access', 'warn', /every address use the master key/);
      assert.equal(only(await doctor([...here, '--masterKeyIps', networks], keys), 'access').health, 'ok');
    }
    said(await doctor([...everywhere, '--profile', 'dev'], keys), 'access', 'warn', /profile dev.*listens on 0\.0\.0\.0/);
  });

  test('a port that is taken, by whom, and one of its own server', async (context) => {
    const port = await listening(context);
    said(await doctor(['--port', String(port), '--host', '127.0.0.1']), 'port', 'fail', new RegExp(`${port} is held by .*\\(pid ${process.pid}\\)`));
    said(await doctor(['--port', '0', '--host', '203.0.113.1']), 'port', 'fail', /203\.0\.113\.1/);

    const server = await startOwnServer();
    context.after(() => server.kill());
    const own = await doctor(['--port', String(server.port), '--host', '127.0.0.1', '--data', server.dataDir]);
    assert.match(only(own, 'port').text, /held by the server of this project/);
    assert.match(only(own, 'data').text, new RegExp(`in use by the server at ${server.url} \\(pid ${server.pid}\\)`));
    assert.equal(only(own, 'database').health, 'ok');
    const other = await doctor(['--port', String(server.port), '--host', '127.0.0.1']);
    said(other, 'port', 'fail', new RegExp(`\\(pid ${server.pid}\\)`));
  });

  test('the data folder: open to others, no folder', async () => {
    const data = await dataFolder();
    assert.match(only(await doctor(['--port', '0', '--data', data]), 'data').text, /free and private/);
    fs.chmodSync(data, 0o755);
    said(await doctor(['--port', '0', '--data', data]), 'data', 'warn', /open to others; chmod 700/);
    said(await doctor(['--port', '0', '--databaseURI', '/dev/null/x.db']), 'data', 'fail', /\/dev\/null is no folder/);
    assert.match(only(await doctor(['--port', '0', '--databaseURI', ':memory:']), 'data').text, /in memory/);
  });

  test('the database: sound and untouched, damaged, of another program, of a newer version', async () => {
    const data = await dataFolder();
    const file = path.join(data, 'parsimony.db');
    const before = filesOf(data);
    const asked = ['--port', '0', '--data', data];
    assert.match(only(await doctor(asked), 'database').text, /is sound \(format \d+, 1 MB\)/);
    assert.deepEqual(filesOf(data), before);

    const bytes = fs.readFileSync(file);
    fs.writeFileSync(file, Buffer.concat([bytes.subarray(0, bytes.length - 8192), Buffer.alloc(8192, 0x5a)]));
    said(await doctor(asked), 'database', 'fail', /parsimony\.db: .*restore a backup/);
    fs.writeFileSync(file, 'no database at all '.repeat(100));
    said(await doctor(asked), 'database', 'fail', /not a database/);

    const newer = Buffer.from(bytes);
    const at = newer.indexOf('formatVersion') + 'formatVersion'.length;
    assert.ok(at > 20 && newer[at] > 0x30 && newer[at] < 0x3a);
    newer[at] = 0x39;
    fs.writeFileSync(file, newer);
    said(await doctor(asked), 'database', 'fail', /newer version \(format 9\)/);
  });
});
