// Every kind of Cloud Code with every outcome: what the client is told, what has happened by then, and that the next call works
// (server-behaviour.md, section 17.3). One row for each kind, one column for each outcome.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { assertError, assertOk, assertStatus, createdId } from '../support/assert.mjs';
import { startCloud } from '../support/cloud.mjs';
import { keys } from '../support/client.mjs';
import { ownServerOnly, until } from '../support/server.mjs';
import { kPassword, master, signUp, userPointer } from '../support/users.mjs';

/* global Parse */
function code() {
  const outcomes = {
    nothing: () => {},
    return: () => 'returned',
    unsaved: () => new Parse.Object('Unsaved'),
    text: () => {
      throw 'a text';
    },
    error: () => {
      throw new Parse.Error(4711, 'with a code');
    },
    reject: () => Promise.reject(),
    timeout: () => new Promise(() => {}),
    loop: () => {
      for (;;);
    },
    hog: () => {
      const all = [];
      for (;;) all.push(new Array(100_000).fill(all.length));
    },
    recurse: () => {
      const deeper = (n) => 1 + deeper(n + 1);
      return deeper(0);
    },
  };
  // The request says in headers what is to happen, and in which kind; `change` is each kind's own.
  const act = (kind, change) => (request) => {
    const { headers } = request;
    if (headers['x-kind'] !== kind) return undefined;
    return headers['x-wish'] === 'change' ? change(request) : outcomes[headers['x-wish']](request);
  };
  const setField = ({ object }) => void object.set('changed', true);
  const changes = {
    beforeFind: ({ query }) => void query.equalTo('n', 1),
    afterFind: ({ objects }) => objects.forEach((object) => object.set('changed', true)),
  };
  for (const name of ['beforeSave', 'afterSave', 'beforeDelete', 'afterDelete', 'beforeFind', 'afterFind']) {
    Parse.Cloud[name]('Row', act(name, changes[name] ?? setField));
  }
  for (const name of ['beforeLogin', 'afterLogin', 'afterLogout']) Parse.Cloud[name](act(name, setField));

  const otherFile = ({ file }) => new Parse.File(file.name(), { base64: btoa('changed') });
  const otherName = ({ headers }) => new Parse.File(headers['x-other'], { base64: '' });
  for (const name of ['beforeSave', 'afterSave', 'beforeDelete', 'afterDelete', 'beforeFind', 'afterFind']) {
    Parse.Cloud[name](Parse.File, act(`${name} File`, name === 'beforeFind' ? otherName : otherFile));
  }
  for (const name of ['beforeSave', 'afterSave']) {
    Parse.Cloud[name](Parse.Config, act(`${name} Config`, ({ object }) => void (object.attributes.changed = true)));
  }
  Parse.Cloud.define('call', act('function', ({ params }) => ({ ...params, changed: true })));
  Parse.Cloud.job('work', act('job', ({ message }) => message('changed')));
}

let server;
let uploader;
before(async () => {
  const limits = ['--cloudTimeLimit', '1', '--cloudJobTimeLimit', '1', '--cloudBlockLimit', '0.5', '--cloudMemoryLimit', '64mb'];
  server = await startCloud(code, { args: limits });
  uploader = await signUp(server.api, 'uploader');
});
after(() => server?.stop());

// One request that tells the code what to do.
const asking = (kind, wish, { headers, ...options } = {}) => ({ ...options, headers: { ...headers, 'X-Kind': kind, 'X-Wish': wish } });
const request = (...args) => server.api.request(...args);

