// authData: nobody signs in as another by it, and nobody links what is not proved.
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { assertError, assertNoServerError, assertOk, assertStatus, createdId } from '../support/assert.mjs';
import { oursOnly, startServer, uniqueName } from '../support/server.mjs';
import { bySession, master, signUp } from '../support/users.mjs';

const server = await startServer();
after(() => server.stop());
const { api } = server;

const mallory = await signUp(api, 'mallory');
const victim = await signUp(api, 'victim');
const join = (body, as) => api.request('POST', '/users', body, as);
const change = (user, body, as) => api.request('PUT', `/users/${user.id}`, body, as);
const stored = async (user) => assertOk(await api.request('GET', `/users/${user.id}`, undefined, master));
const assertRefused = (response) => assert.ok(response.status >= 400 && response.status < 500, `${response.status} ${response.text}`);

test('an id is a text (GHSA-5fw2-8jcv-xh87)', { skip: oursOnly }, async () => {
  const known = { anonymous: { id: uniqueName('known') } };
  createdId(await join({ authData: known }));
  for (const id of [
    { $regex: '.*' },
    { $ne: null },
    { $exists: true },
    { $in: [known.anonymous.id] },
    [known.anonymous.id],
    5,
    true,
    null,
    '',
  ]) {
    const response = await join({ authData: { anonymous: { id } } });
    assertRefused(response);
    assert.ok(!response.text.includes('sessionToken'), response.text);
    assertRefused(await change(mallory, { authData: { anonymous: { id } } }, mallory.as));
  }
});

test('that is empty or unknown is no sign-up (GHSA-wjqw-r9x4-j59v)', async () => {
  for (const authData of [{}, { bogus: {} }, { bogus: null }]) assertError(await join({ authData }), 400, 200);
  const credentials = () => ({ username: uniqueName(`auth${Math.random()}`), password: 'x' });
  assertError(await join({ ...credentials(), authData: { bogus: 'x' } }), 400, 252);
  createdId(await join({ ...credentials(), authData: {} }));
});

test('of an unknown provider, many at once (GHSA-g4cf-xj29-wqqr)', async () => {
  const body = { authData: { nonExistent: { id: 'x' } } };
  for (const answer of await Promise.all(Array.from({ length: 30 }, () => join(body)))) assertError(answer, 400, 252);
  assertNoServerError(await api.request('POST', '/challenge', { ...body, challengeData: { nonExistent: { id: 'x' } } }));
});

test('by a dotted name is refused (PR 10223)', async () => {
  for (const as of [mallory.as, victim.as]) {
    assertRefused(await change(victim, { 'authData.anonymous.id': 'x' }, as));
    assertRefused(await change(victim, { 'authData.anonymous': { id: 'x' } }, as));
  }
  assert.equal((await stored(victim)).authData, undefined);
});

test('by a dotted name is no way to sign up with it', { skip: oursOnly }, async () => {
  for (const dotted of [{ 'authData.anonymous.id': 'x' }, { 'authData.anonymous': { id: 'x' } }]) {
    const made = await join({ username: uniqueName(`dotted${Object.keys(dotted)[0].length}`), password: 'x', ...dotted });
    assertNoServerError(made);
    if (made.status === 201) assert.equal((await stored({ id: made.json.objectId })).authData, undefined);
  }
});

test('of odd kinds (PR 10224)', async () => {
  for (const value of ['x', 5, [], null, true, { bogus: 'x' }, { anonymous: 'x' }, { anonymous: [] }, { anonymous: 5 }]) {
    const body = { challengeData: value, authData: value };
    for (const tried of [body, { challengeData: value }, { ...body, username: { $ne: 1 }, password: 'x' }]) {
      assertNoServerError(await api.request('POST', '/challenge', tried));
    }
  }
});

test('signed up with twice at once makes one user (PR 10149)', async () => {
  const authData = { anonymous: { id: uniqueName('twice') } };
  const answers = await Promise.all(Array.from({ length: 8 }, () => join({ authData })));
  for (const answer of answers) assertNoServerError(answer);
  const ids = new Set(answers.filter(({ status }) => status < 300).map(({ json }) => json.objectId));
  assert.equal(ids.size, 1, [...ids].join());
});

test('of another user is not taken over', async () => {
  const id = uniqueName('taken');
  const owner = createdId(await join({ authData: { anonymous: { id } } }));
  assertError(await change(mallory, { authData: { anonymous: { id } } }, mallory.as), 400, 208);
  assert.equal(assertOk(await join({ authData: { anonymous: { id } } })).objectId, owner);
  assertError(await change({ id: owner }, { authData: { anonymous: null } }, mallory.as), 400, 206);
});

test('is seen by its user and the master key alone', async () => {
  const id = uniqueName('seen');
  const made = assertStatus(await join({ authData: { anonymous: { id } } }), 201);
  assertOk(await change({ id: made.objectId }, { ACL: { '*': { read: true } } }, bySession(made.sessionToken)));
  const seen = (as) => api.request('GET', `/users/${made.objectId}`, undefined, as);
  for (const as of [{}, mallory.as]) assert.ok(!assertOk(await seen(as)).authData);
  for (const as of [bySession(made.sessionToken), master]) assert.equal(assertOk(await seen(as)).authData.anonymous.id, id);
});

test('is no word to search by', { skip: oursOnly }, async () => {
  const id = uniqueName('searched');
  createdId(await join({ authData: { anonymous: { id } }, ACL: { '*': { read: true } } }));
  for (const where of [{ 'authData.anonymous.id': id }, { 'authData.anonymous': { id } }, { authData: { anonymous: { id } } }]) {
    for (const as of [{}, mallory.as]) {
      const response = await api.find('_User', { where }, as);
      assertNoServerError(response);
      assert.deepEqual(response.json.results ?? [], []);
    }
  }
});
