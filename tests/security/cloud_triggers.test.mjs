// What triggers of Cloud Code put into objects and files passes the same checks as what clients send.
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { assertError, assertOk, assertStatus, createdId, ownFields } from '../support/assert.mjs';
import { startCloud } from '../support/cloud.mjs';
import { ownServerOnly } from '../support/server.mjs';

function code() {
  const made = {
    bson: () => ({ a: { _bsontype: 'Code', code: 'x' } }),
    late: () => ({ metadata: {}, list: [{ deep: { constructor: { prototype: { x: 1 } } } }] }),
    proto: () => JSON.parse('{"__proto__":{"isAdmin":true}}'),
    fine: () => ({ constructorName: 'x', proto: 1 }),
  };
  Parse.Cloud.beforeSave('C', ({ object }) => {
    if (object.get('make')) object.set('data', made[object.get('make')]());
    if (object.get('add')) object.addUnique('data.foo', 1);
  });
  Parse.Cloud.beforeSave('Before', ({ object }) => {
    object.set('data', { foo: 1 });
  });
  Parse.Cloud.beforeSave(Parse.File, ({ file }) => {
    if (file.name() === 'meta.txt') file.setMetadata(made.bson());
    if (file.name() === 'tags.txt') file.setTags({ _bsontype: 'Code' });
    if (file.name() === 'where.txt') file.setDirectory('../out');
    if (file.name() === 'inside.txt') file.setDirectory('in/side');
  });
}

const upload = (api, name) => api.request('POST', `/files/${name}`, 'x', { headers: { 'Content-Type': 'text/plain' } });

describe('GHSA-xprv-wvh7-qqqx: denied words', { skip: ownServerOnly }, async () => {
  const server = await startCloud(code, { args: ['--fileUpload.enableForPublic', 'true'] });
  after(() => server.stop());
  const { api } = server;

  test('that a trigger sets are refused', async () => {
    const id = createdId(await api.create('C', { n: 1 }));
    assertError(await api.create('C', { make: 'bson' }), 400, 105, /^Prohibited keyword in request data: /);
    assertError(await api.update('C', id, { make: 'bson' }), 400, 105);
    assertError(await api.update('C', id, { make: 'bson' }, { master: true }), 400, 105);
    assert.deepEqual(ownFields(assertOk(await api.get('C', id))), { n: 1 });
  });

  test('names of prototypes are not stored', async () => {
    for (const make of ['late', 'proto']) {
      const { text } = await api.get('C', createdId(await api.create('C', { make })));
      assert.doesNotMatch(text, /constructor|__proto__|isAdmin/);
    }
  });

  test('what only looks like one is stored', async () => {
    const id = createdId(await api.create('C', { make: 'fine' }));
    assert.deepEqual(assertOk(await api.get('C', id)).data, { constructorName: 'x', proto: 1 });
  });

  test('in what a trigger notes of a file', async () => {
    for (const name of ['meta.txt', 'tags.txt']) assertError(await upload(api, name), 400, 105, /^Prohibited keyword/);
    assertError(await upload(api, 'where.txt'), 400, 122);
    const { name } = assertStatus(await upload(api, 'inside.txt'), 201);
    assert.match(name, /^in\/side\/[0-9a-f]{32}_inside\.txt$/);
  });
});

test('GHSA-xprv-wvh7-qqqx: a word of the option, as a step of a path', { skip: ownServerOnly }, async () => {
  const { api, stop } = await startCloud(code, { args: ['--requestKeywordDenylist', '[{"key":"foo"}]'] });
  const id = createdId(await api.create('C', { data: { x: 1 } }));
  assertError(await api.update('C', id, { add: true }), 400, 105);
  assertError(await api.create('Before', {}), 400, 105);
  assert.deepEqual(assertOk(await api.get('C', id)).data, { x: 1 });
  await stop();
});
