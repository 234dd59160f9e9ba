// The clock and the ids of a server, as tests choose them.
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { assertError, assertOk, assertStatus, createdId } from '../support/assert.mjs';
import { ownServerOnly as skip, startOwnServer } from '../support/server.mjs';
import { controlsOf } from '../support/test_controls.mjs';

const kDayMs = 86_400_000;
const kFuture = '2040-02-29T12:00:00.000Z';

describe('the clock', { skip }, () => {
  let server, api, controls;
  before(async () => {
    const accountLockout = JSON.stringify({ threshold: 2, duration: 5 });
    server = await startOwnServer({ ephemeral: true, args: ['--accountLockout', accountLockout, '--sessionLength', '3600'] });
    api = server.api;
    controls = controlsOf(api);
  });
  after(() => server.stop());
  beforeEach(() => controls.reset());

  const clock = async (setting) => assertOk(await controls.clock(setting));
  const created = async () => assertStatus(await api.create('A', {}), 201).createdAt;
  const isNear = (text, expected) => Math.abs(Date.parse(text) - expected) < 60_000;

  test('is the real one at first', async () => {
    const { now, ...rest } = await clock();
    assert.deepEqual(rest, { frozen: false, real: true });
    assert.ok(isNear(now, Date.now()));
  });

  test('that is frozen stands still, also when it is set or moved', async () => {
    assert.deepEqual(await clock({ now: kFuture, freeze: true }), { now: kFuture, frozen: true, real: false });
    assert.equal(await created(), kFuture);
    assert.equal(await created(), kFuture);
    assert.equal((await clock({ advanceMs: kDayMs })).now, '2040-03-01T12:00:00.000Z');
    assert.equal(await created(), '2040-03-01T12:00:00.000Z');
    assert.equal((await clock({ now: kFuture })).now, kFuture);
    assert.equal(await created(), kFuture);
  });

  test('goes on from where it was set, moved, or let go', async () => {
    assert.equal((await clock({ now: kFuture })).frozen, false);
    const first = await created();
    assert.ok(first >= kFuture && isNear(first, Date.parse(kFuture)), first);
    await clock({ advanceMs: kDayMs });
    assert.ok(isNear(await created(), Date.parse(kFuture) + kDayMs));
    await clock({ advanceMs: -2 * kDayMs });
    assert.ok(isNear(await created(), Date.parse(kFuture) - kDayMs));
    const { now: stopped } = await clock({ freeze: true });
    assert.equal(await created(), stopped);
    const { now: going, frozen } = await clock({ freeze: false });
    assert.equal(frozen, false);
    assert.ok(going >= stopped && isNear(going, Date.parse(stopped)));
  });

  test('is real again when asked, and after a reset', async () => {
    for (const back of [() => clock({ real: true }), () => controls.reset()]) {
      await clock({ now: kFuture, freeze: true });
      await back();
      const { now, ...rest } = await clock();
      assert.deepEqual(rest, { frozen: false, real: true });
      assert.ok(isNear(now, Date.now()));
      assert.ok(isNear(await created(), Date.now()));
    }
  });

  test('is part of a snapshot', async () => {
    await clock({ now: kFuture, freeze: true });
    assertOk(await controls.snapshot('future'));
    await clock({ real: true });
    assertOk(await controls.restore('future'));
    assert.equal((await clock()).now, kFuture);
  });

  test('takes a date, a number and two booleans, and nothing else', async () => {
    const bad = [
      {},
      [],
      { now: 'tomorrow' },
      { now: 5 },
      { now: '1969-12-31T23:59:59.999Z' },
      { now: '3000-01-01T00:00:00.000Z' },
      { advanceMs: '5' },
      { advanceMs: 1.5 },
      { advanceMs: 1e300 },
      { advanceMs: 9_007_199_254_740_991 },
      { advanceMs: -9_007_199_254_740_991 },
      { advanceMs: null },
      { freeze: 'yes' },
      { real: false },
      { real: true, freeze: true },
      { now: kFuture, advanceMs: 1 },
      { at: kFuture },
    ];
    for (const setting of bad) assertError(await controls.clock(setting), 400, 107);
    assert.equal((await clock()).real, true);
  });

  test('ends sessions', async () => {
    const user = assertStatus(await api.request('POST', '/users', { username: 'ann', password: 'secret' }), 201);
    const me = () => api.request('GET', '/users/me', undefined, { headers: { 'X-Parse-Session-Token': user.sessionToken } });
    await clock({ advanceMs: 3_590_000 });
    assertOk(await me());
    await clock({ advanceMs: 20_000 });
    assertError(await me(), 400, 209);
  });

  test('opens a locked account again', async () => {
    assertStatus(await api.request('POST', '/users', { username: 'ann', password: 'secret' }), 201);
    const login = (password) => api.request('POST', '/login', { username: 'ann', password });
    for (let i = 0; i < 2; ++i) assertError(await login('wrong'), 404, 101);
    assertError(await login('secret'), 404, 101, /locked/);
    await clock({ advanceMs: 5 * 60_000 + 1 });
    assertOk(await login('secret'));
  });

  test('is what relative times and aggregations go by', async () => {
    await clock({ now: kFuture, freeze: true });
    createdId(await api.create('A', { n: 1 }));
    const count = async (text) => assertOk(await api.find('A', { where: { createdAt: { $gt: { $relativeTime: text } } } })).results.length;
    assert.equal(await count('1 day ago'), 1);
    await clock({ advanceMs: 2 * kDayMs });
    assert.equal(await count('1 day ago'), 0);
    assert.equal(await count('3 days ago'), 1);
    const pipeline = [{ $project: { now: '$$NOW' } }];
    const { results } = assertOk(await api.request('GET', `/aggregate/A?pipeline=${encodeURIComponent(JSON.stringify(pipeline))}`, undefined, { master: true }));
    assert.equal(results[0].now.iso ?? results[0].now, '2040-03-02T12:00:00.000Z');
  });
});

