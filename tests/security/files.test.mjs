// Attacks on files that Parse Server's published advisories describe, and others of their kind. Each test names its advisory.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { assertError, assertNoServerError, assertOk, assertStatus, createdId } from '../support/assert.mjs';
import { keys } from '../support/client.mjs';
import { startOwnServer, uniqueName } from '../support/server.mjs';

const server = await startOwnServer({ args: ['--fileUpload.enableForPublic', 'true'] });
after(() => server.stop());
const { api } = server;
const master = { master: true };
const filesFolder = path.join(server.dataDir, 'files');
const upload = (name, type, options = {}) =>
  api.request('POST', `/files/${encodeURIComponent(name)}`, '<script>alert(1)</script>', {
    ...options,
    headers: { 'Content-Type': type, ...options.headers },
  });
const wrapped = (name, more, options = {}) => {
  const body = { _ApplicationId: keys.appId, _JavaScriptKey: keys.javascriptKey, base64: 'PGI+', ...more };
  return api.request('POST', `/files/${encodeURIComponent(name)}`, JSON.stringify(body), { anonymous: true, ...options });
};
const download = (name, headers) => api.request('GET', `/files/app/${name}`, undefined, { anonymous: true, headers });
const disabled = (extension) => `File upload of extension ${extension} is disabled.`;
const isAlive = async () => assert.equal(assertOk(await api.request('GET', '/health')).status, 'ok');

// One request with a path that no client library would send, byte by byte.
function rawStatus(method, target, headers = '') {
  return new Promise((resolve, reject) => {
    const socket = net.connect(server.port, '127.0.0.1', () =>
      socket.write(`${method} ${target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${headers}Content-Length: 0\r\n\r\n`),
    );
    let text = '';
    socket.on('data', (chunk) => (text += chunk));
    socket.on('end', () => resolve({ status: Number(text.slice(9, 12)), text }));
    socket.on('error', reject);
  });
}

describe('documents that browsers run', () => {
  const extensions = {
    'GHSA-9prm-jqwx-45x9': ['html', 'htm', 'HTML', 'shtml', 'xhtml'],
    'GHSA-hcj7-6gxh-24ww': ['svg', 'SvG'],
    'GHSA-v5hf-f4c3-m5rv': ['svgz', 'xht', 'xml', 'XML', 'xsl', 'xslt'],
    'GHSA-42ph-pf9q-cr72': ['xsd', 'rng', 'rdf', 'owl', 'mathml', 'MathML'],
  };
  for (const [advisory, list] of Object.entries(extensions)) {
    for (const extension of list) {
      test(`.${extension} (${advisory})`, async () => {
        assertError(await upload(`x.${extension}`, 'text/plain'), 400, 130, disabled(extension));
        assertError(await wrapped(`x.${extension}`, { _ContentType: 'image/png' }), 400, 130, disabled(extension));
      });
    }
  }

  for (const name of ['x.svg.', 'x.html.', 'x.svg..', 'x.svg ', 'x.svg. .', 'x. svg', 'x.s vg', 'x.html .']) {
    test(`behind dots and blanks: "${name}" (GHSA-7wqv-xjf3-x35v)`, async () => {
      assertError(await upload(name, 'text/plain'), 400, 130, /^File upload of extension (svg|html) is disabled\.$/);
    });
  }

  const types = [
    ['application/xhtml+xml', 'xhtml+xml', 'GHSA-v5hf-f4c3-m5rv'],
    ['application/xslt+xml', 'xslt+xml', 'GHSA-v5hf-f4c3-m5rv'],
    ['image/svg+xml;charset=utf-8', 'svg+xml', 'GHSA-42ph-pf9q-cr72'],
    ['text/html; charset=utf-8', 'html', 'GHSA-42ph-pf9q-cr72'],
    ['text/html\t;charset=utf-8', 'html', 'GHSA-42ph-pf9q-cr72'],
    ['TEXT/HTML', 'HTML', 'GHSA-42ph-pf9q-cr72'],
    ['application/rdf+xml', 'rdf+xml', 'GHSA-42ph-pf9q-cr72'],
    ['application/mathml+xml', 'mathml+xml', 'GHSA-42ph-pf9q-cr72'],
  ];
  for (const [type, subtype, advisory] of types) {
    for (const name of ['noextension', 'x.foo']) {
      test(`${name} as ${JSON.stringify(type)} (${advisory}, GHSA-v8x7-r927-cc93)`, async () => {
        assertError(await upload(name, type), 400, 130, disabled(subtype));
        assertError(await wrapped(name, { _ContentType: type }), 400, 130, disabled(subtype));
      });
    }
  }

  for (const type of ['image', 'svg', '/html', 'text/', 'text/ht ml', ';html', 'image//svg+xml', 'text/plain,text/html', 'text /html x']) {
    test(`x.foo as ${JSON.stringify(type)} (GHSA-r899-h629-j84r)`, async () => {
      const answer = await upload('x.foo', type);
      assertError(answer, 400, 130, /^(Invalid Content-Type\.|File upload of extension [a-z+]+ is disabled\.)$/);
    });
  }

  test('the extension decides what is served, not the uploader (GHSA-vr5f-2r24-w5hc)', async () => {
    for (const type of ['text/html', 'image/svg+xml']) {
      const { name } = assertStatus(await upload('a.txt', type), 201);
      for (const headers of [{}, { Range: 'bytes=0-3' }, { Accept: 'text/html' }]) {
        assert.equal((await download(name, headers)).headers['content-type'], 'text/plain; charset=utf-8');
      }
    }
  });

  test('a type that is not known is not served either (GHSA-v8x7-r927-cc93)', async () => {
    for (const type of ['application/atom+xml', 'text/x-anything', 'multipart/related']) {
      const { name } = assertStatus(await upload('x.foo', type), 201);
      assert.equal((await download(name)).headers['content-type'], 'application/octet-stream');
    }
  });

  test('every download forbids guessing the type (GHSA-3jmq-rrxf-gqrg)', async () => {
    const { name } = assertStatus(await upload('a.png', 'image/png'), 201);
    for (const headers of [{}, { Range: 'bytes=0-3' }, { Range: 'bytes=900-' }]) {
      assert.equal((await download(name, headers)).headers['x-content-type-options'], 'nosniff');
    }
  });
});

