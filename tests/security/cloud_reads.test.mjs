// Triggers that forbid reading, and ways around them; names and headers that triggers on files make up.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { assertError, assertOk, assertStatus, createdId } from '../support/assert.mjs';
import { startCloud } from '../support/cloud.mjs';
import { keys } from '../support/client.mjs';
import { ownServerOnly, until } from '../support/server.mjs';
import { master, pointer, signUp } from '../support/users.mjs';

/* global Parse */
function code() {
  const refuse = () => {
    throw new Parse.Error(119, 'Nobody reads this.');
  };
  Parse.Cloud.beforeFind('Secret', ({ master }) => (master ? undefined : refuse()));
  Parse.Cloud.afterFind('Hidden', ({ master }) => (master ? undefined : refuse()));
  Parse.Cloud.beforeFind('ForUsers', () => {}, { requireUser: true });
  Parse.Cloud.beforeFind(Parse.File, ({ file, user }) => {
    const name = file.name();
    if (/before/.test(name) && !user) refuse();
    if (/elsewhere/.test(name)) return new Parse.File(/elsewhere_(.*)\.txt/.exec(name)[1].replaceAll('-', '/'), [0]);
  });
  Parse.Cloud.afterFind(Parse.File, (request) => {
    const { file, user, responseHeaders } = request;
    if (/after/.test(file.name()) && !user) refuse();
    if (/headers/.test(file.name())) {
      responseHeaders['X-Made'] = 'here';
      responseHeaders['X-Split'] = 'a\r\nX-Injected: 1';
      responseHeaders['X-Injected: 1\r\nX-Other'] = 'a';
      responseHeaders['X-Nul'] = 'a\0b';
      responseHeaders['X Space'] = 'a';
      responseHeaders[''] = 'a';
      file._source = { ...file._source, type: 'text/html\r\nX-Injected: 1' };
      responseHeaders['Content-Length'] = '1';
      responseHeaders['Transfer-Encoding'] = 'chunked';
    }
  });
  const made = ['../made.txt', '/tmp/made.txt', 'a/../../made.txt', '..', '.', 'a\0b.txt', 'x'.repeat(5000), '', 'ok.txt\r\nX: 1'];
  Parse.Cloud.beforeSave(Parse.File, ({ file }) => {
    const index = /make(\d+)/.exec(file.name())?.[1];
    if (index === undefined) return undefined;
    const other = new Parse.File('other.txt', { base64: 'AAAA' });
    other._name = made[index];
    return other;
  });
  Parse.Cloud.define('headers', (request, response) => {
    for (const [name, value] of Object.entries(request.params.headers)) response.header(name, value);
    response.status(request.params.status ?? 200).success('done');
  });
}

const skip = ownServerOnly;
let server;
let user;
before(async () => {
  if (skip) return;
  server = await startCloud(code);
  user = await signUp(server.api, 'reader');
});
after(() => server?.stop());

describe('GHSA-fcv6-fg5r-jm9q: a trigger that forbids a find', { skip }, () => {
  const row = {};
  before(async () => {
    for (const className of ['Secret', 'Hidden', 'ForUsers']) {
      row[className] = createdId(await server.api.create(className, { n: 4711 }, master));
      const target = pointer(className, row[className]);
      createdId(await server.api.create(`To${className}`, { target, list: [target], deep: { a: target } }, master));
      const relation = { __op: 'AddRelation', objects: [target] };
      row[`To${className}`] = createdId(await server.api.create(`Of${className}`, { many: relation }, master));
    }
  });

  for (const className of ['Secret', 'Hidden', 'ForUsers']) {
    const asked = (extra) => [
      [className, extra],
      [className, { ...extra, count: 1, limit: 0 }],
      [className, { ...extra, order: '-n', keys: 'n', limit: 1 }],
      [className, { ...extra, _method: 'GET' }],
      [className, { where: { $relatedTo: { object: pointer(`Of${className}`, row[`To${className}`]), key: 'many' } } }],
      [`To${className}`, { include: 'target' }],
      [`To${className}`, { include: 'list,target' }],
      [`To${className}`, { include: 'deep.a' }],
      [`To${className}`, { includeAll: 1 }],
      [`To${className}`, { include: '*' }],
      [`Of${className}`, { redirectClassNameForKey: 'many' }],
      [`To${className}`, { where: { target: { $inQuery: { className, where: { n: { $gt: 0 } } } } } }],
      [`To${className}`, { where: { target: { $notInQuery: { className, where: { n: 5 } } } } }],
      [`To${className}`, { where: { $or: [{ target: { $inQuery: { className, where: {} } } }] } }],
    ];

    test(`of ${className} holds on every way to it`, async () => {
      for (const [of, parameters] of asked({})) {
        const response = await server.api.find(of, parameters);
        const what = `${of} ${JSON.stringify(parameters)}`;
        assert.ok(!response.text.includes('4711'), `${what}: ${response.text}`);
        // A count and an order would tell of the rows as well.
        if (of === className) assert.ok(response.status === 400 || response.status === 403, `${what}: ${response.status} ${response.text}`);
      }
      const gets = [server.api.get(className, row[className]), server.api.get(className, row[className], { keys: 'n' })];
      for (const response of await Promise.all(gets)) assert.ok(response.status >= 400 && !response.text.includes('4711'), response.text);
      const batch = await server.api.request('POST', '/batch', { requests: [{ method: 'GET', path: `/parse/classes/${className}` }] });
      assert.ok(!batch.text.includes('4711'), batch.text);
    });

    test(`of ${className} is only that`, async () => {
      const as = className === 'ForUsers' ? user.as : master;
      assert.equal(assertOk(await server.api.find(className, {}, as)).results[0].n, 4711);
      assert.equal(assertOk(await server.api.find(`To${className}`, { include: 'target' }, as)).results[0].target.n, 4711);
    });
  }
});

