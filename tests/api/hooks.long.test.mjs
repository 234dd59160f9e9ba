// A webhook that does not answer is given up after ten seconds, and hinders nobody meanwhile.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertError, assertOk } from '../support/assert.mjs';
import { startServer, until } from '../support/server.mjs';
import { startWebhook, withTrigger } from '../support/webhooks.mjs';

test('slow webhooks', async () => {
  const server = await startServer();
  const { api } = server;
  const webhook = await startWebhook();
  const calls = 50;
  await withTrigger(api, webhook, { className: 'Slow', triggerName: 'beforeSave', answer: () => undefined }, async () => {
    const begin = Date.now();
    const saves = Promise.all(Array.from({ length: calls }, () => api.create('Slow', {})));
    await until(() => webhook.calls.length === calls, { what: 'the calls of the webhook' });
    for (let i = 0; i < 200; ++i) assertOk(await api.find('Other'));
    assert.ok(Date.now() - begin < 9000, 'reads go on');
    for (const answer of await saves) assertError(answer, 400, 141, 'The webhook did not answer in time.');
    const took = Date.now() - begin;
    assert.ok(took > 9500 && took < 20_000, `given up after ${took} ms`);
  });
  await server.stop();
});
