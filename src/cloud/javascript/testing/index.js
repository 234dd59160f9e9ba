// What a test file finds beside everything else, when the host runs tests: describe, it, test and the hooks, as globals and as
// node:test; and the job with which the host runs them.
import { addJob } from '../cloud/registry.js';
import { offerCore } from '../core/index.js';
import { Run } from './runner.js';
import { describe, hooks, test } from './suites.js';

export const kTestJob = 'parsimony cloud test';

export function prepareTests({ filter, timeoutMs }) {
  const api = { describe, suite: describe, it: test, test, ...hooks };
  for (const [name, value] of Object.entries(api)) Object.defineProperty(globalThis, name, { value, writable: true, configurable: true });
  offerCore('test', () => Object.assign((...args) => test(...args), test, api, { default: test }));
  addJob(kTestJob, ({ message }) => new Run({ tell: (event) => message(JSON.stringify(event)), filter, timeoutMs }).all());
}
