// New versions of Cloud Code, one after the other, while clients call it.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { assertOk } from './assert.mjs';
import { startCloud } from './cloud.mjs';
import { until } from './server.mjs';

const kClients = 8;
const code = {
  'main.js': `const { version } = require('./version');
    Parse.Cloud.define('which', async () => { await new Parse.Query('Row').count({ useMasterKey: true }); return version; });
    Parse.Cloud.beforeSave('Row', ({ object }) => object.set('version', version));`,
  'version.js': 'exports.version = 0;',
};

// Each answer is checked. Answers {times: ms from each save of a file to the first answer of the new code, answers: how many came}.
export async function reloadUnderLoad(rounds) {
  const server = await startCloud(code, { args: ['--watch'] });
  const agent = new http.Agent({ keepAlive: true, maxSockets: kClients });
  let going = true;
  let answers = 0;
  let newest = 0;
  const client = async (number) => {
    for (let i = 0; going; ++i) {
      if (i % 4 === number % 4) {
        const saved = await server.api.create('Row', { n: i }, { agent });
        assert.equal(saved.status, 201, saved.text);
      } else {
        newest = Math.max(newest, assertOk(await server.call('which', {}, { agent })).result);
      }
      ++answers;
    }
  };
  const clients = Promise.all(Array.from({ length: kClients }, (_, number) => client(number)));
  clients.catch(() => (going = false));
  const times = [];
  try {
    for (let version = 1; version <= rounds; ++version) {
      const start = performance.now();
      fs.writeFileSync(path.join(server.cloud, 'version.js'), `exports.version = ${version};`);
      await until(() => newest === version || !going, { what: `version ${version} in ${server.stderr()}` });
      times.push(performance.now() - start);
    }
    going = false;
    await clients;
    const { results } = assertOk(await server.api.find('Row', { where: { version: { $exists: false } } }));
    assert.deepEqual(results, []);
    return { times, answers };
  } finally {
    going = false;
    agent.destroy();
    await server.kill();
  }
}
