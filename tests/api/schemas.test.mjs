// The schema routes: list, get, create, change, delete, with their errors.
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { assertError, assertOk, createdId, ownFields } from '../support/assert.mjs';
import { oursOnly, startServer, uniqueName } from '../support/server.mjs';

const server = await startServer();
after(() => server.stop());
const { api } = server;
const { schema } = api;

const kStandard = { objectId: { type: 'String' }, createdAt: { type: 'Date' }, updatedAt: { type: 'Date' }, ACL: { type: 'ACL' } };
const kAll = { '*': true };
const kPublic = {
  find: kAll,
  get: kAll,
  count: kAll,
  create: kAll,
  update: kAll,
  delete: kAll,
  addField: kAll,
  protectedFields: { '*': [] },
  ACL: { '*': { read: true, write: true } },
};

describe('create and get', () => {
  test('a class without definition', async () => {
    const C = uniqueName('Plain');
    const expected = { className: C, fields: kStandard, classLevelPermissions: kPublic };
    assert.deepEqual(assertOk(await schema('POST', C, {})), expected);
    assert.deepEqual(assertOk(await schema('GET', C)), expected);
  });

  test('the class name in the body alone', async () => {
    const C = uniqueName('Named');
    assert.equal(assertOk(await schema('POST', '', { className: C })).className, C);
  });

  test('every type', async () => {
    const C = uniqueName('Full');
    const fields = {
      s: { type: 'String' },
      n: { type: 'Number' },
      b: { type: 'Boolean' },
      d: { type: 'Date' },
      o: { type: 'Object' },
      a: { type: 'Array' },
      g: { type: 'GeoPoint' },
      f: { type: 'File' },
      y: { type: 'Bytes' },
      p: { type: 'Polygon' },
      ptr: { type: 'Pointer', targetClass: 'Other' },
      rel: { type: 'Relation', targetClass: 'Other' },
    };
    assert.deepEqual(assertOk(await schema('POST', C, { className: C, fields })).fields, { ...kStandard, ...fields });
    assert.deepEqual(assertOk(await schema('GET', C)).fields, { ...kStandard, ...fields });
  });

  test('required and default values are kept and used', async () => {
    const C = uniqueName('Optioned');
    const fields = {
      must: { type: 'String', required: true },
      price: { type: 'Number', required: true, defaultValue: 5 },
      on: { type: 'Boolean', defaultValue: false },
    };
    assert.deepEqual(assertOk(await schema('POST', C, { fields })).fields, { ...kStandard, ...fields });
    const response = await api.create(C, { must: 'a' });
    const id = createdId(response);
    assert.equal(response.json.price, 5);
    assert.equal(response.json.on, false);
    assert.deepEqual(ownFields(assertOk(await api.get(C, id))), { must: 'a', price: 5, on: false });
    assertError(await api.create(C, { price: 1 }), 400, 142, 'must is required');
    assertError(await api.create(C, { must: '' }), 400, 142, 'must is required');
    assertError(await api.update(C, id, { price: null }), 400, 142, 'price is required');
  });

  test('the list has it, and the system classes', async () => {
    const C = uniqueName('Listed');
    const made = assertOk(await schema('POST', C, { fields: { a: { type: 'Number' } } }));
    const { results } = assertOk(await schema('GET'));
    assert.deepEqual(
      results.find((entry) => entry.className === C),
      made,
    );
    for (const name of ['_User', '_Role'])
      assert.ok(
        results.some((entry) => entry.className === name),
        name,
      );
    for (const name of ['_Hooks', '_GlobalConfig', '_GraphQLConfig']) assert.ok(!results.some((entry) => entry.className === name), name);
  });

  test('the columns of _User', async () => {
    const { fields } = assertOk(await schema('GET', '_User'));
    assert.deepEqual(fields.username, { type: 'String' });
    assert.deepEqual(fields.authData, { type: 'Object' });
    assert.deepEqual(fields.emailVerified, { type: 'Boolean' });
  });
});

