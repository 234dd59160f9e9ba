import Parse from 'parse/node';
import { startParsimony } from 'parsimony-test';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { addTask, finishTask, openTasks } from '../src/tasks.js';

let server;

beforeAll(async () => {
  server = await startParsimony({ schema: 'schema', fixtures: { Task: [{ objectId: 'buymilk001', title: 'Buy milk', done: false }] } });
  Parse.initialize(server.appId);
  Parse.serverURL = server.url;
});
beforeEach(() => server.reset());
afterAll(() => server.stop());

test('a new task is open', async () => {
  await addTask('Water the plants');
  expect(await openTasks()).toEqual(['Buy milk', 'Water the plants']);
});

test('a finished task is not', async () => {
  await finishTask('buymilk001');
  expect(await openTasks()).toEqual([]);
});

test('the server refuses a task without a title', async () => {
  await expect(addTask(undefined)).rejects.toThrow(/title/);
});
