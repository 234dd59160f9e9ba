// Webhooks as functions: what they are told and what their answers do.
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { assertError, assertOk, assertStatus } from '../support/assert.mjs';
import { keys } from '../support/client.mjs';
import { oursOnly, startServer, uniqueName } from '../support/server.mjs';
import { master, signUp } from '../support/users.mjs';
import { startWebhook } from '../support/webhooks.mjs';

const server = await startServer();
after(() => server.stop());
const { api } = server;
const webhook = await startWebhook();
const name = uniqueName('hooked');
const register = (functionName, url) => api.request('POST', '/hooks/functions', { functionName, url }, master);
const unregister = async (functionName) => assertOk(await api.request('PUT', `/hooks/functions/${functionName}`, { __op: 'Delete' }, master));
assertOk(await register(name, `${webhook.url}/function?a=b`));

async function call(answer, params = {}, options = {}) {
  webhook.answer = answer;
  webhook.calls.length = 0;
  return api.request('POST', `/functions/${name}`, params, options);
}

test('what is told', async () => {
  const user = await signUp(api, 'caller');
  const options = { headers: { ...user.as.headers, 'X-Parse-Installation-Id': 'device', 'X-Parse-Cloud-Context': '{"a":1}' } };
  assertOk(await call({}, { n: 1, list: [{ a: null }], d: { __type: 'Date', iso: '2020-02-29T12:00:00.000Z' } }, options));
  const [{ path, body }] = webhook.calls;
  const { headers, user: told, log: _log, ...rest } = body;
  assert.equal(path, '/function?a=b');
  assert.deepEqual(rest, {
    params: { n: 1, list: [{ a: null }], d: '2020-02-29T12:00:00.000Z' },
    master: false,
    isReadOnly: false,
    installationId: 'device',
    ip: '127.0.0.1',
    functionName: name,
    context: { a: 1 },
  });
  assert.equal(told.objectId, user.id);
  assert.equal(headers['x-parse-application-id'], keys.appId);
  assertOk(await call({}, {}, master));
  assert.equal(webhook.calls[0].body.master, true);
  assert.ok(!('user' in webhook.calls[0].body));
});

test('pointers among the parameters keep their class', { skip: oursOnly }, async () => {
  const p = { __type: 'Pointer', className: 'X', objectId: 'abcdefghij' };
  assertOk(await call({}, { p }));
  assert.deepEqual(webhook.calls[0].body.params, { p });
});

describe('results', () => {
  const date = { __type: 'Date', iso: '2020-02-29T12:00:00.000Z' };
  for (const success of [1, 0, '', 'text', true, false, null, [], [1, { a: date }], {}, { a: 1, d: date }]) {
    test(JSON.stringify(success), async () => assert.deepEqual(assertOk(await call({ success })), { result: success }));
  }
  test('none', async () => assert.deepEqual(assertOk(await call({ other: 1 })), {}));
  test('with an error that is none', async () => assert.deepEqual(assertOk(await call({ success: 1, error: false })), { result: 1 }));
});

describe('errors', () => {
  const cases = [
    ['text', 'no', 'no'],
    ['a number', 5, 5],
    ['an object with a message', { code: 1234, message: 'no' }, 'no'],
    ['another object', { code: 1234, error: 'no' }, { code: 1234, error: 'no' }],
    ['a list', ['no'], ['no']],
  ];
  for (const [title, error, shown] of cases) {
    test(title, async () => assert.deepEqual(assertStatus(await call({ error, success: 1, code: 1234 }), 400), { code: 141, error: shown }));
  }

  const bad = [
    ['another status', (_, response) => response.writeHead(404).end('{"success":1}')],
    ['no JSON', (_, response) => response.end('hello')],
    ['nothing', (_, response) => response.end()],
    ['a list in place of an answer', (_, response) => response.end('[1]')],
    ['a redirect', (_, response) => response.writeHead(302, { Location: `${webhook.url}/other` }).end()],
  ];
  for (const [title, answer] of bad) {
    test(title, { skip: oursOnly }, async () => {
      const response = await call(answer);
      assertError(response, 400, 141, /^The webhook answered with/);
      assert.equal(webhook.calls.length, 1);
    });
  }

  test('nobody is there', async () => {
    const gone = uniqueName('gone');
    assertOk(await register(gone, 'http://127.0.0.1:1/'));
    const response = await api.request('POST', `/functions/${gone}`, {});
    assert.equal(assertStatus(response, 400).code, 141);
  });
});

test('a function is there with its hook, and gone with it', async () => {
  const short = uniqueName('short');
  const path = `/functions/${short}`;
  assertError(await api.request('POST', path, {}), 400, 141, `Invalid function: "${short}"`);
  assertOk(await register(short, webhook.url));
  webhook.answer = { success: 1 };
  assert.deepEqual(assertOk(await api.request('POST', path, {})), { result: 1 });
  assertOk(await api.request('PUT', `/hooks/functions/${short}`, { url: `${webhook.url}/moved` }, master));
  assertOk(await api.request('POST', path, {}));
  assert.equal(webhook.calls.at(-1).path, '/moved');
  await unregister(short);
  assertError(await api.request('POST', path, {}), 400, 141, `Invalid function: "${short}"`);
});
