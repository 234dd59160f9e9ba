// Users and passwords: nobody logs in as another, takes another over, or learns who is there.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { assertError, assertNoServerError, assertOk, createdId } from '../support/assert.mjs';
import { isParseServer, oursOnly, ownServerOnly, startServer, uniqueName } from '../support/server.mjs';
import { bySession, everyOperation, kPassword, maintenance, makeClass, master, moreKeys, signUp, userPointer } from '../support/users.mjs';

const server = await startServer({ args: moreKeys });
after(() => server.stop());
const { api } = server;

const mallory = await signUp(api, 'mallory');
const victim = await signUp(api, 'victim', { email: `${uniqueName('victim')}@example.com`, nick: 'V' });
const join = (body, as) => api.request('POST', '/users', body, as);
const login = (body, as) => api.request('POST', '/login', body, as);
const change = (user, body, as) => api.request('PUT', `/users/${user.id}`, body, as);
const stored = async (user) => assertOk(await api.request('GET', `/users/${user.id}`, undefined, master));
const kOperators = [{ $ne: '' }, { $regex: '.*' }, { $gt: '' }, { $exists: true }, { $in: [victim.name] }, [victim.name], 5, true];
const kInternal = [
  '_hashed_password',
  '_perishable_token',
  '_perishable_token_expires_at',
  '_email_verify_token',
  '_email_verify_token_expires_at',
  '_failed_login_count',
  '_account_lockout_expires_at',
  '_password_changed_at',
  '_password_history',
  '_session_token',
  '_tombstone',
  '_auth_data_anonymous',
  '_rperm',
  '_wperm',
  '_acl',
];

// The victim is as it was, and the password still is.
async function assertUntouched(work) {
  const { updatedAt: _, ...was } = await stored(victim);
  await work();
  const { updatedAt: _later, ...is } = await stored(victim);
  assert.deepEqual(is, was);
  assertOk(await login({ username: victim.name, password: kPassword }));
}

const assertRefused = (response) => assert.ok(response.status >= 400 && response.status < 500, `${response.status} ${response.text}`);

