// localeCompare in Cloud Code orders as the root order of ICU, which Node has.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { assertOk } from '../support/assert.mjs';
import { startCloud } from '../support/cloud.mjs';
import { ownServerOnly } from '../support/server.mjs';

function code() {
  Parse.Cloud.define('signs', ({ params: { words, options } }) =>
    words.map((left) => words.map((right) => '<=>'[left.localeCompare(right, 'en', options) + 1]).join('')),
  );
  Parse.Cloud.define('sorted', ({ params: { words } }) => words.sort((left, right) => left.localeCompare(right)));
  Parse.Cloud.define('odd', () => {
    const attempt = (run) => {
      try {
        return run();
      } catch (error) {
        return error.name;
      }
    };
    const long = 'ä'.repeat(1000);
    return [
      ...['\uD800'.localeCompare('a'), `${long}a`.localeCompare(`${long}B`), 'a'.localeCompare('b', null, null)],
      ...[attempt(() => 'a'.localeCompare('b', [], { sensitivity: 'all' })), attempt(() => ''.localeCompare.call(null, 'a'))],
      ...['null'.localeCompare(null), Object.keys(String.prototype).length, typeof Intl],
    ];
  });
}

const words = [
  ...'a A á à â ä ã å Å Ab aB ab AB áb Áb æ Æ ae AE af ad z Z ß ss st SS œ oe of ø o op Øre ore orf đ d dz e ð Ð þ t u ł l lz m'.split(' '),
  ...'ı i j ñ n nz ŋ ç c cz Zoë Zoe zoe Zoé cote coté côte côté résumé resume Résumé naïve naive NAÏVE Ångström Angstrom'.split(' '),
  ...'Zürich Zurich zurück Öl Ol ol öl Straße Strasse strasse straße co-op coop CO-OP α β Α ω я а Я Б ё е ж 日本 東京'.split(' '),
  ...'1 10 2 02 001 a1 a10 a2 a02 a-b a_b a.b a,b a;b $1 €1 £1 +1 <1 =1 ~1 |1 #1 %1 &1 @x \'x "x (x [x {x `x ^x *x /x \\x !x ?x'.split(' '),
  ...['–', '—', '“x”', '…', '', ' ', 'a b', 'a\tb', 'a\0b', 'a\u0301', 'e\u0301e', 'éf', 'A\u030A', 'a\u200db', 'co\u00adop'],
];

describe('localeCompare', { skip: ownServerOnly }, () => {
  let server;
  before(async () => {
    server = await startCloud(code);
  });
  after(() => server?.stop());
  const result = async (name, params) => assertOk(await server.call(name, params)).result;

  for (const options of [undefined, ...['base', 'accent', 'case', 'variant'].map((sensitivity) => ({ sensitivity })), { numeric: true }]) {
    test(`orders as ICU with ${JSON.stringify(options)}`, async () => {
      const { compare } = new Intl.Collator('und', options);
      const signs = await result('signs', { words, options });
      words.forEach((left, row) =>
        words.forEach((right, column) => {
          const expected = '<=>'[Math.sign(compare(left, right)) + 1];
          assert.equal(signs[row][column], expected, `${JSON.stringify(left)} ${expected} ${JSON.stringify(right)}`);
        }),
      );
    });
  }

  test('sorts names', async () => {
    const names = ['zebra', 'Äpfel', 'apfel', 'Zebra', 'Öl', 'Apfel', 'ol', 'Émile', 'Emil', 'äpfel'];
    assert.deepEqual(await result('sorted', { words: names }), names.toSorted(new Intl.Collator('und').compare));
  });

  test('takes any text, and refuses what it does not know', async () => {
    assert.deepEqual(await result('odd'), [1, -1, -1, 'RangeError', 'TypeError', 0, 0, 'undefined']);
  });
});