describe('names', () => {
  for (const name of ['payload', '.', '..', '.a', '...', 'a.', 'a. ', ' ']) {
    test(`upload as "${name}" (GHSA-792q-q67h-w579)`, async () => {
      const answer = await upload(name, 'application/x-of-our-own');
      if (answer.status === 201) assert.equal((await download(encodeURIComponent(answer.json.name))).status, 200);
      else assertError(answer, [400, 404].includes(answer.status) ? answer.status : 400, [122, 130]);
      await isAlive();
    });
  }

  const outside = [
    '../parsimony.db',
    '..%2fparsimony.db',
    '..%2F..%2F..%2F..%2Fetc%2Fpasswd',
    '%2e%2e/parsimony.db',
    '..%5cparsimony.db',
    '/etc/passwd',
    '//etc/passwd',
    'a/../../parsimony.db',
    '.',
    '..',
    '%00',
    'a%00.txt',
    'con',
    'x'.repeat(5000),
  ];
  test('no path leads out of the store', async () => {
    for (const name of outside) {
      for (const route of ['', 'metadata/']) {
        const answer = await rawStatus('GET', `/parse/files/app/${route}${name}`);
        assert.ok([200, 400, 404].includes(answer.status), `${name}: ${answer.text}`);
        assert.doesNotMatch(answer.text, /SQLite format|root:/);
        if (route === '') assert.notEqual(answer.status, 200, name);
      }
      const removed = await rawStatus('DELETE', `/parse/files/${name}`, 'X-Parse-Application-Id: app\r\nX-Parse-Master-Key: master\r\n');
      assert.ok([400, 404].includes(removed.status), `${name}: ${removed.text}`);
    }
    assert.ok(fs.existsSync(path.join(server.dataDir, 'parsimony.db')));
    await isAlive();
  });

  test('no file of the store’s own is to be had', async () => {
    const headers = { 'X-Parse-Upload-Mode': 'stream', 'X-Parse-File-Metadata': '{"private":1}' };
    const { name } = assertStatus(await upload('a.txt', 'text/plain', { headers }), 201);
    const own = fs.readdirSync(filesFolder).filter((file) => file.startsWith(name) && file !== name);
    assert.equal(own.length, 1);
    for (const file of [own[0], encodeURIComponent(own[0]), '', '.', '%2e']) {
      assert.equal((await rawStatus('GET', `/parse/files/app/${file}`)).status, 404, file);
    }
  });

  test('a link in the store is not followed', async () => {
    assertStatus(await upload('first.txt', 'text/plain'), 201);
    fs.symlinkSync('/etc/passwd', path.join(filesFolder, 'link.txt'));
    fs.mkdirSync(path.join(filesFolder, 'folder.txt'));
    for (const name of ['link.txt', 'folder.txt']) assert.equal((await download(name)).status, 404);
    assert.deepEqual(assertOk(await api.request('GET', '/files/app/metadata/link.txt')), {});
    const answer = await api.request('DELETE', '/files/folder.txt', undefined, master);
    assertError(answer, 400, 153);
    assert.doesNotMatch(answer.text, new RegExp(server.dataDir));
  });

  test('bad escapes, unknown applications, empty names (GHSA-xw6g-jjvf-wwf9)', async () => {
    for (const target of ['app/%E0%A4%A', 'app/%', 'app/%zz', 'other/%E0%A4%A', 'other/a.txt', '/', '//', 'app//', '%00/%00', 'app/%ff%fe']) {
      const answer = await rawStatus('GET', `/parse/files/${target}`);
      assert.ok([400, 403, 404].includes(answer.status), `${target}: ${answer.status}`);
    }
    await isAlive();
  });

  test('line breaks reach no header', async () => {
    for (const name of ['a%0d%0aSet-Cookie:%20x=1.txt', 'a%0a.txt', 'a%00.txt', '%C3%A4.txt']) {
      assertError(await api.request('POST', `/files/${name}`, 'x'), 400, 122);
      assert.doesNotMatch((await rawStatus('GET', `/parse/files/app/${name}`)).text, /Set-Cookie/i);
    }
    const answer = await wrapped('a', { _ContentType: 'text/plain\r\nSet-Cookie: x=1' });
    assertError(answer, 400, 130);
    assert.equal(answer.headers['set-cookie'], undefined);
  });
});

