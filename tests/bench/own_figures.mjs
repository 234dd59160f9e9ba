// Figures of the executable alone: time from start to first answer, memory at rest, speed of an import.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { clientFor, keys } from '../support/client.mjs';
import { readReadyFile, repositoryFolder, temporaryFolder, until } from '../support/server.mjs';

const kStarts = 7;
const kImportRows = 100_000;

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

async function closed(child, what) {
  const code = await new Promise((resolve) => child.on('close', resolve));
  assert.equal(code, 0, `${what} ended with ${code}`);
}

// Starts the shop on that data folder: {ms: until a query was answered, rssMb: then}. The server is stopped again.
async function startOnce(executable, data) {
  const readyFile = path.join(temporaryFolder(), 'ready');
  const args = [
    'serve', '--profile', 'parse-server', '--host', '127.0.0.1', '--port', '0', '--appId', keys.appId, '--masterKey', keys.masterKey,
    '--data', data, '--ready-file', readyFile, '--schema', path.join(repositoryFolder, 'schema/shop.json'),
    '--fixtures', path.join(repositoryFolder, 'fixtures'),
  ];
  const begin = performance.now();
  const child = spawn(executable, args, { stdio: 'ignore' });
  const url = await until(
    () => readReadyFile(readyFile)?.url, { what: 'the ready file' });
  const answer = await clientFor(url).find('Product', { limit: 5 });
  const ms = performance.now() - begin;
  assert.equal(answer.json?.results?.length, 5, answer.text);
  const rssMb = Number(/VmRSS:\s+(\d+)/.exec(fs.readFileSync(`/proc/${child.pid}/status`, 'utf8'))[1]) / 1024;
  child.kill('SIGTERM');
  await closed(child, 'the server');
  return { ms, rssMb };
}

export async function measureStarts(executable) {
  const first = [];
  const second = [];
  for (let i = 0; i < kStarts; i++) {
    const data = path.join(temporaryFolder(), 'data');
    first.push(await startOnce(executable, data));
    second.push(await startOnce(executable, data));
  }
  return [
    { what: `first start with the shop to first answer, of ${kStarts}`, value: median(first.map((run) => run.ms)), unit: 'ms', atMost: 150 },
    { what: `second start to first answer, of ${kStarts}`, value: median(second.map((run) => run.ms)), unit: 'ms', atMost: 50 },
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
