// Names of functions, jobs and triggers as attacks: nothing but what the code defined is ever reached by a name.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { assertError, assertNoServerError, assertOk, assertStatus, createdId } from '../support/assert.mjs';
import { startCloud } from '../support/cloud.mjs';
import { ownServerOnly, until } from '../support/server.mjs';
import { master, moreKeys, readOnly, signUp } from '../support/users.mjs';

/* global Parse */
function code() {
  const mark = (what) => new Parse.Object('Ran').save({ what }, { useMasterKey: true });
  Parse.Cloud.define('real', async ({ params }) => {
    await mark('real');
    return params.answer ?? 'real';
  });
  Parse.Cloud.define('forMaster', () => mark('forMaster'), { requireMaster: true });
  Parse.Cloud.define('forUsers', () => mark('forUsers'), { requireUser: true });
  Parse.Cloud.define('checked', () => mark('checked'), (request) => {
    if (request.params.word !== 'open') throw 'Not with this word.';
  });
  Parse.Cloud.define('who', ({ master, isReadOnly }) => ({ master, isReadOnly }));
  Parse.Cloud.job('work', () => mark('work'));
  Parse.Cloud.beforeSave('Watched', () => {});
}

let server;
before(async () => {
  server = await startCloud(code, { args: moreKeys });
});

const ran = async (what) => assertOk(await server.api.request('GET', `/classes/Ran?where={"what":"${what}"}&count=1&limit=0`, undefined, master)).count;
const encoded = (name) => name.split('/').map(encodeURIComponent).join('/');
const call = (name, options) => server.api.request('POST', `/functions/${encoded(name)}`, {}, options);

async function worksOn() {
  assert.equal(assertOk(await server.call('real')).result, 'real');
}

// Each of these was or could be a member of the object that holds the code in Parse Server.
const kInherited = ['constructor', 'toString', 'valueOf', 'hasOwnProperty', 'isPrototypeOf', 'prototype', '__proto__', '__defineGetter__', 'length', 'name', 'call', 'apply', 'bind'];

const kOdd = ['a\0b', '\0', 'real\0', '\0real', 'a.b.c', '.', '..', 'real.', '.real', 'a b', '"', "'; drop", '%', '%00', '%2e', '*', '${1}', '😀', '\r\nX: 1', '../real', 'a'.repeat(5000), 'real'.repeat(1000)];

describe('GHSA-5j86-7r7m-p8h6: what every object inherits is no function', { skip: ownServerOnly }, () => {
  for (const name of [...kInherited, '__proto__.toString', '__proto__.constructor']) {
    test(name, async () => {
      for (const options of [{}, master]) assertError(await call(name, options), 400, 141, /^Invalid function/);
      await worksOn();
    });
  }
});

describe('GHSA-4263-jgmp-7pf4: nothing is reached through a function that there is', { skip: ownServerOnly }, () => {
  const paths = ['__proto__.__proto__.constructor', 'constructor', '__proto__', 'prototype', 'constructor.constructor', 'call', 'handler', 'validator'];
  for (const path of paths) {
    test(`real.${path}`, async () => {
      assertError(await call(`real.${path}`), 400, 141, /^Invalid function/);
      await worksOn();
    });
  }
});

describe('GHSA-vpj2-qq7w-5qq6: no other name leads around a validator', { skip: ownServerOnly }, () => {
  for (const name of ['forMaster', 'forUsers', 'checked']) {
    test(name, async () => {
      const around = ['.prototype.constructor', '.constructor', '.__proto__', '.handler', '%00', '\0', ' ', '/', '.', '/.', '//'].map((end) => name + end);
      for (const path of [...around, ` ${name}`, `./${name}`, name.toUpperCase()]) {
        const response = await server.api.request('POST', `/functions/${encoded(path)}`, { word: 'open' });
        if (response.status === 404) continue;
        assert.ok([141, 142].includes(response.json?.code) || (name === 'checked' && response.status === 200), `${path}: ${response.status} ${response.text}`);
      }
      if (name !== 'checked') assert.equal(await ran(name), 0);
      assertError(await call(name), 400, 142);
    });
  }
});

