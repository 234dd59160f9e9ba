// Where a call of the SDK failed: the log names the line of the code that awaited it.
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { assertError, assertOk } from '../support/assert.mjs';
import { startCloud } from '../support/cloud.mjs';
import { outputWith, ownServerOnly } from '../support/server.mjs';

const kAbsent = 101;

// Each function stands on the line of its number.
const main = `const master = { useMasterKey: true };
Parse.Cloud.define('line2', async () => { await new Parse.Query('T').get('nope', master); });
Parse.Cloud.define('line3', async () => { await new Parse.Object('T', { id: 'nope' }).save({ n: 1 }, master); });
Parse.Cloud.define('line4', async () => { await Parse.User.logIn('nobody', 'knows'); });
Parse.Cloud.define('line5', async () => { await Parse.Cloud.run('line2'); });
Parse.Cloud.define('line6', async () => { await new Parse.Query('T').each(() => { throw new Parse.Error(1, 'own'); }, master); });
const find = async () => {
  return await new Parse.Query('_Session').find(); };
Parse.Cloud.define('line8', async () => { await find(); });
Parse.Cloud.define('unawaited', () => new Parse.Query('T').get('nope', master));
Parse.Cloud.define('stacks', async () => {
  const stacks = [];
  await new Parse.Query('T').get('nope', master).catch((error) => stacks.push(error.stack));
  const own = new Parse.Error(1, 'own');
  const made = own.stack;
  try { await Parse.Cloud.run('throws'); } catch (error) { stacks.push(error.stack); }
  try { throw own; } catch (error) { stacks.push(error.stack === made); }
  return stacks;
});
Parse.Cloud.define('row', () => new Parse.Object('T').save(null, master));`;

describe('calls of the SDK that fail', { skip: ownServerOnly }, async () => {
  const server = await startCloud(main, { args: ['--allowClientClassCreation', 'true'] });
  after(() => server.stop());
  assertOk(await server.call('row'));

  for (const line of [2, 3, 4, 5, 6, 8]) {
    test(`name line ${line}`, async () => {
      const { code } = (await server.call(`line${line}`)).json;
      assert.equal(typeof code, 'number');
      await outputWith(server, new RegExp(`main\\.js:${line}:\\d+`));
    });
  }

  test('answer as before where nothing awaits them', async () => {
    assertError(await server.call('unawaited'), 404, kAbsent, 'Object not found.');
  });

  test('have a text for a stack, and keep one that the code made', async () => {
    const [unawaited, awaited, same] = assertOk(await server.call('stacks')).result;
    assert.equal(unawaited, '');
    assert.match(awaited, /main\.js:16:\d+/);
    assert.equal(same, true);
  });
});
