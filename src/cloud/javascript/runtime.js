// What the host asks for: load the code, run a call.
import { onMessage, send } from './host.js';
import { console } from './console.js';
import { stackOf } from './errors.js';
import { configure } from './sdk.js';
import { adapterDefaults, loadAdapters, runAdapter } from './cloud/adapters.js';
import { find } from './cloud/registry.js';
import { errorOf } from './cloud/refusal.js';
import { runFunction, runJob } from './cloud/functions.js';
import { runTrigger, triggerDefaults } from './cloud/triggers.js';
import { setServerConfig } from './cloud/server_config.js';
import './es_modules.js';
import { loadMain } from './modules.js';
import { setProcess } from './core/process.js';
import { prepareTests } from './testing/index.js';

const describeLoad = (error) =>
  error instanceof Error ? { message: String(error.message), stack: stackOf(error) } : { message: String(error), stack: undefined };

async function load({ main, adapters, config, env }) {
  try {
    setProcess({ main, env });
    configure(config);
    setServerConfig(config);
    if (config.testing) prepareTests(config.testing);
    await loadAdapters(adapters);
    if (main) await loadMain(main);
    send('loaded', {});
  } catch (error) {
    send('loaded', { error: describeLoad(error) });
  }
}

const runs = {
  function: (entry, { name, request }) => runFunction(entry, name, request),
  job: (entry, { id, name, request }) => runJob(entry, id, name, request),
  trigger: (entry, { name, className, request }) => runTrigger(name, className, request),
  adapter: (entry, { name, method, request }) => runAdapter(name, method, request),
};

/** What is answered for errors that say nothing themselves. */
const defaultsOf = {
  trigger: ({ name, className, request }) => triggerDefaults(name, className, request),
  adapter: ({ method }) => adapterDefaults(method),
};

const absent = {
  function: ({ name }) => `Invalid function: "${name}"`,
  job: () => 'Invalid job.',
};

function resultOf(call) {
  const entry = find(call.kind, call.name, call.className);
  if (!entry && absent[call.kind]) throw absent[call.kind](call);
  return runs[call.kind](entry, call);
}

async function run(call) {
  try {
    send('done', { id: call.id, result: await resultOf(call) });
  } catch (error) {
    send('done', { id: call.id, error: errorOf(error, defaultsOf[call.kind]?.(call)) });
  }
}

onMessage('load', load);
onMessage('call', run);
globalThis.console = console;
