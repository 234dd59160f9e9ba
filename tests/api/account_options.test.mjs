// The options of users, passwords, sessions and what they see: what each changes. Every test starts a server of its own with them.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { assertError, assertOk, assertStatus, createdId } from '../support/assert.mjs';
import { isParseServer, ownServerOnly, startServer, uniqueName, until } from '../support/server.mjs';
import { bySession, everyOperation, kPassword, logIn, makeClass, master, moreKeys, readOnly, signUp } from '../support/users.mjs';

// A test with a server that has these options: ['--name', 'value', …].
function withOptions(title, args, work) {
  test(title, { skip: ownServerOnly }, async () => {
    const server = await startServer({ args });
    try {
      await work(server.api, server);
    } finally {
      await server.stop();
    }
  });
}

const join = (api, body) => api.request('POST', '/users', body);
const login = (api, username, password = kPassword) => api.request('POST', '/login', { username, password });
const me = (api, token) => api.request('GET', '/users/me', undefined, bySession(token));
const setPassword = (api, user, password, as = user.as) => api.request('PUT', `/users/${user.id}`, { password }, as);

describe('sessions', () => {
  const secondsLeft = ({ expiresAt }) => (new Date(expiresAt.iso) - Date.now()) / 1000;
  const row = async (api, token) => assertOk(await api.request('GET', '/sessions/me', undefined, bySession(token)));

  withOptions('last a year', [], async (api) => {
    const left = secondsLeft(await row(api, (await signUp(api, 'year')).token));
    assert.ok(Math.abs(left - 31_536_000) < 60, `${left} s`);
  });

  withOptions('sessionLength', ['--sessionLength', '1000'], async (api) => {
    const left = secondsLeft(await row(api, (await signUp(api, 'short')).token));
    assert.ok(Math.abs(left - 1000) < 60, `${left} s`);
  });

  withOptions('expireInactiveSessions false: they do not end', ['--expireInactiveSessions', 'false'], async (api) => {
    assert.equal((await row(api, (await signUp(api, 'endless')).token)).expiresAt, undefined);
  });

  const kExtended = ['--extendSessionOnUse', 'true', '--sessionLength', '2'];
  withOptions('extendSessionOnUse: in use it does not end', kExtended, async (api) => {
    const { token } = await signUp(api, 'extended');
    const { expiresAt } = await row(api, token);
    const later = async () => {
      assertOk(await me(api, token));
      return (await row(api, token)).expiresAt.iso > expiresAt.iso;
    };
    await until(later, { what: 'a later end' });
  });

  withOptions('without extendSessionOnUse it ends all the same', ['--sessionLength', '2'], async (api) => {
    const { token } = await signUp(api, 'ended');
    await until(async () => (await me(api, token)).json.code === 209, { what: 'the end' });
  });

  withOptions('revokeSessionOnPasswordReset false: the others stay', ['--revokeSessionOnPasswordReset', 'false'], async (api) => {
    const user = await signUp(api, 'staying');
    const second = await logIn(api, user);
    assertOk(await setPassword(api, user, 'changed'));
    assertOk(await me(api, second));
    assertOk(await me(api, user.token));
  });
});

describe('users', () => {
  withOptions('enforcePrivateUsers false: everybody may read a new one', ['--enforcePrivateUsers', 'false'], async (api) => {
    const user = await signUp(api, 'public');
    const { ACL } = assertOk(await api.request('GET', `/users/${user.id}`));
    assert.deepEqual(ACL, { '*': { read: true }, ...user.acl });
  });

  withOptions('enableAnonymousUsers false', ['--enableAnonymousUsers', 'false'], async (api) => {
    assertError(await join(api, { authData: { anonymous: { id: 'a' } } }), 400, 252, 'This authentication method is unsupported.');
    await signUp(api, 'named');
  });

  const kLower = ['--convertEmailToLowercase', 'true', '--convertUsernameToLowercase', 'true'];
  const ann = { username: 'Ann', email: 'Ann@Example.COM', password: kPassword };
  withOptions('convertEmailToLowercase and convertUsernameToLowercase', kLower, async (api) => {
    const id = createdId(await join(api, ann));
    const stored = async () => assertOk(await api.request('GET', `/users/${id}`, undefined, master));
    assert.deepEqual([(await stored()).username, (await stored()).email], ['ann', 'ann@example.com']);
    assertOk(await api.request('PUT', `/users/${id}`, { username: 'BERTA', email: 'Berta@Example.com' }, master));
    assert.deepEqual([(await stored()).username, (await stored()).email], ['berta', 'berta@example.com']);
    assert.equal(assertOk(await login(api, 'berta')).objectId, id);
  });

  if (!isParseServer) {
    withOptions('convertEmailToLowercase and convertUsernameToLowercase: at login, too', kLower, async (api) => {
      const id = createdId(await join(api, ann));
      for (const username of ['ANN', 'Ann', 'ann']) assert.equal(assertOk(await login(api, username)).objectId, id);
      for (const email of ['ANN@example.com', 'ann@example.com']) {
        assert.equal(assertOk(await api.request('POST', '/login', { email, password: kPassword })).objectId, id);
      }
    });
  }

  withOptions('allowCustomObjectId', ['--allowCustomObjectId', 'true'], async (api) => {
    const made = assertStatus(await join(api, { objectId: 'myOwnId', username: 'a', password: kPassword }), 201);
    assert.equal(made.objectId, 'myOwnId');
    assert.equal(assertOk(await me(api, made.sessionToken)).objectId, 'myOwnId');
    assertError(await join(api, { objectId: 'myOwnId', username: 'b', password: kPassword }), 400, 137);
  });
});

