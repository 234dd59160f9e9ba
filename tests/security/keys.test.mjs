// Keys: none is guessed, borrowed from another address, or good for more than it is for.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { assertError, assertNoServerError, assertOk, assertStatus, assertUnauthorized, createdId } from '../support/assert.mjs';
import { outputWith, oursOnly, ownServerOnly, startServer, uniqueName } from '../support/server.mjs';
import { makeClass, maintenance, master, moreKeys, readOnly, signUp } from '../support/users.mjs';

const server = await startServer({ args: moreKeys });
after(() => server.stop());
const { api } = server;

const victim = await signUp(api, 'victim');
const C = await makeClass(api, 'Keyed', { n: { type: 'Number' }, text: { type: 'String' } });
const id = createdId(await api.create(C, { n: 1, text: 'a' }));
const masterKey = (key, more = {}) => ({ headers: { 'X-Parse-Master-Key': key, ...more } });
const assertRefused = (response) => assert.ok(response.status >= 400 && response.status < 500, `${response.status} ${response.text}`);

describe('the master key', () => {
  const kTried = [
    'Master',
    'MASTER',
    'maste',
    'master1',
    ' master x',
    'master,master',
    '%',
    '*',
    "' OR '1'='1",
    '[object Object]',
    'null',
    'undefined',
  ];
  for (const key of kTried) {
    test(`is not ${JSON.stringify(key)}`, async () => {
      assert.deepEqual(assertStatus(await api.request('GET', '/schemas', undefined, masterKey(key)), 403), { error: 'Permission denied' });
    });
  }

  test('is not taken from the address', async () => {
    for (const query of ['_MasterKey=master', 'masterKey=master', 'X-Parse-Master-Key=master', '_ApplicationId=app&_MasterKey=master']) {
      assertStatus(await api.request('GET', `/schemas?${query}`), 403);
    }
  });

  test('is not taken from the body where the headers name the application', async () => {
    const body = { _ApplicationId: 'app', _MasterKey: 'master', _method: 'GET' };
    assertRefused(await api.request('POST', '/schemas', body));
    assertRefused(await api.request('POST', `/classes/${C}`, { _MasterKey: 'master', n: 1 }));
  });

  test('is not taken when it is no text', async () => {
    for (const _MasterKey of [{ $ne: null }, { $regex: '.' }, ['master'], 5, true]) {
      const body = { _ApplicationId: 'app', _JavaScriptKey: 'js', _MasterKey, _method: 'GET' };
      assertRefused(await api.request('POST', '/schemas', body, { anonymous: true }));
    }
  });

  test('is not another key', async () => {
    for (const key of ['rest', 'js', 'app', 'maintenance'])
      assertStatus(await api.request('GET', '/schemas', undefined, masterKey(key)), 403);
  });

  test('makes a bad session harmless', async () => {
    const headers = { 'X-Parse-Session-Token': 'r:bad' };
    assertOk(await api.request('GET', '/schemas', undefined, { ...master, headers }));
  });
});

describe('the maintenance key', () => {
  test('is no master key', async () => {
    const requests = [
      ['GET', '/schemas'],
      ['POST', `/schemas/${uniqueName('New')}`, {}],
      ['DELETE', `/schemas/${C}`],
      ['DELETE', `/purge/${C}`],
      ['GET', `/aggregate/${C}?pipeline=${encodeURIComponent('[{"$match":{}}]')}`],
      ['PUT', '/config', { params: { a: 1 } }],
    ];
    for (const [method, path, body] of requests) assertStatus(await api.request(method, path, body, maintenance), 403);
    assertError(await api.request('POST', '/loginAs', { userId: victim.id }, maintenance), 400, 119);
    assertOk(await api.get(C, id));
  });

  test('is compared exactly', async () => {
    for (const key of ['Maintenance', 'maintenanc', 'maintenance1', 'master', 'readonly']) {
      const headers = { 'X-Parse-Maintenance-Key': key };
      assertError(await api.request('GET', `/users/${victim.id}`, undefined, { headers }), 404, 101);
    }
    assertOk(await api.request('GET', `/users/${victim.id}`, undefined, maintenance));
  });
});

