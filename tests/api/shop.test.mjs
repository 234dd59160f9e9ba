// The sample shop of the repository: its definitions, its rows, and the four tasks of the tutorial.
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { assertError, assertOk, createdId } from '../support/assert.mjs';
import { rowsOf } from '../support/files.mjs';
import { ownServerOnly, repositoryFolder, startServer } from '../support/server.mjs';

const fixtures = path.join(repositoryFolder, 'fixtures');
const server = await startServer({
  schema: path.join(repositoryFolder, 'schema/shop.json'),
  fixtures,
  args: ['--allowClientClassCreation', 'false'],
});
after(() => server.stop());
const { api } = server;
const master = { master: true };
const pointer = (className, objectId) => ({ __type: 'Pointer', className, objectId });
const skip = ownServerOnly;

describe('the rows', { skip }, () => {
  for (const [className, least] of [
    ['Product', 10],
    ['ProductCategory', 5],
    ['Order', 4],
  ]) {
    test(`${className}: at least ${least}, as in the file`, async () => {
      const expected = rowsOf(fixtures, `${className}.json`);
      assert.ok(expected.length >= least);
      assert.equal(assertOk(await api.find(className, { count: 1, limit: 0 })).count, expected.length);
      for (const row of expected) {
        const answered = assertOk(await api.get(className, row.objectId));
        for (const field of ['name', 'description', 'price', 'delivered', 'cFirstName', 'product', 'createdAt']) {
          if (row[field] !== undefined) assert.deepEqual(answered[field], row[field], `${row.objectId}.${field}`);
        }
      }
    });
  }

  test('every product has its categories', async () => {
    const joins = rowsOf(fixtures, '_Join꞉categories꞉Product.json');
    assert.ok(joins.length >= 10);
    for (const { objectId } of rowsOf(fixtures, 'Product.json')) {
      const where = { $relatedTo: { object: pointer('Product', objectId), key: 'categories' } };
      const found = assertOk(await api.find('ProductCategory', { where })).results.map((row) => row.objectId);
      assert.deepEqual(
        found.sort(),
        joins
          .filter((join) => join.owningId === objectId)
          .map((join) => join.relatedId)
          .sort(),
      );
    }
  });
});

describe('the definitions', { skip }, () => {
  test('fields', async () => {
    const { fields: product } = assertOk(await api.schema('GET', 'Product'));
    assert.deepEqual(product.name, { type: 'String', required: true });
    assert.deepEqual(product.description, { type: 'String' });
    assert.deepEqual(product.price, { type: 'Number', required: true, defaultValue: 0 });
    assert.deepEqual(product.categories, { type: 'Relation', targetClass: 'ProductCategory' });
    const { fields: category } = assertOk(await api.schema('GET', 'ProductCategory'));
    assert.deepEqual(category.name, { type: 'String', required: true });
    assert.equal(category.description.type, 'String');
    const { fields: order } = assertOk(await api.schema('GET', 'Order'));
    assert.deepEqual(order.product, { type: 'Pointer', targetClass: 'Product', required: true });
    assert.deepEqual(order.delivered, { type: 'Boolean', required: true, defaultValue: false });
    for (const field of ['cFirstName', 'cLastName', 'cAddress']) assert.deepEqual(order[field], { type: 'String', required: true }, field);
  });

  test('what anyone may do', async () => {
    const [{ objectId }] = assertOk(await api.find('Product', { limit: 1 })).results;
    assertOk(await api.get('Product', objectId, { include: 'categories' }));
    const id = createdId(
      await api.create('Order', { product: pointer('Product', objectId), cFirstName: 'A', cLastName: 'B', cAddress: 'C' }),
    );
    assert.equal(assertOk(await api.get('Order', id)).delivered, false);
    assertError(await api.create('Order', { cFirstName: 'A', cLastName: 'B', cAddress: 'C' }), 400, 142, 'product is required');
    assertOk(await api.remove('Order', id, master));
  });

  test('what nobody but the master key may do', async () => {
    const [{ objectId: product }] = assertOk(await api.find('Product', { limit: 1 })).results;
    const [{ objectId: order }] = assertOk(await api.find('Order', { limit: 1 })).results;
    for (const attempt of [
      api.create('Product', { name: 'a', description: 'b' }),
      api.update('Product', product, { price: 1 }),
      api.remove('Product', product),
      api.create('ProductCategory', { name: 'a' }),
      api.update('Order', order, { delivered: true }),
      api.remove('Order', order),
      api.create('Order', { product: pointer('Product', product), cFirstName: 'A', cLastName: 'B', cAddress: 'C', another: 1 }),
      api.create('Unknown', { a: 1 }),
    ]) {
      assertError(await attempt, 400, 119, 'Permission denied');
    }
  });
});

describe('the tasks of the tutorial', { skip }, () => {
  test('products dearer than 50', async () => {
    const expected = rowsOf(fixtures, 'Product.json')
      .filter((row) => row.price > 50)
      .map((row) => row.objectId);
    assert.ok(expected.length > 0 && expected.length < rowsOf(fixtures, 'Product.json').length);
    const { results } = assertOk(await api.find('Product', { where: { price: { $gt: 50 } } }));
    assert.deepEqual(results.map((row) => row.objectId).sort(), expected.sort());
  });

  test('orders not yet delivered, with their products', async () => {
    const expected = rowsOf(fixtures, 'Order.json')
      .filter((row) => row.delivered === false)
      .map((row) => row.objectId);
    assert.ok(expected.length > 0);
    const { results } = assertOk(await api.find('Order', { where: { delivered: false }, include: 'product' }));
    assert.deepEqual(results.map((row) => row.objectId).sort(), expected.sort());
    for (const order of results) assert.equal(typeof order.product.name, 'string');
  });

  test('create a product and add a category to it', async () => {
    const [category] = assertOk(await api.find('ProductCategory', { order: 'name', limit: 1 })).results;
    const id = createdId(await api.create('Product', { name: 'Chess Board', description: 'Of walnut', price: 75 }, master));
    const categories = { __op: 'AddRelation', objects: [pointer('ProductCategory', category.objectId)] };
    assertOk(await api.update('Product', id, { categories }, master));
    const where = { $relatedTo: { object: pointer('Product', id), key: 'categories' } };
    assert.deepEqual(
      assertOk(await api.find('ProductCategory', { where })).results.map((row) => row.name),
      [category.name],
    );
    const owners = assertOk(
      await api.find('Product', { where: { categories: pointer('ProductCategory', category.objectId) }, limit: 1000 }),
    ).results;
    assert.ok(owners.some((row) => row.objectId === id));
    assertOk(await api.remove('Product', id, master));
  });

  test('delete an order', async () => {
    const [product] = assertOk(await api.find('Product', { limit: 1 })).results;
    const id = createdId(
      await api.create('Order', { product: pointer('Product', product.objectId), cFirstName: 'A', cLastName: 'B', cAddress: 'C' }),
    );
    const before = assertOk(await api.find('Order', { count: 1, limit: 0 })).count;
    assert.deepEqual(assertOk(await api.remove('Order', id, master)), {});
    assertError(await api.get('Order', id), 404, 101, 'Object not found.');
    assert.equal(assertOk(await api.find('Order', { count: 1, limit: 0 })).count, before - 1);
  });
});
