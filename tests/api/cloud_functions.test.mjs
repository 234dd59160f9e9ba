// Functions of Cloud Code, from outside (rest-api.md, section 11; server-behaviour.md, section 17).
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { assertError, assertOk, createdId } from '../support/assert.mjs';
import { startCloud } from '../support/cloud.mjs';
import { until, uniqueName } from '../support/server.mjs';
import { master, signUp } from '../support/users.mjs';

/* global Parse */
function code() {
  Parse.Cloud.define('hello', (request) => `Hello, ${request.params.name ?? 'world'}!`);
  Parse.Cloud.define('nothing', () => {});
  Parse.Cloud.define('nil', () => null);
  Parse.Cloud.define('keys', (request) => Object.keys(request).sort());
  Parse.Cloud.define('who', (request) => ({ user: request.user?.id, master: request.master === true, installation: request.installationId }));
  Parse.Cloud.define('types', ({ params }) => ({
    date: params.date instanceof Date,
    pointer: params.pointer instanceof Parse.Object && params.pointer.id,
    at: params.date,
  }));
  Parse.Cloud.define('throwText', () => {
    throw 'a text';
  });
  Parse.Cloud.define('throwError', () => {
    throw new Error('an error');
  });
  Parse.Cloud.define('throwParseError', () => {
    throw new Parse.Error(4711, 'with a code');
  });
  Parse.Cloud.define('throwNumber', () => {
    throw 42;
  });
  Parse.Cloud.define('reject', () => Promise.reject());
  Parse.Cloud.define('unsaved', () => new Parse.Object('Unsaved'));
  Parse.Cloud.define('save', async ({ params }) => {
    const thing = new Parse.Object(params.className);
    return thing.save({ n: params.n }, params.master ? { useMasterKey: true } : undefined);
  });
  Parse.Cloud.define('count', ({ params, user }) =>
    new Parse.Query(params.className).count(params.asUser ? { sessionToken: user.getSessionToken() } : undefined),
  );
  Parse.Cloud.define('inner', ({ params }) => Parse.Cloud.run('hello', params));
  Parse.Cloud.define('status', (request, response) => response.status(201).header('X-Made', 'here').success('made'));
  Parse.Cloud.define('later', () => new Promise((resolve) => setTimeout(() => resolve('at last'), 20)));
  Parse.Cloud.define('never', () => new Promise(() => {}));
  Parse.Cloud.define('loop', () => {
    for (;;);
  });
  Parse.Cloud.define('hog', () => {
    const all = [];
    for (;;) all.push(new Array(100_000).fill(all.length));
  });
  Parse.Cloud.define('recurse', () => {
    const deeper = (n) => 1 + deeper(n + 1);
    return deeper(0);
  });
  Parse.Cloud.define('itself', () => Parse.Cloud.run('itself'));
  Parse.Cloud.define('circular', () => {
    const a = {};
    a.a = a;
    return a;
  });
  Parse.Cloud.define('log', ({ params }) => console.log('the log says', params.what));
  Parse.Cloud.define('locked', () => 'open', { requireUser: true });
  Parse.Cloud.define('fields', ({ params }) => params, { fields: { a: { type: Number, default: 7 }, b: { required: true } } });
}

let server;
before(async () => {
  server = await startCloud(code, { args: ['--cloudTimeLimit', '2', '--cloudBlockLimit', '1', '--cloudMemoryLimit', '64mb'] });
});