describe('login', () => {
  test('takes texts, nothing else (GHSA-h4mf-75hf-67w4, commit 3a3a5ee)', async () => {
    for (const path of ['/login', '/verifyPassword']) {
      for (const odd of kOperators) {
        for (const body of [
          { username: odd, password: kPassword },
          { email: odd, password: kPassword },
          { username: victim.name, password: odd },
          { username: victim.name, email: odd, password: kPassword },
        ]) {
          const response = await api.request('POST', path, body);
          assertRefused(response);
          assert.ok(!response.text.includes('sessionToken'), response.text);
        }
      }
    }
  });

  test('takes no patterns and no SQL', async () => {
    for (const text of [
      '%',
      '_',
      '*',
      '.*',
      "' OR '1'='1",
      `${victim.name}' --`,
      `${victim.name}%`,
      `${victim.name} `,
      ` ${victim.name}`,
    ]) {
      assertError(await login({ username: text, password: kPassword }), 404, 101);
      assertError(await login({ username: victim.name, password: text }), 404, 101);
    }
  });

  test('with name and email of different users', async () => {
    const { email } = await stored(victim);
    assertError(await login({ username: mallory.name, email, password: kPassword }), 404, 101);
  });

  test('says the same whether the user is there or not', async () => {
    const answers = [];
    for (const username of [victim.name, uniqueName('unknown')]) {
      for (const path of ['/login', '/verifyPassword']) {
        const { status, json } = await api.request('POST', path, { username, password: 'wrong' });
        answers.push({ status, json });
      }
    }
    for (const answer of answers) assert.deepEqual(answer, answers[0]);
  });

  test('takes as long whether the user is there or not (GHSA-mmpq-5hcv-hf2v)', async () => {
    const times = { known: [], unknown: [] };
    for (let round = 0; round < 9; round++) {
      for (const [kind, username] of [
        ['known', victim.name],
        ['unknown', uniqueName('unknown')],
      ]) {
        const start = performance.now();
        assertError(await login({ username, password: 'wrong' }), 404, 101);
        times[kind].push(performance.now() - start);
      }
    }
    const median = (list) => list.sort((a, b) => a - b)[Math.floor(list.length / 2)];
    const ratio = median(times.unknown) / median(times.known);
    assert.ok(ratio > 0.5 && ratio < 2, `unknown users take ${ratio} times as long`);
  });

  test('does not cut a password at NUL', async () => {
    const user = { username: uniqueName('nul'), password: 'abc\u0000def' };
    const made = await join(user);
    assertNoServerError(made);
    if (made.status !== 201) return assertRefused(made);
    for (const password of ['abc', 'abc\u0000', 'abc\u0000xyz']) {
      assertError(await login({ ...user, password }), 404, 101);
    }
    return assertOk(await login(user));
  });

  test('with very long texts is refused, and quickly', async () => {
    const long = 'x'.repeat(5_000_000);
    const start = performance.now();
    for (const body of [
      { username: victim.name, password: long },
      { username: long, password: kPassword },
      { email: long, password: kPassword },
    ])
      assertRefused(await login(body));
    assert.ok(performance.now() - start < 5000);
  });

  test('with a token beside is still a login', async () => {
    assertOk(await login({ username: victim.name, password: kPassword }, mallory.as));
    assertError(await login({ username: victim.name, password: 'wrong' }, victim.as), 404, 101);
  });

  test('with authData of an unknown provider stores nothing (GHSA-mr43-w6c2-mvjq)', async () => {
    await assertUntouched(async () => {
      assertRefused(await login({ username: victim.name, password: kPassword, authData: { bogus: { id: 'x' } } }));
      assertRefused(await login({ username: victim.name, password: 'wrong', authData: { anonymous: { id: uniqueName('x') } } }));
    });
  });

  test('many wrong ones at once lock the account (PR 10266)', { skip: ownServerOnly }, async () => {
    const locking = await startServer({ args: ['--accountLockout.threshold', '3', '--accountLockout.duration', '5'] });
    const user = await signUp(locking.api, 'locked');
    const wrong = { username: user.name, password: 'wrong' };
    const answers = await Promise.all(Array.from({ length: 20 }, () => locking.api.request('POST', '/login', wrong)));
    for (const answer of answers) assertError(answer, 404, 101);
    assertError(await locking.api.request('POST', '/login', { ...wrong, password: kPassword }), 404, 101, /locked/);
    const unlocked = await signUp(locking.api, 'unlocked');
    assertOk(await locking.api.request('POST', '/login', { username: unlocked.name, password: kPassword }));
    await locking.stop();
  });
});

