// The tutorial's Cloud Code, which is the sample's, on the rows that the tutorial exports.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { assertOk } from '../support/assert.mjs';
import { outputWith, ownServerOnly, repositoryFolder, sharedFolder, startOwnServer, temporaryFolder } from '../support/server.mjs';

const rows = sharedFolder('data/back4app-shop');
const skip = ownServerOnly || (!rows && 'needs the shared data');
const main = path.join(repositoryFolder, 'cloud/main.js');
const definitions = path.join(repositoryFolder, 'schema/shop.json');

const shop = (schema) => startOwnServer({ schema, fixtures: rows, args: ['--cloud', main] });

/** The shop's definitions with a class that nobody may read. */
function closed(className) {
  const classes = JSON.parse(fs.readFileSync(definitions, 'utf8'));
  const permissions = classes.find((one) => one.className === className).classLevelPermissions;
  for (const operation of ['find', 'get', 'count']) permissions[operation] = {};
  const file = path.join(temporaryFolder(), 'shop.json');
  fs.writeFileSync(file, JSON.stringify(classes));
  return file;
}

describe('the tutorial', { skip }, () => {
  test('calculateSales adds what the ordered products cost', async (t) => {
    const server = await shop(definitions);
    t.after(() => server.stop());
    assert.deepEqual(assertOk(await server.api.request('POST', '/functions/calculateSales', {})), { result: { sales: 1440 } });
    assert.deepEqual(assertOk(await server.api.request('POST', '/functions/hello', { name: 'Ada' })), { result: 'Hello, Ada!' });
  });

  test('with closed classes it answers 0 and the log names the class', async (t) => {
    const server = await shop(closed('Order'));
    t.after(() => server.stop());
    assert.deepEqual(assertOk(await server.api.request('POST', '/functions/calculateSales', {})), { result: { sales: 0 } });
    await outputWith(server, /refused.*on class Order/);
  });

  test('printSales logs the sum', async (t) => {
    const server = await shop(definitions);
    t.after(() => server.stop());
    assertOk(await server.api.request('POST', '/jobs/printSales', {}, { master: true }));
    await outputWith(server, /Sales: 1440\$/);
  });
});