describe('errors of create and get', () => {
  test('a class that is there', async () => {
    const C = uniqueName('Twice');
    assertOk(await schema('POST', C, {}));
    assertError(await schema('POST', C, {}), 400, 103, `Class ${C} already exists.`);
  });

  test('a class that is not there', async () => {
    assertError(await schema('GET', 'NoSuchClass'), 400, 103, 'Class NoSuchClass does not exist.');
  });

  const refused = [
    ['a bad class name', { className: 'bad-name' }, 103, /^Invalid classname: bad-name/],
    ['a class name that begins with a digit', { className: '1a' }, 103, /^Invalid classname: 1a/],
    ['no class name', {}, 135],
    ['an unknown type', { fields: { a: { type: 'Nothing' } } }, 111, 'invalid field type: Nothing'],
    ['no type', { fields: { a: {} } }, [107, 111]],
    ['a pointer without a class', { fields: { a: { type: 'Pointer' } } }, 135, 'type Pointer needs a class name'],
    ['a relation without a class', { fields: { a: { type: 'Relation' } } }, 135, 'type Relation needs a class name'],
    ['a pointer to a bad class', { fields: { a: { type: 'Pointer', targetClass: 'bad-name' } } }, 103],
    ['a bad field name', { fields: { '1a': { type: 'String' } } }, 105, 'invalid field name: 1a'],
    ['a standard field', { fields: { objectId: { type: 'String' } } }, 136, 'field objectId cannot be added'],
    [
      'a default of another type',
      { fields: { f: { type: 'Number', defaultValue: true } } },
      111,
      /default value; expected Number but got Boolean$/,
    ],
    ['a relation with a default', { fields: { f: { type: 'Relation', targetClass: 'A', defaultValue: 1 } } }, 111],
    ['a default with a denied keyword', { fields: { f: { type: 'Object', defaultValue: { a: [{ constructor: 1 }] } } } }, 105],
    ['a required relation', { fields: { f: { type: 'Relation', targetClass: 'A', required: true } } }, 111],
    ['two geo points', { fields: { f: { type: 'GeoPoint' }, g: { type: 'GeoPoint' } } }, 111],
  ];
  for (const [title, definition, code, message] of refused) {
    test(title, async () => {
      const named = 'fields' in definition ? { className: uniqueName('Refused'), ...definition } : definition;
      assertError(await schema('POST', '', named), 400, code, message);
      if ('fields' in definition) assertError(await schema('GET', named.className), 400, 103);
    });
  }

  test('another name in the path than in the body', async () => {
    assertError(await schema('POST', uniqueName('PathName'), { className: uniqueName('BodyName') }), 400, 103, /Class name mismatch/);
  });
});