describe('fields that are the server’s', () => {
  for (const name of kInternal) {
    test(`${name} is neither written nor asked for (issue 3432, issue 3393, GHSA-2m6g-crv8-p3c6)`, async () => {
      await assertUntouched(async () => {
        for (const value of ['x', ['*'], 5]) {
          assertError(await change(victim, { [name]: value }, victim.as), 400, 105);
          assertError(await join({ username: uniqueName('internal'), password: 'x', [name]: value }), 400, 105);
        }
        if (isParseServer && /^_.perm$/.test(name)) return; // D23 in docs/compatibility.md
        const nor = /^_.perm$/.test(name) ? [] : [{ $and: [{ $nor: [{ [name]: { $regex: '.' } }] }] }]; // no object has such a field
        const where = { [name]: { $regex: '.' } };
        const query = { className: '_User', where };
        const C = uniqueName('Asking');
        for (const asked of [where, { $or: [where] }, ...nor, { to: { $inQuery: query } }]) {
          for (const className of ['_User', C]) {
            const response = await api.find(className, { where: asked }, mallory.as);
            assertNoServerError(response);
            assert.deepEqual(response.json.results ?? [], []);
          }
        }
      });
    });
  }

  test('none of them is taken away by null (D37 in docs/compatibility.md)', { skip: oursOnly }, async () => {
    await assertUntouched(async () => {
      for (const name of kInternal) {
        for (const value of [null, { __op: 'Delete' }]) assertError(await change(victim, { [name]: value }, victim.as), 400, 105);
      }
    });
  });

  test('none of them is answered', async () => {
    const keys = kInternal.join();
    const id = createdId(await api.create(uniqueName('PointsToUser'), { to: userPointer(victim) }));
    for (const as of [victim.as, master]) {
      for (const response of [
        await api.request('GET', `/users/${victim.id}?keys=${keys},password`, undefined, as),
        await api.request('GET', `/users/me`, undefined, { headers: { ...victim.as.headers, ...as.headers } }),
        await api.find('_User', { where: { objectId: victim.id }, keys, order: 'createdAt' }, as),
        await api.find(uniqueName('PointsToUser'), { include: 'to', where: { objectId: id } }, as),
        await login({ username: victim.name, password: kPassword }, as),
        await api.request('POST', '/verifyPassword', { username: victim.name, password: kPassword }, as),
      ]) {
        assertNoServerError(response);
        for (const word of [...kInternal, 'password"', '$2']) assert.ok(!response.text.includes(word), `${word} in ${response.text}`);
      }
    }
  });

  test('passwords are no words to search by', async () => {
    const W = await makeClass(api, 'Words', { word: { type: 'String' } });
    createdId(await api.create(W, { word: kPassword }));
    for (const key of ['password', '_hashed_password', 'authData', 'email']) {
      for (const operator of ['$select', '$dontSelect']) {
        const response = await api.find(
          W,
          { where: { word: { [operator]: { query: { className: '_User', where: {} }, key } } } },
          mallory.as,
        );
        if (response.status >= 500 && isParseServer) continue; // D06 in docs/compatibility.md
        assertNoServerError(response);
        assert.equal((response.json.results ?? []).length, operator === '$select' || response.status !== 200 ? 0 : 1, key);
      }
    }
    for (const where of [{ password: kPassword }, { password: { $exists: true } }]) {
      const response = await api.find('_User', { where }, victim.as);
      assertNoServerError(response);
      assert.deepEqual(response.json.results ?? [], []);
    }
  });

  test('emailVerified is the master key’s', async () => {
    for (const value of [true, false, null, { __op: 'Delete' }]) {
      assertError(await change(victim, { emailVerified: value }, victim.as), 400, 119);
      assertError(await join({ username: uniqueName('verified'), password: 'x', emailVerified: value }), 400, 119);
    }
  });

  test('a session token in the body is none', async () => {
    const sessionToken = 'r:11111111111111111111111111111111';
    assertNoServerError(await change(mallory, { sessionToken }, mallory.as));
    const made = await join({ username: uniqueName('token'), password: 'x', sessionToken });
    assert.notEqual(made.json.sessionToken, sessionToken);
    assertError(await api.request('GET', '/users/me', undefined, bySession(sessionToken)), 400, 209);
  });

  test('the maintenance key reads what nobody else does', { skip: oursOnly }, async () => {
    const row = assertOk(await api.request('GET', `/users/${victim.id}`, undefined, maintenance));
    assert.equal(row.objectId, victim.id);
    assert.ok(!JSON.stringify(row).includes(kPassword));
  });
});

