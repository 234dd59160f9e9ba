// Attacks on webhooks, and through what webhooks answer.
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { assertError, assertOk, assertStatus, createdId, ownFields } from '../support/assert.mjs';
import { keys } from '../support/client.mjs';
import { oursOnly, ownServerOnly, startOwnServer, startServer, uniqueName } from '../support/server.mjs';
import { master, moreKeys, readOnly, signUp } from '../support/users.mjs';
import { startWebhook, withTrigger } from '../support/webhooks.mjs';

const server = await startServer({ args: moreKeys });
after(() => server.stop());
const { api } = server;
const webhook = await startWebhook();
const C = uniqueName('Hooked');
const metadata = 'http://169.254.169.254/latest/meta-data/';
const names = async () => JSON.stringify(assertOk(await api.request('GET', '/hooks/functions', undefined, master)));
const trigger = (triggerName, answer, run) => withTrigger(api, webhook, { className: C, triggerName, answer }, run);

const kWrites = [
  ['POST', '/hooks/functions', { functionName: 'planted', url: metadata }],
  ['PUT', '/hooks/functions/planted', { url: metadata }],
  ['PUT', '/hooks/functions/planted', { __op: 'Delete' }],
  ['POST', '/hooks/functions', { functionName: 'planted', url: metadata, _method: 'PUT' }],
  ['POST', '/hooks/triggers', { className: '_User', triggerName: 'beforeLogin', url: metadata }],
  ['PUT', '/hooks/triggers/_User/beforeLogin', { url: metadata }],
  ['DELETE', '/hooks/functions/planted', undefined],
];

describe('GHSA-8pjv-59c8-44p8: nobody but the master key makes hooks', () => {
  test('clients', async () => {
    const user = await signUp(api, 'planter');
    const javascript = { headers: { 'X-Parse-REST-API-Key': null, 'X-Parse-JavaScript-Key': keys.javascriptKey } };
    for (const options of [{}, user.as, javascript, { anonymous: true }]) {
      for (const [method, path, body] of kWrites) {
        const { status } = await api.request(method, path, body, options);
        assert.ok(status === 403 || (status === 404 && (method === 'DELETE' || body._method)), `${method} ${path}: ${status}`);
      }
      assertStatus(await api.request('GET', '/hooks/functions', undefined, options), 403);
      assertStatus(await api.request('GET', '/hooks/triggers', undefined, options), 403);
    }
    assert.ok(!(await names()).includes('planted'));
  });

  test('not within a batch, nor by another method', async () => {
    const inner = { method: 'POST', path: `${new URL(api.url).pathname}/hooks/functions`, body: kWrites[0][2] };
    const batch = await api.request('POST', '/batch', { requests: [inner] });
    assert.ok(batch.status >= 400 || batch.json[0].error, batch.text);
    assertStatus(await api.request('GET', '/hooks/functions', { functionName: 'planted', url: metadata, _method: 'POST' }), 403);
    assert.ok(!(await names()).includes('planted'));
  });
});

test('GHSA-vc89-5g3r-cmhh: the read-only master key reads hooks and changes none', { skip: ownServerOnly }, async () => {
  for (const [method, path, body] of kWrites.slice(0, 6)) {
    const { status, json } = await api.request(method, path, body, readOnly);
    assert.ok(status === 403 || status === 404 || (status === 400 && json.code === 119), `${method} ${path}: ${status} ${JSON.stringify(json)}`);
  }
  assertOk(await api.request('GET', '/hooks/functions', undefined, readOnly));
  assertOk(await api.request('GET', '/hooks/triggers', undefined, readOnly));
  assert.ok(!(await names()).includes('planted'));
});

test('GHSA-2479-qvv7-47qq: rows of _Hooks cannot be made as objects', async () => {
  const row = { functionName: 'planted', url: metadata };
  const attempts = [() => api.create('_Hooks', row), () => api.find('_Hooks'), () => api.schema('DELETE', '_Hooks', undefined, { master: false })];
  for (const attempt of attempts) {
    const { status } = await attempt();
    assert.ok(status >= 400 && status < 500, String(status));
  }
  assert.ok(!(await names()).includes('planted'));
  createdId(await api.create(uniqueName('Plain'), {}));
});

test('GHSA-462x-c3jw-7vr6: denied words in the declaration of a hook', async () => {
  const bad = [{ url: { _bsontype: 'Code' } }, { url: metadata, x: { constructor: 1 } }];
  for (const body of bad) {
    const response = await api.request('POST', '/hooks/functions', { functionName: 'planted', ...body }, master);
    assert.ok(response.status === 400 && [105, 143].includes(response.json.code), response.text);
  }
  const text = '{"functionName":"planted","url":"http://a/","__proto__":{"x":1}}';
  assertError(await api.request('POST', '/hooks/functions', text, master), 400, 105);
  assert.ok(!(await names()).includes('planted'));
});

