// /files: uploads in their three forms, downloads with ranges, metadata, deletion, and where the bytes lie.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { assertError, assertOk, assertStatus, assertUnauthorized, createdId } from '../support/assert.mjs';
import { keys } from '../support/client.mjs';
import { startOwnServer, uniqueName } from '../support/server.mjs';

const forEveryone = ['--fileUpload.enableForPublic', 'true'];
const server = await startOwnServer({ args: forEveryone });
after(() => server.stop());
const { api } = server;
const master = { master: true };
const typed = (type, options = {}) => ({ ...options, headers: { 'Content-Type': type, ...options.headers } });
const upload = (name, body, options = {}) => api.request('POST', `/files/${name}`, body, options);
const download = (name, headers, method = 'GET') =>
  api.request(method, `/files/${keys.appId}/${encodeURIComponent(name)}`, undefined, { anonymous: true, headers });
const metadataOf = async (name) =>
  assertOk(await api.request('GET', `/files/${keys.appId}/metadata/${encodeURIComponent(name)}`, undefined, { anonymous: true }));
const filesFolder = path.join(server.dataDir, 'files');

async function stored(response) {
  const { name, url } = assertStatus(response, 201);
  assert.deepEqual(Object.keys(response.json).sort(), ['name', 'url']);
  assert.equal(response.headers.location, url);
  assert.equal(url, `${server.url}/files/${keys.appId}/${name.split('/').map(encodeURIComponent).join('/')}`);
  return name;
}

describe('raw uploads', () => {
  test('the bytes come back as they went in, under a name of their own', async () => {
    const bytes = Buffer.from(Array.from({ length: 70_000 }, (_, i) => (i * 7) % 256));
    const name = await stored(await upload('photo.png', bytes, typed('image/png')));
    assert.match(name, /^[0-9a-f]{32}_photo\.png$/);
    const answer = await download(name);
    assert.equal(answer.status, 200);
    assert.deepEqual(answer.bytes, bytes);
    assert.equal(answer.headers['content-type'], 'image/png');
    assert.equal(answer.headers['content-length'], String(bytes.length));
    assert.equal(answer.headers['x-content-type-options'], 'nosniff');
    assert.deepEqual(await metadataOf(name), { metadata: {} });
  });

  test('the url in the answer leads to the file', async () => {
    for (const wanted of ['a b@c~d.txt', '_x-1.2.TXT', 'a']) {
      const { url } = assertStatus(await upload(encodeURIComponent(wanted), 'text', typed('text/plain')), 201);
      assert.equal(await (await fetch(url)).text(), 'text', wanted);
    }
  });

  test('a body that looks like JSON stays bytes when the keys are in the headers', async () => {
    const text = '{"base64":"QUFB","_ApplicationId":"app"}';
    assert.equal((await download(await stored(await upload('a.json', text)))).text, text);
    const broken = '{"a":';
    assert.equal((await download(await stored(await upload('b.json', broken)))).text, broken);
  });

  test('two uploads of one name are two files', async () => {
    const [first, second] = [await stored(await upload('same.txt', 'one')), await stored(await upload('same.txt', 'two'))];
    assert.notEqual(first, second);
    assert.equal((await download(first)).text, 'one');
    assert.equal((await download(second)).text, 'two');
  });

  test('an empty body', async () => {
    assertError(await upload('empty.txt', undefined), 400, 130, 'Invalid file upload.');
  });
});

describe('types and extensions', () => {
  const served = [
    ['a.txt', 'application/pdf', /_a\.txt$/, 'text/plain; charset=utf-8'],
    ['a.JPG', 'text/plain', /_a\.JPG$/, 'image/jpeg'],
    ['noextension', 'image/png', /_noextension\.png$/, 'image/png'],
    ['noextension', 'text/plain; charset=latin1', /_noextension\.txt$/, 'text/plain; charset=utf-8'],
    ['dot.', 'image/gif', /_dot\.gif$/, 'image/gif'],
    ['unknown', 'application/x-of-our-own', /_unknown$/, 'application/octet-stream'],
    ['a.unknownkind', 'application/x-of-our-own', /_a\.unknownkind$/, 'application/octet-stream'],
    ['archive.tar.gz', 'application/octet-stream', /_archive\.tar\.gz$/, 'application/gzip'],
  ];
  for (const [given, type, name, servedType] of served) {
    test(`${given} sent as ${type}`, async () => {
      const saved = await stored(await upload(given, 'x', typed(type)));
      assert.match(saved, name);
      assert.equal((await download(saved)).headers['content-type'], servedType);
    });
  }
});

