// Create, get, find, update and delete of objects: exact answers, status and headers.
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import {
  assertError,
  assertIsoDate,
  assertNoServerError,
  assertObjectId,
  assertOk,
  assertStatus,
  createdId,
  ownFields,
} from '../support/assert.mjs';
import { oursOnly, startServer, uniqueName } from '../support/server.mjs';

const server = await startServer();
after(() => server.stop());
const { api } = server;
const C = uniqueName('Item');

describe('create', () => {
  test('answers 201 with id and date only, and a Location', async () => {
    const response = await api.create(C, { name: 'Lamp', price: 12.5, tags: ['a'], on: true });
    const body = assertStatus(response, 201);
    assert.deepEqual(Object.keys(body).sort(), ['createdAt', 'objectId']);
    assertObjectId(body.objectId);
    assertIsoDate(body.createdAt);
    assert.equal(new URL(response.headers.location).pathname, `/parse/classes/${C}/${body.objectId}`);
    assert.equal(response.headers['content-type'], 'application/json; charset=utf-8');
  });

  test('of an empty object, with `{}` and without a body', async () => {
    createdId(await api.create(C, {}));
    createdId(await api.create(C, undefined));
  });

  test('null stores nothing and makes no field', async () => {
    const id = createdId(await api.create(C, { neverTyped: null, name: null }));
    assert.deepEqual(ownFields(assertOk(await api.get(C, id))), {});
    const schema = assertOk(await api.schema('GET', C));
    assert.equal(schema.fields.neverTyped, undefined);
  });

  test('an objectId or id in the body is refused', async () => {
    assertError(await api.create(C, { objectId: 'abcdefghij' }), 400, 105, 'objectId is an invalid field name.');
    assertError(await api.create(C, { id: 'abcdefghij' }), 400, 105, 'id is an invalid field name.');
  });

  test('createdAt and updatedAt of a client must be dates and are ignored', async () => {
    assertError(await api.create(C, { createdAt: '2020-01-01T00:00:00.000Z' }), 400, 111);
    const date = { __type: 'Date', iso: '2020-01-01T00:00:00.000Z' };
    const response = await api.create(C, { createdAt: date, updatedAt: date, name: 'x' });
    const id = createdId(response);
    const object = assertOk(await api.get(C, id));
    assert.ok(object.createdAt > '2024');
    assert.ok(object.updatedAt > '2024');
  });

  for (const name of ['1a', 'a b', 'a-b', '_private', 'length', 'className', 'ä']) {
    test(`a field cannot be named "${name}"`, async () => {
      assertError(await api.create(C, { [name]: 1 }), 400, 105, `Invalid field name: ${name}.`);
    });
  }

  test('a class cannot have any name', async () => {
    assertError(await api.create('bad-name', { a: 1 }), 400, 107);
  });

  test('keys inside of objects must not hold $ or .', async () => {
    assertError(await api.create(C, { object: { 'a.b': 1 } }), 400, 121);
    assertError(await api.create(C, { object: { $a: 1 } }), 400, 121);
    assertError(await api.create(C, { object: { deep: { $a: 1 } } }), 400, 121);
  });

  test('denied keywords are refused wherever they stand', async () => {
    assertError(
      await api.create(C, { object: { constructor: 1 } }),
      400,
      105,
      'Prohibited keyword in request data: {"key":"constructor"}.',
    );
    assertError(await api.create(C, '{"object":{"a":{"__proto__":1}}}'), 400, 105);
  });
});

