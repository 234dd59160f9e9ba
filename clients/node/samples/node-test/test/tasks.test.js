import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { startParsimony } from 'parsimony-test';
import { Tasks } from '../src/tasks.js';

let server;
let tasks;

before(async () => {
  server = await startParsimony({ schema: 'schema', fixtures: { Task: [{ objectId: 'buymilk001', title: 'Buy milk', done: false }] } });
  tasks = new Tasks(server);
});
beforeEach(() => server.reset());
after(() => server.stop());

test('a new task is open', async () => {
  await tasks.add('Water the plants');
  assert.deepEqual(await tasks.open(), ['Buy milk', 'Water the plants']);
});

test('a finished task is not', async () => {
  await tasks.finish('buymilk001');
  assert.deepEqual(await tasks.open(), []);
});

test('the server refuses a task without a title', async () => {
  await assert.rejects(tasks.add(undefined), /title/);
});
