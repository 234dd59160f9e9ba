// Texts and bytes in Cloud Code: as Node has them, and fast.
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { assertOk } from '../support/assert.mjs';
import { startCloud } from '../support/cloud.mjs';
import { ownServerOnly } from '../support/server.mjs';

function code() {
  const shown = (bytes) => Buffer.from(bytes).toString('hex');
  Parse.Cloud.define('bytes', ({ params: { units, encoding } }) => {
    const text = String.fromCharCode(...units);
    return {
      bytes: shown(Buffer.from(text, encoding)),
      length: Buffer.byteLength(text, encoding),
      encoded: shown(new TextEncoder().encode(text)),
    };
  });
  Parse.Cloud.define('text', ({ params: { hex, encoding, start, end } }) => {
    const bytes = Buffer.from(hex, 'hex');
    const text = bytes.toString(encoding, start, end);
    return { units: Array.from({ length: text.length }, (_, at) => text.charCodeAt(at)), decoded: new TextDecoder().decode(bytes) };
  });
  Parse.Cloud.define('large', () => {
    const text = 'größer '.repeat(300_000);
    const bytes = Buffer.from(text);
    const base64 = bytes.toString('base64');
    return Buffer.from(base64, 'base64').equals(bytes) && bytes.toString() === text && base64.length;
  });
}

const long = 'x'.repeat(100);
const texts = [`${long}ä€😀`, `${long}\0${long}`, `${long}\uD800${long}`, `\uFEFF${long}`, long];
const base64 = [`${long}`, `${long}\n${long}=`, `${long.slice(1)}`, `${long}!${long}`, `-_${long}`, `${long}=${long}`, '='.repeat(80)];
// How many signs stand for bytes that are no text differs between Node and the package behind Buffer.
const collapsed = (text) => text.replace(/\uFFFD+/g, '\uFFFD');
const bytes = [
  Buffer.from(`${long}ä€😀`),
  Buffer.from(`${long}\0${long}`),
  Buffer.concat([Buffer.from(long), Buffer.from([0xc3, 0x28, 0xff, 0xed, 0xa0, 0x80, 0xf0, 0x9f])]),
  Buffer.from(`\uFEFF${long}`),
];

describe('Buffer in Cloud Code', { skip: ownServerOnly }, async () => {
  const { call, stop } = await startCloud(code);
  after(stop);
  const unitsOf = (text) => Array.from({ length: text.length }, (_, at) => text.charCodeAt(at));

  test('makes bytes of texts', async () => {
    for (const [encoding, list] of [
      ['utf8', texts],
      ['UTF-8', texts],
      ['base64', base64],
      ['base64url', base64],
      ['latin1', texts],
    ]) {
      for (const text of list) {
        const { bytes, encoded } = assertOk(await call('bytes', { units: unitsOf(text), encoding })).result;
        assert.equal(bytes, Buffer.from(text, encoding).toString('hex'), `${encoding} ${text}`);
        assert.equal(encoded, Buffer.from(new TextEncoder().encode(text)).toString('hex'));
      }
    }
    for (const text of texts) assert.equal(assertOk(await call('bytes', { units: unitsOf(text) })).result.length, Buffer.byteLength(text));
  });

  test('makes texts of bytes', async () => {
    for (const each of bytes) {
      const hex = each.toString('hex');
      for (const encoding of ['utf8', 'base64', 'base64url', 'latin1', undefined]) {
        for (const [start, end] of [[], [0, 101], [99], [-5, 1000], [7, 3]]) {
          const { units, decoded } = assertOk(await call('text', { hex, encoding, start, end })).result;
          assert.equal(collapsed(String.fromCharCode(...units)), collapsed(each.toString(encoding, start, end)), `${encoding} ${start} ${end} ${hex}`);
          assert.equal(collapsed(decoded), collapsed(new TextDecoder().decode(each)));
        }
      }
    }
  });

  test('takes megabytes', async () => {
    const size = Buffer.from('größer '.repeat(300_000)).toString('base64').length;
    assert.equal(assertOk(await call('large')).result, size);
  });
});
