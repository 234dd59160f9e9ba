// /hooks: which webhooks there are, and changing them.
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { assertError, assertOk, assertStatus } from '../support/assert.mjs';
import { oursOnly, ownServerOnly, startOwnServer, startServer, uniqueName } from '../support/server.mjs';
import { master } from '../support/users.mjs';

const server = await startServer();
after(() => server.stop());
const { api } = server;
const request = (method, path, body) => api.request(method, path, body, master);
const url = 'https://example.org/hook';
const removal = { __op: 'Delete' };
const named = (list, name) => list.filter((hook) => hook.functionName === name || hook.className === name);

describe('functions', () => {
  test('are made, read, changed and taken away', async () => {
    const functionName = uniqueName('made');
    const path = `/hooks/functions/${functionName}`;
    const hook = { functionName, url };
    assert.deepEqual(assertOk(await request('POST', '/hooks/functions', { ...hook, more: 1 })), hook);
    assert.deepEqual(assertOk(await request('GET', path)), hook);
    assert.deepEqual(named(assertOk(await request('GET', '/hooks/functions')), functionName), [hook]);
    const other = { functionName, url: 'http://example.org:8080/a?b=c' };
    assert.deepEqual(assertOk(await request('PUT', path, { url: other.url })), other);
    assert.deepEqual(assertOk(await request('PUT', path, removal)), {});
    assertError(await request('GET', path), 400, 143, `no function named: ${functionName} is defined`);
    assert.deepEqual(named(assertOk(await request('GET', '/hooks/functions')), functionName), []);
  });

  test('a change replaces the URL', { skip: oursOnly }, async () => {
    const functionName = uniqueName('changed');
    assertOk(await request('POST', '/hooks/functions', { functionName, url }));
    assertOk(await request('PUT', `/hooks/functions/${functionName}`, { url: 'https://example.org/2' }));
    assert.deepEqual(named(assertOk(await request('GET', '/hooks/functions')), functionName), [{ functionName, url: 'https://example.org/2' }]);
  });

  test('exist once', async () => {
    const functionName = uniqueName('twice');
    assertOk(await request('POST', '/hooks/functions', { functionName, url }));
    assertError(await request('POST', '/hooks/functions', { functionName, url }), 400, 143, `function name: ${functionName} already exists`);
  });

  test('one of many at the same time is made', { skip: oursOnly }, async () => {
    const functionName = uniqueName('parallel');
    const answers = await Promise.all(Array.from({ length: 10 }, () => request('POST', '/hooks/functions', { functionName, url })));
    assert.equal(answers.filter((answer) => answer.status === 200).length, 1);
    assert.equal(named(assertOk(await request('GET', '/hooks/functions')), functionName).length, 1);
  });

  test('that are not there', async () => {
    const path = '/hooks/functions/missing';
    assertError(await request('GET', path), 400, 143, 'no function named: missing is defined');
    assertError(await request('PUT', path, { url }), 400, 143, 'no function named: missing is defined');
    assertError(await request('PUT', path, {}), 400, 143, 'invalid hook declaration');
    assertError(await request('PUT', path, removal), 404, 101, 'Object not found.');
    assertStatus(await request('DELETE', path), 404);
  });
});

describe('triggers', () => {
  test('are made, read, changed and taken away', async () => {
    const className = uniqueName('Hooked');
    const path = `/hooks/triggers/${className}/afterSave`;
    const hook = { className, triggerName: 'afterSave', url };
    assert.deepEqual(assertOk(await request('POST', '/hooks/triggers', hook)), hook);
    assertError(await request('POST', '/hooks/triggers', hook), 400, 143, `class ${className} already has trigger afterSave`);
    assert.deepEqual(assertOk(await request('POST', '/hooks/triggers', { ...hook, triggerName: 'beforeDelete' })), {
      ...hook,
      triggerName: 'beforeDelete',
    });
    assert.deepEqual(assertOk(await request('GET', path)), hook);
    assert.equal(named(assertOk(await request('GET', '/hooks/triggers')), className).length, 2);
    assert.deepEqual(assertOk(await request('PUT', path, { url: 'https://example.org/2' })), { ...hook, url: 'https://example.org/2' });
    assert.deepEqual(assertOk(await request('PUT', path, removal)), {});
    assertError(await request('GET', path), 400, 143, `class ${className} does not exist`);
    assertOk(await request('PUT', `/hooks/triggers/${className}/beforeDelete`, removal));
    assert.deepEqual(named(assertOk(await request('GET', '/hooks/triggers')), className), []);
  });

  test('that are not there', async () => {
    const path = '/hooks/triggers/Missing/beforeSave';
    assertError(await request('GET', path), 400, 143, 'class Missing does not exist');
    assertError(await request('PUT', path, { url }), 400, 143, 'class Missing does not exist');
    assertError(await request('PUT', path, removal), 404, 101, 'Object not found.');
  });

  const names = ['beforeSave', 'afterSave', 'beforeDelete', 'afterDelete', 'beforeFind', 'afterFind'];
  for (const triggerName of [...names, 'beforeSubscribe', 'afterEvent']) {
    test(`${triggerName} is one of a class`, async () => {
      const className = uniqueName('Any');
      assertOk(await request('POST', '/hooks/triggers', { className, triggerName, url }));
      assertOk(await request('PUT', `/hooks/triggers/${className}/${triggerName}`, removal));
    });
  }

  for (const [triggerName, className] of [
    ['beforeLogin', '_User'],
    ['afterLogin', '_User'],
    ['beforePasswordResetRequest', '_User'],
    ['afterLogout', '_Session'],
    ['beforeConnect', '@Connect'],
    ['beforeSave', '@File'],
    ['afterSave', '@Config'],
  ]) {
    test(`${triggerName} is one of ${className}`, async () => {
      assertOk(await request('POST', '/hooks/triggers', { className, triggerName, url }));
      assertOk(await request('PUT', `/hooks/triggers/${className}/${triggerName}`, removal));
    });
  }
});

