// Objects whose ids the client chooses.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { assertOk, assertStatus } from '../support/assert.mjs';
import { externalUrl, startOwnServer } from '../support/server.mjs';

const skip = externalUrl !== undefined && 'needs a server of its own';
const server = skip ? undefined : await startOwnServer({ args: ['--allowCustomObjectId', 'true'] });
after(() => server?.stop());

test('the Location of a new object leads to it', { skip }, async () => {
  for (const objectId of ['plain', 'with blank', 'a/b', 'é\u4e2d', 'a?b#c', '100%', 'a\r\nX-Forged: 1']) {
    const made = await server.api.create('Custom', { objectId, text: objectId });
    assert.equal(assertStatus(made, 201).objectId, objectId);
    const { location } = made.headers;
    const encoded = new URL(location).pathname.split('/').pop();
    assert.equal(location, `${server.url}/classes/Custom/${encoded}`);
    assert.equal(decodeURIComponent(encoded), objectId);
    assert.equal(made.headers['x-forged'], undefined);
    if (objectId.includes('/')) continue; // no path of a route has an encoded slash
    assert.equal(assertOk(await server.api.request('GET', `/classes/Custom/${encoded}`)).text, objectId);
  }
});
