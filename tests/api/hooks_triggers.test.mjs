// Webhooks as triggers: what they are told and what their answers do.
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { assertError, assertOk, assertStatus, createdId, ownFields } from '../support/assert.mjs';
import { keys } from '../support/client.mjs';
import { oursOnly, ownServerOnly, startOwnServer, startServer, uniqueName } from '../support/server.mjs';
import { bySession, master, signUp } from '../support/users.mjs';
import { startWebhook, withTrigger } from '../support/webhooks.mjs';

const server = await startServer({ args: ['--webhookKey', 'hook key'] });
after(() => server.stop());
const { api } = server;
const webhook = await startWebhook();
const C = uniqueName('Hooked');
const date = { __type: 'Date', iso: '2020-02-29T12:00:00.000Z' };
const trigger = (triggerName, answer, run, className = C) => withTrigger(api, webhook, { className, triggerName, answer }, run);
const object = async (fields = {}) => createdId(await api.create(C, fields));
const stored = async (id) => ownFields(assertOk(await api.get(C, id)));

describe('what is told', () => {
  test('of a new object', async () => {
    const user = await signUp(api, 'author');
    const options = {
      headers: { ...user.as.headers, 'X-Parse-Installation-Id': 'device', 'X-Parse-Cloud-Context': '{"a":1}', Authorization: 'x', Cookie: 'y' },
    };
    const [call] = await trigger('beforeSave', {}, async () => createdId(await api.create(C, { n: 1, d: date }, options)));
    assert.equal(call.method, 'POST');
    assert.equal(call.path, '/beforeSave');
    assert.equal(call.headers['content-type'], 'application/json');
    const { headers, user: told, log: _log, ...body } = call.body;
    assert.deepEqual(body, {
      triggerName: 'beforeSave',
      object: { n: 1, d: date, className: C },
      master: false,
      isReadOnly: false,
      installationId: 'device',
      ip: '127.0.0.1',
      context: { a: 1 },
    });
    assert.equal(told.objectId, user.id);
    assert.equal(told.sessionToken, user.token);
    assert.equal(headers['x-parse-application-id'], keys.appId);
  });

  test('of a change, with operators as they were sent', async () => {
    const id = await object({ n: 1, kept: 'k' });
    const [call] = await trigger('beforeSave', {}, async () =>
      assertOk(await api.update(C, id, { n: 2, count: { __op: 'Increment', amount: 2 } }, master)),
    );
    const { object: told, original, master: isMaster } = call.body;
    assert.deepEqual(ownFields(told), { n: 2, kept: 'k', count: { __op: 'Increment', amount: 2 }, className: C });
    assert.deepEqual(ownFields(original), { n: 1, kept: 'k', className: C });
    assert.equal(told.objectId, id);
    assert.equal(typeof told.createdAt, 'string');
    assert.equal(isMaster, true);
    assert.ok(!('user' in call.body));
  });

  test('after a save', async () => {
    const id = await object({ n: 1 });
    const [call] = await trigger('afterSave', {}, async () => assertOk(await api.update(C, id, { n: { __op: 'Increment', amount: 5 } })));
    assert.equal(call.body.object.n, 6);
    assert.equal(call.body.original.n, 1);
  });

  test('of a deletion', async () => {
    for (const triggerName of ['beforeDelete', 'afterDelete']) {
      const id = await object({ n: 1 });
      const [call] = await trigger(triggerName, {}, async () => assertOk(await api.remove(C, id)));
      assert.equal(call.body.triggerName, triggerName);
      assert.deepEqual([call.body.object.objectId, call.body.object.n, call.body.object.className], [id, 1, C]);
    }
  });

  test('of a find', async () => {
    const id = await object({ n: 1 });
    const [call] = await trigger('beforeFind', {}, async () =>
      assertOk(await api.find(C, { where: { objectId: id }, limit: 5, order: '-n', keys: 'n' })),
    );
    assert.deepEqual(call.body.query, { where: { objectId: id }, limit: 5, order: '-n', keys: 'n' });
    assert.deepEqual([call.body.count, call.body.isGet], [false, false]);
    const [get] = await trigger('beforeFind', {}, async () => assertOk(await api.get(C, id)));
    assert.equal(get.body.isGet, true);
  });

  test('of what was found', async () => {
    const id = await object({ n: 1 });
    const [call] = await trigger('afterFind', {}, async () => assertOk(await api.find(C, { where: { objectId: id } })));
    assert.deepEqual(
      call.body.objects.map((each) => each.objectId),
      [id],
    );
    assert.deepEqual(call.body.query.where, { objectId: id });
  });

  test('by whom, with the key of the option', { skip: ownServerOnly }, async () => {
    const [call] = await trigger('beforeSave', {}, () => object());
    assert.equal(call.headers['x-parse-webhook-key'], 'hook key');
  });

  test('without the keys of the caller', { skip: oursOnly }, async () => {
    const user = await signUp(api, 'secretive');
    const secrets = { 'X-Parse-Master-Key': keys.masterKey, 'X-Parse-REST-API-Key': keys.restKey, Authorization: 'Bearer abc', Cookie: 'id=1' };
    const options = { headers: { ...bySession(user.token).headers, ...secrets, 'X-Plain': 'plain' } };
    const [call] = await trigger('beforeSave', {}, async () => createdId(await api.create(C, {}, options)));
    const { headers } = call.body;
    assert.equal(headers['x-plain'], 'plain');
    const secret = Object.keys(headers).filter((name) => /key|token|auth|cookie/.test(name));
    assert.deepEqual(secret, []);
    for (const value of [keys.restKey, 'Bearer abc', 'id=1']) assert.ok(!Object.values(headers).includes(value));
  });
});