describe('what a webhook answers', () => {
  const id = async () => createdId(await api.create(C, { n: 1, data: { x: 1 } }));
  const unchanged = async (objectId) => assert.deepEqual(ownFields(assertOk(await api.get(C, objectId))), { n: 1, data: { x: 1 } });
  const raw = (text) => (_, response) => response.writeHead(200, { 'Content-Type': 'application/json' }).end(text);

  test('GHSA-93vw-8fm5-p2jf: an object with a prototype', async () => {
    const objectId = await id();
    for (const success of ['{"__proto__":{"x":1}}', '{"constructor":{"y":1}}', '{"data":{"constructor":{"prototype":{"z":1}}}}']) {
      await trigger('beforeSave', raw(`{"success":${success}}`), async () => {
        const response = await api.update(C, objectId, { n: 2 });
        assert.ok(response.status === 200 || (response.status === 400 && response.json.code === 105), response.text);
        const now = assertOk(await api.get(C, objectId));
        for (const name of ['x', 'y', 'z', 'constructor', '__proto__']) assert.ok(!Object.hasOwn(now, name));
        assert.deepEqual(now.data, { x: 1 });
      });
    }
    const { fields } = assertOk(await api.schema('GET', C));
    assert.deepEqual(Object.keys(fields).sort(), ['ACL', 'createdAt', 'data', 'n', 'objectId', 'updatedAt']);
  });

  test('GHSA-xprv-wvh7-qqqx: an object with a denied word', async () => {
    const objectId = await id();
    await trigger('beforeSave', { success: { data: { a: { _bsontype: 'Code', code: 'x' } } } }, async () => {
      assertError(await api.update(C, objectId, { n: 2 }), 400, 105);
    });
    await unchanged(objectId);
  });

  test('GHSA-xprv-wvh7-qqqx: a word that the option denies', { skip: ownServerOnly }, async () => {
    const own = await startOwnServer({ args: ['--requestKeywordDenylist', '[{"key":"foo"}]'] });
    const objectId = createdId(await own.api.create('C', { data: { x: 1 } }));
    await withTrigger(own.api, webhook, { className: 'C', triggerName: 'beforeSave', answer: { success: { data: { foo: 1 } } } }, async () => {
      assertError(await own.api.update('C', objectId, {}), 400, 105);
      assertError(await own.api.create('C', {}), 400, 105);
    });
    assert.deepEqual(assertOk(await own.api.get('C', objectId)).data, { x: 1 });
    await own.stop();
  });

  test('cannot write what the server keeps for itself', async () => {
    const objectId = await id();
    for (const success of [{ _rperm: ['*'] }, { sessionToken_: 1, _hashed_password: 'x' }, { 'a.b.c$d': 1 }]) {
      await trigger('beforeSave', { success }, async () => {
        const response = await api.update(C, objectId, { n: 2 });
        assert.ok(response.status >= 400 && response.status < 500, response.text);
      });
    }
    await unchanged(objectId);
  });

  test('is bounded in depth', { skip: oursOnly }, async () => {
    const deep = 100_000;
    for (const text of [`${'['.repeat(deep)}${']'.repeat(deep)}`, `{"success":${'{"a":'.repeat(deep)}1${'}'.repeat(deep)}}`]) {
      await trigger('afterFind', raw(text), async () => assertError(await api.find(C), 400, 141));
      await trigger('beforeSave', raw(text), async () => assertError(await api.create(C, {}), 400, 141));
    }
  });

  test('is bounded in size, also when it is compressed', { skip: oursOnly }, async () => {
    const { gzipSync } = await import('node:zlib');
    const bomb = gzipSync(Buffer.alloc(40 * 1024 * 1024, ' '));
    const answer = (_, response) => response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(bomb);
    await trigger('beforeSave', answer, async () => assertError(await api.create(C, {}), 400, 141, /too large/));
  });

  test('cannot lead elsewhere', { skip: oursOnly }, async () => {
    const elsewhere = await startWebhook();
    for (const status of [301, 302, 303, 307, 308]) {
      const answer = (_, response) => response.writeHead(status, { Location: elsewhere.url }).end();
      await trigger('beforeSave', answer, async () => assertError(await api.create(C, {}), 400, 141));
    }
    assert.equal(elsewhere.calls.length, 0);
  });
});

test('private networks are closed in the profile strict', { skip: ownServerOnly }, async () => {
  const own = await startOwnServer({
    defaults: false,
    args: ['--profile', 'strict', '--appId', keys.appId, '--masterKey', keys.masterKey, '--host', '127.0.0.1', '--allowClientClassCreation', 'true'],
  });
  const addresses = ['127.0.0.1', 'localhost', '[::1]', '[::ffff:7f00:1]', '2130706433', '169.254.169.254', '10.0.0.1', '192.168.0.1'];
  for (const address of addresses) {
    const hook = { className: 'C', triggerName: 'beforeSave', url: `http://${address}:${new URL(webhook.url).port}/` };
    assertOk(await own.api.request('POST', '/hooks/triggers', hook, master));
    webhook.calls.length = 0;
    assertError(await own.api.create('C', {}, master), 400, 141, /private network/);
    assert.equal(webhook.calls.length, 0);
    assertOk(await own.api.request('PUT', '/hooks/triggers/C/beforeSave', { __op: 'Delete' }, master));
  }
  await own.stop();
});