describe('password policy', () => {
  const refused = (response, text = 'Password does not meet the Password Policy requirements.') => assertError(response, 400, 142, text);

  withOptions('validatorPattern', ['--passwordPolicy.validatorPattern', '^(?=.*[0-9]).{6,}$'], async (api) => {
    for (const password of ['secret', '123', 'abcdef']) refused(await join(api, { username: uniqueName('weak'), password }));
    const user = await signUp(api, 'strong', { password: 'secret1' });
    refused(await setPassword(api, user, 'secret'));
    refused(await setPassword(api, user, 'secret', master));
    assertOk(await setPassword(api, user, 'secret2'));
  });

  const kWords = ['--passwordPolicy.validatorPattern', '[0-9]', '--passwordPolicy.validationError', 'Take a digit.'];
  withOptions('validationError', kWords, async (api) => {
    refused(await join(api, { username: uniqueName('weak'), password: 'secret' }), 'Take a digit.');
  });

  withOptions('doNotAllowUsername', ['--passwordPolicy.doNotAllowUsername', 'true'], async (api) => {
    const text = 'Password cannot contain your username.';
    refused(await join(api, { username: 'anna', password: 'xannax' }), text);
    const user = await signUp(api, 'berta');
    refused(await setPassword(api, user, `${user.name}1`), text);
    assertOk(await setPassword(api, user, 'another'));
  });

  withOptions('maxPasswordHistory', ['--passwordPolicy.maxPasswordHistory', '3'], async (api) => {
    const user = await signUp(api, 'history');
    const change = (password) => setPassword(api, user, password, master);
    const text = 'New password should not be the same as last 3 passwords.';
    refused(await change(kPassword), text);
    for (const password of ['two', 'three']) assertOk(await change(password));
    for (const password of [kPassword, 'two', 'three']) refused(await change(password), text);
    assertOk(await change('four'));
    assertOk(await change(kPassword));
    assertOk(await login(api, user.name));
  });

  withOptions('maxPasswordAge: an old password is no good', ['--passwordPolicy.maxPasswordAge', '1', ...moreKeys], async (api) => {
    const user = await signUp(api, 'aged');
    assertOk(await login(api, user.name));
    const changed = { _password_changed_at: { __type: 'Date', iso: new Date(Date.now() - 2 * 86_400_000).toISOString() } };
    const headers = { 'X-Parse-Maintenance-Key': 'maintenance' };
    assertOk(await api.request('PUT', `/users/${user.id}`, changed, { headers }));
    assertError(await login(api, user.name), 404, 101, 'Your password has expired. Please reset your password.');
    assertOk(await setPassword(api, user, 'fresh', master));
    assertOk(await login(api, user.name, 'fresh'));
  });
});

// The options to act as a new anonymous user.
async function anonymous(api) {
  const response = await api.request('POST', '/users', { authData: { anonymous: { id: uniqueName('anonymous') } } });
  return bySession(assertStatus(response, 201).sessionToken);
}

describe('uploads by users', () => {
  const upload = (api, options) => api.request('POST', '/files/a.txt', 'text', options);

  withOptions('a user may, the public and anonymous users may not', ['--fileUpload.enableForPublic', 'false'], async (api) => {
    const user = await signUp(api, 'uploader');
    assert.equal((await upload(api, user.as)).status, 201);
    assertError(await upload(api), 400, 130, 'File upload by public is disabled.');
    assertError(await upload(api, await anonymous(api)), 400, 130, 'File upload by anonymous user is disabled.');
  });

  const kOthers = ['--fileUpload.enableForAuthenticatedUser', 'false', '--fileUpload.enableForAnonymousUser', 'true'];
  withOptions('or the other way round', kOthers, async (api) => {
    const user = await signUp(api, 'uploader');
    assertError(await upload(api, user.as), 400, 130, 'File upload by authenticated user is disabled.');
    assert.equal((await upload(api, await anonymous(api))).status, 201);
  });
});

