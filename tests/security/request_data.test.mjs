// Denied keywords, and parts of a request that are not of the kind they should be.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { assertError, assertNoServerError, assertOk, assertUnauthorized, createdId, ownFields } from '../support/assert.mjs';
import { uniqueName, oursOnly } from '../support/server.mjs';
import { attackedServer, master } from './attacked.mjs';

const { api, C, id, assertUnchanged } = await attackedServer();

describe('denied keywords', () => {
  const bodies = [
    { obj: { constructor: { prototype: { dummy: 0 } } } },
    { obj: { _bsontype: 'Code', code: 'x' } },
    { obj: { metadata: {}, _bsontype: 'Code', code: 'x' } },
    { obj: { tags: ['safe'], _bsontype: 'Code' } },
    { obj: { list: [{ deep: [{ _bsontype: 'Code' }] }] } },
    { first: { a: 1 }, second: { b: 1 }, third: { _bsontype: 'Code' } },
  ];
  for (const body of bodies) {
    test(`${JSON.stringify(body)} (GHSA-p6h4-93qp-jhcm, GHSA-q342-9w2p-57fp)`, async () => {
      assertError(await api.create(C, body), 400, 105, /^Prohibited keyword in request data: \{"key":/);
      assertError(await api.update(C, id, body), 400, 105);
    });
  }

  test('__proto__ in the body (GHSA-9ccr-fpp6-78qf)', async () => {
    for (const text of [
      '{"name":"t","__proto__":{"newField":"x"}}',
      '{"profile":{"a":1},"__proto__":{"isAdmin":true}}',
      '{"obj":{"__proto__":{"a":1}}}',
    ]) {
      assertError(await api.create(C, text), 400, 105);
    }
    const { fields } = assertOk(await api.schema('GET', C));
    for (const name of ['newField', 'isAdmin', '__proto__']) assert.equal(Object.hasOwn(fields, name), false, name);
  });

  test('other keys are not denied', async () => {
    const D = uniqueName('Allowed');
    const obj = { Constructor: 1, construct: { a: 1 }, proto: 2, bsontype: 'Code', _bsontype: 'Other' };
    assert.deepEqual(assertOk(await api.get(D, createdId(await api.create(D, { obj })))).obj, obj);
  });

  test('application ids that are members of every object (GHSA-3v4q-4q9g-x83q)', async () => {
    for (const app of ['constructor', 'toString', 'valueOf', 'hasOwnProperty', '__proto__']) {
      assertUnauthorized(await api.request('GET', `/classes/${C}`, undefined, { headers: { 'X-Parse-Application-Id': app } }));
    }
  });
});

describe('denied keywords on other ways', () => {
  test('dotted keys of an update (GHSA-p6h4-93qp-jhcm)', async () => {
    for (const key of ['obj.constructor.prototype.dummy', 'obj.__proto__.dummy', 'data.constructor']) {
      for (const value of [0, { __op: 'Increment', amount: 1 }]) {
        assertError(await api.update(C, id, { [key]: value }), 400, 105);
      }
    }
    await assertUnchanged();
  });

  test('values of operators', async () => {
    const objects = [{ _bsontype: 'Code', code: 'x' }];
    for (const __op of ['Add', 'AddUnique', 'Remove']) assertError(await api.update(C, id, { list: { __op, objects } }), 400, 105);
    assert.equal(assertOk(await api.get(C, id)).list, undefined);
  });

  test('batches', async () => {
    const requests = [{ method: 'POST', path: `/parse/classes/${C}`, body: { obj: { constructor: 1 } } }];
    const response = await api.request('POST', '/batch', { requests });
    if (response.status === 200) assert.equal(response.json[0].error.code, 105);
    else assertError(response, 400, 105);
  });

  test('the master key (GHSA-462x-c3jw-7vr6)', async () => {
    assertError(await api.create(C, { obj: { _bsontype: 'Code' } }, master), 400, 105);
    assertError(await api.request('PUT', '/config', { params: { foo: { _bsontype: 'Code' } } }, master), 400, 105);
  });

  test('defaults of a class (GHSA-462x-c3jw-7vr6)', { skip: oursOnly }, async () => {
    const D = uniqueName('Defaulted');
    const fields = { o: { type: 'Object', defaultValue: { deep: [{ _bsontype: 'Code' }] } } };
    assertError(await api.schema('POST', D, { className: D, fields }), 400, 105);
    assertOk(await api.schema('POST', D, { className: D, fields: {} }));
    assertError(await api.schema('PUT', D, { className: D, fields }), 400, 105);
    assert.equal(assertOk(await api.schema('GET', D)).fields.o, undefined);
  });

  // The context is for Cloud Code and no part of the object: it is taken, and stays out of it.
  for (const context of ['{"__proto__":{"isAdmin":true}}', '{"constructor":{"prototype":{"dummy":0}}}', '{"isAdmin":true,"n":9}']) {
    test(`a context ${context} is no part of the object (GHSA-445j-ww4h-339m)`, async () => {
      const D = uniqueName('Contextual');
      const inBody = `{"_ApplicationId":"app","_JavaScriptKey":"js","n":1,"_context":${context}}`;
      const made = [
        await api.create(D, { n: 1 }, { headers: { 'X-Parse-Cloud-Context': context } }),
        await api.create(D, inBody, { anonymous: true }),
        await api.create(D, { n: 1 }),
      ].map(createdId);
      for (const one of made) assert.deepEqual(ownFields(assertOk(await api.get(D, one))), { n: 1 });
      const { fields } = assertOk(await api.schema('GET', D));
      assert.deepEqual(Object.keys(fields).sort(), ['ACL', 'createdAt', 'n', 'objectId', 'updatedAt']);
    });
  }

  test('a locked class keeps its fields and their types (GHSA-9ccr-fpp6-78qf)', async () => {
    const D = uniqueName('Locked');
    const open = Object.fromEntries(['find', 'get', 'create', 'update'].map((name) => [name, { '*': true }]));
    const fields = { name: { type: 'String' }, score: { type: 'String' } };
    assertOk(await api.schema('POST', D, { className: D, fields, classLevelPermissions: { ...open, addField: {} } }));
    const before = assertOk(await api.schema('GET', D)).fields;
    for (const text of [
      '{"name":"t","__proto__":{"newField":"x"}}',
      '{"__proto__":{"score":42}}',
      '{"name":"t","newField":"x"}',
      '{"score":42}',
    ]) {
      const response = await api.create(D, text);
      assert.ok(response.status >= 400 && response.status < 500, response.text);
    }
    assert.deepEqual(assertOk(await api.schema('GET', D)).fields, before);
  });
});

describe('parts of requests that are of odd kinds (PR 10209, PR 10230, GHSA-h4mf-75hf-67w4)', () => {
  const odd = [5, true, [], {}, { $ne: null }, { $regex: 'r:0' }, ['app']];
  const own = { _ApplicationId: 'app', _JavaScriptKey: 'js', _method: 'GET' };
  for (const name of ['_ApplicationId', '_JavaScriptKey', '_SessionToken', '_MasterKey']) {
    test(name, async () => {
      for (const value of odd) {
        const response = await api.request('POST', `/classes/${C}`, { ...own, [name]: value }, { anonymous: true });
        assert.ok(response.status >= 400 && response.status < 500, `${JSON.stringify(value)}: ${response.status} ${response.text}`);
      }
    });
  }

  for (const name of ['_method', '_InstallationId', '_ContentType', '_ClientVersion', '_context']) {
    test(`${name} breaks nothing`, async () => {
      for (const value of odd)
        assertNoServerError(await api.request('POST', `/classes/${C}`, { ...own, [name]: value }, { anonymous: true }));
      assertOk(await api.find(C));
    });
  }

  test('items of a batch', { skip: oursOnly }, async () => {
    for (const value of [5, true, null, [], {}]) {
      for (const requests of [[{ method: 'GET', path: value }], [value], ...(Array.isArray(value) ? [] : [value])]) {
        assertError(await api.request('POST', '/batch', { requests }), 400, 107);
      }
      const method = await api.request('POST', '/batch', { requests: [{ method: value, path: `/parse/classes/${C}` }] });
      assertNoServerError(method);
      assertNoServerError(
        await api.request('POST', '/batch', { requests: [{ method: 'POST', path: `/parse/classes/${C}`, body: value }] }),
      );
    }
  });

  test('paths of a batch that lead elsewhere (GHSA-p84r-h6rx-f2xr)', { skip: oursOnly }, async () => {
    const paths = ['/parse/../schemas', '/parse/schemas', '/parse//schemas', '/parse/classes/../schemas', '/parse/%73chemas', 'schemas'];
    for (const path of [
      ...paths,
      '//parse/schemas',
      'http://127.0.0.1/parse/schemas',
      '/parse/batch',
      '/PARSE/batch',
      '/parse/batch/',
      '/parse//batch',
    ]) {
      for (const method of ['GET', 'POST']) {
        const response = await api.request('POST', '/batch', { requests: [{ method, path, body: { requests: [] } }] });
        assertNoServerError(response);
        if (response.status === 200) assert.ok(response.json[0].error, `${method} ${path}: ${response.text}`);
      }
    }
  });
});

describe('ACLs of odd kinds', () => {
  const odd = { text: 'x', number: 5, array: [], 'text as a permission': { '*': 'x' }, 'text as a right': { '*': { read: 'true' } } };
  const more = {
    'a number as a right': { '*': { read: 1 } },
    'an unknown right': { '*': { admin: true } },
    'no role': { 'role:': { read: true } },
  };
  for (const [what, ACL] of Object.entries({ ...odd, ...more, 'a null': { '*': null } })) {
    test(`${what} opens nothing`, { skip: oursOnly }, async () => {
      const D = uniqueName('OddAcl');
      const response = await api.create(D, { secret: 's', ACL });
      assertNoServerError(response);
      if (response.status !== 201) return assert.equal(response.status, 400);
      const made = response.json.objectId;
      assert.notEqual((await api.update(D, made, { secret: 't' })).status, 200);
      if (ACL?.['*']?.read !== 1) assert.equal((await api.get(D, made)).status, 404);
    });
  }
});
