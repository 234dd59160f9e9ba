// Ways to sign in that modules of the app check: auth.<provider>.module.
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { assertError, assertOk, assertStatus, createdId } from '../support/assert.mjs';
import { codesModule, startWithModules, stepsModule, tokenModule } from '../support/auth_modules.mjs';
import { ownServerOnly } from '../support/server.mjs';
import { bySession, master } from '../support/users.mjs';

const files = {
  'token.js': tokenModule,
  'steps/index.js': stepsModule,
  'codes.mjs': codesModule,
  'main.js': `
    Parse.Cloud.beforeSave(Parse.User, ({ object }) => { if (object.isNew()) object.set('seen', object.get('authData')); });
    Parse.Cloud.beforeLogin(({ object }) => { if (object.get('username') === 'banned') throw 'banned'; });`,
};
const config = {
  auth: {
    token: { module: './token.js', appIds: ['one'] },
    steps: { module: './steps', options: { policy: 'default' } },
    more: { module: './steps', options: { policy: 'additional' } },
    codes: './codes.mjs',
    off: { module: './token.js', enabled: false },
    google: { clientId: 'x' },
  },
};

describe('auth adapters', { skip: ownServerOnly }, async () => {
  const server = await startWithModules(config, files);
  after(() => server.stop());
  const { api } = server;
  const join = (authData, more, as) => api.request('POST', '/users', { authData, ...more }, as);
  const change = (user, body, as = user.as) => api.request('PUT', `/users/${user.id}`, body, as);
  const login = (username, authData) => api.request('POST', '/login', { username, password: 'secret', ...(authData && { authData }) });
  const stored = async ({ id }) => assertOk(await api.request('GET', `/users/${id}`, undefined, master)).authData;
  const signedUp = async (authData, more) => {
    const { json } = await join(authData, more);
    assert.ok(json.sessionToken, JSON.stringify(json));
    return { id: json.objectId, as: bySession(json.sessionToken), json };
  };
  const token = (id, word = 'x', more = {}) => ({ token: { id, token: word, ...more } });

  test('an unknown provider, one that is switched off and one without a module', async () => {
    for (const name of ['nope', 'off', 'google'])
      assertError(await join({ [name]: { id: '1' } }), 400, 252, 'This authentication method is unsupported.');
    assert.match(server.stderr(), /option "auth\.google" has no effect yet/);
  });

  const refusals = [
    ['bad', 404, 101, 'bad token'],
    ['text', 400, 141, 'just text'],
    ['error', 400, 141, 'an error'],
    ['empty', 400, 141, 'Auth failed. Unknown error.'],
  ];
  for (const [word, status, code, text] of refusals) {
    test(`a module that refuses: ${word}`, async () => assertError(await join(token('r', word)), status, code, text));
  }

  test('the app id and the kind of the id are checked', async () => {
    assertError(await join(token('a', 'x', { app: 'two' })), 404, 101, 'wrong app');
    assertError(await join(token(5)), 400, 162, "Invalid authData id for provider 'token'.");
  });

  test('sign-up, then sign-in, in the words of Parse Server', async () => {
    const anna = await signedUp(token('anna', 'x', { app: 'one' }), { username: 'anna', password: 'secret' });
    assert.deepEqual(anna.json.authDataResponse, {});
    assert.deepEqual(assertOk(await api.request('GET', '/users/me', undefined, anna.as)).authData, token('anna', 'x', { app: 'one' }));
    const again = await join(token('anna', 'told'), {}, { headers: { 'X-Told': 'yes' } });
    assert.equal(assertOk(again).objectId, anna.id);
    assert.deepEqual(again.json.authDataResponse.token, {
      keys: 'config,headers,ip,isReadOnly,log,master,object,original,triggerName'.split(','),
      options: ['appIds', 'module'],
      original: 'anna',
      sent: 'anna',
      master: false,
      header: 'yes',
    });
    assert.deepEqual(await stored(anna), token('anna', 'told'));
    const session = assertOk(await api.request('GET', '/sessions/me', undefined, bySession(again.json.sessionToken)));
    assert.deepEqual(session.createdWith, { action: 'login', authProvider: 'token' });
    assertError(await join(token('anna', 'bad')), 404, 101, 'bad token');
  });

  test('what the module stores instead, or not at all', async () => {
    const user = await signedUp(token('saved', 'save'));
    assert.deepEqual(user.json.authDataResponse, { token: { told: 'kept' } });
    assert.deepEqual(await stored(user), { token: { id: 'saved', kept: true } });
    assert.deepEqual(assertOk(await join(token('saved', 'none'))).authDataResponse, { token: { told: 'nothing saved' } });
    assert.deepEqual(await stored(user), { token: { id: 'saved', kept: true } });
    const nobody = await signedUp(token('unsaved', 'none'));
    assert.equal(await stored(nobody), undefined);
    assert.notEqual((await signedUp(token('unsaved', 'none'))).id, nobody.id);
  });

  test('beforeSave sees what was checked, beforeLogin may refuse', async () => {
    const user = await signedUp(token('trigger', 'save'));
    const row = assertOk(await api.request('GET', `/users/${user.id}`, undefined, master));
    assert.deepEqual(row.seen, { token: { id: 'trigger', kept: true } });
    await signedUp(token('banned'), { username: 'banned', password: 'secret' });
    assertError(await join(token('banned')), 400, 141, 'banned');
  });

  test('linking and unlinking', async () => {
    await signedUp(token('taken'));
    const bob = await signedUp(undefined, { username: 'bob', password: 'secret' });
    assertError(await change(bob, { authData: token('taken') }), 400, 208, 'this auth is already used');
    assertError(await change(bob, { authData: token('taken', 'text') }), 400, 141, 'just text');
    assertError(await change(bob, { authData: token('bob', 'text') }), 400, 141, 'just text');
    assert.equal(await stored(bob), undefined);
    const linked = assertOk(await change(bob, { authData: token('bob', 'told') }));
    assert.equal(linked.authDataResponse.token.user, 'bob');
    assert.deepEqual(Object.keys(assertOk(await change(bob, { authData: token('bob', 'told') }))), ['updatedAt']);
    assert.deepEqual(Object.keys(assertOk(await change(bob, { authData: { token: { id: 'bob' } } }))), ['updatedAt']);
    assert.deepEqual(await stored(bob), token('bob', 'told'));
    assert.equal(assertOk(await join(token('bob'))).objectId, bob.id);
    assertError(await join(token('taken'), {}, bob.as), 400, 208);
    assertOk(await change(bob, { authData: { token: null } }));
    assert.equal(await stored(bob), undefined);
    assert.notEqual((await signedUp(token('bob'))).id, bob.id);
    assertOk(await change(bob, { authData: token('by master') }, master));
    assert.deepEqual(await stored(bob), token('by master'));
    assertError(await change(bob, { authData: token('by master 2', 'text') }, master), 400, 141);
  });

  test('two providers that lead to two users', async () => {
    await signedUp(token('two'));
    await signedUp({ steps: { id: 'two', token: 't' } });
    assertError(await join({ ...token('two'), steps: { id: 'two', token: 't' } }), 400, 208);
  });

  test('set-up, sign-in and update are three methods', async () => {
    const user = await signedUp({ steps: { id: 'c', token: 't' } });
    assert.deepEqual(user.json.authDataResponse, { steps: { step: 'validateSetUp' } });
    assert.deepEqual(assertOk(await join({ steps: { id: 'c', token: 't' } })).authDataResponse, { steps: { step: 'validateLogin' } });
    assertError(await join({ steps: { id: 'c', token: 'wrong' } }), 400, 141, 'wrong');
    const updated = assertOk(await change(user, { authData: { steps: { id: 'c', token: 'new' } } }));
    assert.deepEqual(updated.authDataResponse, { steps: { step: 'validateUpdate' } });
    assert.deepEqual(await stored(user), { steps: { id: 'c', token: 'new', step: 'update' } });
  });

  test('afterFind decides what is shown', async () => {
    const user = await signedUp({ steps: { id: 'shown', token: 't' } });
    const shown = { steps: { id: 'shown', shown: true } };
    const get = async (path) => assertOk(await api.request('GET', path, undefined, user.as));
    assert.deepEqual((await get('/users/me')).authData, shown);
    assert.deepEqual((await get(`/users/${user.id}`)).authData, shown);
    assert.deepEqual((await get('/users')).results[0].authData, shown);
    assert.deepEqual(assertOk(await join({ steps: { id: 'shown', token: 't' } })).authData, shown);
    const owner = { __type: 'Pointer', className: '_User', objectId: user.id };
    createdId(await api.create('Owned', { owner, ACL: { [user.id]: { read: true } } }, master));
    assert.deepEqual((await get('/classes/Owned?include=owner')).results[0].owner.authData, shown);
    assert.equal((await stored(user)).steps.step, 'setup');
  });

  test('an additional provider must come along', async () => {
    const dora = await signedUp(undefined, { username: 'dora', password: 'secret' });
    assertOk(await change(dora, { authData: { more: { id: 'd', token: 't' } } }));
    assertError(await login('dora'), 400, -1, 'Missing additional authData more');
    assertError(await login('dora', { more: { token: 'wrong' } }), 400, 141, 'wrong');
    assertError(await login('dora', { nope: { token: 't' } }), 400, 252);
    const done = assertOk(await login('dora', { more: { token: 't' } }));
    assert.deepEqual(done.authDataResponse, { more: { step: 'validateLogin' } });
    assert.deepEqual(done.authData, { more: { id: 'd', shown: true } });
    assertOk(await change(dora, { authData: token('dora') }));
    assertError(await join(token('dora')), 400, -1, 'Missing additional authData more');
    assert.equal(assertOk(await join({ ...token('dora'), more: { token: 't' } })).objectId, dora.id);
    assertError(await api.request('POST', '/login', { username: 'dora', password: 'other' }), 404, 101);
  });

  test('a code that is good once', async () => {
    const user = await signedUp({ codes: { id: 'k' } });
    assert.deepEqual((await stored(user)).codes.codes, ['one', 'two']);
    const answers = await Promise.all(Array.from({ length: 6 }, () => join({ codes: { id: 'k', code: 'one' } })));
    assert.equal(answers.filter(({ status }) => status === 200).length, 1);
    for (const { status, json } of answers.filter((answer) => answer.status !== 200)) {
      assert.ok((status === 400 && json.code === 141) || (status === 404 && json.code === 101), JSON.stringify(json));
    }
    assert.deepEqual((await stored(user)).codes.codes, ['two']);
  });

  test('many sign-ups at once make one user', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => join(token('crowd'))));
    assert.equal(new Set(answers.map(({ json }) => json.objectId)).size, 1);
    assert.equal(answers.filter(({ status }) => status === 201).length, 1);
  });

  test('a module calls the server, and is stopped when it does not end', async () => {
    const asked = await signedUp(token('asks', 'asks'));
    assert.ok(asked.json.authDataResponse.token.count > 5);
    assertError(await join(token('loop', 'loop')), 400, 141, /auth\.token validate ran for more than 5 s/);
    await signedUp(token('after the loop'));
    assertError(await join(token('again', 'again')), 400, 141, /more than 16 levels deep: auth\.token validate > auth\.token validate/);
  });

  test('challenges', async () => {
    const ask = (body) => api.request('POST', '/challenge', body);
    const challengeData = { steps: { ask: 1 }, nope: { ask: 2 }, token: {} };
    const answer = { question: 1, policy: 'default', isChallenge: true };
    assert.deepEqual(assertOk(await ask({ challengeData })).challengeData, { steps: answer });
    assertError(await ask({ challengeData: { steps: { bad: true } } }), 400, 141, 'no');
    await signedUp(token('eve'), { username: 'eve', password: 'secret' });
    const named = assertOk(await ask({ username: 'eve', password: 'secret', challengeData }));
    assert.deepEqual(named.challengeData, { steps: { ...answer, of: 'eve' } });
    assertError(await ask({ username: 'eve', password: 'wrong', challengeData }), 404, 101, 'Invalid username/password.');
    assertError(await ask({ username: 'eve', challengeData }), 400, -1, /also provide password/);
    const found = assertOk(await ask({ authData: { ...token('eve'), steps: { a: 1 } }, challengeData }));
    assert.deepEqual(found.challengeData, { steps: { ...answer, authData: { a: 1 }, of: 'eve' } });
    for (const authData of [token('eve', 'bad'), token('nobody')])
      assertError(await ask({ authData, challengeData }), 404, 101, 'User not found.');
    assertError(await ask({ authData: { ...token('eve'), steps: { id: 'x' } }, challengeData }), 400, -1, /more than one/);
    assertError(await ask({ authData: 'x', challengeData }), 400, -1, 'authData should be an object.');
    assertError(await ask({ challengeData: 'x' }), 400, -1, 'challengeData should be an object.');
  });
});

test('users that were there before a provider came are found by it', { skip: ownServerOnly }, async () => {
  const first = await startWithModules({ auth: {} }, files);
  const { objectId } = assertStatus(await first.api.request('POST', '/users', { username: 'old', password: 'secret' }), 201);
  await first.stop();
  const second = await startWithModules({ auth: { token: './token.js' } }, files, { dataDir: first.dataDir });
  assertOk(await second.api.request('PUT', `/users/${objectId}`, { authData: { token: { id: 'o' } } }, master));
  await second.stop();
  const third = await startWithModules({ auth: { token: './token.js' } }, files, { dataDir: first.dataDir });
  assert.equal(assertOk(await third.api.request('POST', '/users', { authData: { token: { id: 'o' } } })).objectId, objectId);
  await third.stop();
});