describe('the read-only master key', () => {
  test('reads everything', async () => {
    assertOk(await api.request('GET', `/users/${victim.id}`, undefined, readOnly));
    assertOk(await api.find(C, {}, readOnly));
    assertOk(await api.request('GET', '/schemas', undefined, readOnly));
    assertOk(await api.request('GET', '/sessions', undefined, readOnly));
  });

  const kWrites = {
    'create an object': ['POST', `/classes/${C}`, { n: 2 }],
    'update an object': ['PUT', `/classes/${C}/${id}`, { n: 2 }],
    'delete an object': ['DELETE', `/classes/${C}/${id}`],
    'update by _method': ['POST', `/classes/${C}/${id}`, { n: 2, _method: 'PUT' }],
    'delete by _method': ['POST', `/classes/${C}/${id}`, { _method: 'DELETE' }],
    'make a class': ['POST', `/schemas/${uniqueName('ByReadOnly')}`, {}],
    'change a class': ['PUT', `/schemas/${C}`, { fields: { more: { type: 'String' } } }],
    'delete a class': ['DELETE', `/schemas/${C}`],
    purge: ['DELETE', `/purge/${C}`],
    'change the config': ['PUT', '/config', { params: { byReadOnly: 1 } }],
    'sign up': ['POST', '/users', { username: uniqueName('byReadOnly'), password: 'x' }],
    'change a user': ['PUT', `/users/${victim.id}`, { nick: 'x' }],
    'delete a user': ['DELETE', `/users/${victim.id}`],
    'make a session': ['POST', '/sessions', {}],
    'make a role': ['POST', '/roles', { name: uniqueName('ByReadOnly'), ACL: {} }],
    'log in as somebody (GHSA-79wj-8rqv-jvp5)': ['POST', `/loginAs?userId=${victim.id}`, {}],
    'upload a file (GHSA-xfh7-phr7-gr2x)': ['POST', '/files/a.txt', 'text'],
    'delete a file (GHSA-xfh7-phr7-gr2x)': ['DELETE', '/files/a.txt'],
    'make a webhook (GHSA-vc89-5g3r-cmhh)': ['POST', '/hooks/functions', { functionName: 'p', url: 'http://127.0.0.1:1/' }],
    'change a webhook (GHSA-vc89-5g3r-cmhh)': ['PUT', '/hooks/functions/p', { url: 'http://127.0.0.1:1/' }],
    'make a trigger (GHSA-vc89-5g3r-cmhh)': [
      'POST',
      '/hooks/triggers',
      { className: C, triggerName: 'beforeSave', url: 'http://127.0.0.1:1/' },
    ],
    'start a job (GHSA-vc89-5g3r-cmhh)': ['POST', '/jobs/x', {}],
    push: ['POST', '/push', { where: {}, data: { alert: 'x' } }],
  };
  for (const [title, [method, path, body]] of Object.entries(kWrites)) {
    test(`does not ${title}`, async () => {
      const was = assertOk(await api.get(C, id)).n;
      assertRefused(await api.request(method, path, body, readOnly));
      assert.equal(assertOk(await api.get(C, id)).n, was);
      assertOk(await api.request('GET', `/users/${victim.id}`, undefined, master));
    });
  }

  test('does not write in a batch', async () => {
    const requests = ['POST', 'PUT', 'DELETE'].map((method) => ({
      method,
      path: `/parse/classes/${C}${method === 'POST' ? '' : `/${id}`}`,
      body: { n: 9 },
    }));
    for (const { error } of assertOk(await api.request('POST', '/batch', { requests }, readOnly))) assert.equal(error.code, 119);
    const whole = await api.request('POST', '/batch', { transaction: true, requests }, readOnly);
    assert.ok(whole.status >= 400, whole.text);
    assert.equal(assertOk(await api.get(C, id)).n, 1);
  });

  test('does not write by a pipeline (PR 10517)', async () => {
    for (const stage of [{ $out: 'Stolen' }, { $merge: { into: C } }, { $merge: 'Stolen' }]) {
      const pipeline = encodeURIComponent(JSON.stringify([{ $match: {} }, stage]));
      assertNoServerError(await api.request('GET', `/aggregate/${C}?pipeline=${pipeline}`, undefined, readOnly));
    }
    const { results } = assertOk(await api.request('GET', '/schemas', undefined, master));
    assert.ok(!results.some(({ className }) => className === 'Stolen'));
    assert.equal(assertOk(await api.find(C, {}, master)).results.length, 1);
  });
});

