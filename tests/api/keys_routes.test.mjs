// The option routeAllowList: clients use the routes of the list alone, keys with rights use all.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { assertError, assertOk, createdId } from '../support/assert.mjs';
import { ownServerOnly, runParsimony, startOwnServer } from '../support/server.mjs';
import { maintenance, master, moreKeys, readOnly } from '../support/users.mjs';

const serve = (list, more = []) => startOwnServer({ args: [...moreKeys, '--routeAllowList', list, ...more] });

describe('a list of routes', { skip: ownServerOnly }, () => {
  let api;
  let server;
  before(async () => {
    server = await serve('["batch","classes/Open.*","a|config"]');
    ({ api } = server);
  });
  after(() => server.stop());

  test('opens what it matches as a whole', async () => {
    const id = createdId(await api.create('Open', { n: 1 }));
    assertOk(await api.get('Open', id));
    assertOk(await api.find('OpenToo'));
    assertOk(await api.request('GET', '/classes/Open/'));
    assertOk(await api.request('GET', '/classes/Open?where={}'));
    assertOk(await api.request('GET', '/config'));
  });

  const closed = ['/classes/Other', '/classes/Other/Open', '/CLASSES/Open', '//classes/Open', '/schemas', '/serverInfo', '/configs', '/nothing'];
  for (const path of closed) {
    test(`closes ${path}`, async () => assertError(await api.request('GET', path), 400, 119, 'Permission denied'));
  }

  test('does not bind keys with rights', async () => {
    for (const as of [master, maintenance, readOnly]) assertOk(await api.request('GET', '/classes/Other', undefined, as));
  });

  test('leaves health open', async () => assertOk(await api.request('GET', '/health', undefined, { anonymous: true })));

  test('is asked about the method that is meant', async () => {
    assertError(await api.request('POST', '/classes/Other', { _method: 'GET' }), 400, 119);
  });

  test('is asked about each item of a batch before any runs', async () => {
    const item = (path) => ({ method: 'POST', path: `/parse${path}`, body: { n: 7 } });
    assertOk(await api.request('POST', '/batch', { requests: [item('/classes/Open')] }));
    const before_ = assertOk(await api.find('Open')).results.length;
    for (const path of ['/classes/Other', '//classes/Open', '/classes/Other?a=classes/Open']) {
      assertError(await api.request('POST', '/batch', { requests: [item('/classes/Open'), item(path)] }), 400, 119);
    }
    assert.equal(assertOk(await api.find('Open')).results.length, before_);
  });
});

test('an empty list closes all', { skip: ownServerOnly }, async () => {
  const server = await serve('[]');
  assertError(await server.api.find('Any'), 400, 119);
  assertOk(await server.api.find('Any', {}, master));
  await server.stop();
});

test('without sanitized errors the refusal names the route', { skip: ownServerOnly }, async () => {
  const server = await serve('config', ['--enableSanitizedErrorResponse', 'false']);
  assertError(await server.api.find('Any'), 400, 119, 'Route not allowed by routeAllowList: GET classes/Any');
  await server.stop();
});

test('what is no pattern ends the start', { skip: ownServerOnly }, async () => {
  const { code, stderr } = await runParsimony(['serve', '--port', '0', '--routeAllowList', '["a(b"]']);
  assert.notEqual(code, 0);
  assert.match(stderr, /routeAllowList/);
});
