// The same verified load on Parse Server with PostgreSQL and on the executable, one after the other on the same disk.
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { readReadyFile, repositoryFolder, until } from '../support/server.mjs';

const kShared = path.resolve(process.env.PARSIMONY_SHARED ?? path.join(repositoryFolder, '../shared'));
const kLoad = path.join(kShared, 'bench/bench.mjs');
const kStartParseServer = path.join(kShared, 'oracle/start-parse-server.sh');
const kParseServerDir = process.env.ORACLE_DIR ?? '/tmp/parse-oracle';
const kParseServerPort = '13377';
const kKeys = { app: 'app', master: 'master', js: 'js' };

// The same Cloud Code for both; the start script gives it to Parse Server.
const kCloud = path.join(kShared, 'oracle/cloud/main.js');

// Workloads that need no users.
const kWithoutUsers =
  'get_by_id query_eq_limit20 query_include query_100 count relation create update batch50 function_hello function_sales'.split(' ');

export const missingParts = () => [kLoad, kStartParseServer, kCloud].filter((file) => !fs.existsSync(file));

// Runs a command to its end with its output on the terminal; answers its stdout when asked to keep that.
function run(command, args, { keep = false, env = {} } = {}) {
  const result = spawnSync(command, args, { encoding: 'utf8', env: { ...process.env, ...env }, stdio: ['ignore', keep ? 'pipe' : 'inherit', 'inherit'] });
  if (result.status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${result.status ?? result.signal ?? result.error}`);
  return result.stdout;
}

// Not gone, and not a dead entry that waits for its parent either.
function running(pid) {
  try {
    return !/\) Z /.test(fs.readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

async function endProcess(pid, signal) {
  process.kill(pid, signal);
  await until(() => !running(pid), { deadlineMs: 60_000, what: `the end of process ${pid}` });
}

function postgresPid() {
  try {
    const pid = Number(fs.readFileSync(path.join(kParseServerDir, 'pg/postmaster.pid'), 'utf8').split('\n')[0]);
    return running(pid) ? pid : undefined;
  } catch {
    return undefined;
  }
}

function startParseServer() {
  const postgresBefore = postgresPid();
  const env = { ORACLE_DIR: kParseServerDir, FRESH: '1', DB: 'parsimony_bench' };
  const line = run('bash', [kStartParseServer, kParseServerPort], { keep: true, env }).trim().split('\n').at(-1);
  const { pid, pg_pid: postgres, url } = JSON.parse(line);
  const stop = async () => {
    await endProcess(pid, 'SIGTERM');
    if (postgresBefore === undefined) await endProcess(postgres, 'SIGINT');
  };
  return { label: 'parse-server', url, pids: [pid, postgres], stop };
}

async function startOurs(executable) {
  const folder = fs.mkdtempSync(path.join(kParseServerDir, 'parsimony-bench-'));
  const readyFile = path.join(folder, 'ready');
  const args = [
    'serve', '--profile', 'parse-server', '--host', '127.0.0.1', '--port', '0', '--appId', kKeys.app, '--masterKey', kKeys.master,
    '--javascriptKey', kKeys.js, '--allowClientClassCreation', 'true', '--data', path.join(folder, 'data'), '--ready-file', readyFile,
    '--cloud', kCloud, '--logLevel', 'error', '--silent', 'true',  // as in the start script
  ];
  const child = spawn(executable, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  const url = await until(
    () => {
      if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}`);
      return readReadyFile(readyFile)?.url;
    },
    { what: 'the ready file' });
  const stop = async () => {
    const ended = new Promise((resolve) => child.on('close', resolve));
    child.kill('SIGTERM');
    await ended;
    fs.rmSync(folder, { recursive: true });
  };
  return { label: 'parsimony', url, pids: [child.pid], stop };
}

// A server without users is seeded without them; then the workloads that need them cannot be asked for.
async function hasUsers(url) {
  const headers = { 'X-Parse-Application-Id': kKeys.app, 'X-Parse-Javascript-Key': kKeys.js, 'Content-Type': 'application/json' };
  const answer = await fetch(`${url}/users`, { method: 'POST', headers, body: '{}' });
  return answer.status !== 404;
}

async function load(server, workloads, outFile) {
  const preload = (await hasUsers(server.url)) ? [] : ['--import', path.join(import.meta.dirname, 'seed_without_users.mjs')];
  run(process.execPath, [
    ...preload, kLoad, '--url', server.url, '--app', kKeys.app, '--master', kKeys.master, '--js', kKeys.js, '--pid', server.pids.join(','),
    '--label', server.label, '--only', workloads.join(','), '--out', outFile,
  ]);
}

export async function compareSideBySide(executable, chosen) {
  const workloads = chosen.length > 0 ? chosen : kWithoutUsers;
  const folder = path.join(repositoryFolder, 'build/bench');
  fs.mkdirSync(folder, { recursive: true });
  const files = [];
  for (const start of [startParseServer, () => startOurs(executable)]) {
    const server = await start();
    console.log(`\n${server.label} at ${server.url}`);
    files.push(path.join(folder, `${server.label}.json`));
    try {
      await load(server, workloads, files.at(-1));
    } finally {
      await server.stop();
    }
  }
  console.log();
  run(process.execPath, [kLoad, '--compare', ...files]);
}
