// Snapshots: states of a server by name.
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { assertError, assertOk, assertStatus, createdId } from '../support/assert.mjs';
import { folderOf } from '../support/files.mjs';
import { ownServerOnly as skip, startOwnServer } from '../support/server.mjs';
import { controlsOf } from '../support/test_controls.mjs';

describe('snapshots', { skip }, () => {
  let server, api, controls;
  before(async () => {
    server = await startOwnServer({ ephemeral: true, fixtures: folderOf({ 'A.json': [{ objectId: 'aaaaaaaaaa', n: 0 }] }) });
    api = server.api;
    controls = controlsOf(api);
  });
  after(() => server.stop());
  beforeEach(async () => {
    assertOk(await controls.reset());
    assertOk(await controls.removeSnapshots());
  });

  const numbers = async () => assertOk(await api.find('A', { order: 'n' }, { master: true })).results.map(({ n }) => n);
  const add = async (n) => createdId(await api.create('A', { n }, { master: true }));
  const names = async () => assertOk(await controls.snapshots()).results.map(({ name }) => name);

  test('are gone back to by name, again and again and in any order', async () => {
    await add(1);
    const taken = assertOk(await controls.snapshot('one'));
    assert.equal(taken.name, 'one');
    assert.ok(taken.bytes > 0);
    await add(2);
    assertOk(await controls.snapshot('two'));
    await add(3);
    for (const [name, expected] of [
      ['one', [0, 1]],
      ['two', [0, 1, 2]],
      ['one', [0, 1]],
    ]) {
      assert.deepEqual(assertOk(await controls.restore(name)), {});
      assert.deepEqual(await numbers(), expected);
      await add(9);
    }
  });

  test('outlive a reset, and a restore', async () => {
    await add(1);
    assertOk(await controls.snapshot('one'));
    assertOk(await controls.reset());
    assert.deepEqual(await numbers(), [0]);
    assertOk(await controls.restore('one'));
    assert.deepEqual(await numbers(), [0, 1]);
    assert.deepEqual(await names(), ['one']);
  });

  test('of one name replace each other', async () => {
    assertOk(await controls.snapshot('x'));
    await add(1);
    assertOk(await controls.snapshot('x'));
    assertOk(await controls.reset());
    assertOk(await controls.restore('x'));
    assert.deepEqual(await numbers(), [0, 1]);
    assert.deepEqual(await names(), ['x']);
  });

  test('are listed by name and deleted one by one or all at once', async () => {
    for (const name of ['b', 'a', 'c.1_-Z']) assertOk(await controls.snapshot(name));
    assert.deepEqual(await names(), ['a', 'b', 'c.1_-Z']);
    assert.deepEqual(assertOk(await controls.removeSnapshot('a')), {});
    assert.deepEqual(await names(), ['b', 'c.1_-Z']);
    assertError(await controls.restore('a'), 404, 101, /no snapshot "a"/);
    assertError(await controls.removeSnapshot('a'), 404, 101, /no snapshot "a"/);
    assert.deepEqual(assertOk(await controls.removeSnapshots()), {});
    assert.deepEqual(await names(), []);
  });

  test('hold classes, users with their sessions, config and files', async () => {
    const user = assertStatus(await api.request('POST', '/users', { username: 'ann', password: 'secret' }), 201);
    assertOk(await api.request('PUT', '/config', { params: { color: 'red' } }, { master: true }));
    createdId(await api.create('Fresh', { n: 1 }));
    const options = { master: true, headers: { 'Content-Type': 'text/plain' } };
    const { name } = assertStatus(await api.request('POST', '/files/note.txt', 'hello', options), 201);
    assertOk(await controls.snapshot('full'));

    assertOk(await controls.reset());
    assertStatus(await api.request('GET', `/files/app/${name}`), 404);
    assertOk(await controls.restore('full'));
    assert.equal((await api.request('GET', `/files/app/${name}`)).text, 'hello');
    assertOk(await api.request('GET', '/users/me', undefined, { headers: { 'X-Parse-Session-Token': user.sessionToken } }));
    assert.equal(assertOk(await api.request('GET', '/config')).params.color, 'red');
    assert.equal(assertOk(await api.find('Fresh')).results.length, 1);
  });

  test('hold the content of a file, also where the name is used again', async () => {
    const put = (content) => {
      const options = { master: true, headers: { 'Content-Type': 'text/plain' } };
      return api.request('POST', '/files/note.txt', content, options);
    };
    const preserving = await startOwnServer({ ephemeral: true, args: ['--preserveFileName', 'true'] });
    try {
      api = preserving.api;
      controls = controlsOf(api);
      assertStatus(await put('first'), 201);
      assertOk(await controls.snapshot('first'));
      assertStatus(await put('second'), 201);
      const text = async () => (await api.request('GET', '/files/app/note.txt')).text;
      assert.equal(await text(), 'second');
      assertOk(await controls.restore('first'));
      assert.equal(await text(), 'first');
    } finally {
      await preserving.stop();
      api = server.api;
      controls = controlsOf(api);
    }
  });

  test('have names of letters, digits, dots, hyphens and underscores', async () => {
    for (const name of ['', 'a b', 'ä', '../x', 'a/b', 'x'.repeat(65), 7, null, undefined, ['x'], { a: 1 }]) {
      assertError(await controls.snapshot(name), 400, 107, /needs a name/);
      assertError(await controls.restore(name), 400, 107, /needs a name/);
    }
    assertError(await controls.call('POST', 'snapshot', []), 400, 107, /needs a name/);
    assertError(await controls.removeSnapshot('a b'), 400, 107, /needs a name/);
    assertOk(await controls.snapshot('x'.repeat(64)));
  });

  test('are at most a hundred; one of a name that is there may be taken anew', async () => {
    for (let i = 0; i < 100; ++i) assertOk(await controls.snapshot(`s${i}`));
    assertError(await controls.snapshot('one.more'), 400, 140, /100 snapshots already/);
    assertOk(await controls.snapshot('s7'));
    assertOk(await controls.removeSnapshot('s8'));
    assertOk(await controls.snapshot('one.more'));
  });
});
