// What must not come out by our own doing: keys, tokens, passwords and the environment, in logs, in answers, in requests to others.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { assertOk, assertStatus } from '../support/assert.mjs';
import { cloudFolder } from '../support/cloud.mjs';
import { outputWith, ownServerOnly, startOwnServer, temporaryFolder } from '../support/server.mjs';
import { startWebhook, withTrigger } from '../support/webhooks.mjs';

/* global Parse */
function code() {
  const kinds = ['beforeSave', 'afterSave', 'beforeDelete', 'afterDelete', 'beforeFind', 'afterFind'];
  for (const name of kinds) Parse.Cloud[name]('Logged', (request) => console.log(`request of ${name}`, request));
  for (const name of ['beforeLogin', 'afterLogin', 'afterLogout']) Parse.Cloud[name]((request) => console.log(`request of ${name}`, request));
  Parse.Cloud.beforeSave(Parse.User, (request) => console.log('request of beforeSave User', request));
  Parse.Cloud.beforeSave(Parse.File, (request) => console.log('request of beforeSave File', request));
  Parse.Cloud.beforeSave(Parse.Config, (request) => console.log('request of beforeSave Config', request));
  Parse.Cloud.define('log', (request) => {
    console.log('the request', request);
    console.log('in depth %o', request);
    console.dir(request, { depth: 10 });
    request.log.info('with the logger', request);
    return 'logged';
  });
  Parse.Cloud.define('logParts', ({ user, headers, config }) => {
    console.log('parts', user, headers, config);
    console.log('as a text %s, as JSON %j, as a map', user, { user, headers }, new Map([['sessionToken', user?.getSessionToken()]]));
    console.table({ headers });
    console.log('global', Parse, process);
  });
  Parse.Cloud.define('fail', (request) => {
    const error = new Error('failed');
    error.request = request;
    throw error;
  });
  Parse.Cloud.define('wellKnown', ({ params }) => params);
  Parse.Cloud.job('job', (request) => console.log('request of the job', request));
}

const kMaster = 'master-key-0f5b1c';
const kRest = 'rest-key-77aa01';
const kJavascript = 'javascript-key-5e5e';
const kReadOnly = 'readonly-key-9c9c';
const kWebhookKey = 'webhook-key-1d1d';
const kEnv = 'env-value-3a3a';
const kPassword = 'password-6b6b';
const kCookie = 'cookie-2c2c';
const kBearer = 'bearer-8d8d';
const kSecrets = { kMaster, kRest, kJavascript, kReadOnly, kWebhookKey, kEnv, kPassword, kCookie, kBearer };

const skip = ownServerOnly;
let server;
let token;
let api;
const client = { anonymous: true, headers: { 'X-Parse-Application-Id': 'app', 'X-Parse-REST-API-Key': kRest, Cookie: `session=${kCookie}`, Authorization: `Bearer ${kBearer}` } };
const asMaster = { anonymous: true, headers: { 'X-Parse-Application-Id': 'app', 'X-Parse-Master-Key': kMaster } };
const asUser = () => ({ ...client, headers: { ...client.headers, 'X-Parse-Session-Token': token } });