describe('refused', () => {
  const cases = [
    ['nothing', {}],
    ['a function without a URL', { functionName: 'f' }],
    ['an empty name', { functionName: '', url }],
    ['an empty URL', { functionName: 'f', url: '' }],
    ['a class without a trigger', { className: 'C', url }],
    ['a trigger without a class', { triggerName: 'beforeSave', url }],
    ['an unknown trigger', { className: 'C', triggerName: 'beforeLunch', url }],
    ['a trigger in other letters', { className: 'C', triggerName: 'BeforeSave', url }],
  ];
  for (const [title, body] of cases) {
    test(title, async () => assertError(await request('POST', '/hooks/triggers', body), 400, 143, 'invalid hook declaration'));
  }

  const strict = [
    ['a name that is no text', { functionName: 5, url }],
    ['a very long name', { functionName: 'f'.repeat(257), url }],
    ['a URL that is no text', { functionName: 'f', url: { a: 1 } }],
    ['a URL that is none', { functionName: 'f', url: 'nonsense' }],
    ['a relative URL', { functionName: 'f', url: '/hook' }],
    ['a file', { functionName: 'f', url: 'file:///etc/passwd' }],
    ['a URL with a line break', { functionName: 'f', url: 'http://example.org/\r\nHost: other' }],
    ['a very long URL', { functionName: 'f', url: `${url}?${'a'.repeat(3000)}` }],
    ['a class that can be none', { className: 'a b', triggerName: 'beforeSave', url }],
    ['a login of another class', { className: 'C', triggerName: 'beforeLogin', url }],
    ['a logout of another class', { className: 'C', triggerName: 'afterLogout', url }],
    ['another trigger of sessions', { className: '_Session', triggerName: 'beforeSave', url }],
    ['beforeSave of _PushStatus', { className: '_PushStatus', triggerName: 'beforeSave', url }],
  ];
  for (const [title, body] of strict) {
    test(title, { skip: oursOnly }, async () => {
      assertError(await request('POST', '/hooks/functions', body), 400, 143, /^invalid hook declaration/);
      const bad = [...assertOk(await request('GET', '/hooks/functions')), ...assertOk(await request('GET', '/hooks/triggers'))];
      assert.ok(!bad.some((hook) => hook.functionName === 'f' || ['C', 'a b', '_Session', '_PushStatus'].includes(hook.className)));
    });
  }
});

test('all survive a restart', { skip: ownServerOnly }, async () => {
  const first = await startOwnServer();
  const hooks = [{ functionName: 'f', url }, { functionName: 'g', url }];
  for (const hook of hooks) assertOk(await first.api.request('POST', '/hooks/functions', hook, master));
  const trigger = { className: 'C', triggerName: 'beforeSave', url: 'http://127.0.0.1:1/' };
  assertOk(await first.api.request('POST', '/hooks/triggers', trigger, master));
  await first.stop();
  const second = await startOwnServer({ dataDir: first.dataDir });
  assert.deepEqual(assertOk(await second.api.request('GET', '/hooks/functions', undefined, master)), hooks);
  assert.deepEqual(assertOk(await second.api.request('GET', '/hooks/triggers', undefined, master)), [trigger]);
  assertError(await second.api.create('C', {}), 400, 141);
  await second.stop();
});

test('there is an end to them', { skip: ownServerOnly }, async () => {
  const own = await startOwnServer();
  const make = (i) => own.api.request('POST', '/hooks/functions', { functionName: `f${i}`, url }, master);
  for (let i = 0; i < 1000; i += 50) (await Promise.all(Array.from({ length: 50 }, (_, j) => make(i + j)))).forEach(assertOk);
  assertError(await make(1000), 400, 143, 'there cannot be more than 1000 hooks');
  assertOk(await own.api.request('PUT', '/hooks/functions/f7', removal, master));
  assertOk(await make(1000));
  await own.stop();
});

test('serverInfo offers them to dashboards', async () => {
  const { features } = assertOk(await request('GET', '/serverInfo'));
  assert.deepEqual(features.hooks, { create: true, read: true, update: true, delete: true });
});
