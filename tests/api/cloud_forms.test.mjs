// Functions that are called with a form: multipart/form-data.
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { assertError, assertOk, assertStatus } from '../support/assert.mjs';
import { startCloud } from '../support/cloud.mjs';
import { ownServerOnly } from '../support/server.mjs';
import { startWebhook } from '../support/webhooks.mjs';

function code() {
  const shown = (value) =>
    Buffer.isBuffer(value?.data) ? { ...value, data: value.data.toString('hex'), isBuffer: true } : value;
  Parse.Cloud.define('form', ({ params }) => Object.fromEntries(Object.entries(params).map(([name, value]) => [name, shown(value)])));
  Parse.Cloud.define('size', ({ params }) => params.file.data.length);
  Parse.Cloud.define('strict', () => 'done', { fields: { file: { type: Object, required: true }, note: { type: String } } });
}

const master = { master: true };
const bytes = Buffer.from([0, 1, 0xff, 0xfe, 13, 10, 45, 45]);

/** A form as fetch sends it: {body, headers}. */
async function encoded(fields) {
  const form = new FormData();
  for (const [name, value, fileName] of fields) {
    if (fileName === undefined) form.append(name, value);
    else form.append(name, value, fileName);
  }
  const request = new Request('http://localhost/', { method: 'POST', body: form });
  return { body: Buffer.from(await request.arrayBuffer()), headers: { 'Content-Type': request.headers.get('Content-Type') } };
}

describe('a function called with a form', { skip: ownServerOnly }, async () => {
  const server = await startCloud(code);
  after(() => server.stop());
  const post = async (path, fields, options) => {
    const { body, headers } = await encoded(fields);
    return server.api.request('POST', path, body, { ...options, headers });
  };

  test('gets texts as texts, and files with their bytes', async () => {
    const file = new Blob([bytes], { type: 'image/png' });
    const answer = await post('/functions/form?page=2&over=query', [
      ['text', 'grün "1"'],
      ['number', '5'],
      ['json', '{"a":1}'],
      ['file', file, 'a b.png'],
      ['plain', new Blob(['x']), 'x.bin'],
      ['over', 'form'],
      ['twice', '1'],
      ['twice', '2'],
    ]);
    assert.deepEqual(assertOk(answer).result, {
      text: 'grün "1"',
      number: '5',
      json: '{"a":1}',
      over: 'query',
      twice: '2',
      page: '2',
      file: { filename: 'a b.png', contentType: 'image/png', data: bytes.toString('hex'), isBuffer: true },
      plain: { filename: 'x.bin', contentType: 'application/octet-stream', data: '78', isBuffer: true },
    });
  });

  test('is validated like any other', async () => {
    assert.equal(assertOk(await post('/functions/strict', [['file', new Blob(['x']), 'x']])).result, 'done');
    assertError(await post('/functions/strict', [['note', 'x']]), 400, 142, /file/);
    assertError(await post('/functions/nosuch', [['note', 'x']]), 400, 141, 'Invalid function: "nosuch"');
  });

  test('takes megabytes, up to maxUploadSize', async () => {
    const large = new Blob([Buffer.alloc(8 * 1024 * 1024, 7)]);
    assert.equal(assertOk(await post('/functions/size', [['file', large, 'x']])).result, 8 * 1024 * 1024);
    assertStatus(await post('/functions/size', [['file', new Blob([Buffer.alloc(21 * 1024 * 1024)]), 'x']]), 413);
    assert.equal(assertOk(await post('/functions/size', [['file', new Blob(['abc']), 'x']])).result, 3);
  });

  test('refuses what is no form, and denied words', async () => {
    const type = (value) => ({ headers: { 'Content-Type': value } });
    assertError(await server.api.request('POST', '/functions/form', '--x--', type('multipart/form-data')), 400, 107, /Boundary not found/);
    assertError(await server.api.request('POST', '/functions/form', '--x\r\n', type('multipart/form-data; boundary=x')), 400, 107);
    assertError(await post('/functions/form', [['__proto__', 'x']]), 400, 105);
    assertError(await post('/functions/form', [['constructor', new Blob(['x']), 'x']]), 400, 105);
  });

  test('may be a webhook, which gets files as base64', async () => {
    const webhook = await startWebhook();
    webhook.answer = { success: 'done' };
    assertOk(await server.api.request('POST', '/hooks/functions', { functionName: 'hooked', url: webhook.url }, master));
    assertOk(await post('/functions/hooked', [['a', '1'], ['file', new Blob([bytes]), 'x.bin']]));
    const file = { filename: 'x.bin', contentType: 'application/octet-stream', data: bytes.toString('base64') };
    assert.deepEqual(webhook.calls.at(-1).body.params, { a: '1', file });
  });
});
