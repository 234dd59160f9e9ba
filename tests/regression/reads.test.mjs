// Finds that once were answered with a 5xx, found the wrong rows, or took more memory than the server has.
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { assertError, assertNoServerError, assertOk, createdId } from '../support/assert.mjs';
import { oursOnly, startServer, uniqueName } from '../support/server.mjs';

const server = await startServer();
after(() => server.stop());
const { api } = server;
// A find whose parameters are too long for a URL.
const find = (className, parameters) => api.request('POST', `/classes/${className}`, { _method: 'GET', ...parameters });
const pointer = (className, objectId) => ({ __type: 'Pointer', className, objectId });

describe('conditions within conditions', { skip: oursOnly }, () => {
  const C = uniqueName('Nested');
  const none = { name: 'nobody' };
  // How a condition is wrapped without a change of what it finds.
  const wraps = {
    '$or, deep part last': (inner) => ({ $or: [none, inner] }),
    '$or, deep part first': (inner) => ({ $or: [inner, none] }),
    '$or, deep part amid': (inner) => ({ $or: [none, inner, none] }),
    '$or and $and in turn': (inner) => ({ $or: [none, { $and: [{ name: { $exists: true } }, inner] }] }),
    '$nor of $nor': (inner) => ({ $nor: [none, { $nor: [none, inner] }] }),
    'wide $or': (inner) => ({ $or: [...Array.from({ length: 14 }, () => none), inner] }),
  };
  for (const [name, wrap] of Object.entries(wraps)) {
    test(name, async () => {
      const id = createdId(await api.create(C, { name: 'somebody' }));
      const step = /turn|of/.test(name) ? 2 : 1;
      let where = { objectId: id };
      for (let depth = 0; depth + step <= 31; depth += step) where = wrap(where);
      assert.deepEqual(
        assertOk(await find(C, { where })).results.map((row) => row.objectId),
        [id],
      );
    });
  }

  test('two equally deep parts in each', async () => {
    let where = { name: 'somebody' };
    for (let depth = 0; depth < 8; depth++) where = { $or: [{ $and: [where, where] }, none] };
    assertNoServerError(await find(C, { where }));
  });
});

test('order by a path with an empty step', { skip: oursOnly }, async () => {
  const C = uniqueName('Ordered');
  createdId(await api.create(C, { o: { x: 1 } }));
  for (const order of ['o.', 'o..x', '-o.x.', 'o.99999999999999999999']) assert.equal(assertOk(await api.find(C, { order })).results.length, 1);
});

test('$in finds a text with a NUL, and no text that ends there', { skip: oursOnly }, async () => {
  const C = uniqueName('Texts');
  const plain = createdId(await api.create(C, { text: 'a' }));
  const longer = createdId(await api.create(C, { text: 'a\u0000b' }));
  const found = async (where) => assertOk(await api.find(C, { where })).results.map((row) => row.objectId);
  assert.deepEqual(await found({ text: { $in: ['a\u0000b'] } }), [longer]);
  assert.deepEqual(await found({ text: { $in: ['a\u0000c', 'a'] } }), [plain]);
  assert.deepEqual(await found({ text: { $nin: ['a\u0000b'] } }), [plain]);
});

test('$in and $nin on a GeoPoint', { skip: oursOnly }, async () => {
  const C = uniqueName('Points');
  const at = (latitude, longitude) => ({ __type: 'GeoPoint', latitude, longitude });
  const here = createdId(await api.create(C, { place: at(1.5, 2) }));
  const there = createdId(await api.create(C, { place: at(3, 4) }));
  const nowhere = createdId(await api.create(C, { other: 1 }));
  const found = async (place) => assertOk(await api.find(C, { where: { place } })).results.map((row) => row.objectId);
  assert.deepEqual(await found({ $in: [at(1.5, 2), at(9, 9)] }), [here]);
  assert.deepEqual(await found({ $in: [null, at(3, 4)] }), [there, nowhere]);
  assert.deepEqual(await found({ $nin: [at(1.5, 2)] }), [there, nowhere]);
  assert.deepEqual(await found({ $in: [] }), []);
  assertError(await find(C, { where: { place: { $in: Array.from({ length: 101 }, () => at(1, 1)) } } }), 400, 102);
});

test('an array of one pointer many times is included up to a limit only', { skip: oursOnly }, async () => {
  const C = uniqueName('Large');
  const large = createdId(await api.create(C, { text: 'x'.repeat(8 * 1024 * 1024) }));
  const small = createdId(await api.create(C, { text: 'x' }));
  const holder = createdId(await api.create(C, { list: Array.from({ length: 10_000 }, () => pointer(C, large)) }));
  const few = createdId(await api.create(C, { list: [pointer(C, small), 1, pointer(C, small), pointer(C, 'none')] }));
  assertError(await api.get(C, holder, { include: 'list', keys: 'list' }), 400, 102, /larger than 256 MB/);
  const { list } = assertOk(await api.get(C, few, { include: 'list' }));
  assert.deepEqual(
    list.map((element) => element.objectId ?? element),
    [small, 1, small],
  );
});