describe('names', () => {
  test('none', async () => {
    assertError(await api.request('POST', '/files', 'x'), 400, 122, 'Filename not provided.');
    assertError(await api.request('POST', '/files/', 'x'), 400, 122, 'Filename not provided.');
  });

  const bad = ['.hidden', '-a', ' a', 'a$b', 'a/b', '../a', 'a\\b', 'ä.txt', 'a\nb', 'a\u0000b', 'a"b', 'a;b', '~a', '%'];
  for (const name of bad) {
    test(`refused: ${JSON.stringify(name)}`, async () => {
      assertError(await upload(encodeURIComponent(name), 'x'), 400, 122, 'Filename contains invalid characters.');
    });
  }

  test('the longest', async () => {
    const longest = `${'A'.repeat(124)}.txt`;
    const name = await stored(await upload(longest, 'long'));
    assert.ok(name.endsWith(longest));
    assert.equal((await download(name)).text, 'long');
    assertError(await upload(`A${longest}`, 'x'), 400, 122, 'Filename too long.');
  });
});

describe('base64 in JSON', () => {
  const body = (more) => ({ _ApplicationId: keys.appId, _JavaScriptKey: keys.javascriptKey, _ClientVersion: 'js8.6.0', ...more });
  const wrapped = (name, more) => upload(name, JSON.stringify(body(more)), typed('text/plain', { anonymous: true }));

  test('bytes, type, metadata and tags', async () => {
    const bytes = Buffer.from([0, 255, 254, 10, 13, 0]);
    const fileData = { metadata: { author: 'ü', n: 1, o: { a: [1] } }, tags: { kind: 'test' } };
    const name = await stored(await wrapped('x', { base64: bytes.toString('base64'), _ContentType: 'image/gif', fileData }));
    assert.match(name, /_x\.gif$/);
    assert.deepEqual((await download(name)).bytes, bytes);
    assert.deepEqual(await metadataOf(name), fileData);
  });

  test('with the master key in the body', async () => {
    const more = { base64: 'YQ==', _MasterKey: keys.masterKey, fileData: { directory: 'in/body' } };
    assert.match(await stored(await wrapped('a.txt', more)), /^in\/body\/[0-9a-f]{32}_a\.txt$/);
  });

  for (const [title, base64] of [
    ['line breaks', 'aGVs\r\nbG8=\n'],
    ['no padding', 'aGVsbG8'],
    ['plain', 'aGVsbG8='],
  ]) {
    test(`base64 with ${title}`, async () => assert.equal((await download(await stored(await wrapped('a.txt', { base64 })))).text, 'hello'));
  }

  const refused = [
    ['empty', { base64: '' }],
    ['missing', {}],
    ['no base64', { base64: '!!!!' }],
    ['one digit', { base64: 'a' }],
  ];
  for (const [title, more] of refused) test(`refused: ${title}`, async () => assertError(await wrapped('a.txt', more), 400, 130, 'Invalid file upload.'));

  test('fields of the wrong type', async () => {
    assertUnauthorized(await wrapped('a.txt', { base64: 5 }));
    assertUnauthorized(await wrapped('a.txt', { base64: 'YQ==', _ContentType: 5 }));
    assertError(await wrapped('a.txt', { base64: 'YQ==', fileData: { metadata: [] } }), 400, 107);
    assertError(await wrapped('a.txt', { base64: 'YQ==', fileData: { tags: 'x' } }), 400, 107);
    assertError(await wrapped('a.txt', { base64: 'YQ==', fileData: { directory: 5 } }), 400, 122, 'Directory must be a string.');
  });

  test('without a known application', async () => {
    assertUnauthorized(await upload('a.txt', 'just bytes', { anonymous: true }));
    assertUnauthorized(await upload('a.txt', JSON.stringify({ base64: 'YQ==' }), { anonymous: true }));
    assertUnauthorized(await upload('a.txt', JSON.stringify({ base64: 'YQ==', _ApplicationId: 'other' }), { anonymous: true }));
    assertUnauthorized(await upload('a.txt', JSON.stringify({ base64: 'YQ==', _ApplicationId: keys.appId }), { anonymous: true }));
  });
});

