// Starts the built executable for a test, each time on a free port and with a data folder of its own.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after } from 'node:test';
import { fileURLToPath } from 'node:url';
import { clientFor, keys } from './client.mjs';

const kTestsFolder = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const kReadyDeadlineMs = 20_000;
const kStopDeadlineMs = 20_000;
const kCommandDeadlineMs = 20_000;

export const repositoryFolder = path.resolve(kTestsFolder, '..');
export const executable = path.resolve(process.env.PARSIMONY_EXECUTABLE ?? path.join(repositoryFolder, 'build/release/parsimony'));

// With PARSIMONY_TEST_URL the API tests run against a server that is there already (same keys, class creation allowed).
// PARSIMONY_TEST_REFERENCE=1 says that it is the Node Parse Server on PostgreSQL, whose known defects are then not asserted against.
export const externalUrl = process.env.PARSIMONY_TEST_URL;
export const isParseServer = process.env.PARSIMONY_TEST_REFERENCE === '1';

// For the options of a test: {skip: oursOnly} where Parse Server has no such thing or is known to do it wrong.
export const oursOnly = isParseServer && 'not what the Node Parse Server does';
export const ownServerOnly = externalUrl !== undefined && 'needs a server of its own';

// Sanitizers have memory of their own and take their time.
function hasName(...names) {
  const bytes = fs.existsSync(executable) ? fs.readFileSync(executable) : Buffer.alloc(0); // too many for a text
  return names.some((name) => bytes.includes(name));
}
export const isSanitized = hasName('__asan_init', '__tsan_init');

const kRunning = new Set();
const kFolders = new Set();

function killAll() {
  for (const child of kRunning) child.kill('SIGKILL');
}

// A test that fails may leave its server running, which would keep the test process from ending.
after(killAll);
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
process.on('exit', () => {
  killAll();
  for (const folder of kFolders) fs.rmSync(folder, { recursive: true, force: true });
});

export function temporaryFolder() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'parsimony-test-'));
  kFolders.add(folder);
  return folder;
}

// A class name that no other test uses, also when several runs share one database.
const kSuffix = randomBytes(4).toString('hex');
export const uniqueName = (name) => `${name}_${kSuffix}`;

// The private folder of a server with throw-away data, or undefined when it has none.
export function ephemeralFolder(pid) {
  for (const base of ['/dev/shm', os.tmpdir()]) {
    const name = fs.existsSync(base) && fs.readdirSync(base).find((entry) => entry.startsWith(`parsimony-${pid}-`));
    if (name) return path.join(base, name);
  }
  return undefined;
}

// The tests' environment without anything that could configure the server by accident.
function cleanEnvironment(env = {}) {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(PARSE_|PARSIMONY_|PORT$|NODE_)/.test(name));
  return { ...Object.fromEntries(inherited), ...env };
}

