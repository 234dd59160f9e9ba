// GET /security: the report about weak settings, the switch for it, and its place in the log.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { describe, test } from 'node:test';
import { assertOk, assertStatus } from '../support/assert.mjs';
import { keys } from '../support/client.mjs';
import { ownServerOnly, startOwnServer, until } from '../support/server.mjs';
import { maintenance, master, moreKeys, readOnly } from '../support/users.mjs';

const kOn = ['--security.enableCheck', 'true'];
const kStrongKey = 'abcdefghijKLMN0123';
// The report is asked for by the read-only key, since the tests' own master key is a weak one.
const kSafe = {
  'security.enableCheck': 'true',
  profile: 'strict',
  masterKey: kStrongKey,
  readOnlyMasterKey: keys.readOnlyMasterKey,
  readOnlyMasterKeyIps: '127.0.0.1',
  allowClientClassCreation: 'false',
};
const argumentsOf = (options) => Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
const report = async (api, as = readOnly) => assertOk(await api.request('GET', '/security', undefined, as)).report;
const checksOf = ({ groups }) => groups.flatMap(({ checks }) => checks);
const failed = (of) => checksOf(of).filter(({ state }) => state !== 'success');
const failedTitles = (of) => failed(of).map(({ title }) => title);

async function serving(args, work) {
  const own = await startOwnServer({ args });
  try {
    await work(own.api, own);
  } finally {
    await own.stop();
  }
}

describe('the security report', { skip: ownServerOnly }, () => {
  test('is off until it is switched on', async () => {
    await serving(moreKeys, async (api) => {
      const kError = 'Enable Parse Server option `security.enableCheck` to run security check.';
      for (const as of [master, readOnly]) {
        assert.deepEqual(assertStatus(await api.request('GET', '/security', undefined, as), 409), { error: kError });
      }
      assert.equal(assertOk(await api.request('GET', '/serverInfo', undefined, master)).features.settings.securityCheck, false);
    });
  });

  test('is for the master keys', async () => {
    await serving([...kOn, ...moreKeys], async (api) => {
      for (const as of [{}, maintenance, { anonymous: true }]) assertStatus(await api.request('GET', '/security', undefined, as), 403);
      for (const as of [master, readOnly]) assert.equal((await report(api, as)).state, 'fail');
      assert.equal(assertOk(await api.request('GET', '/serverInfo', undefined, master)).features.settings.securityCheck, true);
    });
  });

  test('has nothing to say about a server that is closed well', async () => {
    await serving(argumentsOf(kSafe), async (api) => {
      const { version, state, groups } = await report(api);
      assert.deepEqual({ version, state }, { version: '1.0.0', state: 'success' });
      const said = groups.map(({ name, state, checks }) => [name, state, checks.map(({ title }) => title)]);
      assert.deepEqual(said, [
        ['Database', 'success', ['Data folder closed to other users']],
        [
          'Parse Server Configuration',
          'success',
          [
            'Secure master key',
            'Security log disabled',
            'Client class creation disabled',
            'Users are created without public access',
            'Public database explain disabled',
            'Read-only master key IP range restricted',
            'Request complexity limits enabled',
          ],
        ],
      ]);
      for (const check of checksOf({ groups })) assert.deepEqual(Object.keys(check), ['title', 'state']);
    });
  });

  const kWeak = {
    'Secure master key': { masterKey: 'abcdefghijklmn0123' },
    'Security log disabled': { 'security.enableCheckLog': 'true' },
    'Client class creation disabled': { allowClientClassCreation: 'true' },
    'Users are created without public access': { enforcePrivateUsers: 'false' },
    'Public database explain disabled': { 'databaseOptions.allowPublicExplain': 'true' },
    'Read-only master key IP range restricted': { readOnlyMasterKeyIps: '["127.0.0.1","0.0.0.0/0"]' },
    'Request complexity limits enabled': { 'requestComplexity.batchRequestLimit': '-1' },
  };
  for (const [title, weak] of Object.entries(kWeak)) {
    test(`tells of ${Object.keys(weak)}`, async () => {
      await serving(argumentsOf({ ...kSafe, ...weak }), async (api) => {
        const of = await report(api);
        assert.deepEqual(failedTitles(of), [title]);
        const [{ warning, solution }] = failed(of);
        assert.ok(warning.length > 20 && solution.length > 20);
        assert.deepEqual([of.state, ...of.groups.map(({ state }) => state)], ['fail', 'success', 'fail']);
      });
    });
  }

  test('looks at the data folder each time', async () => {
    await serving(argumentsOf(kSafe), async (api, { dataDir }) => {
      fs.chmodSync(dataDir, 0o755);
      fs.chmodSync(`${dataDir}/parsimony.db`, 0o644);
      assert.deepEqual(failedTitles(await report(api)), ['Data folder closed to other users']);
      fs.chmodSync(dataDir, 0o700);
      assert.equal((await report(api)).state, 'success');
    });
  });

  test('is not logged while it is off', async () => {
    const own = await startOwnServer({ args: ['--security.enableCheckLog', 'true'] });
    const { stderr } = await own.stop();
    assert.doesNotMatch(stderr, /security check/i);
  });

  test('is logged at the start where that is asked for', async () => {
    await serving(argumentsOf({ ...kSafe, 'security.enableCheckLog': 'true' }), async (_, own) => {
      await until(() => /1 of 8 security checks failed/.test(own.stderr()), { what: 'the report in the log' });
      assert.match(own.stderr(), /warn: Security check failed: Security log disabled warning=".+" solution=".+"/);
      assert.ok(!own.stderr().includes(kStrongKey));
    });
  });
});