before(async () => {
  if (skip) return;
  const folder = cloudFolder({ 'main.js': code.toString().replace(/^[^{]*\{|\}$/g, '') });
  const env = path.join(temporaryFolder(), '.env');
  fs.writeFileSync(env, `SOME_API_KEY=${kEnv}\n`, { mode: 0o600 });
  server = await startOwnServer({
    defaults: false,
    args: [
      ...['--profile', 'parse-server', '--host', '127.0.0.1', '--appId', 'app', '--masterKey', kMaster, '--restAPIKey', kRest],
      ...['--javascriptKey', kJavascript, '--readOnlyMasterKey', kReadOnly, '--webhookKey', kWebhookKey, '--logLevel', 'debug'],
      ...['--cloud', path.join(folder, 'main.js'), '--cloudEnvFile', env, '--allowClientClassCreation', 'true'],
    ],
  });
  api = server.api;
  const made = await api.request('POST', '/users', { username: 'someone', password: kPassword, email: 'some@example.com' }, client);
  assertStatus(made, 201);
  token = made.json.sessionToken;
});
after(() => server?.stop());

async function assertNoSecret(pattern) {
  const text = await outputWith(server, pattern);
  const found = Object.entries({ ...kSecrets, token }).filter(([, secret]) => text.includes(secret));
  const lines = found.map(([name, secret]) => `${name}: ${text.split('\n').find((line) => line.includes(secret)).slice(0, 2000)}`);
  assert.deepEqual(lines, []);
}

describe('the log', { skip }, () => {
  test('of what functions log of their requests', async () => {
    for (const name of ['log', 'logParts']) {
      for (const options of [client, asUser(), asMaster, { ...asMaster, headers: { ...asMaster.headers, 'X-Parse-Master-Key': kReadOnly } }]) {
        assertOk(await api.request('POST', `/functions/${name}`, { password: kPassword, sessionToken: token, a: { authData: { x: { access_token: kBearer } } } }, options));
      }
    }
    await assertNoSecret(/with the logger[\s\S]*global/);
  });

  test('of what triggers log of their requests', async () => {
    for (const options of [asUser(), asMaster]) {
      const made = await api.request('POST', '/classes/Logged', { n: 1 }, options);
      assertStatus(made, 201);
      const at = `/classes/Logged/${made.json.objectId}`;
      assertOk(await api.request('PUT', at, { n: 2 }, options));
      assertOk(await api.request('GET', '/classes/Logged', undefined, options));
      assertOk(await api.request('DELETE', at, undefined, options));
    }
    assertOk(await api.request('PUT', '/config', { params: { a: 1 } }, asMaster));
    assertStatus(await api.request('POST', '/files/a.txt', 'text', { ...asUser(), headers: { ...asUser().headers, 'Content-Type': 'text/plain' } }), 201);
    await assertNoSecret(/request of afterDelete[\s\S]*request of beforeSave Config[\s\S]*request of beforeSave File/);
  });

  test('of logins and logouts', async () => {
    const login = await api.request('POST', '/login', { username: 'someone', password: kPassword }, client);
    assertOk(login);
    assertOk(await api.request('GET', `/login?username=someone&password=${kPassword}`, undefined, client));
    const other = login.json.sessionToken;
    assertOk(await api.request('POST', '/logout', {}, { ...client, headers: { ...client.headers, 'X-Parse-Session-Token': other } }));
    await assertNoSecret(/request of afterLogin[\s\S]*request of afterLogout/);
    assert.ok(!(server.stderr() + server.stdout()).includes(other));
  });

  test('of failures and of jobs', async () => {
    await api.request('POST', '/functions/fail', { password: kPassword }, asUser());
    assertOk(await api.request('POST', '/jobs/job', { password: kPassword }, asMaster));
    await assertNoSecret(/failed[\s\S]*request of the job/);
  });

  test('of refused and broken requests', async () => {
    await api.request('POST', '/functions/nothing', { password: kPassword }, asUser());
    await api.request('POST', `/functions/log?password=${kPassword}&_MasterKey=${kMaster}`, '{', asUser());
    await api.request('POST', '/functions/log', { _ApplicationId: 'app', _MasterKey: kMaster, _SessionToken: token }, { anonymous: true });
    await assertNoSecret(/./);
  });

  test('that is kept and read over HTTP', async () => {
    const { text } = await api.request('GET', '/scriptlog?n=1000&level=debug', undefined, asMaster);
    for (const [name, secret] of Object.entries({ ...kSecrets, token })) assert.ok(!text.includes(secret), name);
    assert.match(text, /the request/);
  });
});

describe('requests of the code', { skip }, () => {
  test('show parameters as they were sent', async () => {
    const params = { password: 'p', token: 't', list: [1] };
    assert.deepEqual(assertOk(await api.request('POST', '/functions/wellKnown', params, client)).result, params);
    const inBody = { _ApplicationId: 'app', _JavaScriptKey: kJavascript, _SessionToken: token, _InstallationId: 'i', a: 1 };
    assert.deepEqual(assertOk(await api.request('POST', '/functions/wellKnown', inBody, { anonymous: true })).result, { a: 1 });
  });

  test('to webhooks carry the key of webhooks and no other', async () => {
    const webhook = await startWebhook();
    const made = { ...api, request: (method, at, body, options) => api.request(method, at, body, options?.master ? asMaster : options) };
    const calls = await withTrigger(made, webhook, { className: 'Hooked', triggerName: 'beforeSave', answer: {} }, async () => {
      assertStatus(await api.request('POST', '/classes/Hooked', {}, { ...client, headers: { ...client.headers, 'X-Parse-Master-Key': kMaster } }), 201);
    });
    assert.equal(calls.length, 1);
    const text = JSON.stringify(calls);
    assert.ok(text.includes(kWebhookKey));
    for (const secret of [kMaster, kRest, kCookie, kBearer, kEnv]) assert.ok(!text.includes(secret), text);
  });
});

test('answers of errors tell neither stacks nor files', { skip }, async () => {
  for (const name of ['fail', 'nothing']) {
    const { text } = await api.request('POST', `/functions/${name}`, {}, client);
    assert.doesNotMatch(text, /main\.js|cloud|stack|\/tmp|at </);
  }
});