const sessionsOf = async (user) => {
  const where = JSON.stringify({ user: userPointer(user) });
  return assertOk(await request('GET', `/sessions?where=${encodeURIComponent(where)}`, undefined, master)).results.length;
};
const countOf = async (className) => assertOk(await server.api.find(className, { count: 1, limit: 0 })).count;
const configNow = async () => assertOk(await request('GET', '/config')).params;
const filesStored = () => {
  const folder = path.join(server.dataDir, 'files');
  return fs.existsSync(folder) ? fs.readdirSync(folder, { recursive: true }).length : 0;
};
const asText = () => ({ headers: { ...uploader.as.headers, 'Content-Type': 'text/plain' } });
const upload = async (text) => assertStatus(await request('POST', '/files/a.txt', text, asText()), 201).name;
const download = (name, options) => request('GET', `/files/${keys.appId}/${name}`, undefined, options);
let numbers = 0;
const nextUser = () => signUp(server.api, `outcome${++numbers}`);

// Each answers {response, done, changed}: what was told, whether what was asked for has happened, whether what the code changed shows.
const kActions = {
  async save(kind, wish) {
    const known = await countOf('Row');
    const response = await request('POST', '/classes/Row', { n: 3 }, asking(kind, wish));
    return { response, done: (await countOf('Row')) === known + 1, changed: response.json.changed === true };
  },
  async remove(kind, wish) {
    const id = createdId(await server.api.create('Row', { n: 3 }));
    const response = await request('DELETE', `/classes/Row/${id}`, undefined, asking(kind, wish));
    return { response, done: (await server.api.get('Row', id)).status === 404 };
  },
  async find(kind, wish) {
    const response = await request('GET', '/classes/Row?order=createdAt&limit=2', undefined, asking(kind, wish));
    const rows = response.json.results ?? [];
    return { response, done: rows.length > 0, changed: (rows.length === 1 && rows[0].n === 1) || rows.some((row) => row.changed) };
  },
  async login(kind, wish) {
    const user = await nextUser();
    const known = await sessionsOf(user);
    const response = await request('POST', '/login', { username: user.name, password: kPassword }, asking(kind, wish));
    return { response, done: (await sessionsOf(user)) === known + 1, changed: response.json.changed === true };
  },
  async logout(kind, wish) {
    const user = await nextUser();
    const known = await sessionsOf(user);
    const response = await request('POST', '/logout', {}, asking(kind, wish, user.as));
    return { response, done: (await sessionsOf(user)) === known - 1 };
  },
  async saveFile(kind, wish) {
    const known = filesStored();
    const response = await request('POST', '/files/a.txt', 'original', asking(kind, wish, asText()));
    const text = response.status === 201 ? (await download(response.json.name)).text : '';
    return { response, done: filesStored() > known, changed: text === 'changed' };
  },
  async removeFile(kind, wish) {
    const name = await upload('original');
    const response = await request('DELETE', `/files/${name}`, undefined, asking(kind, wish, master));
    return { response, done: (await download(name)).status === 404 };
  },
  async findFile(kind, wish) {
    const name = await upload('original');
    const response = await download(name, asking(kind, wish, { headers: { 'X-Other': await upload('changed') } }));
    return { response, done: ['original', 'changed'].includes(response.text), changed: response.text === 'changed' };
  },
  async saveConfig(kind, wish) {
    const value = ++numbers;
    const response = await request('PUT', '/config', { params: { value } }, asking(kind, wish, master));
    const now = await configNow();
    return { response, done: now.value === value, changed: now.changed === true };
  },
  async call(kind, wish) {
    const response = await request('POST', '/functions/call', { n: 1 }, asking(kind, wish));
    return { response, done: response.status === 200, changed: response.json.result?.changed === true };
  },
  async work(kind, wish) {
    const started = await request('POST', '/jobs/work', {}, asking(kind, wish, master));
    assertOk(started);
    const at = `/classes/_JobStatus/${started.headers['x-parse-job-status-id']}`;
    const ended = async () => {
      const now = assertOk(await request('GET', at, undefined, master));
      return now.status !== 'running' && now;
    };
    const row = await until(ended, { what: 'the end of the job' });
    const json = { code: 141, error: row.message };
    const done = row.status === 'succeeded';
    return { response: { status: done ? 200 : 400, json, text: JSON.stringify(row) }, done, changed: row.message === 'changed' };
  },
};

