// Sessions: nobody borrows, prolongs or keeps one.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { assertError, assertNoServerError, assertOk, assertStatus, createdId } from '../support/assert.mjs';
import { oursOnly, ownServerOnly, startServer, uniqueName, until } from '../support/server.mjs';
import {
  bySession,
  everyOperation,
  logIn,
  makeClass,
  makeRole,
  master,
  moreKeys,
  pointer,
  readOnly,
  signUp,
  userPointer,
} from '../support/users.mjs';

const server = await startServer({ args: moreKeys });
after(() => server.stop());
const { api } = server;

const mallory = await signUp(api, 'mallory');
const victim = await signUp(api, 'victim');
const me = (as) => api.request('GET', '/users/me', undefined, as);
const sessions = (method, path, body, as) => api.request(method, `/sessions${path}`, body, as);
const rowOf = async (token) => assertOk(await sessions('GET', '/me', undefined, bySession(token)));
const victimRow = await rowOf(victim.token);

// No answer to somebody else shows the victim's token.
const assertHidden = (response) => assert.ok(!response.text.includes(victim.token), response.text);
const assertEnded = async (token) => assertError(await me(bySession(token)), 400, 209);
const assertLives = async (token) => assertOk(await me(bySession(token)));

describe('tokens are compared, not searched', () => {
  const operators = [{ $regex: 'r:' }, { $ne: null }, { $gt: '' }, { $exists: true }, ['r:'], 5, true];

  test('a token that is no text (GHSA-h4mf-75hf-67w4)', async () => {
    for (const _SessionToken of operators) {
      for (const path of ['/users/me', '/sessions/me', '/sessions', '/classes/_User']) {
        const body = { _ApplicationId: 'app', _JavaScriptKey: 'js', _method: 'GET', _SessionToken };
        const response = await api.request('POST', path, body, { anonymous: true });
        assert.ok(response.status >= 400 && response.status < 500, `${path} ${JSON.stringify(_SessionToken)}: ${response.text}`);
      }
    }
  });

  const { token } = victim;
  const nearly = {
    'without its last sign': token.slice(0, -1),
    'with one sign more': `${token}0`,
    'in capitals': token.toUpperCase(),
    'without its prefix': token.slice(2),
    'its prefix alone': 'r:',
    'a pattern': 'r:%',
    'a pattern of one sign': `${token.slice(0, -1)}_`,
    'a star': 'r:*',
    'a quote': "r:' OR '1'='1",
    'its id': victimRow.objectId,
  };
  for (const [title, tried] of Object.entries(nearly)) {
    test(`a token ${title}`, async () => {
      assertError(await me(bySession(tried)), 400, 209);
      assertError(await sessions('GET', '/me', undefined, bySession(tried)), 400, 209);
    });
  }

  test('a token in the address is no session', async () => {
    for (const name of ['_SessionToken', 'sessionToken', 'X-Parse-Session-Token']) {
      assertError(await api.request('GET', `/users/me?${name}=${encodeURIComponent(token)}`), 400, 209);
    }
  });

  test('a bad token is refused on every route, not taken as nobody', async () => {
    const bad = bySession('r:00000000000000000000000000000000');
    const C = uniqueName('BadToken');
    const requests = [
      ['GET', `/classes/${C}`],
      ['POST', `/classes/${C}`, { a: 1 }],
      ['POST', '/batch', { requests: [] }],
      ['GET', '/users'],
      ['POST', '/users', { username: uniqueName('bad'), password: 'x' }],
      ['PUT', `/users/${victim.id}`, { a: 1 }],
      ['PUT', '/sessions/me', { a: 1 }],
      ['DELETE', '/sessions/me'],
      ['GET', '/roles'],
      ['POST', '/logout'],
    ];
    for (const [method, path, body] of requests) assertError(await api.request(method, path, body, bad), 400, 209);
  });
});