describe('downloads by users', () => {
  // What each of the callers is answered: 200 or the word for him in the refusal, alike for the bytes, for what is not there and for metadata.
  async function answers(api) {
    const { name } = assertStatus(await api.request('POST', '/files/a.txt', 'text', master), 201);
    const callers = { public: {}, user: (await signUp(api, 'reader')).as, anonymous: await anonymous(api), master };
    const seen = {};
    for (const [caller, as] of Object.entries(callers)) {
      const [whole, metadata, none] = await Promise.all(
        [name, `metadata/${name}`, 'none.txt'].map((path) => api.request('GET', `/files/app/${path}`, undefined, as)),
      );
      const refused = /^File download by (.*) is disabled\.$/.exec(whole.json?.error)?.[1];
      seen[caller] = refused ?? whole.status;
      for (const response of refused ? [whole, metadata, none] : []) assertError(response, 400, 119, whole.json.error);
      if (!refused) assert.deepEqual([whole.text, metadata.status, none.status], ['text', 200, 404]);
    }
    return seen;
  }
  const off = (kind) => [`--fileDownload.enableFor${kind}`, 'false'];

  withOptions('everybody may', [], async (api) => {
    assert.deepEqual(await answers(api), { public: 200, user: 200, anonymous: 200, master: 200 });
  });
  withOptions('fileDownload.enableForPublic false', off('Public'), async (api) => {
    assert.deepEqual(await answers(api), { public: 'public', user: 200, anonymous: 200, master: 200 });
  });
  withOptions('fileDownload.enableForAuthenticatedUser false', off('AuthenticatedUser'), async (api) => {
    assert.deepEqual(await answers(api), { public: 200, user: 'authenticated user', anonymous: 200, master: 200 });
  });
  withOptions('fileDownload.enableForAnonymousUser false', off('AnonymousUser'), async (api) => {
    assert.deepEqual(await answers(api), { public: 200, user: 200, anonymous: 'anonymous user', master: 200 });
  });

  withOptions('a session counts without other keys, and has to be good', off('Public'), async (api) => {
    const { name } = assertStatus(await api.request('POST', '/files/a.txt', 'text', master), 201);
    const user = await signUp(api, 'reader');
    const fetchBy = (token) => api.request('GET', `/files/app/${name}`, undefined, { ...bySession(token), anonymous: true });
    assert.equal((await fetchBy(user.token)).text, 'text');
    assertError(await fetchBy('r:00000000000000000000000000000000'), 400, 209, 'Invalid session token');
    assertOk(await api.request('POST', '/logout', undefined, user.as));
    assertError(await fetchBy(user.token), 400, 209);
  });
});

describe('account lockout', () => {
  const kArguments = ['--accountLockout.threshold', '2', '--accountLockout.duration', '3'];
  const kLocked = 'Your account is locked due to multiple failed login attempts. Please try again after 3 minute(s)';

  withOptions('locks after so many wrong passwords', kArguments, async (api) => {
    const user = await signUp(api, 'locked');
    for (let round = 0; round < 2; round++) assertError(await login(api, user.name, 'no'), 404, 101, 'Invalid username/password.');
    for (const password of ['no', kPassword]) assertError(await login(api, user.name, password), 404, 101, kLocked);
    assertOk(await me(api, user.token));
  });

  withOptions('a right password begins the count anew', kArguments, async (api) => {
    const user = await signUp(api, 'counted');
    for (let round = 0; round < 3; round++) {
      assertError(await login(api, user.name, 'no'), 404, 101, 'Invalid username/password.');
      assertOk(await login(api, user.name));
    }
  });

  withOptions('unknown users are not locked', kArguments, async (api) => {
    for (let round = 0; round < 4; round++) assertError(await login(api, 'nobody', 'no'), 404, 101, 'Invalid username/password.');
  });
});