// What of a failure is told, and whether the thing is done all the same. `shows`: changes by the code are seen by the client.
const kKinds = {
  beforeSave: { action: 'save', done: false, shows: true },
  afterSave: { action: 'save', done: true, shows: true, swallows: true },
  beforeDelete: { action: 'remove', done: false },
  afterDelete: { action: 'remove', done: true },
  beforeFind: { action: 'find', done: false, shows: true },
  afterFind: { action: 'find', done: false, shows: true, returns: 'arrays' },
  beforeLogin: { action: 'login', done: false },
  afterLogin: { action: 'login', done: true },
  afterLogout: { action: 'logout', done: true },
  'beforeSave File': { action: 'saveFile', done: false, shows: true, code: 130, nameless: 'Could not store file: a.txt.' },
  'afterSave File': { action: 'saveFile', done: true, code: 130, nameless: /^Could not store file: .*a\.txt\.$/ },
  'beforeDelete File': { action: 'removeFile', done: false, code: 153, nameless: 'Could not delete file.' },
  'afterDelete File': { action: 'removeFile', done: true, code: 153, nameless: 'Could not delete file.' },
  'beforeFind File': { action: 'findFile', done: false, shows: true, nameless: /^Could not find file: .*a\.txt\.$/ },
  'afterFind File': { action: 'findFile', done: false, shows: true, nameless: /^Could not find file: .*a\.txt\.$/ },
  'beforeSave Config': { action: 'saveConfig', done: false },
  'afterSave Config': { action: 'saveConfig', done: true },
  function: { action: 'call', done: false, shows: true, nameless: 'Script failed.', returns: 'anything' },
  job: { action: 'work', done: false, shows: true, nameless: 'Script failed.', returns: 'anything' },
};

const kGood = ['nothing', 'return', 'change', 'unsaved'];

// [code, text] of what the code threw or was stopped for.
const kBad = {
  text: ({ code: own = 141 }) => [own, 'a text'],
  error: () => [4711, 'with a code'],
  reject: ({ code: own = 141, nameless = 'Script failed. Unknown error.' }) => [own, nameless],
  timeout: () => [141, /longer than 1 s/],
  loop: () => [141, /more than 0.5 s/],
  hog: () => [141, /memory/],
  recurse: ({ code: own = 141 }) => [own, /stack/i],
};

const kNoArray = [141, 'An afterFind trigger returns an array of objects, or nothing.'];
const kNotSaved = [141, /save it first/];

// What is wrong with a value that would do for other kinds.
function refusalOf(how, outcome) {
  if (outcome in kBad) return kBad[outcome](how);
  if (how.returns === 'arrays' && ['return', 'unsaved'].includes(outcome)) return kNoArray;
  return how.action === 'call' && outcome === 'unsaved' ? kNotSaved : undefined;
}

describe('each kind with each outcome', { skip: ownServerOnly }, () => {
  before(async () => {
    for (const n of [1, 2]) createdId(await server.api.create('Row', { n }));
  });

  for (const [kind, how] of Object.entries(kKinds)) {
    for (const outcome of [...kGood, ...Object.keys(kBad)]) {
      test(`${kind}: ${outcome}`, async () => {
        const { response, done, changed = false } = await kActions[how.action](kind, outcome);
        const refusal = refusalOf(how, outcome);
        if (!refusal || how.swallows) assert.ok(response.status < 300, response.text);
        else if (how.action === 'work') assert.match(response.json.error, typeof refusal[1] === 'string' ? new RegExp(`^${refusal[1]}$`) : refusal[1]);
        else assertError(response, how.action === 'findFile' ? 403 : 400, ...refusal);
        assert.equal(done, refusal ? how.done : true, response.text);
        assert.equal(changed, outcome === 'change' && how.shows === true, response.text);

        const next = await kActions[how.action](kind, 'nothing');
        assert.ok(next.response.status < 300 && next.done, `the next: ${next.response.status} ${next.response.text}`);
      });
    }
  }
});