describe('seeded ids', { skip }, () => {
  let server, api, controls;
  before(async () => {
    server = await startOwnServer({ ephemeral: true });
    api = server.api;
    controls = controlsOf(api);
  });
  after(() => server.stop());
  beforeEach(() => controls.reset());

  const ids = async (className = 'A') => {
    const made = [];
    for (let i = 0; i < 3; ++i) made.push(createdId(await api.create(className, {})));
    return made;
  };
  const afterSeed = async (seed, more, make = ids) => {
    assertOk(await controls.reset());
    assert.deepEqual(assertOk(await controls.seed(seed, more)), {});
    return make();
  };
  const signUp = async () => {
    const { objectId, sessionToken } = assertStatus(await api.request('POST', '/users', { username: 'ann', password: 'secret' }), 201);
    return { objectId, sessionToken };
  };
  const upload = async () => {
    const options = { master: true, headers: { 'Content-Type': 'text/plain' } };
    return assertStatus(await api.request('POST', '/files/note.txt', 'hello', options), 201).name;
  };

  test('are the same for the same seed, and others for another', async () => {
    const first = await afterSeed(42);
    assert.equal(new Set(first).size, 3);
    assert.deepEqual(await afterSeed(42), first);
    assert.deepEqual(await afterSeed('42'), first);
    assert.notDeepEqual(await afterSeed(43), first);
  });

  test('are the same on every machine and in every version', async () => {
    assert.deepEqual(await afterSeed('golden'), ['EGI70i12wX', 'r8ww8unA4z', 'sl21Z1F7hR']);
  });

  test('are random at first, after a reset, and with the seed null', async () => {
    const seeded = await afterSeed(1);
    assertOk(await controls.reset());
    assert.notDeepEqual(await ids(), seeded);
    assert.notDeepEqual(await afterSeed(1, {}, async () => (assertOk(await controls.seed(null)), ids())), seeded);
  });

  test('go on where a snapshot was taken', async () => {
    assertOk(await controls.seed(7));
    await ids();
    assertOk(await controls.snapshot('here'));
    const following = await ids();
    assertOk(await controls.restore('here'));
    assert.deepEqual(await ids(), following);
  });

  test('tokens stay random unless that is asked for', async () => {
    const [first, second] = [await afterSeed(1, {}, signUp), await afterSeed(1, {}, signUp)];
    assert.equal(second.objectId, first.objectId);
    assert.notEqual(second.sessionToken, first.sessionToken);
    assert.notEqual(await afterSeed(1, {}, upload), await afterSeed(1, {}, upload));

    const asked = await afterSeed(1, { tokens: true }, signUp);
    assert.equal(asked.objectId, first.objectId);
    assert.match(asked.sessionToken, /^r:[0-9a-f]{32}$/);
    assert.deepEqual(await afterSeed(1, { tokens: true }, signUp), asked);
    assert.equal(await afterSeed(1, { tokens: true }, upload), await afterSeed(1, { tokens: true }, upload));
  });

  test('seeds are numbers or short texts', async () => {
    for (const seed of [undefined, true, [], {}, 'x'.repeat(257)]) assertError(await controls.seed(seed), 400, 107, /A seed is/);
    assertError(await controls.seed(1, { tokens: 'yes' }), 400, 107, /tokens/);
    for (const seed of ['', 'x'.repeat(256), -1, 1.5, 1e300]) assertOk(await controls.seed(seed));
  });
});

describe('captured mails and pushes', { skip }, () => {
  test('are lists that can be emptied', async () => {
    const server = await startOwnServer({ ephemeral: true });
    try {
      const { call } = controlsOf(server.api);
      for (const kind of ['mails', 'pushes']) {
        assert.deepEqual(assertOk(await call('GET', kind)), { results: [] });
        assert.deepEqual(assertOk(await call('DELETE', kind)), {});
      }
    } finally {
      await server.stop();
    }
  });
});
