// Test controls beside Cloud Code.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { assertOk, createdId } from '../support/assert.mjs';
import { startCloud } from '../support/cloud.mjs';
import { ownServerOnly } from '../support/server.mjs';

const skip = ownServerOnly;
const master = { master: true };

const code = `
  let count = 0;
  Parse.Cloud.define('count', () => ++count);
  Parse.Cloud.define('write', ({ params }) => Parse.Cloud.sendEmail({ to: params.to, subject: 'Hello', text: 'Hi' }));
  let release;
  Parse.Cloud.define('wait', () => new Promise((resolve) => { release = resolve; }));
  Parse.Cloud.define('release', () => release?.('released'));
  await new Parse.Object('Made').save({ by: 'the code' }, { useMasterKey: true });
`;

async function started(t) {
  const server = await startCloud(
    { 'main.js': code, 'package.json': '{"type":"module"}' },
    { args: ['--testControls', 'true'] },
  );
  t.after(() => server.stop());
  const value = async (name) => assertOk(await server.call(name)).result;
  const control = async (path, body = {}) => assertOk(await server.api.request('POST', `/_test/${path}`, body, master));
  const made = async () => assertOk(await server.api.find('Made', {}, master)).results.length;
  return { ...server, value, control, made };
}

describe('test controls and Cloud Code', { skip }, () => {
  test('a reset keeps what the code saved while it was loaded', async (t) => {
    const { control, made, api } = await started(t);
    createdId(await api.create('Made', { by: 'a test' }, master));
    assert.equal(await made(), 2);
    await control('reset');
    assert.equal(await made(), 1);
  });

  test('a reset and a restore let its variables begin again', async (t) => {
    const { control, value } = await started(t);
    assert.equal(await value('count'), 1);
    assert.equal(await value('count'), 2);
    await control('reset');
    assert.equal(await value('count'), 1);
    await control('snapshot', { name: 'now' });
    assert.equal(await value('count'), 2);
    await control('restore', { name: 'now' });
    assert.equal(await value('count'), 1);
  });

  test('mails of the code are kept for the test', async (t) => {
    const { control, call, api } = await started(t);
    const mails = async () => assertOk(await api.request('GET', '/_test/mails', undefined, master)).results;
    assertOk(await call('write', { to: 'ada@example.org' }));
    assert.deepEqual(await mails(), [{ to: 'ada@example.org', subject: 'Hello', text: 'Hi' }]);
    await control('reset');
    assert.deepEqual(await mails(), []);
  });

  test('a call that is under way ends as it began', async (t) => {
    const { control, value } = await started(t);
    const waiting = value('wait');
    while ((await value('count')) < 3);
    await control('reset');
    assert.equal(await value('release'), undefined);
    assert.equal(await waiting, 'released');
  });
});