describe('sessions of others', () => {
  test('are neither read, changed nor deleted (GHSA-6w4q-23cf-j9jp)', async () => {
    for (const root of ['/sessions', '/classes/_Session']) {
      const path = `${root}/${victimRow.objectId}`;
      for (const [method, body] of [['GET'], ['PUT', { note: 'x' }], ['PUT', {}], ['PUT', { user: userPointer(mallory) }], ['DELETE']]) {
        for (const as of [mallory.as, {}]) {
          const response = await api.request(method, path, body, as);
          assert.ok(response.status >= 400 && response.status < 500, `${method} ${response.text}`);
          assertHidden(response);
        }
      }
    }
    assert.deepEqual(await rowOf(victim.token), victimRow);
  });

  test('are in no list, whatever is asked', async () => {
    const wheres = [
      {},
      { user: userPointer(victim) },
      { objectId: victimRow.objectId },
      { objectId: { $in: [victimRow.objectId] } },
      { sessionToken: victim.token },
      { sessionToken: { $regex: '^r:' } },
      { $or: [{ user: userPointer(victim) }, { objectId: { $exists: true } }] },
      { $nor: [{ user: userPointer(mallory) }] },
      { user: { $ne: userPointer(mallory) } },
      { user: { $inQuery: { className: '_User', where: {} } } },
    ];
    for (const where of wheres) {
      const asked = `?where=${encodeURIComponent(JSON.stringify(where))}`;
      const response = await sessions('GET', asked, undefined, mallory.as);
      assertNoServerError(response);
      assertHidden(response);
      const counted = await sessions('GET', `${asked}&count=1&limit=0`, undefined, mallory.as);
      const own = (response.json.results ?? []).length;
      assert.equal(counted.json.count ?? 0, own, JSON.stringify(where));
    }
  });

  test('are not found by sub-queries, includes and other ways (GHSA-fcv6-fg5r-jm9q, GHSA-6r2j-cxgf-495f)', async () => {
    const fields = { to: { type: 'Pointer', targetClass: '_Session' }, all: { type: 'Relation', targetClass: '_Session' } };
    const C = await makeClass(api, 'SessionWays', fields);
    const W = await makeClass(api, 'SessionWords', { word: { type: 'String' } });
    createdId(await api.create(W, { word: victim.token }));
    const to = pointer('_Session', victimRow.objectId);
    const id = createdId(await api.create(C, { to, all: { __op: 'AddRelation', objects: [to] } }));
    const query = { className: '_Session', where: {} };
    const asked = [
      [C, { include: 'to', keys: 'to' }],
      [C, { include: 'to.user', keys: 'to' }],
      [C, { where: { to: { $inQuery: query } }, keys: 'to' }],
      [W, { where: { word: { $select: { query, key: 'sessionToken' } } } }],
      [C, { redirectClassNameForKey: 'to' }],
      [C, { redirectClassNameForKey: 'all' }],
      ['_Session', { where: { $relatedTo: { object: pointer(C, id), key: 'all' } } }],
    ];
    for (const [className, parameters] of asked) {
      for (const as of [mallory.as, {}]) {
        const response = await api.find(className, parameters, as);
        assertNoServerError(response);
        assertHidden(response);
        if (parameters.where) assert.deepEqual(response.json.results ?? [], [], JSON.stringify(parameters));
      }
    }
  });

  test('are not logged out', async () => {
    assertOk(await api.request('POST', '/logout', { sessionToken: victim.token, user: userPointer(victim) }));
    await assertLives(victim.token);
  });
});