describe('other users', () => {
  test('are neither changed nor deleted', async () => {
    await assertUntouched(async () => {
      for (const as of [{}, mallory.as]) {
        for (const path of [`/users/${victim.id}`, `/classes/_User/${victim.id}`]) {
          for (const body of [{ password: 'x' }, { nick: 'x' }, { ACL: mallory.acl }, { username: uniqueName('x') }, {}]) {
            assertError(await api.request('PUT', path, body, as), 400, 206);
            assertError(await api.request('POST', path, { ...body, _method: 'PUT' }, as), 400, 206);
          }
          assertError(await api.request('DELETE', path, undefined, as), 400, 206);
        }
        const requests = [
          { method: 'PUT', path: `/parse/users/${victim.id}`, body: { password: 'x' } },
          { method: 'DELETE', path: `/parse/users/${victim.id}` },
        ];
        for (const { error } of assertOk(await api.request('POST', '/batch', { requests }, as))) assert.equal(error.code, 206);
      }
    });
  });

  test('are as if they were not there', async () => {
    for (const as of [{}, mallory.as]) {
      const [there, missing] = await Promise.all([victim.id, 'doesNotEx1'].map((id) => api.request('GET', `/users/${id}`, undefined, as)));
      assert.deepEqual([there.status, there.json], [missing.status, missing.json]);
      const [put, putMissing] = await Promise.all([victim, { id: 'doesNotEx1' }].map((user) => change(user, { nick: 'x' }, as)));
      assert.deepEqual([put.status, put.json], [putMissing.status, putMissing.json]);
      for (const where of [{ objectId: victim.id }, { username: victim.name }, { nick: 'V' }, { $or: [{ username: victim.name }] }]) {
        assert.deepEqual(assertOk(await api.find('_User', { where }, as)).results, []);
        assert.equal(assertOk(await api.find('_User', { where, count: 1, limit: 0 }, as)).count, 0);
      }
    }
  });

  test('are not found by their email', async () => {
    const { email } = await stored(victim);
    for (const where of [{ email }, { email: { $regex: '.' } }, { $or: [{ email }] }, { $and: [{ $nor: [{ email }] }] }]) {
      assertError(await api.find('_User', { where }, mallory.as), 400, 119);
      assertError(await api.find('_User', { where, count: 1, limit: 0 }, mallory.as), 400, 119);
    }
    assertError(await api.find('_User', { order: 'email' }, mallory.as), 400, 119);
  });

  test('keep their rights to themselves', async () => {
    for (const ACL of [{}, { '*': { read: true } }, mallory.acl, null, { __op: 'Delete' }]) {
      assertNoServerError(await change(victim, { ACL }, victim.as));
      assert.deepEqual((await stored(victim)).ACL?.[victim.id], { read: true, write: true }, JSON.stringify(ACL));
    }
    assertOk(await change(victim, { ACL: victim.acl }, victim.as));
  });
});

describe('names and emails are unique', () => {
  for (const [field, code] of [
    ['username', 202],
    ['email', 203],
  ]) {
    test(`${field}: of many at once one gets it`, async () => {
      const value = `${uniqueName('race')}@example.com`;
      const body = (number) => ({ username: uniqueName(`race${field}${number}`), password: 'x', [field]: value });
      const answers = await Promise.all(Array.from({ length: 12 }, (_, number) => join(body(number))));
      assert.equal(answers.filter(({ status }) => status === 201).length, 1);
      for (const answer of answers.filter(({ status }) => status !== 201)) assertError(answer, 400, code);
    });
  }

  test('whatever their case, also outside of ASCII', async () => {
    const name = uniqueName('Größe');
    createdId(await join({ username: name, password: 'x' }));
    for (const username of [name.toUpperCase().replace('SS', 'ß'), name.toLowerCase()]) {
      assertError(await join({ username, password: 'x' }), 400, 202);
    }
  });

  test('a NUL does not make two of one', { skip: oursOnly }, async () => {
    const name = uniqueName('nulname');
    createdId(await join({ username: name, password: 'x' }));
    const response = await join({ username: `${name}\u0000b`, password: 'y' });
    assertNoServerError(response);
    assertError(await login({ username: name, password: 'y' }), 404, 101);
    assertOk(await login({ username: name, password: 'x' }));
  });
});

