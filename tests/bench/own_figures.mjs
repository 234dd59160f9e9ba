// Figures of the executable alone: time from start to first answer, memory at rest, speed of an import, and until new Cloud Code serves.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { clientFor, keys } from '../support/client.mjs';
import { reloadUnderLoad } from '../support/reload.mjs';
import { readReadyFile, repositoryFolder, temporaryFolder, until } from '../support/server.mjs';

const kStarts = 7;
const kImportRows = 100_000;
const kReloads = 10;

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

async function closed(child, what) {
  const code = await new Promise((resolve) => child.on('close', resolve));
  assert.equal(code, 0, `${what} ended with ${code}`);
}

const kCloud = ['--cloud', path.join(repositoryFolder, 'cloud/main.js')];

const findProducts = async (api) => {
  const answer = await api.find('Product', { limit: 5 });
  assert.equal(answer.json?.results?.length, 5, answer.text);
};

const callFunction = async (api) => {
  const answer = await api.request('POST', '/functions/hello', {});
  assert.equal(answer.json?.result, 'Hello, world!', answer.text);
};

// Starts the shop on that data folder: {ms: until `ask` was answered, rssMb: then}. The server is stopped again.
async function startOnce(executable, data, ask = findProducts, more = []) {
  const readyFile = path.join(temporaryFolder(), 'ready');
  const args = [
    'serve', '--profile', 'parse-server', '--host', '127.0.0.1', '--port', '0', '--appId', keys.appId, '--masterKey', keys.masterKey,
    '--data', data, '--ready-file', readyFile, '--schema', path.join(repositoryFolder, 'schema/shop.json'),
    '--fixtures', path.join(repositoryFolder, 'fixtures'), ...more,
  ];
  const begin = performance.now();
  const child = spawn(executable, args, { stdio: 'ignore' });
  const url = await until(
    () => readReadyFile(readyFile)?.url, { what: 'the ready file' });
  await ask(clientFor(url));
  const ms = performance.now() - begin;
  const rssMb = Number(/VmRSS:\s+(\d+)/.exec(fs.readFileSync(`/proc/${child.pid}/status`, 'utf8'))[1]) / 1024;
  child.kill('SIGTERM');
  await closed(child, 'the server');
  return { ms, rssMb };
}

export async function measureStarts(executable) {
  const first = [];
  const second = [];
  const withCloud = [];
  for (let i = 0; i < kStarts; i++) {
    const data = path.join(temporaryFolder(), 'data');
    first.push(await startOnce(executable, data));
    second.push(await startOnce(executable, data));
    withCloud.push(await startOnce(executable, path.join(temporaryFolder(), 'data'), callFunction, kCloud));
  }
  return [
    { what: `first start with the shop to first answer, of ${kStarts}`, value: median(first.map((run) => run.ms)), unit: 'ms', atMost: 150 },
    { what: `second start to first answer, of ${kStarts}`, value: median(second.map((run) => run.ms)), unit: 'ms', atMost: 50 },
    { what: 'first start with Cloud Code to first answer', value: median(withCloud.map((run) => run.ms)), unit: 'ms', atMost: 120 },
    { what: 'memory at rest with Cloud Code (RSS)', value: median(withCloud.map((run) => run.rssMb)), unit: 'MB', atMost: 40 },
    { what: 'memory at rest after the first start (RSS)', value: median(first.map((run) => run.rssMb)), unit: 'MB', atMost: 25 },
  ];
}

function writeProducts(folder) {
  const file = fs.openSync(path.join(folder, 'Product.json'), 'w');
  fs.writeSync(file, '{"results":[\n');
  for (let i = 0; i < kImportRows; i++) {
    const row = {
      objectId: `p${String(i).padStart(9, '0')}`, name: `Product ${i}`, price: (i % 1000) + 0.5,
      description: `Number ${i} of many: light, well made, and described in about as many words as a shop would spend on a thing like it.`,
      createdAt: '2024-01-02T03:04:05.678Z', updatedAt: '2024-01-02T03:04:05.678Z',
    };
    fs.writeSync(file, `${i ? ',\n' : ''}${JSON.stringify(row)}`);
  }
  fs.writeSync(file, '\n]}\n');
  fs.closeSync(file);
}

export async function measureImport(executable) {
  const folder = temporaryFolder();
  writeProducts(folder);
  const begin = performance.now();
  const child = spawn(executable, ['import', folder, '--data', path.join(temporaryFolder(), 'data')], { stdio: ['ignore', 'ignore', 'inherit'] });
  await closed(child, 'the import');
  return [{ what: `import of ${kImportRows} products`, value: (performance.now() - begin) / 1000, unit: 's', atMost: 5 }];
}

export async function measureReload() {
  const { times } = await reloadUnderLoad(kReloads);
  return [{ what: `reload of Cloud Code under load, of ${kReloads}`, value: median(times), unit: 'ms', atMost: 300 }];
}
