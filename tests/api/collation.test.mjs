// Order and equality without regard to case and accents, by an option of the field or of the query.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { assertError, assertOk, createdId } from '../support/assert.mjs';
import { oursOnly, startServer, uniqueName } from '../support/server.mjs';

const server = await startServer();
after(() => server.stop());
const { api } = server;
const { schema } = api;
const kNames = ['Zoé', 'zoe', 'ÉMILE', 'émile', 'Emile', 'Straße', 'STRASSE', 'adam'];

// Fields `plain`, `folded` (case and accents ignored), `cased` (case ignored) hold the same name.
const C = uniqueName('Collated');
const fields = {
  plain: { type: 'String' },
  folded: { type: 'String', collation: { strength: 1 } },
  cased: { type: 'String', collation: { strength: 2 } },
};
const namesWhere = async (where, options = {}) =>
  assertOk(await api.find(C, { where, keys: 'plain', ...options })).results.map((row) => row.plain);
const explained = async (where) =>
  assertOk(await api.find(C, { where, explain: true }, { master: true })).results.map((step) => step.detail).join('; ');

describe('collation', { skip: oursOnly }, () => {
  before(async () => {
    const indexes = { byFolded: { folded: 1 } };
    assertOk(await schema('POST', C, { className: C, fields, indexes }));
    for (const name of kNames) createdId(await api.create(C, { plain: name, folded: name, cased: name }));
  });

  const equalities = [
    ['a field as it is', { plain: 'zoe' }, ['zoe']],
    ['without case', { cased: 'ZOE' }, ['zoe']],
    ['without case, accents apart', { cased: 'Émile' }, ['ÉMILE', 'émile']],
    ['without case and accents', { folded: 'emile' }, ['ÉMILE', 'émile', 'Emile']],
    ['full case folding', { cased: 'strasse' }, ['Straße', 'STRASSE']],
    ['$in', { folded: { $in: ['ZOE', 'Adam'] } }, ['Zoé', 'zoe', 'adam']],
    ['$nin', { folded: { $nin: ['ZOE', 'Adam', 'emile'] } }, ['Straße', 'STRASSE']],
    ['$ne', { folded: { $ne: 'zoé' } }, ['ÉMILE', 'émile', 'Emile', 'Straße', 'STRASSE', 'adam']],
    ['a range', { folded: { $gt: 'EMILE', $lt: 'Z' } }, ['Straße', 'STRASSE']],
    ['inside of $or', { $or: [{ folded: 'ZOE' }, { plain: 'ADAM' }] }, ['Zoé', 'zoe']],
  ];
  for (const [name, where, expected] of equalities) {
    test(name, async () => assert.deepEqual((await namesWhere(where)).sort(), [...expected].sort()));
  }

  test('the order of a field follows its collation, equal names in the order they came', async () => {
    assert.deepEqual(await namesWhere({}, { order: 'plain' }), [...kNames].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
    assert.deepEqual(await namesWhere({}, { order: 'folded' }), ['adam', 'ÉMILE', 'émile', 'Emile', 'Straße', 'STRASSE', 'Zoé', 'zoe']);
    assert.deepEqual((await namesWhere({}, { order: '-folded' })).slice(0, 2), ['Zoé', 'zoe']);
  });

  test('the query decides over the field', async () => {
    assert.deepEqual(await namesWhere({ plain: 'ZOE' }, { collation: { strength: 1 } }), ['Zoé', 'zoe']);
    assert.deepEqual(await namesWhere({ folded: 'ZOE' }, { collation: JSON.stringify({ strength: 3 }) }), []);
    assert.deepEqual((await namesWhere({}, { order: 'plain', collation: { strength: 1 } }))[0], 'adam');
  });

  test('a count and a sub-query follow, too', async () => {
    assert.equal(assertOk(await api.find(C, { where: { folded: 'EMILE' }, count: 1, limit: 0 })).count, 3);
    const where = { plain: { $select: { query: { className: C, where: { folded: 'ZOE' } }, key: 'plain' } } };
    assert.deepEqual(await namesWhere(where), ['Zoé', 'zoe']);
  });

  test('an index of the field serves the field’s own collation', async () => {
    assert.match(await explained({ folded: 'zoe' }), /USING (COVERING )?INDEX/);
  });

  test('a unique index holds texts together that the collation does', async () => {
    const U = uniqueName('UniqueFolded');
    assertOk(await schema('POST', U, { className: U, fields, indexes: { one: { folded: 1, unique: true } } }));
    createdId(await api.create(U, { folded: 'Émile' }));
    assertError(await api.create(U, { folded: 'EMILE' }), 400, 137);
    createdId(await api.create(U, { folded: 'Emil' }));
  });

  test('the option is shown, and refused where it means nothing', async () => {
    assert.deepEqual(assertOk(await schema('GET', C)).fields.folded, fields.folded);
    const define = (name, definition) => schema('PUT', C, { fields: { [name]: definition } });
    assertError(await define('n', { type: 'Number', collation: { strength: 1 } }), 400, 111);
    for (const collation of [{}, { strength: 4 }, { strength: '1' }, { locale: 'en' }, 1, { strength: 1, locale: 'en' }]) {
      assertError(await define('s', { type: 'String', collation }), 400, 102);
      assertError(await api.find(C, { collation }), 400, 102);
    }
  });
});