describe('beforeSave', () => {
  test('the object of the answer is what is saved', async () => {
    let id;
    await trigger('beforeSave', { success: { n: 5, extra: 'e', d: date } }, async () => {
      const { objectId, createdAt: _created, ...changed } = assertStatus(await api.create(C, { n: 1, client: 'c' }), 201);
      id = objectId;
      assert.deepEqual(changed, { n: 5, extra: 'e', d: date });
    });
    assert.deepEqual(await stored(id), { n: 5, extra: 'e', d: date });
  });

  test('it cannot change who the object is', async () => {
    const id = await object({ n: 1 });
    const success = { n: 2, objectId: 'other', className: 'Other', createdAt: '2000-01-01T00:00:00.000Z', updatedAt: '2000-01-01T00:00:00.000Z' };
    await trigger('beforeSave', { success }, async () => assertOk(await api.update(C, id, { n: 3 })));
    const now = assertOk(await api.get(C, id));
    assert.deepEqual(ownFields(now), { n: 2 });
    assert.ok(now.createdAt > '2001' && now.updatedAt > '2001');
  });

  test('it may use operators', async () => {
    const id = await object({ n: 1 });
    await trigger('beforeSave', { success: { n: { __op: 'Increment', amount: 10 } } }, async () => {
      assert.equal(assertOk(await api.update(C, id, { n: 3 })).n, 11);
    });
    assert.deepEqual(await stored(id), { n: 11 });
  });

  test('an empty object saves nothing of what was sent', async () => {
    const id = await object({ n: 1 });
    await trigger('beforeSave', { success: {} }, async () => assertOk(await api.update(C, id, { n: 2 })));
    assert.deepEqual(await stored(id), { n: 1 });
  });

  test('an answer without an object leaves it as it was sent', async () => {
    const id = await object({ n: 1 });
    await trigger('beforeSave', {}, async () => assertOk(await api.update(C, id, { n: 2 })));
    assert.deepEqual(await stored(id), { n: 2 });
  });

  for (const success of [true, 'text', [1]]) {
    test(`${JSON.stringify(success)} in its place is refused`, async () => {
      const id = await object({ n: 1 });
      await trigger('beforeSave', { success }, async () => assertError(await api.update(C, id, { n: 2 }), 400, 105));
      assert.deepEqual(await stored(id), { n: 1 });
    });
  }

  test('an error ends the save', async () => {
    const id = await object({ n: 1 });
    const refusal = async (error, shown) =>
      trigger('beforeSave', { error }, async () => {
        const answer = await api.update(C, id, { n: 2 });
        assert.deepEqual(assertStatus(answer, 400), { code: 141, error: shown });
      });
    await refusal('not today', 'not today');
    await refusal({ code: 1234, message: 'not today' }, 'not today');
    await refusal({ reason: 'x' }, { reason: 'x' });
    await refusal(5, 5);
    assert.deepEqual(await stored(id), { n: 1 });
  });

  test('an object of the wrong types is refused', async () => {
    const id = await object({ n: 1 });
    await trigger('beforeSave', { success: { n: 'text' } }, async () => assertError(await api.update(C, id, { n: 2 }), 400, 111));
    assert.deepEqual(await stored(id), { n: 1 });
  });
});