describe('a function', () => {
  test('answers what it returns', async () => {
    assert.deepEqual(assertOk(await server.call('hello', { name: 'Ada' })), { result: 'Hello, Ada!' });
    assert.deepEqual(assertOk(await server.call('nil')), { result: null });
    assert.deepEqual(assertOk(await server.call('nothing')), {});
  });

  test('takes parameters of the query string, too', async () => {
    assert.deepEqual(assertOk(await server.api.request('POST', '/functions/hello?name=Bob', { name: 'Ada' })), { result: 'Hello, Bob!' });
  });

  test('is known by its exact name', async () => {
    assertError(await server.call('Hello'), 400, 141, 'Invalid function: "Hello"');
    assertError(await server.call('toString'), 400, 141, 'Invalid function: "toString"');
    assert.equal((await server.api.request('GET', '/functions/hello')).status, 404);
  });

  test('knows who calls', async () => {
    const user = await signUp(server.api, 'caller');
    assert.deepEqual(assertOk(await server.call('who', {}, user.as)).result, { user: user.id, master: false });
    assert.deepEqual(assertOk(await server.call('who', {}, master)).result, { master: true, installation: 'cloud' });
    const installation = { headers: { 'X-Parse-Installation-Id': 'i1' } };
    assert.deepEqual(assertOk(await server.call('who', {}, installation)).result, { master: false, installation: 'i1' });
  });

  test('gets dates and objects as such', async () => {
    const at = { __type: 'Date', iso: '2024-02-29T12:00:00.000Z' };
    const { result } = assertOk(
      await server.call('types', { date: at, pointer: { __type: 'Pointer', className: 'Some', objectId: 'o1' } }),
    );
    assert.deepEqual(result, { date: true, pointer: 'o1', at });
  });

  const kFailures = [
    ['throwText', 141, 'a text'],
    ['throwError', 141, 'an error'],
    ['throwParseError', 4711, 'with a code'],
    ['reject', 141, 'Script failed.'],
    ['unsaved', 141, /saved/],
    ['circular', 141, /refers to itself/],
    ['never', 141, /longer than 2 s/],
    ['loop', 141, /more than 1 s/],
    ['hog', 141, /memory/],
    ['recurse', 141, /stack/i],
    ['itself', 141, /levels deep: itself > itself/],
  ];
  for (const [name, codeOf, message] of kFailures) {
    test(`${name} fails alone`, async () => {
      assertError(await server.call(name), 400, codeOf, message);
      assert.deepEqual(assertOk(await server.call('hello')), { result: 'Hello, world!' });
    });
  }

  test('that throws a number answers the number', async () => {
    const response = await server.call('throwNumber');
    assert.deepEqual(response.json, { code: 141, error: 42 });
  });

  test('waits for timers', async () => {
    assert.deepEqual(assertOk(await server.call('later')), { result: 'at last' });
  });

  test('may call another', async () => {
    assert.deepEqual(assertOk(await server.call('inner', { name: 'inside' })), { result: 'Hello, inside!' });
  });

  test('of the old form sets status and headers', async () => {
    const response = await server.call('status');
    assert.equal(response.status, 201);
    assert.equal(response.headers['x-made'], 'here');
    assert.deepEqual(response.json, { result: 'made' });
  });

  test('writes to the log', async () => {
    const what = uniqueName('something');
    assertOk(await server.call('log', { what }));
    await until(() => server.stderr().includes(`the log says ${what}`), { what: 'the line in the log' });
  });
});

describe('the rights of a function', () => {
  test('are nobody’s unless it asks', async () => {
    const className = uniqueName('Closed');
    const closed = { find: {}, get: {}, count: {}, create: {}, update: {}, delete: {} };
    assertOk(await server.api.request('POST', `/schemas/${className}`, { className, classLevelPermissions: closed }, master));
    assertError(await server.call('save', { className, n: 1 }), 400, 119, 'Permission denied');
    const made = assertOk(await server.call('save', { className, n: 1, master: true })).result;
    assert.equal(made.__type, 'Object');
    assert.equal(made.n, 1);
    assertError(await server.call('save', { className, n: 1 }, master), 400, 119);
  });

  test('are those of the session that it names', async () => {
    const className = uniqueName('Owned');
    const owner = await signUp(server.api, 'owner');
    const other = await signUp(server.api, 'other');
    createdId(await server.api.request('POST', `/classes/${className}`, { ACL: owner.acl }));
    assert.equal(assertOk(await server.call('count', { className, asUser: true }, owner.as)).result, 1);
    assert.equal(assertOk(await server.call('count', { className, asUser: true }, other.as)).result, 0);
    assert.equal(assertOk(await server.call('count', { className }, owner.as)).result, 0);
  });
});

describe('a validator', () => {
  test('asks for a user', async () => {
    assertError(await server.call('locked'), 400, 142, 'Validation failed. Please login to continue.');
    const user = await signUp(server.api, 'locked');
    assert.equal(assertOk(await server.call('locked', {}, user.as)).result, 'open');
    assert.equal(assertOk(await server.call('locked', {}, master)).result, 'open');
  });

  test('checks and fills parameters', async () => {
    assertError(await server.call('fields', { a: 1 }), 400, 142, 'Validation failed. Please specify data for b.');
    assertError(await server.call('fields', { a: 'x', b: 1 }), 400, 142, 'Validation failed. Invalid type for a. Expected: number');
    assert.deepEqual(assertOk(await server.call('fields', { b: 1 })).result, { a: 7, b: 1 });
  });
});
