// What Cloud Code that moves here from Parse Server relies on.
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { assertError, assertOk, assertStatus, createdId } from '../support/assert.mjs';
import { startCloud } from '../support/cloud.mjs';
import { ownServerOnly } from '../support/server.mjs';
import { kPassword, master, signUp } from '../support/users.mjs';

function code() {
  const notes = [];
  Parse.Cloud.define('notes', () => notes.splice(0));
  Parse.Cloud.afterSave(Parse.User, ({ object }) => {
    notes.push([object.get('email') ?? null, typeof object.getSessionToken(), Object.keys(object.get('authData') ?? {}), object.get('password') ?? null]);
  });
  Parse.Cloud.afterSave('Kept', ({ object }) => void notes.push([object.get('secret') ?? null, object.get('older') ?? null]));
  Parse.Cloud.beforeFind(Parse.User, ({ isGet }) => void notes.push(`find ${isGet}`));
  Parse.Cloud.afterFind(Parse.User, ({ objects }) => {
    if (objects.some((user) => user.get('hidden'))) throw new Parse.Error(119, 'not this one');
    for (const user of objects) user.unset('note').set('shown', `${user.get('username')}!`);
  });
  Parse.Cloud.beforeFind('Refused', () => { throw 'no aggregates'; });
  Parse.Cloud.beforeFind('Narrowed', ({ query }) => query.equalTo('kind', 'a'));
  Parse.Cloud.beforeFind('Given', () => [new Parse.Object('Given', { n: 7 })]);
  Parse.Cloud.define('limit', async () => { await new Parse.Query('Limits').find(); return notes.splice(0); });
  Parse.Cloud.beforeFind('Limits', ({ query }) => void notes.push(query._limit));
  Parse.Cloud.define('invite', async ({ params: { username } }) => {
    const user = await new Parse.User({ username, password: 'secret' }).signUp();
    const linked = await Parse.User.logInWith('anonymous', { authData: { id: username } });
    const sessions = await new Parse.Query('_Session').containedIn('user', [user, linked]).count({ useMasterKey: true });
    const again = await Parse.User.logIn(username, 'secret');
    return { token: user.getSessionToken() ?? null, linked: linked.getSessionToken() ?? null, sessions, again: typeof again.getSessionToken() };
  });
  Parse.Cloud.define('health', () => Parse.getServerHealth());
  Parse.Cloud.beforeSave('Chosen', ({ object }) => {
    if (object.isNew()) object.id = object.get('wanted');
    object.set('empty', null);
  });
  Parse.Cloud.define('cut', async ({ params: { text } }) => {
    const object = await new Parse.Object('Cut', { text: text.substring(0, 5) }).save(null, { useMasterKey: true });
    return [(await object.fetch({ useMasterKey: true })).get('text'), text.substring(0, 5)];
  });
  Parse.Cloud.beforeSave(Parse.File, ({ file }) => (file.name().includes('away') ? Object.assign(file, { _url: 'http://away' }) : undefined));
  Parse.Cloud.afterSave(Parse.File, ({ file, fileSize }) => void notes.push([file.url(), fileSize]));
}

