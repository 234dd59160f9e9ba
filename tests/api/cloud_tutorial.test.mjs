// The tutorial's Cloud Code, which is the sample's, on the rows that the tutorial exports.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { assertOk, createdId } from '../support/assert.mjs';
import { cloudFolder } from '../support/cloud.mjs';
import { outputWith, ownServerOnly, repositoryFolder, sharedFolder, startOwnServer, temporaryFolder, until } from '../support/server.mjs';
import { controlsOf } from '../support/test_controls.mjs';
import { master } from '../support/users.mjs';

const rows = sharedFolder('data/back4app-shop');
const skip = ownServerOnly || (!rows && 'needs the shared data');
const main = path.join(repositoryFolder, 'cloud/main.js');
const definitions = path.join(repositoryFolder, 'schema/shop.json');

const shop = (schema, options) => startOwnServer({ schema, fixtures: rows, args: ['--cloud', main], ...options });

/** The runs of jobs of that source, once there are so many and all have ended. */
const ended = (server, where, count) =>
  until(
    async () => {
      const { results } = assertOk(await server.api.find('_JobStatus', { where, order: 'createdAt' }, master));
      return results.length === count && results.every(({ status }) => status !== 'running') && results;
    },
    { what: `${count} runs` },
  );

const sumsIn = (server) => server.stderr().split('\n').filter((line) => line.includes('Sales: 1440$')).length;

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

  test('so does code that fetches each product by itself', async (t) => {
    const folder = cloudFolder(`
      Parse.Cloud.define('calculateSales', async () => {
        let sales = 0;
        for (const order of await new Parse.Query('Order').find()) {
          const product = await new Parse.Query('Product').get(order.get('product').id);
          sales += product.get('price');
        }
        return { sales };
      });`);
    const server = await shop(definitions, { args: ['--cloud', path.join(folder, 'main.js')] });
    t.after(() => server.stop());
    assert.deepEqual(assertOk(await server.api.request('POST', '/functions/calculateSales', {})), { result: { sales: 1440 } });
  });

  for (const className of ['Order', 'Product']) {
    test(`with the class ${className} closed it answers 0 and the log names the class`, async (t) => {
      const server = await shop(closed(className));
      t.after(() => server.stop());
      assert.deepEqual(assertOk(await server.api.request('POST', '/functions/calculateSales', {})), { result: { sales: 0 } });
      await outputWith(server, new RegExp(`refused.*on class ${className}`));
    });
  }

  test('printSales logs the sum', async (t) => {
    const server = await shop(definitions);
    t.after(() => server.stop());
    assertOk(await server.api.request('POST', '/jobs/printSales', {}, master));
    await outputWith(server, /Sales: 1440\$/);
    const [run] = await ended(server, { source: 'api' }, 1);
    assert.deepEqual([run.jobName, run.status, run.message], ['printSales', 'succeeded', 'Sales: 1440$']);
  });

  test('a schedule runs printSales by itself, again and again', async (t) => {
    const server = await shop(definitions, { ephemeral: true });
    t.after(() => server.stop());
    const controls = controlsOf(server.api);
    const at = async (now) => assertOk(await controls.clock({ now, freeze: true }));
    await at('2031-05-01T10:00:00.000Z');
    createdId(await server.api.request('POST', '/cloud_code/jobs', { job_schedule: { jobName: 'printSales', cron: '0 3 * * *' } }, master));
    for (const [index, day] of ['02', '03'].entries()) {
      await at(`2031-05-${day}T03:00:00.000Z`);
      const runs = await ended(server, { source: 'schedule' }, index + 1);
      const last = runs.at(-1);
      assert.deepEqual([last.jobName, last.status, last.message], ['printSales', 'succeeded', 'Sales: 1440$']);
      await until(() => sumsIn(server) === index + 1, { what: `${index + 1} lines with the sum` });
    }
  });
});