describe('GHSA-6hh7-46r2-vf29: odd names', { skip: ownServerOnly }, () => {
  for (const name of kOdd) {
    test(`function ${JSON.stringify(name.slice(0, 30))} of ${name.length}`, async () => {
      const response = await call(name);
      assertNoServerError(response);
      if (response.status !== 404 && response.status !== 414) assertError(response, 400, 141, /^Invalid function/);
      await worksOn();
    });

    test(`job ${JSON.stringify(name.slice(0, 30))} of ${name.length}`, async () => {
      const response = await server.api.request('POST', `/jobs/${encoded(name)}`, {}, master);
      assertNoServerError(response);
      if (response.status !== 404 && response.status !== 414) assertError(response, 400, 141, 'Invalid job.');
      await worksOn();
    });
  }

  test('that no URL can hold', async () => {
    for (const path of ['/functions/a%00b', '/functions/%', '/functions/%zz', '/functions/%c0%ae', '/functions/real%00', '/jobs/a%00b']) {
      const response = await server.api.request('POST', path, {}, master);
      assert.ok(response.status >= 400 && response.status < 500, `${path}: ${response.status} ${response.text}`);
    }
    await worksOn();
  });

  test('of a job in the body', async () => {
    for (const jobName of [...kInherited, 'real', 'beforeSave', 'work\0', {}, [], null, 5, ['work'], { toString: 'work' }]) {
      const response = await server.api.request('POST', '/jobs', { jobName }, master);
      assertError(response, 400, 141, 'Invalid job.');
    }
    assert.equal(await ran('work'), 0);
  });
});

describe('triggers and jobs', { skip: ownServerOnly }, () => {
  test('are no functions', async () => {
    for (const name of ['beforeSave', 'beforeSave.Watched', 'beforeSave Watched', 'Watched', 'trigger', 'work', 'job', 'job.work', 'load', 'hello']) {
      for (const options of [{}, master]) assertError(await call(name, options), 400, 141, /^Invalid function/);
    }
    assert.equal(await ran('work'), 0);
  });

  test('functions and triggers are no jobs', async () => {
    for (const name of ['real', 'beforeSave', 'beforeSave.Watched']) {
      assertError(await server.api.request('POST', `/jobs/${name}`, {}, master), 400, 141, 'Invalid job.');
    }
  });

  test('no client starts a job', async () => {
    const user = await signUp(server.api, 'starter');
    for (const options of [{}, user.as, { anonymous: true }]) {
      for (const [path, body] of [['/jobs/work', {}], ['/jobs', { jobName: 'work' }], ['/jobs/work?_method=POST', {}]]) {
        assertStatus(await server.api.request('POST', path, body, options), 403);
      }
      assertStatus(await server.api.request('POST', '/cloud_code/jobs', { job_schedule: { jobName: 'work' } }, options), 403);
      assertStatus(await server.api.request('GET', '/cloud_code/jobs/data', undefined, options), 403);
    }
    assert.equal(await ran('work'), 0);
  });

  test('GHSA-vc89-5g3r-cmhh: the read-only master key starts no job and no schedule', async () => {
    const attempts = [
      ['POST', '/jobs/work', {}],
      ['POST', '/jobs', { jobName: 'work' }],
      ['POST', '/cloud_code/jobs', { job_schedule: { jobName: 'work', params: '{}' } }],
      ['POST', '/classes/_JobSchedule', { jobName: 'work' }],
      ['POST', '/classes/_JobStatus', { jobName: 'work', status: 'running' }],
    ];
    for (const [method, path, body] of attempts) {
      const { status, text } = await server.api.request(method, path, body, readOnly);
      assert.ok(status === 403 || (status === 400 && JSON.parse(text).code === 119), `${path}: ${status} ${text}`);
    }
    assert.equal(await ran('work'), 0);
    const { results } = assertOk(await server.api.request('GET', '/classes/_JobStatus', undefined, master));
    assert.deepEqual(results, []);
  });

  test('code knows the read-only master key from the master key', async () => {
    assert.deepEqual(assertOk(await call('who', readOnly)).result, { master: true, isReadOnly: true });
    assert.deepEqual(assertOk(await call('who', master)).result, { master: true, isReadOnly: false });
    assert.deepEqual(assertOk(await call('who')).result, { master: false, isReadOnly: false });
    assertError(await server.api.create('Watched', {}, readOnly), 400, 119);
  });

  test('the master key starts it, once', async () => {
    assertOk(await server.api.request('POST', '/jobs/work', {}, master));
    await until(async () => (await ran('work')) === 1, { what: 'the job' });
  });
});

describe('names of classes', { skip: ownServerOnly }, () => {
  test('that are members of every object', async () => {
    for (const name of ['constructor', 'toString', 'valueOf', 'hasOwnProperty', 'prototype']) {
      const response = await server.api.create(name, { n: 1 });
      if (response.status === 201) createdId(response);
      else assertError(response, 400, 103);
      assertNoServerError(await server.api.find(name));
    }
    for (const name of ['__proto__', '@File', '@Config', 'File', 'a.b', 'x\0']) {
      const response = await server.api.request('POST', `/classes/${encodeURIComponent(name)}`, { n: 1 });
      assertNoServerError(response);
    }
    createdId(await server.api.create('Watched', {}));
    await worksOn();
  });
});