describe('stream mode', () => {
  const stream = (more, options = {}) => ({ ...options, headers: { 'Content-Type': 'text/plain', 'X-Parse-Upload-Mode': 'stream', ...more } });

  test('metadata, tags and directory come in headers', async () => {
    const headers = {
      'X-Parse-File-Metadata': '{"a":1}',
      'X-Parse-File-Tags': '{"b":"c"}',
      'X-Parse-File-Directory': 'reports/2026',
    };
    const name = await stored(await upload('r.txt', 'report', stream(headers, master)));
    assert.match(name, /^reports\/2026\/[0-9a-f]{32}_r\.txt$/);
    assert.deepEqual(await metadataOf(name), { metadata: { a: 1 }, tags: { b: 'c' } });
    assert.equal((await download(name)).text, 'report');
  });

  test('an empty file is one', async () => {
    const name = await stored(await upload('empty.txt', undefined, stream({})));
    const answer = await download(name);
    assert.equal(answer.status, 200);
    assert.equal(answer.bytes.length, 0);
  });

  for (const value of ['{', '[]', '"a"', '5', 'null']) {
    test(`headers that hold no object: ${value}`, async () => {
      const invalid = (header) => `Invalid JSON in ${header} header.`;
      for (const header of ['X-Parse-File-Metadata', 'X-Parse-File-Tags']) {
        assertError(await upload('a.txt', 'x', stream({ [header]: value })), 400, 107, invalid(header));
      }
    });
  }

  test('keys in the body are not looked for', async () => {
    const body = JSON.stringify({ base64: 'YQ==', _ApplicationId: keys.appId, _JavaScriptKey: keys.javascriptKey });
    assertUnauthorized(await upload('a.txt', body, stream({}, { anonymous: true })));
  });

  test('the headers mean nothing otherwise', async () => {
    const name = await stored(await upload('a.txt', 'x', { headers: { 'X-Parse-File-Directory': 'd', 'X-Parse-File-Metadata': '{"a":1}' } }));
    assert.doesNotMatch(name, /\//);
    assert.deepEqual(await metadataOf(name), { metadata: {} });
  });
});

describe('directories', () => {
  const inDirectory = (directory, options) =>
    upload('a.txt', 'x', { ...options, headers: { 'X-Parse-Upload-Mode': 'stream', 'X-Parse-File-Directory': directory } });

  test('need the master key', async () => {
    assertError(await inDirectory('d'), 400, 119, 'Directory can only be set using the Master Key.');
  });

  const refused = [
    ['../x', 'Directory must not contain "..".'],
    ['/x', 'Directory must not start or end with "/".'],
    ['x/', 'Directory must not start or end with "/".'],
    ['a//b', 'Directory must not contain consecutive slashes.'],
    ['metadata', 'Directory must not start with reserved segment "metadata".'],
    ['Metadata/x', 'Directory must not start with reserved segment "Metadata".'],
    ['a b', 'Directory contains invalid characters.'],
    ['-a', 'Directory contains invalid characters.'],
    ['a.b', 'Directory contains invalid characters.'],
    ['x'.repeat(257), 'Directory path is too long.'],
  ];
  for (const [directory, message] of refused) {
    test(`refused: ${directory.slice(0, 20)}`, async () => assertError(await inDirectory(directory, master), 400, 122, message));
  }

  test('the longest one', async () => {
    const name = await stored(await inDirectory(`${'Ab/'.repeat(85)}c`, master));
    assert.equal((await download(name)).text, 'x');
    assert.equal((await api.request('GET', `/files/app/${name}`)).text, 'x');
    assertOk(await api.request('DELETE', `/files/${name}`, undefined, master));
    assert.equal((await download(name)).status, 404);
  });
});

describe('downloads', () => {
  test('no keys are needed, the application id is', async () => {
    const name = await stored(await upload('a.txt', 'x'));
    assertStatus(await api.request('GET', `/files/app/${name}`, undefined, { anonymous: true }), 200);
    const other = await api.request('GET', `/files/other/${name}`, undefined, master);
    assert.deepEqual(assertStatus(other, 403), { error: 'Permission denied' });
    assert.deepEqual(assertOk(await api.request('GET', `/files/other/metadata/${name}`)), {});
  });

  test('one that is not there', async () => {
    for (const target of ['/files/app/nothing.txt', '/files/app/', '/files/app', '/files']) {
      const answer = await api.request('GET', target);
      assert.equal(answer.status, 404, target);
    }
    const missing = await download('nothing.txt');
    assert.equal(missing.text, 'File not found.');
    assert.match(missing.headers['content-type'], /^text\/plain/);
    assert.deepEqual(await metadataOf('nothing.txt'), {});
  });

  test('HEAD', async () => {
    const name = await stored(await upload('a.txt', 'twelve bytes'));
    const answer = await download(name, {}, 'HEAD');
    assert.equal(answer.status, 200);
    assert.equal(answer.headers['content-length'], '12');
    assert.equal(answer.headers['content-type'], 'text/plain; charset=utf-8');
    assert.equal(answer.bytes.length, 0);
    assert.equal((await download('nothing.txt', {}, 'HEAD')).status, 404);
  });

  test('a client that has the version is not sent it again', async () => {
    const { etag } = (await download(await stored(await upload('a.txt', 'x')))).headers;
    const name = await stored(await upload('b.txt', 'yy'));
    const first = await download(name);
    assert.notEqual(first.headers.etag, etag);
    const again = await download(name, { 'If-None-Match': first.headers.etag });
    assert.equal(again.status, 304);
    assert.equal(again.bytes.length, 0);
    assert.equal((await download(name, { 'If-None-Match': etag })).text, 'yy');
  });

  const text = '0123456789';
  const ranges = [
    ['bytes=0-3', 206, '0123', 'bytes 0-3/10'],
    ['bytes=4-', 206, '456789', 'bytes 4-9/10'],
    ['bytes=-3', 206, '789', 'bytes 7-9/10'],
    ['bytes=9-9', 206, '9', 'bytes 9-9/10'],
    ['bytes=5-500', 206, '56789', 'bytes 5-9/10'],
    ['bytes=0-18446744073709551615', 206, text, 'bytes 0-9/10'],
    ['bytes=-500', 206, text, 'bytes 0-9/10'],
    ['Bytes=0-0', 206, '0', 'bytes 0-0/10'],
    ['bytes=10-', 416, '', 'bytes */10'],
    ['bytes=-0', 416, '', 'bytes */10'],
    ['bytes=0-1,4-5', 200, text, undefined],
    ['bytes=3-1', 200, text, undefined],
    ['lines=0-1', 200, text, undefined],
  ];
  test('ranges', async (t) => {
    const name = await stored(await upload('digits.txt', text));
    const { etag } = (await download(name)).headers;
    for (const [range, status, part, contentRange] of ranges) {
      await t.test(range, async () => {
        const answer = await download(name, { Range: range });
        assert.equal(answer.status, status);
        assert.equal(answer.text, part);
        assert.equal(answer.headers['content-range'], contentRange);
        assert.equal(answer.headers['x-content-type-options'], 'nosniff');
      });
    }
    assert.equal((await download(name, { Range: 'bytes=0-0', 'If-Range': etag })).status, 206);
    assert.equal((await download(name, { Range: 'bytes=0-0', 'If-Range': '"another"' })).text, text);
  });
});

describe('deletion', () => {
  test('takes bytes and metadata away', async () => {
    const headers = { 'X-Parse-Upload-Mode': 'stream', 'X-Parse-File-Metadata': '{"a":1}' };
    const before = fs.existsSync(filesFolder) ? fs.readdirSync(filesFolder).length : 0;
    const name = await stored(await upload('gone.txt', 'x', { headers }));
    const removed = await api.request('DELETE', `/files/${name}`, undefined, master);
    assert.equal(removed.status, 200);
    assert.equal(removed.text, '');
    assert.equal((await download(name)).status, 404);
    assert.deepEqual(await metadataOf(name), {});
    assert.equal(fs.readdirSync(filesFolder).length, before);
    assertError(await api.request('DELETE', `/files/${name}`, undefined, master), 400, 153);
  });

  test('needs the master key', async () => {
    const name = await stored(await upload('kept.txt', 'x'));
    assert.deepEqual(assertStatus(await api.request('DELETE', `/files/${name}`), 403), { error: 'Permission denied' });
    assertUnauthorized(await api.request('DELETE', `/files/${name}`, undefined, { anonymous: true }));
    assert.equal((await download(name)).text, 'x');
  });
});

describe('who may', () => {
  test('by default only the master key uploads', async () => {
    const own = await startOwnServer();
    assertError(await own.api.request('POST', '/files/a.txt', 'x'), 400, 130, 'File upload by public is disabled.');
    assertStatus(await own.api.request('POST', '/files/a.txt', 'x', master), 201);
    await own.stop();
  });

  test('downloads can be kept for the master key', async () => {
    const own = await startOwnServer({ args: ['--fileDownload.enableForPublic', 'false'] });
    const { name } = assertStatus(await own.api.request('POST', '/files/a.txt', 'x', master), 201);
    for (const target of [`/files/app/${name}`, `/files/app/metadata/${name}`, '/files/app/nothing']) {
      assertError(await own.api.request('GET', target), 400, 119, 'File download by public is disabled.');
    }
    assert.equal(assertStatus(await own.api.request('GET', `/files/app/${name}`, undefined, master), 200), undefined);
    await own.stop();
  });

  test('a list of extensions of one’s own', async () => {
    const own = await startOwnServer({ env: { PARSE_SERVER_FILE_UPLOAD_OPTIONS: '{"enableForPublic":true,"fileExtensions":["^png$","jpe?g"]}' } });
    const status = async (name, options) => (await own.api.request('POST', `/files/${name}`, 'x', options)).status;
    assert.equal(await status('a.png'), 201);
    assert.equal(await status('a.jpeg'), 201);
    assert.equal(await status('a.txt', master), 201);
    assertError(await own.api.request('POST', '/files/a.txt', 'x'), 400, 130, 'File upload of extension txt is disabled.');
    await own.stop();
  });

  test('a pattern that is none stops the start', async () => {
    await assert.rejects(startOwnServer({ args: ['--fileUpload.fileExtensions', '("'] }), /fileUpload\.fileExtensions.*no regular expression/);
  });
});

describe('names that are preserved', async () => {
  const own = await startOwnServer({ args: [...forEveryone, '--preserveFileName', 'true'] });
  after(() => own.stop());
  const put = async (name, body, headers) => assertStatus(await own.api.request('POST', `/files/${name}`, body, { headers }), 201).name;
  const get = async (name) => (await own.api.request('GET', `/files/app/${name}`)).text;

  test('the same name replaces bytes and metadata', async () => {
    assert.equal(await put('a.txt', 'one', { 'X-Parse-Upload-Mode': 'stream', 'X-Parse-File-Metadata': '{"v":1}' }), 'a.txt');
    assert.equal(await put('a.txt', 'two'), 'a.txt');
    assert.equal(await get('a.txt'), 'two');
    assert.deepEqual(assertOk(await own.api.request('GET', '/files/app/metadata/a.txt')), { metadata: {} });
  });

  test('names that differ in case only are two files', async () => {
    await put('Case.txt', 'upper');
    await put('case.txt', 'lower');
    assert.deepEqual([await get('Case.txt'), await get('case.txt')], ['upper', 'lower']);
    const names = fs.readdirSync(path.join(own.dataDir, 'files')).map((name) => name.toLowerCase());
    assert.equal(new Set(names).size, names.length);
  });

  test('a reader sees one version whole while others replace it', async () => {
    const versions = ['a', 'b', 'c', 'd'].map((letter) => letter.repeat(200_000));
    await put('busy.txt', versions[0]);
    let done = false;
    const writing = (async () => {
      for (let i = 0; i < 40; ++i) await put('busy.txt', versions[i % 4]);
      done = true;
    })();
    while (!done) assert.ok(versions.includes(await get('busy.txt')));
    await writing;
  });
});

describe('in objects', () => {
  test('only the name is stored; the url is computed', async () => {
    const C = uniqueName('Document');
    const { name, url } = assertStatus(await upload('a%20b.txt', 'xxx', typed('text/plain')), 201);
    const id = createdId(await api.create(C, { file: { __type: 'File', name, url: 'http://elsewhere.example/x' } }));
    assert.deepEqual(assertOk(await api.get(C, id)).file, { __type: 'File', name, url });
    assert.equal(await (await fetch(url)).text(), 'xxx');
    assertOk(await api.remove(C, id));
    assert.equal((await download(name)).text, 'xxx');
  });

  test('in a directory', async () => {
    const C = uniqueName('Document');
    const headers = { 'X-Parse-Upload-Mode': 'stream', 'X-Parse-File-Directory': 'x/y' };
    const { name, url } = assertStatus(await upload('a.txt', 'deep', { master: true, headers }), 201);
    const id = createdId(await api.create(C, { file: { __type: 'File', name } }));
    assert.equal(assertOk(await api.get(C, id)).file.url, url);
    assert.equal(await (await fetch(url)).text(), 'deep');
  });
});

describe('limits and places', () => {
  test('maxUploadSize', async () => {
    const own = await startOwnServer({ args: [...forEveryone, '--maxUploadSize', '100kb'] });
    assertStatus(await own.api.request('POST', '/files/a.bin', Buffer.alloc(100 * 1024)), 201);
    assert.equal((await own.api.request('POST', '/files/a.bin', Buffer.alloc(100 * 1024 + 1))).status, 413);
    await own.stop();
  });

  test('another limit for one upload, by the master key', async () => {
    const own = await startOwnServer({ args: [...forEveryone, '--maxUploadSize', '100kb'] });
    const send = (bytes, size, options = {}) =>
      own.api.request('POST', '/files/a.bin', Buffer.alloc(bytes, 1), { ...options, headers: { 'X-Parse-File-Max-Upload-Size': size } });
    const large = 150 * 1024;
    const { url } = assertStatus(await send(large, '150kb', master), 201);
    assert.equal((await fetch(url).then((answer) => answer.arrayBuffer())).byteLength, large);
    assert.equal((await send(large + 1, '150kb', master)).status, 413);
    assert.equal((await send(2000, '1kb', master)).status, 413);
    assert.equal((await send(large, '150kb')).status, 413);
    assert.deepEqual(assertStatus(await send(10, '150kb'), 403), { error: 'Permission denied' });
    assertError(await send(10, 'much', master), 400, 130, 'Invalid maxUploadSize override value: much');
    assert.equal((await send(large, 'much', master)).status, 413);
    const elsewhere = await own.api.request('POST', '/classes/C', JSON.stringify({ t: 'x'.repeat(large) }), {
      master: true,
      headers: { 'X-Parse-File-Max-Upload-Size': '1mb' },
    });
    assert.equal(elsewhere.status, 413);
    assertStatus(await own.api.request('POST', '/files/a.bin', Buffer.alloc(100)), 201);
    await own.stop();
  });

  test('files are there after a restart, and nothing half-written is', async () => {
    const first = await startOwnServer({ args: forEveryone });
    const { name } = assertStatus(await first.api.request('POST', '/files/a.txt', 'kept'), 201);
    await first.kill();
    const folder = path.join(first.dataDir, 'files');
    const left = path.join(folder, 'abc.%new');
    fs.writeFileSync(left, 'half');
    const second = await startOwnServer({ args: forEveryone, dataDir: first.dataDir });
    assert.equal((await second.api.request('GET', `/files/app/${name}`)).text, 'kept');
    assert.ok(!fs.existsSync(left));
    assert.equal(fs.statSync(path.join(folder, name)).mode & 0o077, 0);
    await second.stop();
  });

  test('of a database in memory they go with it', async () => {
    const own = await startOwnServer({ args: [...forEveryone, '--databaseURI', ':memory:'] });
    const { name } = assertStatus(await own.api.request('POST', '/files/a.txt', 'x'), 201);
    assert.equal((await own.api.request('GET', `/files/app/${name}`)).text, 'x');
    assert.ok(!fs.existsSync(path.join(own.dataDir, 'files')));
    await own.stop();
  });

  test('a batch holds no files', async () => {
    const requests = [{ method: 'POST', path: '/parse/files/a.txt', body: { base64: 'YQ==' } }];
    assertError(await api.request('POST', '/batch', { requests }), 400, 107);
  });
});