// Polls a condition until it yields something; no test waits for a fixed time.
export async function until(condition, { deadlineMs = 10_000, what = 'the condition' } = {}) {
  const end = Date.now() + deadlineMs;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (Date.now() > end) throw new Error(`${what} did not come about in ${deadlineMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

// All that a server has said, once the pattern is in it: what it says comes through a pipe, a moment after its answers.
export async function outputWith({ stdout, stderr }, pattern) {
  const output = () => stdout() + stderr();
  return until(() => pattern.test(output()) && output(), { what: `${pattern} in the output` });
}

// What the ready file says, or undefined as long as it is not there.
export function readReadyFile(readyFile) {
  return fs.existsSync(readyFile) ? JSON.parse(fs.readFileSync(readyFile, 'utf8')) : undefined;
}

export const defaultArguments = [
  '--profile',
  'parse-server',
  '--host',
  '127.0.0.1',
  '--appId',
  keys.appId,
  '--masterKey',
  keys.masterKey,
  '--javascriptKey',
  keys.javascriptKey,
  '--restAPIKey',
  keys.restKey,
  '--allowClientClassCreation',
  'true',
];

function launch(args, { env, cwd }) {
  const child = spawn(executable, args, { cwd, env: cleanEnvironment(env), stdio: ['ignore', 'pipe', 'pipe'] });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => (output.stdout += chunk));
  child.stderr.on('data', (chunk) => (output.stderr += chunk));
  kRunning.add(child);
  const exited = new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      kRunning.delete(child);
      resolve({ code, signal, ...output });
    });
  });
  exited.catch(() => undefined);
  return { child, output, exited };
}

async function withDeadline(promise, deadlineMs, what) {
  let timer;
  const late = new Promise((_, reject) => (timer = setTimeout(() => reject(new Error(`${what} took over ${deadlineMs} ms`)), deadlineMs)));
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

// Runs a sub-command to its end: {code, signal, stdout, stderr}. One that does not end by itself, for instance since it serves, is killed.
export function runParsimony(args, { env, cwd = temporaryFolder() } = {}) {
  const { child, exited } = launch(args, { env, cwd });
  const what = `parsimony ${args.join(' ')}`;
  return withDeadline(exited, kCommandDeadlineMs, what).finally(() => child.kill('SIGKILL'));
}

async function waitForReady(process_, readyFile) {
  let ended;
  process_.exited.then(
    (result) => (ended = result),
    (error) => (ended = { failure: error }),
  );
  return until(
    () => {
      if (ended?.failure) throw ended.failure;
      if (ended) throw new Error(`the server ended with code ${ended.code} signal ${ended.signal} before it was ready:\n${ended.stderr}`);
      return readReadyFile(readyFile)?.url;
    },
    { deadlineMs: kReadyDeadlineMs, what: `the ready file (stderr so far: ${process_.output.stderr})` },
  );
}

// Starts a server and resolves when it serves.
//   args       more options, after the default ones        defaults  false: only `args`
//   env        more environment variables                  schema    files with class definitions
//   fixtures   folder to import at the start               dataDir   folder to use instead of a new one
//   cwd        working folder (default: an empty one)       ephemeral  true: with throw-away data and test controls
// Answers {url, api, pid, dataDir, port, stop(), kill(), stderr(), stdout(), exited}. Data folders vanish with the test process.
export async function startServer(options = {}) {
  if (externalUrl) return externalServer();
  return startOwnServer(options);
}

export async function startOwnServer({ args = [], defaults = true, env, schema = [], fixtures, dataDir, cwd, ephemeral } = {}) {
  const home = temporaryFolder();
  const data = dataDir ?? path.join(home, 'data');
  const readyFile = path.join(home, 'ready');
  const work = cwd ?? path.join(home, 'work');
  fs.mkdirSync(work, { recursive: true });
  const all = [
    'serve',
    '--port',
    '0',
    '--ready-file',
    readyFile,
    ...(ephemeral ? ['--ephemeral'] : ['--data', data]),
    ...(defaults ? defaultArguments : []),
    ...[schema].flat().flatMap((file) => ['--schema', file]),
    ...(fixtures ? ['--fixtures', fixtures] : []),
    ...args,
  ];
  const process_ = launch(all, { env, cwd: work });
  const url = await waitForReady(process_, readyFile);
  const end = async (signal) => {
    process_.child.kill(signal);
    return withDeadline(process_.exited, kStopDeadlineMs, `ending the server by ${signal}`);
  };
  return {
    url,
    api: clientFor(url),
    pid: process_.child.pid,
    port: Number(new URL(url).port),
    dataDir: data,
    readyFile,
    exited: process_.exited,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
    stderr: () => process_.output.stderr,
    stdout: () => process_.output.stdout,
  };
}

function externalServer() {
  const nothing = async () => ({ code: 0, signal: null });
  return { url: externalUrl, api: clientFor(externalUrl), port: Number(new URL(externalUrl).port), stop: nothing, kill: nothing };
}

// A folder of the data that are shared beside the repository, or undefined where it is missing.
export function sharedFolder(...parts) {
  const base = process.env.PARSIMONY_SHARED ?? path.join(repositoryFolder, '..', 'shared');
  const folder = path.resolve(base, ...parts);
  return fs.existsSync(folder) ? folder : undefined;
}
