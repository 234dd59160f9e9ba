// Users that come from another server keep their passwords, whichever name the export gives to the hash.
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { assertError, assertOk } from '../support/assert.mjs';
import { filesOf, folderOf } from '../support/files.mjs';
import { oursOnly, runParsimony, startOwnServer, temporaryFolder } from '../support/server.mjs';

// bcrypt of "password", from a Parse Server.
const kHash = '$2b$10$mAHeHgyBn.g7krmSP8qXl.IEB6dHM4dyx0m8AbvoOKXJpYNx7fdXC';
const user = (objectId, username, more) => ({ objectId, username, email: `${username}@example.com`, ACL: { [objectId]: { read: true, write: true } }, ...more });
const users = [user('u1', 'Moved.Ann', { _hashed_password: kHash }), user('u2', 'moved.bob', { bcryptPassword: kHash }), user('u3', 'moved.none', {})];

describe('imported users', { skip: oursOnly }, () => {
  const data = path.join(temporaryFolder(), 'data');
  let server;
  const login = (username, password) => server.api.request('POST', '/login', { username, password });
  const importUsers = async (rows) => {
    const result = await runParsimony(['import', path.join(folderOf({ '_User.json': rows }), '_User.json'), '--data', data]);
    assert.equal(result.code, 0, result.stderr);
  };

  before(async () => {
    await importUsers(users);
    await importUsers(users.map(({ _hashed_password, bcryptPassword, ...rest }) => rest)); // a file without passwords takes none away
    server = await startOwnServer({ dataDir: data });
  });
  after(() => server.stop());

  for (const name of ['Moved.Ann', 'moved.bob']) {
    test(`${name} logs in with the old password`, async () => {
      const answer = assertOk(await login(name, 'password'));
      assert.match(answer.sessionToken, /^r:/);
      assert.ok(!JSON.stringify(answer).includes('$2b$'));
      assertError(await login(name, 'Password'), 404, 101);
    });
  }

  test('without a password nobody logs in', async () => {
    for (const password of ['password', 'undefined', 'null', kHash]) assertError(await login('moved.none', password), 404, 101);
  });

  test('names are taken in any case', async () => {
    const join = (fields) => server.api.request('POST', '/users', { password: 'x', ...fields });
    assertError(await join({ username: 'MOVED.ann' }), 400, 202);
    assertError(await join({ username: 'else', email: 'MOVED.BOB@example.com' }), 400, 203);
  });


  test('an export moves them on to another server', async () => {
    await server.stop();
    const folder = path.join(temporaryFolder(), 'exported');
    const exported = await runParsimony(['export', folder, '--data', data]);
    assert.equal(exported.code, 0, exported.stderr);
    assert.ok(!JSON.stringify(filesOf(folder)).includes('_username_key'));
    const next = path.join(temporaryFolder(), 'data');
    const imported = await runParsimony(['import', folder, '--data', next]);
    assert.equal(imported.code, 0, imported.stderr);
    server = await startOwnServer({ dataDir: next });
    assertOk(await login('Moved.Ann', 'password'));
  });
});