describe('what the server sets', () => {
  const kValues = {
    user: userPointer(mallory),
    installationId: 'mine',
    sessionToken: 'r:00000000000000000000000000000000',
    expiresAt: { __type: 'Date', iso: '2099-01-01T00:00:00.000Z' },
    createdWith: { action: 'login', authProvider: 'password' },
  };
  const kFalsy = [null, 0, '', false, { __op: 'Delete' }];

  test('is not taken from somebody who makes a session (GHSA-5v7g-9h8f-8pgg)', async () => {
    for (const path of ['/sessions', '/classes/_Session']) {
      const { user, installationId, sessionToken, expiresAt } = kValues;
      const body = { sessionToken, expiresAt, user, installationId };
      const made = assertStatus(await api.request('POST', path, body, victim.as), 201);
      assert.notEqual(made.sessionToken, kValues.sessionToken);
      assert.equal(made.user.objectId, victim.id);
      assert.notEqual(made.expiresAt.iso, kValues.expiresAt.iso);
      const row = await rowOf(made.sessionToken);
      assert.deepEqual(row.createdWith, { action: 'create' });
      assert.equal(row.user.objectId, victim.id);
      assertError(await me(bySession(kValues.sessionToken)), 400, 209);
    }
  });

  for (const [name, value] of Object.entries(kValues)) {
    test(`is not changed later: ${name} (GHSA-jc39-686j-wp6q, GHSA-f6j3-w9v3-cq22)`, async () => {
      for (const tried of [value, ...kFalsy]) {
        for (const root of ['/sessions', '/classes/_Session']) {
          assertError(await api.request('PUT', `${root}/${victimRow.objectId}`, { [name]: tried }, victim.as), 400, [105, 111]);
        }
      }
      assert.deepEqual(await rowOf(victim.token), victimRow);
    });
  }

  test('an ACL is none of them', async () => {
    for (const ACL of [{}, { '*': { read: true } }, mallory.acl, null, { __op: 'Delete' }]) {
      assertError(await sessions('PUT', `/${victimRow.objectId}`, { ACL }, victim.as), 400, [105, 111]);
    }
  });

  test('by a batch neither', async () => {
    const requests = [{ method: 'PUT', path: `/parse/sessions/${victimRow.objectId}`, body: { expiresAt: kValues.expiresAt } }];
    assert.equal(assertOk(await api.request('POST', '/batch', { requests }, victim.as))[0].error.code, 105);
  });

  test('who signed up without a password did not sign up with one (GHSA-23r4-5mxp-c7g5)', async () => {
    const response = await api.request('POST', '/users', { authData: { anonymous: { id: uniqueName('anon') } } });
    assert.equal((await rowOf(assertStatus(response, 201).sessionToken)).createdWith.authProvider, 'anonymous');
  });
});

describe('a session ends', () => {
  const other = () => logIn(api, victim);

  test('by logging out, at once', async () => {
    const token = await other();
    await assertLives(token);
    assertOk(await api.request('POST', '/logout', undefined, bySession(token)));
    await assertEnded(token);
    await assertLives(victim.token);
  });

  test('by deleting its row, by its user and by the master key', async () => {
    for (const by of [victim.as, master]) {
      const token = await other();
      await assertLives(token);
      assertOk(await sessions('DELETE', `/${(await rowOf(token)).objectId}`, undefined, by));
      await assertEnded(token);
    }
  });

  test('by the end that the master key set, though it was in use (PR 10194)', { skip: oursOnly }, async () => {
    const token = await other();
    await assertLives(token);
    const past = { expiresAt: { __type: 'Date', iso: '2020-01-01T00:00:00.000Z' } };
    assertOk(await sessions('PUT', `/${(await rowOf(token)).objectId}`, past, master));
    await assertEnded(token);
  });

  test('with its user', async () => {
    const leaving = await signUp(api, 'leaving');
    const second = await logIn(api, leaving);
    await assertLives(second);
    assertOk(await api.request('DELETE', `/users/${leaving.id}`, undefined, leaving.as));
    for (const token of [leaving.token, second]) await assertEnded(token);
  });

  test('when the password changes, all but the one that is answered', async () => {
    const changing = await signUp(api, 'changing');
    const second = await logIn(api, changing);
    const { sessionToken } = assertOk(await api.request('PUT', `/users/${changing.id}`, { password: 'new' }, bySession(second)));
    for (const token of [changing.token, second]) await assertEnded(token);
    await assertLives(sessionToken);
    assertOk(await api.request('PUT', `/users/${changing.id}`, { password: 'newer' }, master));
    await assertEnded(sessionToken);
  });

  test('on its device with the next login there', async () => {
    const device = { headers: { 'X-Parse-Installation-Id': uniqueName('device') } };
    const [first, second] = [await logIn(api, victim, device), await logIn(api, victim, device)];
    await assertEnded(first);
    await assertLives(second);
    const elsewhere = await logIn(api, mallory, device);
    for (const token of [second, elsewhere]) await assertLives(token);
  });

  test('and takes the rights of roles with it, at once', async () => {
    const role = await makeRole(api, 'Ending', { users: [mallory] });
    const C = uniqueName('RoleGuarded');
    const id = createdId(await api.create(C, { a: 1, ACL: role.acl }, master));
    assertOk(await api.get(C, id, {}, mallory.as));
    const users = { __op: 'RemoveRelation', objects: [userPointer(mallory)] };
    assertOk(await api.request('PUT', `/roles/${role.id}`, { users }, master));
    assertError(await api.get(C, id, {}, mallory.as), 404, 101);
  });

  test('when its time is over (PR 10194)', { skip: ownServerOnly }, async () => {
    const short = await startServer({ args: ['--sessionLength', '1'] });
    const user = await signUp(short.api, 'short');
    const ended = () => short.api.request('GET', '/users/me', undefined, user.as).then((response) => response.status === 400 && response);
    assertError(await until(ended, { what: 'the end of the session' }), 400, 209, 'Session token is expired.');
    await short.stop();
  });
});

