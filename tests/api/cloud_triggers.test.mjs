// Triggers of Cloud Code, from outside: every trigger with every outcome, and what they see and change (server-behaviour.md, section 17).
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { assertError, assertOk, createdId } from '../support/assert.mjs';
import { startCloud } from '../support/cloud.mjs';
import { until } from '../support/server.mjs';
import { kPassword, master, signUp } from '../support/users.mjs';

/* global Parse */
function code() {
  const outcomes = {
    return: () => 'ignored',
    nothing: () => {},
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
    unsaved: () => new Parse.Object('Unsaved'),
  };
  // The class is named after trigger and outcome, so that each row of the table has a class of its own.
  for (const trigger of ['beforeSave', 'afterSave', 'beforeDelete', 'afterDelete', 'beforeFind', 'afterFind']) {
    for (const [name, run] of Object.entries(outcomes)) Parse.Cloud[trigger](`T_${trigger}_${name}`, run);
  }
  for (const trigger of ['beforeLogin', 'afterLogin']) {
    Parse.Cloud[trigger]((request) => outcomes[request.object.get('wish')?.[trigger] ?? 'nothing']());
  }
  Parse.Cloud.beforeSave('Changed', ({ object, original, context }) => {
    context.seen = { dirty: object.dirtyKeys().sort(), isNew: object.isNew(), before: original?.get('n') };
    if (object.get('drop')) object.unset('drop');
    object.set('added', 'by the trigger');
    object.increment('times');
  });
  Parse.Cloud.afterSave('Changed', ({ object, context }) => {
    console.log(`after save of ${object.id}: ${JSON.stringify({ ...context.seen, added: object.get('added') })}`);
  });
  Parse.Cloud.beforeDelete('Kept', ({ object }) => {
    if (object.get('kept')) throw 'This one is kept.';
  });
  Parse.Cloud.beforeSave(Parse.User, ({ object }) => {
    if (object.isNew()) object.set('greeting', `Hello, ${object.get('username')}`);
  });
  Parse.Cloud.afterLogout(({ object }) => console.log(`logged out ${object.get('user').id}`));
  Parse.Cloud.beforeSave('Caller', ({ object, user, master }) => object.set({ by: user?.id, master: master === true }));
  Parse.Cloud.beforeSave('Deep', async ({ object }) => {
    if (object.get('level') < 4) await new Parse.Object('Deep').save({ level: object.get('level') + 1 });
  });
  Parse.Cloud.beforeSave('Endless', () => new Parse.Object('Endless').save());
  Parse.Cloud.beforeSave('Validated', () => {}, { fields: ['name'], requireUser: true });
}

let server;
const kLimits = ['--cloudTimeLimit', '2', '--cloudBlockLimit', '1', '--cloudMemoryLimit', '64mb'];
before(async () => {
  server = await startCloud(code, { args: kLimits });
});

const kBad = {
  text: [141, 'a text'],
  error: [4711, 'with a code'],
  reject: [141, 'Script failed. Unknown error.'],
  timeout: [141, /longer than 2 s/],
  loop: [141, /more than 1 s/],
  hog: [141, /memory/],
  recurse: [141, /stack/i],
};

async function worksOn() {
  createdId(await server.api.request('POST', '/classes/Plain', { n: 1 }));
  assertOk(await server.api.request('PUT', `/classes/Changed/${createdId(await server.api.request('POST', '/classes/Changed', { n: 1 }))}`, { n: 2 }));
}

// What each trigger's request does: saved, deleted or found, and whether it is still done when the code fails.
const kTriggers = {
  beforeSave: { blocks: true, run: (c) => server.api.request('POST', `/classes/${c}`, { n: 1 }) },
  afterSave: { swallows: true, run: (c) => server.api.request('POST', `/classes/${c}`, { n: 1 }) },
  beforeDelete: { blocks: true, isDelete: true },
  afterDelete: { isDelete: true },
  beforeFind: { run: (c) => server.api.request('GET', `/classes/${c}`) },
  afterFind: { returnsArrays: true, run: (c) => server.api.request('GET', `/classes/${c}`) },
};
const kNoArray = [141, 'An afterFind trigger returns an array of objects, or nothing.'];

describe('outcomes', () => {
  for (const [trigger, how] of Object.entries(kTriggers)) {
    for (const outcome of ['return', 'nothing', 'unsaved', ...Object.keys(kBad)]) {
      test(`${trigger}: ${outcome}`, async () => {
        const className = `T_${trigger}_${outcome}`;
        let response;
        let id;
        if (how.isDelete) {
          id = createdId(await server.api.request('POST', `/classes/${className}`, { n: 1 }));
          response = await server.api.request('DELETE', `/classes/${className}/${id}`);
        } else {
          response = await how.run(className);
        }
        const refusal = how.returnsArrays && ['return', 'unsaved'].includes(outcome) ? kNoArray : kBad[outcome];
        if (refusal && !how.swallows) assertError(response, 400, ...refusal);
        else assert.ok(response.status < 300, response.text);
        if (how.isDelete) {
          const after = await server.api.request('GET', `/classes/${className}/${id}`);
          assert.equal(after.status, outcome in kBad && how.blocks ? 200 : 404);
        }
        if (trigger === 'beforeSave') {
          const { count } = assertOk(await server.api.request('GET', `/classes/${className}?count=1&limit=0`));
          assert.equal(count, outcome in kBad ? 0 : 1);
        }
        await worksOn();
      });
    }
  }

  for (const [trigger, done] of [['beforeLogin', false], ['afterLogin', true]]) {
    for (const outcome of ['return', 'nothing', ...Object.keys(kBad)]) {
      test(`${trigger}: ${outcome}`, async () => {
        const user = await signUp(server.api, `${trigger}_${outcome}`, { wish: { [trigger]: outcome } });
        const sessions = async () =>
          assertOk(await server.api.request('GET', `/sessions?where={"user":{"__type":"Pointer","className":"_User","objectId":"${user.id}"}}`, undefined, master)).results.length;
        const known = await sessions();
        const response = await server.api.request('POST', '/login', { username: user.name, password: kPassword });
        if (outcome in kBad) assertError(response, 400, ...kBad[outcome]);
        else assert.match(assertOk(response).sessionToken, /^r:/);
        assert.equal(await sessions(), known + (outcome in kBad && !done ? 0 : 1));
        await worksOn();
      });
    }
  }
});