describe('protected fields', () => {
  withOptions('protectedFields replaces what is protected by default', ['--protectedFields', '{"_User":{"*":["nick"]}}'], async (api) => {
    const user = await signUp(api, 'shown', { email: 'a@example.com', nick: 'N', ACL: { '*': { read: true } } });
    const seen = assertOk(await api.request('GET', `/users/${user.id}`));
    assert.equal(seen.nick, undefined);
    assert.equal(assertOk(await api.request('GET', `/users/${user.id}`, undefined, user.as)).nick, 'N');
  });

  withOptions('userSensitiveFields adds to what is protected by default', ['--userSensitiveFields', 'nick,phone'], async (api) => {
    const fields = { email: 'a@example.com', nick: 'N', phone: '1', city: 'C' };
    const user = await signUp(api, 'sensitive', { ...fields, ACL: { '*': { read: true } } });
    const seen = (await api.request('GET', `/users/${user.id}`)).json;
    assert.deepEqual([seen.email, seen.nick, seen.phone, seen.city], [undefined, undefined, undefined, 'C']);
    assert.equal(assertOk(await api.request('GET', `/users/${user.id}`, undefined, user.as)).nick, 'N');
  });

  withOptions('protectedFieldsOwnerExempt false', ['--protectedFieldsOwnerExempt', 'false'], async (api) => {
    const user = await signUp(api, 'own', { email: 'a@example.com' });
    for (const path of [`/users/${user.id}`, '/users/me']) {
      assert.equal(assertOk(await api.request('GET', path, undefined, user.as)).email, undefined, path);
    }
    assert.equal(assertOk(await login(api, user.name)).email, undefined);
    assert.equal(assertOk(await api.request('GET', `/users/${user.id}`, undefined, master)).email, 'a@example.com');
  });

  const fields = { secret: { type: 'Number' } };
  const permissions = { ...everyOperation({ '*': true }), protectedFields: { '*': ['secret'] } };
  for (const exempt of [true, false]) {
    withOptions(`protectedFieldsSaveResponseExempt ${exempt}`, ['--protectedFieldsSaveResponseExempt', String(exempt)], async (api) => {
      const C = await makeClass(api, 'Saved', fields, permissions);
      const id = createdId(await api.create(C, { secret: 1 }));
      const { secret } = assertOk(await api.update(C, id, { secret: { __op: 'Increment', amount: 1 } }));
      assert.equal(secret, exempt ? 2 : undefined);
    });
  }
});

describe('answers', () => {
  withOptions('enableSanitizedErrorResponse false: they say why', ['--enableSanitizedErrorResponse', 'false'], async (api) => {
    const C = await makeClass(api, 'Closed', {}, {});
    const signedIn = await makeClass(api, 'SignedIn', {}, everyOperation({ requiresAuthentication: true }));
    assertError(await api.find(C), 400, 119, `Permission denied for action find on class ${C}.`);
    assertError(await api.find(signedIn), 404, 101, 'Permission denied, user needs to be authenticated.');
    assert.deepEqual(assertStatus(await api.request('GET', '/schemas'), 403), { error: 'unauthorized: master key is required' });
    for (const response of [await api.find('_Hooks'), await api.request('GET', '/sessions')]) {
      assert.ok(response.status === 400 && response.json.error !== 'Permission denied', response.text);
    }
  });

  const kRaw = ['--query.aggregationRawValues', 'true', '--query.aggregationRawFieldNames', 'true'];
  withOptions('query.aggregationRawValues and query.aggregationRawFieldNames: unless the call says otherwise', kRaw, async (api) => {
    const id = createdId(await api.create('Raw', { at: { __type: 'Date', iso: '2020-01-02T03:04:05.678Z' } }));
    const aggregate = async (more) => {
      const body = { _method: 'GET', pipeline: [{ $project: { at: 1 } }], ...more };
      return assertOk(await api.request('POST', '/aggregate/Raw', body, master)).results;
    };
    assert.deepEqual(await aggregate({}), [{ _id: id, at: { $date: '2020-01-02T03:04:05.678Z' } }]);
    const at = { __type: 'Date', iso: '2020-01-02T03:04:05.678Z' };
    assert.deepEqual(await aggregate({ rawValues: false, rawFieldNames: false }), [{ objectId: id, at }]);
  });

  const kForbidden = ['--allowAggregationForReadOnlyMasterKey', 'false', ...moreKeys];
  withOptions('allowAggregationForReadOnlyMasterKey false', kForbidden, async (api) => {
    createdId(await api.create('Summed', { n: 1 }));
    const path = `/aggregate/Summed?pipeline=${encodeURIComponent('[{"$match":{"n":1}}]')}`;
    assertError(await api.request('GET', path, undefined, readOnly), 400, 119);
    assertOk(await api.request('GET', path, undefined, master));
  });
});