describe('clients', () => {
  const clients = () => [{}, victim.as, { headers: { 'X-Parse-REST-API-Key': null, 'X-Parse-Javascript-Key': 'js' } }];
  const kRoutes = [
    ['GET', '/schemas'],
    ['POST', `/schemas/${uniqueName('ByClient')}`, {}],
    ['PUT', `/schemas/${C}`, { classLevelPermissions: {} }],
    ['DELETE', `/schemas/${C}`],
    ['DELETE', `/purge/${C}`],
    ['GET', `/aggregate/${C}?distinct=n`],
    ['PUT', '/config', { params: { byClient: 1 } }],
    ['POST', '/hooks/functions', { functionName: 'p', url: 'http://169.254.169.254/' }],
    ['PUT', '/hooks/functions/p', { url: 'http://169.254.169.254/' }],
    ['POST', '/hooks/triggers', { className: C, triggerName: 'beforeSave', url: 'http://169.254.169.254/' }],
    ['POST', '/push', { where: {}, data: { alert: 'x' } }],
    ['POST', '/jobs/x', {}],
  ];
  for (const [method, path, body] of kRoutes) {
    test(`${method} ${path.split('?')[0]} is the master key’s (GHSA-8pjv-59c8-44p8)`, async () => {
      for (const as of clients()) {
        assertRefused(await api.request(method, path, body, as));
        assertRefused(await api.request('POST', path, { ...body, _method: method }, as));
      }
    });
  }

  // A POST to this path is an upload, which users may do: so the method itself is tried alone.
  test('DELETE /files/a.txt is the master key’s (GHSA-8pjv-59c8-44p8)', async () => {
    for (const as of clients()) assertRefused(await api.request('DELETE', '/files/a.txt', undefined, as));
  });
});

// ---- Servers of their own, since each has other options. The tests run on 127.0.0.1, which is no address of these lists.

const kForeign = ['--masterKeyIps', '10.0.0.1,10.1.0.0/16', '--maintenanceKeyIps', '10.0.0.1', '--readOnlyMasterKeyIps', '10.0.0.1'];
const kClaims = ['X-Forwarded-For', 'Forwarded', 'X-Real-IP', 'X-Client-IP', 'True-Client-IP', 'CF-Connecting-IP'];

describe('keys that are good at some addresses only', { skip: ownServerOnly }, () => {
  let lists;
  before(async () => (lists = await startServer({ args: [...moreKeys, ...kForeign] })));
  after(() => lists.stop());
  const kKeys = { masterKeyIps: masterKey('master'), maintenanceKeyIps: maintenance, readOnlyMasterKeyIps: masterKey('readonly') };

  for (const [option, as] of Object.entries(kKeys)) {
    test(`${option}: elsewhere they are refused, not taken as a client’s`, async () => {
      assertUnauthorized(await lists.api.request('GET', '/users', undefined, as));
    });

    test(`${option}: the log says which address was refused, and what to set`, { skip: oursOnly }, async () => {
      assertUnauthorized(await lists.api.request('GET', '/users', undefined, as));
      const said = await outputWith(lists, new RegExp(`from 127\\.0\\.0\\.1, .*${option}`));
      assert.doesNotMatch(said, /X-Parse-Master-Key: |X-Parse-Maintenance-Key: /i);
    });

    test(`${option}: a header is not believed (GHSA-vm5r-c87r-pf6x)`, async () => {
      for (const name of kClaims) {
        for (const value of ['10.0.0.1', '::ffff:10.0.0.1', '127.0.0.1, 10.0.0.1', '10.0.0.1, 127.0.0.1', 'for=10.0.0.1']) {
          assertUnauthorized(await lists.api.request('GET', '/users', undefined, { headers: { ...as.headers, [name]: value } }));
        }
      }
    });
  }

  test('clients are welcome all the same', async () => assertOk(await lists.api.request('GET', '/users')));

  test('in every form that a key can be sent in', async () => {
    const basic = { Authorization: `Basic ${Buffer.from('app:master').toString('base64')}` };
    assertUnauthorized(await lists.api.request('GET', '/schemas', undefined, { anonymous: true, headers: basic }));
    const body = { _ApplicationId: 'app', _MasterKey: 'master', _method: 'GET' };
    assertUnauthorized(await lists.api.request('POST', '/schemas', body, { anonymous: true }));
  });

  test('an empty list is for nobody', async () => {
    const closed = await startServer({ args: ['--masterKeyIps', '[]'] });
    assertUnauthorized(await closed.api.request('GET', '/schemas', undefined, master));
    await closed.stop();
  });
});

