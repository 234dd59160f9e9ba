// Triggers of Cloud Code, from outside: what they see and change (server-behaviour.md, section 17). Their outcomes: cloud_outcomes.test.mjs.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { assertError, assertOk, createdId } from '../support/assert.mjs';
import { startCloud } from '../support/cloud.mjs';
import { until } from '../support/server.mjs';
import { kPassword, master, signUp } from '../support/users.mjs';

/* global Parse */
function code() {
  Parse.Cloud.beforeSave('Changed', ({ object, original, context }) => {
    context.seen = { dirty: object.dirtyKeys().sort(), isNew: object.isNew(), before: original?.get('n') };
    if (object.get('drop')) object.unset('drop');
    object.set('added', 'by the trigger');
    object.increment('times');
  });
  Parse.Cloud.afterSave('Changed', ({ object, context }) => {
    console.log(`after save of ${object.id}: ${JSON.stringify({ ...context.seen, added: object.get('added') })}`);
  });
  Parse.Cloud.beforeDelete('Kept', ({ object }) => {
    if (object.get('kept')) throw 'This one is kept.';
  });
  Parse.Cloud.beforeSave(Parse.User, ({ object }) => {
    if (object.isNew()) object.set('greeting', `Hello, ${object.get('username')}`);
  });
  Parse.Cloud.afterLogout(({ object }) => console.log(`logged out ${object.get('user').id}`));
  Parse.Cloud.beforeSave('Caller', ({ object, user, master }) => object.set({ by: user?.id, master: master === true }));
  Parse.Cloud.beforeSave('Deep', async ({ object }) => {
    if (object.get('level') < 4) await new Parse.Object('Deep').save({ level: object.get('level') + 1 });
  });
  Parse.Cloud.beforeSave('Endless', () => new Parse.Object('Endless').save());
  Parse.Cloud.beforeSave('Validated', () => {}, { fields: ['name'], requireUser: true });
}

let server;
before(async () => {
  server = await startCloud(code);
});

async function worksOn() {
  createdId(await server.api.request('POST', '/classes/Plain', { n: 1 }));
  assertOk(await server.api.request('PUT', `/classes/Changed/${createdId(await server.api.request('POST', '/classes/Changed', { n: 1 }))}`, { n: 2 }));
}

describe('beforeSave', () => {
  test('changes what is stored, and the answer says so', async () => {
    const response = await server.api.request('POST', '/classes/Changed', { n: 1, drop: 'x' });
    const id = createdId(response);
    assert.equal(response.json.added, 'by the trigger');
    assert.equal(response.json.times, 1);
    const stored = assertOk(await server.api.request('GET', `/classes/Changed/${id}`));
    assert.deepEqual([stored.n, stored.added, stored.times, stored.drop], [1, 'by the trigger', 1, undefined]);
    const update = assertOk(await server.api.request('PUT', `/classes/Changed/${id}`, { n: 5 }));
    assert.equal(update.times, 2);
    await until(() => server.stderr().includes(`after save of ${id}: {"dirty":["n"],"isNew":false,"before":1,"added":"by the trigger"}`), {
      what: 'the second afterSave, with the context of beforeSave',
    });
  });

  test('sees who calls', async () => {
    const user = await signUp(server.api, 'saver');
    const id = createdId(await server.api.request('POST', '/classes/Caller', {}, user.as));
    const stored = assertOk(await server.api.request('GET', `/classes/Caller/${id}`));
    assert.deepEqual([stored.by, stored.master], [user.id, false]);
    const other = createdId(await server.api.request('POST', '/classes/Caller', {}, master));
    assert.equal(assertOk(await server.api.request('GET', `/classes/Caller/${other}`)).master, true);
  });

  test('runs for users at sign-up', async () => {
    const user = await signUp(server.api, 'greeted');
    assert.equal(assertOk(await server.api.request('GET', '/users/me', undefined, user.as)).greeting, `Hello, ${user.name}`);
    const again = await server.api.request('POST', '/login', { username: user.name, password: kPassword });
    assertOk(again);
  });

  test('is not run for a save that is forbidden', async () => {
    const owner = await signUp(server.api, 'keeper');
    const made = createdId(await server.api.request('POST', '/classes/Changed', { ACL: owner.acl }));
    assertError(await server.api.request('PUT', `/classes/Changed/${made}`, { n: 2 }), 404, 101, 'Object not found.');
  });

  test('saves other objects, four levels deep', async () => {
    createdId(await server.api.request('POST', '/classes/Deep', { level: 1 }));
    assert.equal(assertOk(await server.api.request('GET', '/classes/Deep?count=1&limit=0')).count, 4);
  });

  test('that saves without end is stopped', async () => {
    assertError(await server.api.request('POST', '/classes/Endless', {}), 400, 141, /levels deep: beforeSave Endless > beforeSave Endless/);
    assert.equal(assertOk(await server.api.request('GET', '/classes/Endless?count=1&limit=0')).count, 0);
    await worksOn();
  });

  test('has validators', async () => {
    assertError(await server.api.request('POST', '/classes/Validated', { name: 'x' }), 400, 142, 'Validation failed. Please login to continue.');
    const user = await signUp(server.api, 'validated');
    assertError(await server.api.request('POST', '/classes/Validated', {}, user.as), 400, 142, 'Validation failed. Please specify data for name.');
    createdId(await server.api.request('POST', '/classes/Validated', { name: 'x' }, user.as));
  });
});

describe('other triggers', () => {
  test('beforeDelete keeps objects', async () => {
    const id = createdId(await server.api.request('POST', '/classes/Kept', { kept: true }));
    assertError(await server.api.request('DELETE', `/classes/Kept/${id}`), 400, 141, 'This one is kept.');
    assertError(await server.api.request('DELETE', '/classes/Kept/missing'), 404, 101, 'Object not found for delete.');
  });

  test('afterLogout tells who it was', async () => {
    const user = await signUp(server.api, 'leaver');
    assertOk(await server.api.request('POST', '/logout', {}, user.as));
    await until(() => server.stderr().includes(`logged out ${user.id}`), { what: 'the line of afterLogout' });
  });

  test('run for each item of a batch', async () => {
    const item = (n) => ({ method: 'POST', path: '/parse/classes/Changed', body: { n } });
    for (const transaction of [false, true]) {
      const answers = assertOk(await server.api.request('POST', '/batch', { requests: [item(1), item(2)], transaction }));
      assert.deepEqual(answers.map((answer) => answer.success.added), ['by the trigger', 'by the trigger']);
    }
  });

  test('that refuse one item of a transaction undo the others', async () => {
    const countOf = async (className) => assertOk(await server.api.request('GET', `/classes/${className}?count=1&limit=0`)).count;
    const save = (className, body) => ({ method: 'POST', path: `/parse/classes/${className}`, body });
    const before = await countOf('Changed');
    const refused = [save('Changed', { n: 4711 }), save('Validated', {}), save('Changed', { n: 4712 })];
    const answer = await server.api.request('POST', '/batch', { requests: refused, transaction: true });
    assert.ok(answer.status === 400 && answer.json.code === 142, answer.text);
    assert.equal(await countOf('Changed'), before);
    assert.equal(assertOk(await server.api.find('Changed', { where: { n: { $gte: 4711 } } })).results.length, 0);

    const [first, second, third] = assertOk(await server.api.request('POST', '/batch', { requests: refused }));
    assert.deepEqual([first.success?.added, second.error?.code, third.success?.added], ['by the trigger', 142, 'by the trigger']);
    await until(() => server.stderr().includes(`after save of ${third.success.objectId}`), { what: 'the afterSave of what was saved' });
  });
});