describe('an app that moves here', { skip: ownServerOnly }, async () => {
  const server = await startCloud(code);
  after(() => server.stop());
  const { api, call } = server;
  const notes = async () => assertOk(await call('notes')).result;
  const bySession = (token) => ({ headers: { 'X-Parse-Session-Token': token } });

  test('gets in afterSave what was written, whoever may read it', async () => {
    await signUp(api, 'a', { email: 'a@b.cd' });
    assert.deepEqual(await notes(), [['a@b.cd', 'string', [], null]]);
    assertStatus(await api.request('POST', '/users', { authData: { anonymous: { id: 'one' } } }), 201);
    assert.deepEqual(await notes(), [[null, 'string', ['anonymous'], null]]);
    const classLevelPermissions = { ...Object.fromEntries(['find', 'get', 'create', 'update'].map((each) => [each, { '*': true }])), protectedFields: { '*': ['secret', 'older'] } };
    const fields = { secret: { type: 'String' }, older: { type: 'String' } };
    assertOk(await api.request('POST', '/schemas/Kept', { className: 'Kept', fields, classLevelPermissions }, master));
    const id = createdId(await api.create('Kept', { secret: 'a', older: 'o' }));
    assert.deepEqual(await notes(), [['a', 'o']]);
    assertOk(await api.update('Kept', id, { secret: 'b' }));
    assert.deepEqual(await notes(), [['b', null]]);
  });

  test('shapes users by the code of finds, also at a login and for themselves', async () => {
    const user = await signUp(api, 'shaped', { note: 'private' });
    await notes();
    const shape = ({ note, shown, sessionToken }) => [note, shown, typeof sessionToken];
    const expected = [undefined, `${user.name}!`, 'string'];
    assert.deepEqual(shape(assertOk(await api.request('GET', '/users/me', undefined, user.as))), expected);
    assert.deepEqual(shape(assertOk(await api.request('POST', '/login', { username: user.name, password: kPassword }))), expected);
    const verified = assertOk(await api.request('GET', `/verifyPassword?username=${user.name}&password=${kPassword}`));
    assert.deepEqual(shape(verified), [undefined, `${user.name}!`, 'undefined']);
    assert.deepEqual(await notes(), ['find true', 'find true', 'find true']);
    assertOk(await api.request('PUT', `/users/${user.id}`, { hidden: true }, user.as));
    assertError(await api.request('GET', '/users/me', undefined, user.as), 400, 119, 'not this one');
    const bare = assertOk(await api.request('POST', '/login', { username: user.name, password: kPassword }));
    assert.deepEqual(Object.keys(bare).sort(), ['objectId', 'sessionToken']);
    assertOk(await api.request('GET', '/sessions/me', undefined, bySession(bare.sessionToken)));
  });

  test('is asked before aggregations', async () => {
    const aggregate = (name, parameters) => api.request('POST', `/aggregate/${name}`, { _method: 'GET', ...parameters }, master);
    for (const name of ['Refused', 'Narrowed', 'Given']) {
      for (const kind of ['a', 'b']) createdId(await api.create(name, { kind, n: 1 }));
    }
    assertError(await aggregate('Refused', { distinct: 'n' }), 400, 141, 'no aggregates');
    assertError(await aggregate('Refused', { pipeline: [{ $group: { _id: '$n' } }] }), 400, 141, 'no aggregates');
    assert.deepEqual(assertOk(await aggregate('Narrowed', { distinct: 'kind' })).results, ['a']);
    assert.equal(assertOk(await aggregate('Narrowed', { $group: { _id: '$kind' }, $limit: 5 })).results.length, 2);
    assert.deepEqual(assertOk(await aggregate('Given', { distinct: 'n' })).results.map(({ n }) => n), [7]);
  });

  test('sees the limit of a find that names none', async () => {
    await notes();
    assert.deepEqual(assertOk(await call('limit')).result, [100]);
  });

  test('makes no session by a sign-up of its own, only by a login', async () => {
    const { result } = assertOk(await call('invite', { username: 'invited' }));
    assert.deepEqual(result, { token: null, linked: null, sessions: 0, again: 'string' });
  });

  test('chooses the id of a new object, and tells the client of null', async () => {
    const made = assertStatus(await api.create('Chosen', { wanted: 'my-id' }), 201);
    assert.deepEqual([made.objectId, made.empty], ['my-id', null]);
    assert.equal(assertOk(await api.get('Chosen', 'my-id')).wanted, 'my-id');
    assertOk(await api.update('Chosen', 'my-id', { more: 1 }));
    assertError(await api.create('Chosen', { wanted: 'my-id' }), 400, 137, /duplicate/i);
    assertError(await api.create('Chosen', { wanted: 'x'.repeat(2000) }), 400, 105, 'objectId is an invalid field name.');
    assertStatus(await api.create('Chosen', {}), 201);
    assertError(await api.create('Chosen', { objectId: 'sent', wanted: 'other' }), 400, 105, 'objectId is an invalid field name.');
  });

  test('asks for the health of its server', async () => {
    assert.deepEqual(assertOk(await call('health')).result, { status: 'ok' });
  });

  test('may cut a text within a character', async () => {
    assert.deepEqual(assertOk(await call('cut', { text: 'hey \u{1F600} you' })).result, ['hey \uFFFD', 'hey \uFFFD']);
    const id = createdId(await api.request('POST', '/classes/Cut', '{"text":"a\\ud83d"}', { headers: { 'Content-Type': 'application/json' } }));
    assert.equal(assertOk(await api.get('Cut', id)).text, 'a\uFFFD');
  });

  test('hears of a file that it has put somewhere itself', async () => {
    await notes();
    const options = { master: true, headers: { 'Content-Type': 'text/plain' } };
    const saved = assertStatus(await api.request('POST', '/files/away.txt', 'bytes', options), 201);
    assert.equal(saved.url, 'http://away');
    assert.deepEqual(await notes(), [['http://away', null]]);
  });
});