describe('files', { skip }, () => {
  const upload = async (name, text) => {
    const response = await server.api.request('POST', `/files/${name}`, text, { ...user.as, headers: { ...user.as.headers, 'Content-Type': 'text/plain' } });
    return response.status === 201 ? response.json.name : response;
  };
  const get = (name, options) => server.api.request('GET', `/files/${keys.appId}/${encodeURIComponent(name)}`, undefined, options);
  const metadata = (name, options) => server.api.request('GET', `/files/${keys.appId}/metadata/${encodeURIComponent(name)}`, undefined, options);

  for (const [id, when] of [['GHSA-hwx8-q9cg-mqmc', 'before'], ['GHSA-hpm8-9qx6-jvwv', 'after']]) {
    test(`${id}: a ${when}Find that forbids it holds for metadata, ranges and heads`, async () => {
      const name = await upload(`${when}.txt`, 'secret text');
      const ranges = ['bytes=0-1', 'bytes=-3', 'bytes=5-', 'bytes=0-0,2-3', 'bytes=99999-'];
      const attempts = [{}, ...ranges.map((Range) => ({ headers: { Range } })), { headers: { 'If-None-Match': '*' } }, { headers: { 'If-Modified-Since': new Date().toUTCString() } }];
      for (const options of attempts) {
        const refused = await get(name, options);
        assert.ok(refused.status === 403 || refused.status === 400, `${refused.status} ${refused.text}`);
        assert.ok(!refused.text.includes('se'.concat('cret')), refused.text);
      }
      const refused = await metadata(name);
      assert.ok(refused.status >= 400, refused.text);
      const allowed = await get(name, { headers: { ...user.as.headers, Range: 'bytes=0-5' } });
      assertStatus(allowed, 206);
      assert.equal(allowed.text, 'secret');
      assertOk(await metadata(name, user.as));
    });
  }

  test('a beforeFind that is led astray finds stored files alone', async () => {
    fs.writeFileSync(path.join(server.dataDir, 'outside.txt'), 'outside');
    for (const target of ['..-outside.txt', '..-parsimony.db', '..-keys.json', '-etc-passwd', '..-..-..-..-..-..-etc-passwd', '.', '..']) {
      const name = await upload(`elsewhere_${target}.txt`, 'own');
      if (typeof name !== 'string') continue;
      const response = await get(name);
      assert.ok(response.status >= 400 && response.status < 500, `${target}: ${response.status} ${response.text.slice(0, 100)}`);
      assert.doesNotMatch(response.text, /outside$|SQLite|masterKey|root:/);
    }
  });

  test('a beforeSave stores nothing elsewhere', async () => {
    const before = fs.readdirSync(server.dataDir).sort();
    for (let index = 0; index < 9; index++) {
      const response = await server.api.request('POST', `/files/make${index}.txt`, 'text', { headers: { ...user.as.headers, 'Content-Type': 'text/plain' } });
      assert.ok(response.status < 500, `${index}: ${response.status} ${response.text}`);
      if (response.status === 201) assert.match(response.json.name, /^[\w.]+$/, String(index));
    }
    assert.deepEqual(fs.readdirSync(server.dataDir).sort(), before);
    assert.ok(!fs.existsSync('/tmp/made.txt'));
  });

  test('headers that an afterFind makes up end no line', async () => {
    const response = await get(await upload('headers.txt', 'text'));
    assertStatus(response, 200);
    assert.equal(response.text, 'text');
    assert.equal(response.headers['x-made'], 'here');
    assert.deepEqual([response.headers['x-injected'], response.headers['x-other'], response.headers['x-nul']], [undefined, undefined, undefined]);
  });
});

