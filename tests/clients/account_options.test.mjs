// The Parse JavaScript SDK against a server with stricter accounts: password policy, lockout, session upgrade, the read-only master key.
import assert from 'node:assert/strict';
import { after, afterEach, describe, test } from 'node:test';
import Parse from 'parse/node';
import { keys } from '../support/client.mjs';
import { ownServerOnly, startOwnServer, uniqueName } from '../support/server.mjs';

const skip = ownServerOnly;
const policy = { validatorPattern: '^(?=.*[0-9]).{6,}$', validationError: 'Six characters, one of them a digit.', maxPasswordHistory: 2 };
const args = [
  '--passwordPolicy',
  JSON.stringify(policy),
  '--accountLockout',
  JSON.stringify({ threshold: 2, duration: 5 }),
  '--readOnlyMasterKey',
  keys.readOnlyMasterKey,
];
const server = skip ? undefined : await startOwnServer({ args });
after(() => server?.stop());
if (server) Parse.serverURL = server.url;
Parse.initialize(keys.appId, keys.javascriptKey, keys.masterKey);
Parse.User.enableUnsafeCurrentUser();

const kPassword = 'secret1';
const rejectsWith = (promise, code, message = /./) =>
  assert.rejects(promise, (error) => error instanceof Parse.Error && error.code === code && message.test(error.message));

afterEach(() => Parse.User.logOut().catch(() => undefined));

describe('a password policy', { skip }, () => {
  test('refuses weak passwords', async () => {
    await rejectsWith(Parse.User.signUp(uniqueName('weak'), 'secret'), Parse.Error.VALIDATION_ERROR, /one of them a digit/);
  });

  test('refuses passwords that were used before', async () => {
    const user = await Parse.User.signUp(uniqueName('again'), kPassword);
    const change = (password) => user.save({ password });
    await rejectsWith(change(kPassword), Parse.Error.VALIDATION_ERROR);
    await change('secret2');
    await rejectsWith(change(kPassword), Parse.Error.VALIDATION_ERROR);
    await change('secret3');
    await change('secret4');
    assert.equal((await Parse.User.logIn(user.getUsername(), 'secret4')).id, user.id);
  });
});

test('an account is locked after failed logins', { skip }, async () => {
  const user = await Parse.User.signUp(uniqueName('locked'), kPassword);
  for (let i = 0; i < 2; i++) await rejectsWith(Parse.User.logIn(user.getUsername(), 'wrong1'), Parse.Error.OBJECT_NOT_FOUND, /Invalid/);
  await rejectsWith(Parse.User.logIn(user.getUsername(), kPassword), Parse.Error.OBJECT_NOT_FOUND, /locked/);
});

test('a session is upgraded to another one', { skip }, async () => {
  const user = await Parse.User.signUp(uniqueName('upgraded'), kPassword);
  const before = user.getSessionToken();
  await user._upgradeToRevocableSession();
  assert.notEqual(user.getSessionToken(), before);
  assert.equal((await Parse.Session.current()).getSessionToken(), user.getSessionToken());
});

test('the read-only master key reads and changes nothing', { skip }, async () => {
  const Note = Parse.Object.extend(uniqueName('ReadOnlyNote'));
  const note = await new Note({ text: 'a', ACL: new Parse.ACL() }).save(null, { useMasterKey: true });
  Parse.initialize(keys.appId, keys.javascriptKey, keys.readOnlyMasterKey);
  try {
    assert.equal((await new Parse.Query(Note).get(note.id, { useMasterKey: true })).get('text'), 'a');
    await rejectsWith(note.save({ text: 'b' }, { useMasterKey: true }), Parse.Error.OPERATION_FORBIDDEN);
    await rejectsWith(note.destroy({ useMasterKey: true }), Parse.Error.OPERATION_FORBIDDEN);
  } finally {
    Parse.initialize(keys.appId, keys.javascriptKey, keys.masterKey);
  }
  assert.equal((await new Parse.Query(Note).get(note.id, { useMasterKey: true })).get('text'), 'a');
});
