// A Parse backend for tests: startParsimony() runs the executable with throw-away data on a free port. index.d.ts describes it.
import { findExecutable } from './lib/executable.js';
import { prepareFolder } from './lib/folder.js';
import { ServerProcess } from './lib/process.js';

const kStartTimeoutMs = 30_000;

export async function startParsimony(options = {}) {
  const { executable, env, startTimeoutMs = kStartTimeoutMs, schema, fixtures, cloud, ...serverOptions } = options;
  const program = findExecutable(executable);
  const folder = prepareFolder({ schema, fixtures, cloud, ...serverOptions });
  const server = new ServerProcess(program, folder, env);
  // Loaded while the server starts, which takes about as long.
  const [ready, { Controls }] = await Promise.all([server.ready(startTimeoutMs), import('./lib/controls.js')]);
  return runningServer(server, ready, Controls);
}

function runningServer(server, { url, port, pid, appId, keys }, Controls) {
  const controls = new Controls(url, appId, keys.master);
  const stop = async () => {
    controls.close();
    await server.stop();
  };
  return { url, port, pid, appId, keys, ...controls.methods(), log: () => server.log(), stop, [Symbol.asyncDispose]: stop };
}
