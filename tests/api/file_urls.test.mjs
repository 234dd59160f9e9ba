// fileUpload.allowedFileUrlDomains: which addresses the files in objects may name.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { assertError, assertOk, assertStatus, createdId } from '../support/assert.mjs';
import { externalUrl, startOwnServer } from '../support/server.mjs';

const skip = externalUrl !== undefined && 'needs a server of its own';
const file = (url) => ({ __type: 'File', name: 'a.png', url });

async function withDomains(domains, check) {
  const args = domains === undefined ? [] : ['--fileUpload.allowedFileUrlDomains', JSON.stringify(domains)];
  const own = await startOwnServer({ args });
  try {
    await check(own.api);
  } finally {
    await own.stop();
  }
}

async function outcome(api, url) {
  const response = await api.create('Pictured', { picture: file(url) });
  if (response.status === 201) return 'taken';
  assertError(response, 400, 130);
  return response.json.error;
}

describe('allowed domains', { skip }, () => {
  test('any, unless the option says otherwise', async () => {
    await withDomains(undefined, async (api) => assert.equal(await outcome(api, 'http://anywhere.example/a.png'), 'taken'));
  });

  test('a name, and names below one', async () => {
    await withDomains(['cdn.example.com', '*.Images.example.org'], async (api) => {
      for (const url of [
        'https://cdn.example.com/a.png',
        'http://CDN.example.com:8080/a.png?x#y',
        'HTTPS://user:secret@cdn.example.com',
        'https://a.images.example.org/',
        'https://a.b.images.example.org/',
        '',
        null,
        undefined,
      ])
        assert.equal(await outcome(api, url), 'taken', url);
      for (const host of ['other.example.com', 'images.example.org', 'evilimages.example.org', 'cdn.example.com.evil.example', '10.0.0.1'])
        assert.equal(await outcome(api, `https://${host}/a.png`), `File URL domain '${host}' is not allowed.`);
      assert.equal(await outcome(api, 'https://cdn.example.com@evil.example/'), "File URL domain 'evil.example' is not allowed.");
      assert.equal(await outcome(api, 'https://evil.example/?https://cdn.example.com/'), "File URL domain 'evil.example' is not allowed.");
      for (const url of [
        'cdn.example.com/a.png',
        '//cdn.example.com/a.png',
        'javascript:alert(1)',
        'file:///etc/passwd',
        'https://',
        'https://evil.example\\@cdn.example.com/',
        'https://cdn%2eexample.com/',
        'https://cdn.exa\tmple.com/',
        'https://cdn。example.com/',
        5,
        { a: 1 },
      ])
        assert.equal(await outcome(api, url), 'Invalid file URL.', JSON.stringify(url));
    });
  });

  test('none, at any depth, on update and in operators, too', async () => {
    await withDomains([], async (api) => {
      const bad = file('https://a.example/x');
      const id = createdId(await api.create('Pictured', { picture: file(undefined), list: [] }));
      for (const body of [
        { picture: bad },
        { list: [1, { deep: [bad] }] },
        { object: { a: { b: bad } } },
        { list: { __op: 'AddUnique', objects: [bad] } },
        { 'object.a': bad },
        { picture: { ...file(undefined), more: bad } },
      ]) {
        assertError(await api.update('Pictured', id, body), 400, 130, "File URL domain 'a.example' is not allowed.");
        assertError(await api.create('Pictured', body), 400, 130);
      }
      assertOk(await api.update('Pictured', id, { object: { url: 'https://a.example/x' } }));
      const requests = [{ method: 'PUT', path: `/parse/classes/Pictured/${id}`, body: { picture: bad } }];
      const [answer] = assertStatus(await api.request('POST', '/batch', { requests }), 200);
      assert.equal(answer.error.code, 130);
    });
  });

  test('an empty name is refused at the start', async () => {
    const args = ['--fileUpload.allowedFileUrlDomains', '[""]'];
    await assert.rejects(startOwnServer({ args }), /fileUpload\.allowedFileUrlDomains.*has an empty name/);
  });
});