describe('headers that a function makes up', { skip }, () => {
  const call = (headers, status) => server.call('headers', { headers, status });

  test('end no line', async () => {
    for (const end of ['\r\nX-Injected: 1', '\nX-Injected: 1', '\rX-Injected: 1', '\r\n\r\n<html>', '\0', '\u2028X-Injected: 1']) {
      for (const headers of [{ 'X-A': `a${end}` }, { [`X-A${end}`]: 'a' }, { [`X-A: b${end}`]: 'a' }]) {
        const response = await call(headers);
        assert.ok(response.status < 500, response.text);
        assert.equal(response.headers['x-injected'], undefined);
        if (response.status === 200) assert.deepEqual(response.json, { result: 'done' });
      }
    }
  });

  test('do not change where the answer ends', async () => {
    for (const headers of [{ 'Content-Length': '5' }, { 'content-length': '0' }, { 'Transfer-Encoding': 'chunked' }, { Connection: 'close' }, { Trailer: 'x' }, { Upgrade: 'h2c' }]) {
      const response = await call(headers);
      assertStatus(response, 200);
      assert.deepEqual(response.json, { result: 'done' }, JSON.stringify(headers));
    }
  });

  test('have names that are names', async () => {
    for (const name of ['X Space', 'X:Colon', '', ' ', 'é', '(', 'x'.repeat(100_000)]) {
      const response = await call({ [name]: 'a' });
      assert.ok(response.status < 500, response.text);
      assert.deepEqual(response.json, { result: 'done' }, name.slice(0, 20));
    }
    assert.ok((await call({ 'X-Long': 'x'.repeat(1_000_000) })).status < 500);
  });

  test('come with a status that is one', async () => {
    for (const status of [-1, 0, 1, 99, 100, 101, 600, 1e9, 1.5, '200', null, {}, 204, 304]) {
      const response = await call({}, status);
      assert.ok(response.status >= 200 && response.status < 600, `${JSON.stringify(status)}: ${response.status}`);
    }
    assert.equal((await call({}, 418)).status, 418);
  });
});

describe('forms', { skip }, () => {
  const boundary = 'b-4711';
  const part = (name, value) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
  const asForm = { headers: { 'Content-Type': `multipart/form-data; boundary=${boundary}` } };

  test('that are larger than an upload may be are refused', async () => {
    const own = await startCloud(code, { args: ['--maxUploadSize', '1mb'] });
    const response = await own.api.request('POST', '/functions/headers', part('a', 'x'.repeat(3_000_000)), asForm).catch((error) => error);
    assert.ok(response instanceof Error || [400, 413].includes(response.status), `${response.status}`);
    const chunked = await own.api.request('POST', '/functions/headers', part('a', 'x'.repeat(3_000_000)), {
      headers: { ...asForm.headers, 'Content-Length': null, 'Transfer-Encoding': 'chunked' },
    }).catch((error) => error);
    assert.ok(chunked instanceof Error || [400, 411, 413].includes(chunked.status), `${chunked.status}`);
    assertOk(await own.call('headers', { headers: {} }));
    await own.stop();
  });

  test('that are none are refused', async () => {
    for (const text of ['', `--${boundary}`, `--${boundary}--`, part('__proto__', '1'), 'x'.repeat(1000), part('a', 'b').repeat(10_000)]) {
      const response = await server.api.request('POST', '/functions/headers', text, asForm);
      assert.ok(response.status < 500, response.text);
    }
    assertOk(await until(() => server.call('headers', { headers: {} })));
  });
});

test('errors of triggers tell nothing of the server', { skip }, async () => {
  const response = await server.api.find('Secret');
  assertError(response, 400, 119, 'Nobody reads this.');
  assert.doesNotMatch(response.text, /stack|\.js|main/);
});
