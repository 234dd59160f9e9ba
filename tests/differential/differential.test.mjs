// The same requests, the same answers: each scenario is sent to our server and its answers are compared with those that Parse Server gave.
// What differs on purpose is a row of docs/compatibility.md that the step names.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { keys } from '../support/client.mjs';
import { repositoryFolder, startOwnServer } from '../support/server.mjs';
import { failureOf } from './compare.mjs';
import { exchange, recordedFile, stepsOf, topics } from './exchange.mjs';
import { pending } from './pending.mjs';

const kLeastRequests = 800;
const kArguments = ['--fileUpload.enableForPublic', 'true', '--fileUpload.enableForAnonymousUser', 'true'];
const kMoreKeys = { maintenance: ['--maintenanceKey', keys.maintenanceKey], readOnly: ['--readOnlyMasterKey', keys.readOnlyMasterKey] };

const scenarios = await Promise.all(topics.map(async (topic) => ({ topic, steps: await stepsOf(topic) })));
const allSteps = scenarios.flatMap(({ steps }) => steps);
const isPending = (topic, step) => pending.includes(topic) || pending.includes(`${topic}: ${step.name}`);
const documentedRows = new Set(
  [...fs.readFileSync(path.join(repositoryFolder, 'docs/compatibility.md'), 'utf8').matchAll(/^\| (D\d+) \|/gm)].map(([, id]) => id),
);

const argumentsFor = (steps) => [...kArguments, ...[...new Set(steps.map((step) => step.as))].flatMap((as) => kMoreKeys[as] ?? [])];

async function outcomes({ topic, steps }) {
  const recorded = JSON.parse(fs.readFileSync(recordedFile(topic), 'utf8'));
  const server = await startOwnServer({ args: argumentsFor(steps) });
  const found = [];
  for await (const one of exchange(server.url, steps)) {
    found.push({ step: one.step, failure: failureOf(one, recorded[one.step.name], documentedRows) });
  }
  await server.stop();
  return found;
}

for (const scenario of scenarios) {
  const { topic } = scenario;
  describe(topic, async () => {
    const found = await outcomes(scenario);
    const failed = found.filter(({ failure }) => failure);
    for (const { step, failure } of found) {
      const waits = isPending(topic, step);
      test(step.name, { todo: waits && failure && 'pending' }, () => {
        if (pending.includes(`${topic}: ${step.name}`)) assert.ok(failure, 'passes now: take it away from pending.mjs');
        else if (failure && !waits) throw failure;
      });
    }
    if (!pending.includes(topic)) return;
    test('is rightly called pending', (context) => {
      context.diagnostic(`pending: ${failed.length} of ${found.length} steps`);
      assert.ok(failed.length, 'every step passes now: take the scenario away from pending.mjs');
    });
  });
}

test(`at least ${kLeastRequests} requests`, (context) => {
  context.diagnostic(`${allSteps.length} requests, ${allSteps.filter((step) => step.difference).length} of them answered otherwise`);
  assert.ok(allSteps.length >= kLeastRequests);
});

test('each row of differences is shown by a step', () => {
  const used = new Set(allSteps.map((step) => step.difference?.row));
  assert.deepEqual(
    [...documentedRows].filter((id) => !used.has(id)),
    [],
  );
});

test('what is pending exists', () => {
  const names = new Set(scenarios.flatMap(({ topic, steps }) => [topic, ...steps.map((step) => `${topic}: ${step.name}`)]));
  assert.deepEqual(
    pending.filter((name) => !names.has(name)),
    [],
  );
});
