// Application id and keys: header and body forms, Basic authorization, method override, and JSON under every content type.
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { assertError, assertOk, assertStatus, assertUnauthorized, createdId, ownFields } from '../support/assert.mjs';
import { oursOnly, startServer, uniqueName } from '../support/server.mjs';

const server = await startServer();
after(() => server.stop());
const { api } = server;
const C = uniqueName('Keyed');
const id = createdId(await api.create(C, { n: 1 }));
const path = `/classes/${C}/${id}`;
const anonymous = (headers) => ({ anonymous: true, headers });
const basic = (user, password) => ({ Authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` });
const appId = { 'X-Parse-Application-Id': 'app' };

describe('headers', () => {
  const accepted = [
    ['REST key', { ...appId, 'X-Parse-REST-API-Key': 'rest' }],
    ['JavaScript key', { ...appId, 'X-Parse-Javascript-Key': 'js' }],
    ['master key', { ...appId, 'X-Parse-Master-Key': 'master' }],
    ['master key and a wrong client key', { ...appId, 'X-Parse-Master-Key': 'master', 'X-Parse-REST-API-Key': 'wrong' }],
    ['wrong master key and a right client key', { ...appId, 'X-Parse-Master-Key': 'wrong', 'X-Parse-REST-API-Key': 'rest' }],
    ['names in other case', { 'x-parse-application-id': 'app', 'x-parse-rest-api-key': 'rest' }],
    ['Basic with the master key', basic('app', 'master')],
    ['Basic with the JavaScript key', basic('app', 'javascript-key=js')],
  ];
  for (const [title, headers] of accepted) {
    test(`accepted: ${title}`, async () => assert.equal(assertOk(await api.request('GET', path, undefined, anonymous(headers))).n, 1));
  }

  const refused = [
    ['nothing', {}],
    ['the application id alone', appId],
    ['a wrong application id', { 'X-Parse-Application-Id': 'wrong', 'X-Parse-REST-API-Key': 'rest' }],
    ['a wrong application id with the master key', { 'X-Parse-Application-Id': 'wrong', 'X-Parse-Master-Key': 'master' }],
    ['a wrong REST key', { ...appId, 'X-Parse-REST-API-Key': 'wrong' }],
    ['a REST key that is a prefix', { ...appId, 'X-Parse-REST-API-Key': 'res' }],
    ['an empty REST key', { ...appId, 'X-Parse-REST-API-Key': '' }],
    ['a wrong JavaScript key', { ...appId, 'X-Parse-Javascript-Key': 'rest' }],
    ['a wrong master key alone', { ...appId, 'X-Parse-Master-Key': 'wrong' }],
    ['keys without an application id', { 'X-Parse-REST-API-Key': 'rest' }],
    ['Basic of another application', basic('wrong', 'master')],
    ['Basic with a wrong key', basic('app', 'javascript-key=wrong')],
    ['Basic that is no base64', { Authorization: 'Basic ***' }],
    ['another scheme', { Authorization: 'Bearer master' }],
  ];
  for (const [title, headers] of refused) {
    test(`refused: ${title}`, async () => assertUnauthorized(await api.request('GET', path, undefined, anonymous(headers))));
  }

  test('a wrong master key gives no rights', async () => {
    const headers = { ...appId, 'X-Parse-Master-Key': 'wrong', 'X-Parse-REST-API-Key': 'rest' };
    assert.deepEqual(assertStatus(await api.request('GET', '/schemas', undefined, anonymous(headers)), 403), {
      error: 'Permission denied',
    });
  });

  test('the application id is compared exactly', async () => {
    assertUnauthorized(
      await api.request('GET', path, undefined, anonymous({ 'X-Parse-Application-Id': 'APP', 'X-Parse-REST-API-Key': 'rest' })),
    );
  });

  test('writes need keys too', async () => {
    assertUnauthorized(await api.request('POST', `/classes/${C}`, { n: 2 }, anonymous({})));
    assertUnauthorized(await api.request('DELETE', path, undefined, anonymous({})));
    assertUnauthorized(await api.request('POST', '/batch', { requests: [] }, anonymous({})));
  });
});

describe('context', () => {
  const withContext = (context, options) => api.get(C, id, {}, { ...options, headers: { 'X-Parse-Cloud-Context': context } });

  test('an object', async () => {
    for (const context of ['{}', '{"a":{"b":[1]}}']) assert.equal(assertOk(await withContext(context)).n, 1);
  });

  test('anything else is refused, before the keys are looked at', async () => {
    for (const context of ['5', '"text"', '[1]', 'null', '{"a":', '']) {
      assertError(await withContext(context), 400, 107, 'Invalid object for context.');
      assertError(await withContext(context, { anonymous: true }), 400, 107);
    }
  });
});

describe('body', () => {
  const js = { _ApplicationId: 'app', _JavaScriptKey: 'js', _ClientVersion: 'js8.6.0', _InstallationId: 'i' };

  test('keys in a JSON body, which are no fields of the object', async () => {
    const made = createdId(await api.request('POST', `/classes/${C}`, { ...js, n: 5 }, anonymous({ 'Content-Type': 'text/plain' })));
    assert.deepEqual(ownFields(assertOk(await api.get(C, made))), { n: 5 });
  });

  test('the form of the JavaScript SDK: POST, text/plain, _method', async () => {
    const ask = (method, url, rest = {}) =>
      api.request('POST', url, { ...js, _method: method, ...rest }, anonymous({ 'Content-Type': 'text/plain' }));
    assert.equal(assertOk(await ask('GET', path)).n, 1);
    assert.equal(assertOk(await ask('GET', `/classes/${C}`, { where: { n: 1 } })).results.length, 1);
    const made = createdId(await ask('POST', `/classes/${C}`, { n: 7 }));
    assertOk(await ask('PUT', `/classes/${C}/${made}`, { n: 8 }));
    assert.deepEqual(ownFields(assertOk(await ask('GET', `/classes/${C}/${made}`))), { n: 8 });
    assert.deepEqual(assertOk(await ask('DELETE', `/classes/${C}/${made}`)), {});
    assertError(await ask('GET', `/classes/${C}/${made}`), 404, 101);
  });

  test('the master key', async () => {
    const response = await api.request('POST', '/schemas', { _ApplicationId: 'app', _MasterKey: 'master', _method: 'GET' }, anonymous({}));
    assert.ok(Array.isArray(assertOk(response).results));
  });

  for (const [title, fields] of [
    ['no key', { _ApplicationId: 'app' }],
    ['a wrong key', { _ApplicationId: 'app', _JavaScriptKey: 'wrong' }],
    ['a wrong application id', { _ApplicationId: 'wrong', _JavaScriptKey: 'js' }],
    ['an application id that is no text', { _ApplicationId: 5, _JavaScriptKey: 'js' }],
    ['a master key that is no text', { _ApplicationId: 'app', _MasterKey: { a: 1 }, _JavaScriptKey: 'js' }],
    ['an installation that is no text', { _ApplicationId: 'app', _JavaScriptKey: 'js', _InstallationId: 5 }],
    ['a session token that is no text', { _ApplicationId: 'app', _JavaScriptKey: 'js', _SessionToken: 5 }],
  ]) {
    test(`refused: ${title}`, async () => assertUnauthorized(await api.request('POST', `/classes/${C}`, fields, anonymous({}))));
  }

  test('a context is an object or the JSON of one', async () => {
    const ask = (context) => api.request('POST', path, { ...js, _method: 'GET', _context: context }, anonymous({}));
    for (const context of [{ a: 1 }, '{"a":1}', {}]) assert.equal(assertOk(await ask(context)).n, 1);
    for (const context of ['5', '[]', 'null', '{"a"', [], 5]) {
      assertError(await ask(context), 400, 107, 'Invalid object for context.');
    }
  });

  test('with keys in the headers, key fields of the body are fields of the object and refused', async () => {
    assertError(await api.create(C, { ...js, n: 1 }), 400, 105);
  });
});

describe('content types', () => {
  for (const type of [
    'application/json',
    'application/json; charset=utf-8',
    'text/plain',
    'text/plain;charset=UTF-8',
    'application/vnd.api+json',
    null,
  ]) {
    test(`JSON under ${type ?? 'none'}`, async () => {
      const made = createdId(await api.request('POST', `/classes/${C}`, '{"n":3,"t":"ü"}', { headers: { 'Content-Type': type } }));
      assert.deepEqual(ownFields(assertOk(await api.get(C, made))), { n: 3, t: 'ü' });
    });
  }

  const form = { 'Content-Type': 'application/x-www-form-urlencoded' };

  test('a form stores texts', async () => {
    const D = uniqueName('Formed');
    const made = createdId(await api.request('POST', `/classes/${D}`, 'a=1&b=two+words%21&c=', { headers: form }));
    assert.deepEqual(ownFields(assertOk(await api.get(D, made))), { a: '1', b: 'two words!', c: '' });
  });

  test('a form may carry the keys', async () => {
    const body = '_ApplicationId=app&_JavaScriptKey=js&_method=GET';
    assert.equal(assertOk(await api.request('POST', path, body, anonymous(form))).n, 1);
  });

  test('JSON that was sent as a form by mistake is read as JSON', { skip: oursOnly }, async () => {
    const made = createdId(await api.request('POST', `/classes/${C}`, '{"n":4}', { headers: form }));
    assert.equal(assertOk(await api.get(C, made)).n, 4);
  });
});

describe('method override', () => {
  test('only POST is overridden', async () => {
    assert.equal((await api.request('PUT', path, { _method: 'DELETE' })).status, 400);
    assertOk(await api.get(C, id));
  });

  test('a method that is not there is no route', async () => {
    const response = await api.request('POST', path, { _method: 'EXPLODE' });
    assert.ok(response.status === 404 || response.status === 400, response.text);
  });

  test('what is no text is no server error', { skip: oursOnly }, async () => {
    for (const method of [5, null, {}, []]) assert.ok((await api.request('POST', path, { _method: method })).status < 500);
  });

  test('the query string wins over the body', async () => {
    const response = await api.request('POST', `/classes/${C}?limit=0`, { _method: 'GET', limit: 1 });
    assert.deepEqual(assertOk(response).results, []);
  });
});