describe('get', () => {
  test('answers the whole object', async () => {
    const fields = { name: 'Desk', price: 100, on: false, tags: [1, 'two', null], object: { a: { b: [] } } };
    const created = assertStatus(await api.create(C, fields), 201);
    const object = assertOk(await api.get(C, created.objectId));
    assert.deepEqual(object, { objectId: created.objectId, createdAt: created.createdAt, updatedAt: created.createdAt, ...fields });
  });

  test('of what is not there is 101', async () => {
    assertError(await api.get(C, 'doesNotEx1'), 404, 101, 'Object not found.');
    assertError(await api.get(uniqueName('NoClass'), 'doesNotEx1'), 404, 101, 'Object not found.');
  });

  test('takes keys and excludeKeys', async () => {
    const id = createdId(await api.create(C, { name: 'n', price: 1, on: true }));
    assert.deepEqual(ownFields(assertOk(await api.get(C, id, { keys: 'name,price' }))), { name: 'n', price: 1 });
    assert.deepEqual(ownFields(assertOk(await api.get(C, id, { excludeKeys: 'name,objectId' }))), { price: 1, on: true });
  });

  test('refuses other parameters', async () => {
    const id = createdId(await api.create(C, {}));
    assertError(await api.get(C, id, { where: {} }), 400, 102, 'Improper encode of parameter');
    assertError(await api.get(C, id, { limit: 1 }), 400, 102);
  });
});

describe('update', () => {
  test('answers updatedAt alone and changes what was sent', async () => {
    const created = assertStatus(await api.create(C, { name: 'a', price: 1 }), 201);
    const body = assertOk(await api.update(C, created.objectId, { price: 2 }));
    assert.deepEqual(Object.keys(body), ['updatedAt']);
    assertIsoDate(body.updatedAt);
    const object = assertOk(await api.get(C, created.objectId));
    assert.deepEqual(object, { ...created, name: 'a', price: 2, updatedAt: body.updatedAt });
  });

  test('an empty update moves updatedAt', async () => {
    const created = assertStatus(await api.create(C, { name: 'a' }), 201);
    const body = assertOk(await api.update(C, created.objectId, {}));
    assert.ok(body.updatedAt >= created.createdAt);
    assert.equal(assertOk(await api.get(C, created.objectId)).updatedAt, body.updatedAt);
  });

  test('null unsets', async () => {
    const id = createdId(await api.create(C, { name: 'a', price: 1 }));
    assertOk(await api.update(C, id, { name: null }));
    assert.deepEqual(ownFields(assertOk(await api.get(C, id))), { price: 1 });
  });

  test('adds fields to the class', async () => {
    const id = createdId(await api.create(C, { name: 'a' }));
    assertOk(await api.update(C, id, { addedLater: 'x' }));
    assert.equal(assertOk(await api.get(C, id)).addedLater, 'x');
    assert.deepEqual(assertOk(await api.schema('GET', C)).fields.addedLater, { type: 'String' });
  });

  test('the id of an object never changes', { skip: oursOnly }, async () => {
    const id = createdId(await api.create(C, { name: 'a' }));
    assertNoServerError(await api.update(C, id, { objectId: 'another123' }));
    assertOk(await api.get(C, id));
    assertError(await api.get(C, 'another123'), 404, 101);
    assertOk(await api.update(C, id, { objectId: id, name: 'b' }));
    assert.equal(assertOk(await api.get(C, id)).name, 'b');
  });

  test('createdAt and updatedAt of a client are dates and ignored', async () => {
    const created = assertStatus(await api.create(C, { name: 'a' }), 201);
    assertError(
      await api.update(C, created.objectId, { createdAt: '2020-01-01T00:00:00.000Z' }),
      400,
      111,
      `schema mismatch for ${C}.createdAt; expected Date but got String`,
    );
    const date = { __type: 'Date', iso: '2020-01-01T00:00:00.000Z' };
    const body = assertOk(await api.update(C, created.objectId, { createdAt: date, updatedAt: date }));
    const object = assertOk(await api.get(C, created.objectId));
    assert.equal(object.createdAt, created.createdAt);
    assert.equal(object.updatedAt, body.updatedAt);
  });

  test('dotted keys of a new object are stored, and not answered', async () => {
    const response = await api.create(C, { 'object.a': 1, 'object.b': 2 });
    const id = createdId(response);
    assert.deepEqual(Object.keys(response.json).sort(), ['createdAt', 'objectId']);
    assert.deepEqual(assertOk(await api.get(C, id)).object, { a: 1, b: 2 });
  });

  test('dotted keys change one member of an object', async () => {
    const id = createdId(await api.create(C, { object: { a: 1, b: { c: 1 } } }));
    assertOk(await api.update(C, id, { 'object.a': 2, 'object.n': 'new' }));
    assert.deepEqual(assertOk(await api.get(C, id)).object, { a: 2, b: { c: 1 }, n: 'new' });
    assertOk(await api.update(C, id, { 'object.a': { __op: 'Delete' } }));
    assert.deepEqual(assertOk(await api.get(C, id)).object, { b: { c: 1 }, n: 'new' });
  });

  test('of what is not there is 101', async () => {
    assertError(await api.update(C, 'doesNotEx1', { name: 'x' }), 404, 101, 'Object not found.');
  });

  test('of a wrong type changes nothing', async () => {
    const id = createdId(await api.create(C, { name: 'a', price: 1 }));
    assertError(
      await api.update(C, id, { name: 'b', price: 'dear' }),
      400,
      111,
      `schema mismatch for ${C}.price; expected Number but got String`,
    );
    assert.deepEqual(ownFields(assertOk(await api.get(C, id))), { name: 'a', price: 1 });
  });
});

