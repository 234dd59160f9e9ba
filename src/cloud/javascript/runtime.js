// What the host asks for: load the code, run a call.
import { onMessage, send } from './host.js';
import { console } from './console.js';
import { stackOf } from './errors.js';
import { configure } from './sdk.js';
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

async function load({ main, config, env }) {
  try {
    setProcess({ main, env });
    configure(config);
    setServerConfig(config);
    if (config.testing) prepareTests(config.testing);
    await loadMain(main);
    send('loaded', {});
  } catch (error) {
    send('loaded', { error: describeLoad(error) });
  }
}

const runs = {
  function: (entry, { name, request }) => runFunction(entry, name, request),
  job: (entry, { id, name, request }) => runJob(entry, id, name, request),
  trigger: (entry, { name, className, request }) => runTrigger(name, className, request),
};

const absent = {
  function: ({ name }) => `Invalid function: "${name}"`,
  job: () => 'Invalid job.',
};

async function resultOf(call) {
  const entry = find(call.kind, call.name, call.className);
  if (!entry && absent[call.kind]) throw absent[call.kind](call);
  return runs[call.kind](entry, call);
}

async function run(call) {
  try {
    send('done', { id: call.id, result: await resultOf(call) });
  } catch (error) {
    const defaults = call.kind === 'trigger' ? triggerDefaults(call.name, call.className, call.request) : undefined;
    send('done', { id: call.id, error: errorOf(error, defaults) });
  }
}

onMessage('load', load);
onMessage('call', run);
globalThis.console = console;