describe('ranges (GHSA-h423-w6qv-2wj3)', async () => {
  const { name } = assertStatus(await upload('a.txt', 'text/plain'), 201);
  const size = '<script>alert(1)</script>'.length;
  const ranges = [
    'bytes=2000-1000',
    'bytes=-',
    'bytes=abc',
    'bytes=9999999-',
    'bytes=-0',
    'bytes=0-18446744073709551615',
    'bytes=18446744073709551615-',
    'bytes=-18446744073709551616',
    'bytes=--5',
    'bytes=+1-2',
    'bytes= 0-1',
    'bytes=0x0-1',
    `bytes=${Array.from({ length: 1000 }, (_, i) => `${i}-${i}`).join(',')}`,
    `bytes=${'9'.repeat(1000)}-`,
    '',
  ];
  for (const range of ranges) {
    test(`"${range.slice(0, 40)}"`, async () => {
      const answer = await download(name, { Range: range });
      assert.ok([200, 206, 416].includes(answer.status), String(answer.status));
      assert.equal(answer.bytes.length, answer.status === 416 ? 0 : size);
      await isAlive();
    });
  }
});

describe('metadata', () => {
  const denied = [
    ['GHSA-prm5-8g2m-24gg', { obj: { _bsontype: 'Code', code: 'x' } }],
    ['GHSA-q342-9w2p-57fp', { obj: { metadata: {}, _bsontype: 'Code', code: 'x' } }],
    ['GHSA-q342-9w2p-57fp', { obj: { tags: ['safe'], _bsontype: 'Code' } }],
    ['GHSA-q342-9w2p-57fp', { list: [{ a: 1 }, [{ _bsontype: 'Code' }]] }],
  ];
  denied.forEach(([advisory, value], index) =>
    test(`denied keys, ${index} (${advisory})`, async () => {
      const before = fs.existsSync(filesFolder) ? fs.readdirSync(filesFolder).length : 0;
      for (const kind of ['metadata', 'tags']) {
        assertError(await wrapped('a.txt', { fileData: { [kind]: value } }), 400, 105, /^Prohibited keyword in request data/);
        const header = kind === 'metadata' ? 'X-Parse-File-Metadata' : 'X-Parse-File-Tags';
        const headers = { 'X-Parse-Upload-Mode': 'stream', [header]: JSON.stringify(value) };
        assertError(await upload('a.txt', 'text/plain', { headers }), 400, 105, /^Prohibited keyword in request data/);
      }
      assert.equal(fs.existsSync(filesFolder) ? fs.readdirSync(filesFolder).length : 0, before);
    }),
  );

  test('deep nesting', async () => {
    for (const depth of [100, 10_000, 200_000]) {
      const deep = `{"_ApplicationId":"app","_JavaScriptKey":"js","base64":"YQ==","fileData":{"metadata":${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}}}`;
      const answer = await api.request('POST', '/files/a.txt', deep, { anonymous: true });
      assertNoServerError(answer);
    }
    const headers = { 'X-Parse-Upload-Mode': 'stream', 'X-Parse-File-Metadata': '['.repeat(10_000) };
    assertError(await upload('a.txt', 'text/plain', { headers }), 400, 107);
    await isAlive();
  });

  test('keys that mean something in JavaScript stay data', async () => {
    const metadata = JSON.parse('{"__proto__":{"isAdmin":true},"hasOwnProperty":1}');
    const answer = await wrapped('a.txt', { fileData: { metadata } });
    if (answer.status !== 201) return assertError(answer, 400, 105);
    const { text } = await api.request('GET', `/files/app/metadata/${answer.json.name}`);
    assert.equal(text, '{"metadata":{"__proto__":{"isAdmin":true},"hasOwnProperty":1}}');
  });
});

describe('nothing is fetched (GHSA-x4qj-2f4q-r4rx)', () => {
  test('an upload that names a source', async () => {
    let asked = 0;
    const trap = net.createServer((socket) => {
      ++asked;
      socket.destroy();
    });
    await new Promise((resolve) => trap.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${trap.address().port}/x`;
    const C = uniqueName('Fetched');
    assertError(await wrapped('a.txt', { base64: undefined, _source: { format: 'uri', uri: url } }), 400, 130);
    const id = createdId(await api.create(C, { file: { __type: 'File', name: 'a', url } }));
    assert.ok(!assertOk(await api.get(C, id)).file.url.startsWith(url));
    assert.equal(asked, 0);
    trap.close();
  });
});