describe('behind a proxy that is trusted', { skip: ownServerOnly }, () => {
  let proxied;
  before(async () => (proxied = await startServer({ args: [...kForeign, '--trustProxy', '["127.0.0.1"]'] })));
  after(() => proxied.stop());
  const from = (address) => proxied.api.request('GET', '/schemas', undefined, masterKey('master', { 'X-Forwarded-For': address }));

  test('its header is believed', async () => {
    for (const address of ['10.0.0.1', '10.1.2.3', '::ffff:10.0.0.1', '1.2.3.4, 10.0.0.1']) assertOk(await from(address));
  });

  test('but not what a client wrote before it', async () => {
    for (const address of ['10.0.0.1, 1.2.3.4', '10.2.0.1', '1.2.3.4', 'nonsense', '10.0.0.1.evil.example', ''])
      assertUnauthorized(await from(address));
  });
});

describe('a list of routes', { skip: ownServerOnly }, () => {
  let narrow;
  before(async () => (narrow = await startServer({ args: ['--routeAllowList', '["batch","classes/Allowed.*"]'] })));
  after(() => narrow.stop());

  test('closes all others to clients', async () => {
    assertOk(await narrow.api.find('Allowed'));
    for (const path of ['/classes/Other', '/users', '/users/me', '/config', '/sessions', '/classes/Other/Allowed', '/CLASSES/Other']) {
      assertError(await narrow.api.request('GET', path), 400, 119);
    }
    assertOk(await narrow.api.request('GET', '/schemas', undefined, master));
  });

  test('closes them in a batch, too (GHSA-p84r-h6rx-f2xr)', async () => {
    for (const path of ['/parse/classes/Other', '/parse/users', '/parse//classes/Other', '/parse/classes/Other?x=classes/Allowed']) {
      const method = path.endsWith('users') ? 'GET' : 'POST';
      const response = await narrow.api.request('POST', '/batch', { requests: [{ method, path, body: { a: 1 } }] });
      if (response.status !== 200) assertRefused(response);
      else assert.ok(response.json[0].error, response.text);
    }
    assert.deepEqual(assertOk(await narrow.api.find('Other', {}, master)).results, []);
  });
});

describe('denied words of the option', { skip: ownServerOnly }, () => {
  let strict;
  const kWords = JSON.stringify([{ key: 'abc' }, { key: 'def', value: 'x' }]);
  before(async () => (strict = await startServer({ args: ['--requestKeywordDenylist', kWords] })));
  after(() => strict.stop());

  test('are found on every route that writes (GHSA-q342-9w2p-57fp)', async () => {
    const fine = createdId(await strict.api.create('Denied', { def: 'y', o: { Abc: 1 } }));
    const requests = [
      ['POST', '/classes/Denied', { abc: 1 }],
      ['POST', '/classes/Denied', { a: [{ b: { abc: 1 } }] }],
      ['POST', '/classes/Denied', { def: 'x' }],
      ['PUT', `/classes/Denied/${fine}`, { 'o.abc': 1 }],
      ['POST', '/users', { username: 'u', password: 'x', abc: 1 }],
      ['POST', '/roles', { name: 'r', ACL: {}, o: { abc: 1 } }],
    ];
    for (const [method, path, body] of requests) assertError(await strict.api.request(method, path, body), 400, 105, /^Prohibited keyword/);
  });

  test('are whole keys', { skip: oursOnly }, async () => {
    for (const body of [{ abcd: 1 }, { o: { xabc: 1 } }, { text: 'abc' }, { def: 'xx' }]) createdId(await strict.api.create('Whole', body));
  });
});

describe('denied words on the routes of users', () => {
  const bodies = [{ o: { constructor: { prototype: 1 } } }, { o: { _bsontype: 'Code', code: 'x' } }];
  for (const more of bodies) {
    test(`${JSON.stringify(more)} (GHSA-p6h4-93qp-jhcm)`, async () => {
      const user = { username: uniqueName('denied'), password: 'x' };
      for (const response of [
        await api.request('POST', '/users', { ...user, ...more }),
        await api.request('PUT', `/users/${victim.id}`, more, victim.as),
        await api.request('POST', '/roles', { name: uniqueName('Denied'), ACL: {}, ...more }),
        await api.request('POST', '/sessions', more, victim.as),
      ])
        assertError(response, 400, 105, /^Prohibited keyword/);
    });
  }

  test('__proto__ (GHSA-9ccr-fpp6-78qf)', async () => {
    const text = `{"username":"${uniqueName('proto')}","password":"x","__proto__":{"isAdmin":true}}`;
    assertError(await api.request('POST', '/users', text), 400, 105);
    assertError(await api.request('PUT', `/users/${victim.id}`, '{"__proto__":{"isAdmin":true}}', victim.as), 400, 105);
  });
});