describe('delete', () => {
  test('answers {} and the object is gone', async () => {
    const id = createdId(await api.create(C, { name: 'a' }));
    assert.deepEqual(assertOk(await api.remove(C, id)), {});
    assertError(await api.get(C, id), 404, 101);
    assertError(await api.remove(C, id), 404, 101, 'Object not found.');
    assertError(await api.update(C, id, { name: 'b' }), 404, 101);
  });

  test('leaves pointers to the object, which are then not included', async () => {
    const target = createdId(await api.create(C, { name: 'target' }));
    const pointer = { __type: 'Pointer', className: C, objectId: target };
    const id = createdId(await api.create(C, { link: pointer }));
    assertOk(await api.remove(C, target));
    assert.deepEqual(assertOk(await api.get(C, id)).link, pointer);
    assert.equal(assertOk(await api.get(C, id, { include: 'link' })).link, undefined);
  });
});

describe('find', () => {
  const D = uniqueName('Listed');

  test('answers the objects in the order in which they came', { skip: oursOnly }, async () => {
    const ids = [];
    for (let i = 0; i < 5; i++) ids.push(createdId(await api.create(uniqueName('Ordered'), { i })));
    const { results } = assertOk(await api.find(uniqueName('Ordered')));
    assert.deepEqual(
      results.map((row) => row.objectId),
      ids,
    );
  });

  test('answers the same objects as get, and only `results`', async () => {
    const id = createdId(await api.create(D, { name: 'one', object: { x: [1, { y: 'ü' }] } }));
    const body = assertOk(await api.find(D));
    assert.deepEqual(Object.keys(body), ['results']);
    assert.deepEqual(body.results, [assertOk(await api.get(D, id))]);
  });

  test('of a class that is not there is empty', async () => {
    assert.deepEqual(assertOk(await api.find(uniqueName('Nowhere'))), { results: [] });
    assert.deepEqual(assertOk(await api.find(uniqueName('Nowhere'), { count: 1, limit: 0 })), { results: [], count: 0 });
  });
});

test('text keeps every character', async () => {
  const text = 'quote " backslash \\ slash / tab \t line \n umlaut ü kanji 漢字 emoji 🛍️ low \u0001 sep \u2028 end';
  const id = createdId(await api.create(C, { name: text, tags: [text], object: { k: text } }));
  const object = assertOk(await api.get(C, id));
  assert.deepEqual(ownFields(object), { name: text, tags: [text], object: { k: text } });
});
