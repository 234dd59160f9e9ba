// $text: which rows hold the words, with a full-text index and without one, and what is refused.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { assertError, assertOk, createdId } from '../support/assert.mjs';
import { oursOnly, startServer, uniqueName } from '../support/server.mjs';

const server = await startServer();
after(() => server.stop());
const { api } = server;
const master = { master: true };
const Plain = uniqueName('Words');
const Indexed = uniqueName('IndexedWords');

const subjects = {
  a: 'coffee',
  b: 'Coffee Shopping',
  c: 'Baking a cake',
  d: 'Café Con Leche',
  e: 'coffee and cream',
  f: 'Сырники',
  g: 'cream, then coffee',
};
const ids = {};

before(async () => {
  const fields = { key: { type: 'String' }, subject: { type: 'String' } };
  assertOk(await api.schema('POST', Indexed, { className: Indexed, fields, indexes: { words: { subject: 'text' } } }, master));
  for (const C of [Plain, Indexed]) {
    for (const [key, subject] of Object.entries(subjects)) ids[C + key] = createdId(await api.create(C, { key, subject }));
    createdId(await api.create(C, { key: 'x' }));
  }
});

const keysOf = async (C, subject, options) => {
  const { results } = assertOk(await api.find(C, { where: { subject }, ...options }, options?.master ? master : undefined));
  return results
    .map((row) => row.key)
    .sort()
    .join('');
};
const text = (term, more = {}) => ({ $text: { $search: { $term: term, ...more } } });

const cases = [
  ['a word', text('coffee'), 'abeg'],
  ['in another case', text('COFFEE'), 'abeg'],
  ['any of the words', text('cake leche'), 'cd'],
  ['without accents', text('cafe'), 'd'],
  ['with accents, which are told apart', text('cafe', { $diacriticSensitive: true }), ''],
  ['with accents, as they are', text('café', { $diacriticSensitive: true }), 'd'],
  ['in its own case', text('coffee', { $caseSensitive: true }), 'aeg'],
  ['another script', text('сырники'), 'f'],
  ['a phrase', text('"coffee and cream"'), 'e'],
  ['a phrase in another order', text('"cream then"'), 'g'],
  ['without a word', text('coffee -cream'), 'ab'],
  ['nothing but excluded words', text('-coffee'), ''],
  ['a part of a word', text('coff'), ''],
  ['a language', text('coffee', { $language: 'english' }), 'abeg'],
  ['marks alone', text('!? --'), ''],
  ['the words of a query language', text('coffee AND NOT shopping'), 'abeg'],
  ['marks of a query language', text('coffee* subject:cake ^a NEAR("'), 'abceg'],
  ['an open quote', text('"baking'), 'c'],
];

for (const C of [Plain, Indexed]) {
  describe(C === Plain ? 'without an index' : 'with an index', { skip: oursOnly }, () => {
    for (const [what, constraint, expected] of cases) {
      test(what, async () => assert.equal(await keysOf(C, constraint), expected));
    }
    test('not', async () => {
      const { count } = assertOk(await api.find(C, { where: { $nor: [{ subject: text('coffee') }] }, count: 1, limit: 0 }));
      assert.equal(count, 4);
    });
  });
}

// By MongoDB's formula: how often a word occurs, and how much of the text it is.
for (const C of [Plain, Indexed]) {
  test(`$score orders and shows: ${C === Plain ? 'without' : 'with'} an index`, { skip: oursOnly }, async () => {
    const where = { subject: text('coffee') };
    const scored = assertOk(await api.find(C, { where, order: '$score', keys: 'key,$score' })).results;
    assert.deepEqual(
      scored.map((row) => [row.key, Math.round(row.score * 1000)]),
      [
        ['a', 1100],
        ['b', 750],
        ['e', 667],
        ['g', 667],
      ],
    );
    assert.ok(!('subject' in scored[0]));
    const better = { where: { subject: text('coffee cream') }, order: '$score,key', limit: 2 };
    assert.deepEqual(assertOk(await api.find(C, better)).results.map((row) => row.key), ['e', 'g']);
    const descending = assertOk(await api.find(C, { where, order: '-$score' })).results;
    assert.deepEqual([descending[0].key, descending[0].score], ['a', undefined]);
  });
}

test('$score says nothing where no words are searched for', { skip: oursOnly }, async () => {
  const { results } = assertOk(await api.find(Plain, { order: '$score', keys: 'key,$score' }));
  assert.equal(results.length, 8);
  assert.ok(results.every((row) => !('score' in row)));
});

test('an index follows what is written', { skip: oursOnly }, async () => {
  assertOk(await api.update(Indexed, ids[`${Indexed}c`], { subject: 'tea' }));
  assert.equal(await keysOf(Indexed, text('tea')), 'c');
  assert.equal(await keysOf(Indexed, text('cake')), '');
  assertOk(await api.remove(Indexed, ids[`${Indexed}c`]));
  assert.equal(await keysOf(Indexed, text('tea')), '');
});

for (const [search, message] of [
  [undefined, 'bad $text: $search, should be object'],
  ['coffee', 'bad $text: $search, should be object'],
  [{}, 'bad $text: $term, should be string'],
  [{ $term: 5 }, 'bad $text: $term, should be string'],
  [{ $term: 'a', $language: 5 }, 'bad $text: $language, should be string'],
  [{ $term: 'a', $caseSensitive: 'yes' }, 'bad $text: $caseSensitive, should be boolean'],
  [{ $term: 'a', $diacriticSensitive: 'yes' }, 'bad $text: $diacriticSensitive, should be boolean'],
]) {
  test(`refused: ${JSON.stringify(search)}`, { skip: search === undefined && oursOnly }, async () => {
    assertError(await api.find(Plain, { where: { subject: { $text: { $search: search } } } }), 400, 107, message);
  });
}