describe('login as somebody', () => {
  test('is for the master key alone (GHSA-79wj-8rqv-jvp5)', async () => {
    for (const as of [{}, mallory.as, victim.as, readOnly, { headers: { 'X-Parse-Maintenance-Key': 'maintenance' } }]) {
      const response = await api.request('POST', `/loginAs?userId=${victim.id}`, {}, as);
      assertError(response, 400, 119);
      assertError(await api.request('POST', '/loginAs', { userId: victim.id }, as), 400, 119);
    }
    assertOk(await api.request('POST', '/loginAs', { userId: victim.id }, master));
  });

  test('takes an id, nothing else', { skip: oursOnly }, async () => {
    for (const userId of [{ $ne: null }, { $regex: '.' }, [victim.id], 5, true, '', null, `${victim.id}' OR '1'='1`]) {
      const response = await api.request('POST', '/loginAs', { userId }, master);
      assert.ok(response.status >= 400 && response.status < 500, `${JSON.stringify(userId)}: ${response.text}`);
    }
  });
});

describe('fields of sessions that are protected', () => {
  const protect = (...names) => {
    const classLevelPermissions = { ...everyOperation({ '*': true }), protectedFields: { '*': names } };
    return api.schema('PUT', '_Session', { className: '_Session', classLevelPermissions });
  };
  before(async () => assertOk(await protect('createdWith', 'installationId')));
  after(() => protect());

  for (const path of ['/me', '', `/${victimRow.objectId}`]) {
    test(`GET /sessions${path && '/…'}${path === '/me' ? ' (me)' : ''} (GHSA-g4v2-qx3q-4p64)`, async () => {
      const response = await sessions('GET', path, undefined, victim.as);
      assertOk(response);
      assert.ok(!response.text.includes('createdWith'), response.text);
    });
  }

  test('POST /upgradeToRevocableSession (PR 10408)', { skip: oursOnly }, async () => {
    const response = await api.request('POST', '/upgradeToRevocableSession', undefined, bySession(await logIn(api, victim)));
    assertOk(response);
    assert.ok(!response.text.includes('createdWith'), response.text);
  });
});

test('tokens are as random as they look', async () => {
  const tokens = new Set();
  for (let count = 0; count < 20; count++) tokens.add(await logIn(api, mallory));
  assert.equal(tokens.size, 20);
  for (const token of tokens) assert.match(token, /^r:[0-9a-f]{32}$/);
  const signs = [...tokens].join('').replaceAll('r:', '');
  for (const sign of '0123456789abcdef') assert.ok(signs.split(sign).length - 1 > 10, `${sign} stands too seldom in ${signs}`);
});