describe('when nobody may sign up', () => {
  const permissions = (entries) => {
    const classLevelPermissions = { ...everyOperation({ '*': true }), protectedFields: {}, ...entries };
    return api.schema('PUT', '_User', { className: '_User', classLevelPermissions });
  };
  after(() => permissions({}));

  test('nothing is told about names and emails (GHSA-4m9m-p9j9-5hjw, PR 10268)', async () => {
    const { email } = await stored(victim);
    const bodies = [
      { username: victim.name, password: 'x' },
      { username: uniqueName('new'), password: 'x', email },
      { username: uniqueName('new'), password: 'x' },
      { username: uniqueName('new'), password: 'x', email: 'nowhere' },
    ];
    assertOk(await permissions({ create: {} }));
    for (const path of ['/users', '/classes/_User']) {
      for (const body of bodies) assertError(await api.request('POST', path, body), 400, 119, 'Permission denied');
    }
    assertOk(await permissions({}));
    assertError(await join(bodies[0]), 400, 202);
  });

  test('a login shows no more than one may read (GHSA-75v4-m273-5j49)', async () => {
    assertOk(await permissions({ get: {}, find: {} }));
    const credentials = { username: victim.name, password: kPassword };
    const loggedIn = assertOk(await login(credentials));
    assert.deepEqual(Object.keys(loggedIn).sort(), ['objectId', 'sessionToken']);
    const verified = assertOk(await api.request('POST', '/verifyPassword', credentials));
    assert.deepEqual(verified, { objectId: victim.id });
    assertOk(await permissions({}));
  });
});

describe('ids of users', { skip: ownServerOnly }, () => {
  let custom;
  before(async () => (custom = await startServer({ args: ['--allowCustomObjectId', 'true', ...moreKeys] })));
  after(() => custom.stop());

  const tryId = (objectId) => {
    const username = uniqueName(`id${objectId.slice(0, 5)}${objectId.length}`);
    return custom.api.request('POST', '/users', { objectId, username, password: 'x' });
  };

  test('are no roles (GHSA-8xq9-g7ch-35hg)', async () => {
    for (const objectId of ['role:a', 'role:', 'role:*']) assertError(await tryId(objectId), 400, 119);
    assertRefused(await tryId(''));
  });

  test('are no other entities of permissions, and not longer than a key may be', { skip: oursOnly }, async () => {
    for (const objectId of ['*', 'a:b', 'userField:owner', 'x'.repeat(5000)]) {
      const response = await tryId(objectId);
      assertRefused(response);
      assert.ok(!response.text.includes('sessionToken'), response.text);
    }
    createdId(await custom.api.request('POST', '/users', { username: uniqueName('plain'), password: 'x' }));
  });

  test('chosen by a user give nobody’s rights', async () => {
    const { id } = await signUp(custom.api, 'first');
    const response = await custom.api.request('POST', '/users', { objectId: id, username: uniqueName('second'), password: 'x' });
    assertRefused(response);
    createdId(await custom.api.request('POST', '/users', { username: uniqueName('third'), password: 'x' }));
  });
});

test('passwords and tokens are not in the log', { skip: ownServerOnly }, async () => {
  const talking = await startServer({ args: ['--verbose', 'true', '--logLevel', 'debug'] });
  const password = 'verySecretWord';
  const user = await signUp(talking.api, 'logged', { password });
  const credentials = { username: user.name, password };
  assertOk(await talking.api.request('POST', '/login', credentials));
  assertOk(await talking.api.request('POST', '/verifyPassword', credentials));
  assertError(await talking.api.request('POST', '/login', { ...credentials, password: `${password}2` }), 404, 101);
  assertOk(await talking.api.request('GET', '/users/me', undefined, user.as));
  await talking.stop();
  const said = talking.stdout() + talking.stderr();
  for (const word of [password, user.token, user.token.slice(2)]) assert.ok(!said.includes(word), 'a secret stands in the log');
});
