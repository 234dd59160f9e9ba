// Small things of Cloud Code that Parse Server does in its own way.
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { assertOk, assertStatus, createdId } from '../support/assert.mjs';
import { startCloud } from '../support/cloud.mjs';
import { ownServerOnly } from '../support/server.mjs';
import { kPassword, master, signUp } from '../support/users.mjs';

function code() {
  const notes = [];
  Parse.Cloud.define('notes', () => notes.splice(0));
  Parse.Cloud.define('params', ({ params }) => params);
  Parse.Cloud.job('params', ({ params }) => JSON.stringify(params));
  Parse.Cloud.beforeSave('Constant', () => {}, { fields: { fixed: { constant: true, default: 5 } } });
  Parse.Cloud.beforeSave('Reverted', ({ object }) => object.revert('a'));
  Parse.Cloud.afterLogin((request) => {
    const { user, object } = request;
    notes.push([user?.id === object.id, user?.getSessionToken() === object.getSessionToken(), 'context' in request]);
  });
  Parse.Cloud.afterLogout((request) => notes.push(Object.keys(request).sort()));
}

describe('details', { skip: ownServerOnly }, async () => {
  const server = await startCloud(code);
  after(() => server.stop());
  const { api, call } = server;
  const notes = async () => assertOk(await call('notes')).result;

  test('a field that a validator or trigger takes back is told to the client', async () => {
    const made = await api.create('Constant', { fixed: 9, other: 1 });
    const id = createdId(made);
    assert.equal(made.json.fixed, 5);
    const changed = assertOk(await api.update('Constant', id, { fixed: 10, other: 2 }));
    assert.deepEqual([changed.fixed, changed.other], [5, undefined]);
    assert.equal(assertOk(await api.get('Constant', id)).fixed, 5);
    const reverted = await api.create('Reverted', { a: 1, b: 2 });
    createdId(reverted);
    assert.deepEqual([reverted.json.a, reverted.json.b], [{ __op: 'Delete' }, undefined]);
  });

  test('parameters in the URL are texts', async () => {
    const answer = await api.request('POST', '/functions/params?n=1&where=%7B%7D&a[b]=2&s=over', { s: 'body', m: 3 });
    assert.deepEqual(assertOk(answer).result, { n: '1', where: '{}', a: { b: '2' }, s: 'over', m: 3 });
    const job = await api.request('POST', '/jobs/params?n=1', {}, master);
    assertStatus(job, 200);
    const status = assertOk(await api.get('_JobStatus', job.headers['x-parse-job-status-id'], {}, master));
    assert.deepEqual(status.params, { n: '1' });
  });

  test('afterLogin knows the user, afterLogout has no context', async () => {
    const user = await signUp(api, 'ann');
    const login = assertOk(await api.request('POST', '/login', { username: user.name, password: kPassword }));
    assert.deepEqual(await notes(), [[true, true, true]]);
    assertOk(await api.request('POST', '/logout', {}, { headers: { 'X-Parse-Session-Token': login.sessionToken } }));
    assert.deepEqual(await notes(), [['config', 'headers', 'ip', 'isReadOnly', 'log', 'master', 'object', 'triggerName', 'user']]);
  });
});