describe('beforeSave', () => {
  test('changes what is stored, and the answer says so', async () => {
    const response = await server.api.request('POST', '/classes/Changed', { n: 1, drop: 'x' });
    const id = createdId(response);
    assert.equal(response.json.added, 'by the trigger');
    assert.equal(response.json.times, 1);
    const stored = assertOk(await server.api.request('GET', `/classes/Changed/${id}`));
    assert.deepEqual([stored.n, stored.added, stored.times, stored.drop], [1, 'by the trigger', 1, undefined]);
    const update = assertOk(await server.api.request('PUT', `/classes/Changed/${id}`, { n: 5 }));
    assert.equal(update.times, 2);
    await until(() => server.stderr().includes(`after save of ${id}: {"dirty":["n"],"isNew":false,"before":1,"added":"by the trigger"}`), {
      what: 'the second afterSave, with the context of beforeSave',
    });
  });

  test('sees who calls', async () => {
    const user = await signUp(server.api, 'saver');
    const id = createdId(await server.api.request('POST', '/classes/Caller', {}, user.as));
    const stored = assertOk(await server.api.request('GET', `/classes/Caller/${id}`));
    assert.deepEqual([stored.by, stored.master], [user.id, false]);
    const other = createdId(await server.api.request('POST', '/classes/Caller', {}, master));
    assert.equal(assertOk(await server.api.request('GET', `/classes/Caller/${other}`)).master, true);
  });

  test('runs for users at sign-up', async () => {
    const user = await signUp(server.api, 'greeted');
    assert.equal(assertOk(await server.api.request('GET', '/users/me', undefined, user.as)).greeting, `Hello, ${user.name}`);
    const again = await server.api.request('POST', '/login', { username: user.name, password: kPassword });
    assertOk(again);
  });

  test('is not run for a save that is forbidden', async () => {
    const owner = await signUp(server.api, 'keeper');
    const made = createdId(await server.api.request('POST', '/classes/Changed', { ACL: owner.acl }));
    assertError(await server.api.request('PUT', `/classes/Changed/${made}`, { n: 2 }), 404, 101, 'Object not found.');
  });

  test('saves other objects, four levels deep', async () => {
    createdId(await server.api.request('POST', '/classes/Deep', { level: 1 }));
    assert.equal(assertOk(await server.api.request('GET', '/classes/Deep?count=1&limit=0')).count, 4);
  });

  test('that saves without end is stopped', async () => {
    assertError(await server.api.request('POST', '/classes/Endless', {}), 400, 141, /levels deep: beforeSave Endless > beforeSave Endless/);
    assert.equal(assertOk(await server.api.request('GET', '/classes/Endless?count=1&limit=0')).count, 0);
    await worksOn();
  });

  test('has validators', async () => {
    assertError(await server.api.request('POST', '/classes/Validated', { name: 'x' }), 400, 142, 'Validation failed. Please login to continue.');
    const user = await signUp(server.api, 'validated');
    assertError(await server.api.request('POST', '/classes/Validated', {}, user.as), 400, 142, 'Validation failed. Please specify data for name.');
    createdId(await server.api.request('POST', '/classes/Validated', { name: 'x' }, user.as));
  });
});

describe('other triggers', () => {
  test('beforeDelete keeps objects', async () => {
    const id = createdId(await server.api.request('POST', '/classes/Kept', { kept: true }));
    assertError(await server.api.request('DELETE', `/classes/Kept/${id}`), 400, 141, 'This one is kept.');
    assertError(await server.api.request('DELETE', '/classes/Kept/missing'), 404, 101, 'Object not found for delete.');
  });

  test('afterLogout tells who it was', async () => {
    const user = await signUp(server.api, 'leaver');
    assertOk(await server.api.request('POST', '/logout', {}, user.as));
    await until(() => server.stderr().includes(`logged out ${user.id}`), { what: 'the line of afterLogout' });
  });

  test('run for each item of a batch', async () => {
    const item = (n) => ({ method: 'POST', path: '/parse/classes/Changed', body: { n } });
    for (const transaction of [false, true]) {
      const answers = assertOk(await server.api.request('POST', '/batch', { requests: [item(1), item(2)], transaction }));
      assert.deepEqual(answers.map((answer) => answer.success.added), ['by the trigger', 'by the trigger']);
    }
  });
});