describe('other triggers', () => {
  test('afterSave may give another answer, and its errors are nobody’s', async () => {
    const id = await object({ n: 1 });
    await trigger('afterSave', { success: { told: 'x' } }, async () => assert.deepEqual(assertOk(await api.update(C, id, { n: 2 })), { told: 'x' }));
    await trigger('afterSave', { error: 'x' }, async () => assertOk(await api.update(C, id, { n: 3 })));
    assert.deepEqual(await stored(id), { n: 3 });
  });

  test('beforeDelete may refuse', async () => {
    const id = await object({ n: 1 });
    await trigger('beforeDelete', { error: 'stays' }, async () => assertError(await api.remove(C, id), 400, 141, 'stays'));
    assert.deepEqual(await stored(id), { n: 1 });
    await trigger('beforeDelete', { success: false }, async () => assertOk(await api.remove(C, id)));
    assertError(await api.get(C, id), 404, 101);
  });

  test('beforeFind may refuse, and change nothing', async () => {
    const id = await object({ n: 1 });
    await trigger('beforeFind', { error: 'hidden' }, async () => {
      assertError(await api.find(C), 400, 141, 'hidden');
      assertError(await api.get(C, id), 400, 141, 'hidden');
    });
    await trigger('beforeFind', { success: { where: { n: -1 } } }, async () => {
      assert.equal(assertOk(await api.find(C, { where: { objectId: id } })).results.length, 1);
    });
  });

  test('afterFind may give other objects', async () => {
    const id = await object({ n: 1 });
    const found = async () => assertOk(await api.find(C, { where: { objectId: id } })).results;
    await trigger('afterFind', { success: [] }, async () => assert.deepEqual(await found(), []));
    await trigger('afterFind', {}, async () => assert.equal((await found())[0].objectId, id));
    await trigger('afterFind', { error: 'hidden' }, async () => assertError(await api.find(C), 400, 141, 'hidden'));
  });

  test('afterFind that answers no list is refused', { skip: oursOnly }, async () => {
    await trigger('afterFind', { success: true }, async () => assertError(await api.find(C), 400, 141, /list of objects/));
    assertOk(await api.find(C));
  });

  test('beforeLogin may refuse', async () => {
    const user = await signUp(api, 'barred');
    const body = { username: user.name, password: 'secret' };
    const [call] = await trigger('beforeLogin', { error: 'barred' }, async () => {
      assertError(await api.request('POST', '/login', body), 400, 141, 'barred');
    }, '_User');
    assert.equal(call.body.object.objectId, user.id);
    assertOk(await api.request('POST', '/login', body));
  });
});

test('a webhook may call the server while the server waits for it', async () => {
  const id = await object({ n: 1 });
  const other = await object({ n: 7 });
  const answer = async (call, response) => {
    const { n } = assertOk(await api.get(C, other));
    response.end(JSON.stringify({ success: { n } }));
  };
  const calls = await Promise.all([
    trigger('beforeSave', answer, () => Promise.all(Array.from({ length: 20 }, async () => assertOk(await api.update(C, id, { n: 3 }))))),
  ]);
  assert.equal(calls[0].length, 20);
  assert.deepEqual(await stored(id), { n: 7 });
});

describe('what goes wrong', { skip: oursOnly }, () => {
  const cases = [
    ['a status of failure', (call, response) => response.writeHead(500).end('{"success":{"n":9}}'), /HTTP status 500/],
    ['a redirect', (call, response) => response.writeHead(307, { Location: `${webhook.url}/elsewhere` }).end(), /HTTP status 307/],
    ['text', (call, response) => response.end('hello'), /no JSON object/],
    ['nothing', (call, response) => response.end(), /no JSON object/],
    ['a list', (call, response) => response.end('[1]'), /no JSON object/],
    ['half an answer', (call, response) => response.end('{"success":'), /no JSON object/],
    ['deep nesting', (call, response) => response.end(`{"success":${'['.repeat(100_000)}`), /no JSON object/],
    ['a hang-up', (call, response) => response.socket.destroy(), /cannot be reached/],
    ['no HTTP', (call, response) => response.socket.end('hello there, this is no HTTP\r\n\r\n'), /does not speak HTTP/],
    ['a huge answer', (call, response) => response.writeHead(200, { 'Content-Length': 2 ** 40 }).flushHeaders(), /too large/],
  ];
  for (const [title, answer, text] of cases) {
    test(title, async () => {
      const id = await object({ n: 1 });
      const calls = await trigger('beforeSave', answer, async () => {
        const response = await api.update(C, id, { n: 2 });
        assertError(response, 400, 141, text);
        assert.doesNotMatch(response.text, /127\.0\.0\.1/);
      });
      assert.equal(calls.length, 1);
      assert.deepEqual(await stored(id), { n: 1 });
    });
  }

  test('nobody is there', async () => {
    const id = await object({ n: 1 });
    await withTrigger(api, { ...webhook, url: 'http://127.0.0.1:1' }, { className: C, triggerName: 'beforeSave' }, async () => {
      assertError(await api.update(C, id, { n: 2 }), 400, 141, 'The webhook cannot be reached.');
    });
    assertOk(await api.update(C, id, { n: 2 }));
  });

  test('no TLS where there should be', async () => {
    const id = await object({ n: 1 });
    await withTrigger(api, { ...webhook, url: webhook.url.replace('http', 'https') }, { className: C, triggerName: 'beforeSave' }, async () => {
      assertError(await api.update(C, id, { n: 2 }), 400, 141, /certificate/);
    });
  });
});

test('private addresses can be closed', { skip: ownServerOnly }, async () => {
  const own = await startOwnServer({ args: ['--allowPrivateAddresses', 'false'] });
  for (const host of ['127.0.0.1', 'localhost', '[::ffff:127.0.0.1]', '0x7f.1']) {
    const url = webhook.url.replace('127.0.0.1', host);
    const calls = await withTrigger(own.api, { ...webhook, url }, { className: C, triggerName: 'beforeSave' }, async () => {
      assertError(await own.api.create(C, {}), 400, 141, /private network/);
    });
    assert.deepEqual(calls, []);
  }
  await own.stop();
});
