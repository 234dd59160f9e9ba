// A program of the user's that serves webhooks: records what it is told and answers what the test says.
import http from 'node:http';
import { after } from 'node:test';
import { assertOk } from './assert.mjs';
import { master } from './users.mjs';

const kJson = { 'Content-Type': 'application/json' };

// {url, calls, answer}. `calls` are [{path, headers, body}], in order. `answer` may be set: an object is sent as JSON with 200, a
// function gets (call, response) and answers by itself.
export async function startWebhook() {
  const webhook = { calls: [], answer: {} };
  const server = http.createServer((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      const call = { path: request.url, method: request.method, headers: request.headers, body: JSON.parse(Buffer.concat(chunks) || 'null') };
      webhook.calls.push(call);
      if (typeof webhook.answer === 'function') return webhook.answer(call, response);
      response.writeHead(200, kJson).end(JSON.stringify(webhook.answer));
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  after(() => {
    server.close();
    server.closeAllConnections();
  });
  webhook.url = `http://127.0.0.1:${server.address().port}`;
  return webhook;
}

// Puts `webhook` before `className` for one trigger while `run` runs, and answers the calls that came.
export async function withTrigger(api, webhook, { className, triggerName, answer }, run) {
  const path = `/hooks/triggers/${className}/${triggerName}`;
  assertOk(await api.request('POST', '/hooks/triggers', { className, triggerName, url: `${webhook.url}/${triggerName}` }, master));
  webhook.calls.length = 0;
  webhook.answer = answer;
  try {
    await run();
  } finally {
    assertOk(await api.request('PUT', path, { __op: 'Delete' }, master));
  }
  return webhook.calls.slice();
}