describe('change', () => {
  const make = async (name) => {
    const C = uniqueName(name);
    assertOk(await schema('POST', C, { fields: { text: { type: 'String' }, rel: { type: 'Relation', targetClass: C } } }));
    return C;
  };

  test('adds and deletes fields', async () => {
    const C = await make('Changed');
    const added = assertOk(await schema('PUT', C, { fields: { number: { type: 'Number' }, when: { type: 'Date' } } }));
    assert.deepEqual(added.fields.number, { type: 'Number' });
    const id = createdId(await api.create(C, { text: 'a', number: 5 }));
    assertOk(await schema('PUT', C, { fields: { number: { __op: 'Delete' } } }));
    assert.deepEqual(assertOk(await schema('GET', C)).fields.number, undefined);
    assert.equal(assertOk(await api.get(C, id)).number, undefined);
  });

  test('a deleted field leaves no data behind and may come back with another type', async () => {
    const C = await make('Reborn');
    const id = createdId(await api.create(C, { text: 'old' }));
    assertOk(await schema('PUT', C, { fields: { text: { __op: 'Delete' } } }));
    assertOk(await schema('PUT', C, { fields: { text: { type: 'Number' } } }));
    assert.equal(assertOk(await api.get(C, id)).text, undefined);
    assertOk(await api.update(C, id, { text: 7 }));
    assert.equal(assertOk(await api.get(C, id)).text, 7);
  });

  test('a deleted relation loses its members', async () => {
    const C = await make('Unrelated');
    const target = createdId(await api.create(C, {}));
    const pointer = { __type: 'Pointer', className: C, objectId: target };
    const owner = createdId(await api.create(C, { rel: { __op: 'AddRelation', objects: [pointer] } }));
    assertOk(await schema('PUT', C, { fields: { rel: { __op: 'Delete' } } }));
    assertOk(await schema('PUT', C, { fields: { rel: { type: 'Relation', targetClass: C } } }));
    const where = { $relatedTo: { object: { ...pointer, objectId: owner }, key: 'rel' } };
    assert.deepEqual(assertOk(await api.find(C, { where })).results, []);
  });

  test('replaces the permissions as a whole', async () => {
    const C = await make('Permitted');
    const changed = assertOk(await schema('PUT', C, { classLevelPermissions: { find: kAll } }));
    assert.deepEqual(changed.classLevelPermissions.find, kAll);
    assert.deepEqual(changed.classLevelPermissions.get, {});
    assert.deepEqual(assertOk(await schema('GET', C)).classLevelPermissions, changed.classLevelPermissions);
  });

  test('changes required and default of a field', async () => {
    const C = await make('Redefaulted');
    assertOk(await schema('PUT', C, { fields: { text: { type: 'String', required: true, defaultValue: 'd' } } }));
    const id = createdId(await api.create(C, {}));
    assert.equal(assertOk(await api.get(C, id)).text, 'd');
  });

  const refused = [
    ['another type', { text: { type: 'Number' } }, 255, 'Field text exists, cannot update.'],
    ['deleting what is not there', { nowhere: { __op: 'Delete' } }, 255, 'Field nowhere does not exist, cannot delete.'],
    ['deleting a standard field', { objectId: { __op: 'Delete' } }, 136, 'field objectId cannot be changed'],
    ['another type of a standard field', { objectId: { type: 'Number' } }, 255, 'Field objectId exists, cannot update.'],
    ['a bad name', { 'a b': { type: 'String' } }, 105, 'invalid field name: a b'],
    ['an unknown type', { a: { type: 'Nothing' } }, 111, 'invalid field type: Nothing'],
  ];
  for (const [title, fields, code, message] of refused) {
    test(`refused: ${title}`, async () => {
      const C = await make(`Refused${refused.findIndex((entry) => entry[0] === title)}`);
      const before = assertOk(await schema('GET', C));
      assertError(await schema('PUT', C, { fields: { fine: { type: 'String' }, ...fields } }), 400, code, message);
      assert.deepEqual(assertOk(await schema('GET', C)), before);
    });
  }

  test('refused: a class that is not there', async () => {
    assertError(await schema('PUT', uniqueName('Nowhere'), { fields: {} }), 400, 103, /does not exist\.$/);
  });
});

describe('delete', () => {
  test('an empty class', async () => {
    const C = uniqueName('Emptied');
    assertOk(await schema('POST', C, { fields: { rel: { type: 'Relation', targetClass: C } } }));
    assert.deepEqual(assertOk(await schema('DELETE', C)), {});
    assertError(await schema('GET', C), 400, 103);
    assert.deepEqual(assertOk(await api.find(C)), { results: [] });
  });

  test('a class with objects is refused', async () => {
    const C = uniqueName('Filled');
    const id = createdId(await api.create(C, { a: 1 }));
    assertError(await schema('DELETE', C), 400, 255, `Class ${C} is not empty, contains 1 objects, cannot drop schema.`);
    assertOk(await api.remove(C, id));
    assertOk(await schema('DELETE', C));
  });

  test('the class may come back with other types', async () => {
    const C = uniqueName('Returned');
    const id = createdId(await api.create(C, { a: 1 }));
    assertOk(await api.remove(C, id));
    assertOk(await schema('DELETE', C));
    createdId(await api.create(C, { a: 'text' }));
    assert.deepEqual(assertOk(await schema('GET', C)).fields.a, { type: 'String' });
  });

  test('a class that is not there', async () => {
    const response = await schema('DELETE', uniqueName('NeverWas'));
    assert.ok(response.status < 500, response.text);
  });
});

describe('malformed bodies are no server error', { skip: oursOnly }, () => {
  for (const body of [
    [],
    { fields: 5 },
    { fields: [] },
    { fields: { a: 5 } },
    { fields: { a: null } },
    { fields: { a: 'String' } },
    { className: 5 },
    { classLevelPermissions: 5 },
    { classLevelPermissions: { find: 5 } },
    { classLevelPermissions: { find: null } },
    { fields: { a: { type: 5 } } },
    { fields: { a: { type: 'Pointer', targetClass: 5 } } },
    { indexes: 5 },
  ]) {
    test(JSON.stringify(body), async () => {
      const C = uniqueName('Malformed');
      for (const [method, name] of [
        ['POST', C],
        ['POST', ''],
        ['PUT', C],
      ]) {
        const response = await schema(method, name, body);
        assert.ok(response.status < 500, response.text);
      }
    });
  }
});
