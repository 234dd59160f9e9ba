// What Cloud Code once lost, or took too much of.
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { assertOk } from '../support/assert.mjs';
import { startCloud } from '../support/cloud.mjs';
import { isSanitized, ownServerOnly } from '../support/server.mjs';

function code() {
  Parse.Cloud.define('texts', ({ params }) => {
    const bytes = Buffer.alloc(1000000, 'a');
    let length = 0;
    for (let i = 0; i < 200; i++) length += bytes.toString(params.encoding).length;
    return length;
  });
  Parse.Cloud.define('saveMany', async ({ params: { count } }) => {
    const shared = new Parse.Object('Shared', { n: 1 });
    const rows = Array.from({ length: count }, (_, i) => new Parse.Object('Row', { i, shared }));
    await Parse.Object.saveAll([...rows, rows[0], shared], { useMasterKey: true });
    return [await new Parse.Query('Row').count(), await new Parse.Query('Shared').count(), rows.at(-1).get('shared').id === shared.id];
  });
}

describe('Cloud Code', { skip: ownServerOnly }, async () => {
  const server = await startCloud(code, { args: ['--cloudMemoryLimit', '64mb', '--cloudBlockLimit', isSanitized ? '60' : '2'] });
  after(() => server.stop());

  for (const [encoding, length] of Object.entries({ utf8: 1000000, base64: 1333336 })) {
    test(`making ${encoding} of bytes keeps none of them`, async () => {
      assert.equal(assertOk(await server.call('texts', { encoding })).result, 200 * length);
    });
  }

  test('saving many objects takes no time that grows with the square of their number', async () => {
    const count = 6000;
    assert.deepEqual(assertOk(await server.call('saveMany', { count })).result, [count, 1, true]);
  });
});
