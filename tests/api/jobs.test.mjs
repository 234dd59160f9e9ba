// /jobs and /cloud_code/jobs where no code is deployed: rights, errors, schedules and their rows.
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { assertError, assertOk, assertStatus, createdId } from '../support/assert.mjs';
import { oursOnly, ownServerOnly, startOwnServer, startServer, temporaryFolder, until } from '../support/server.mjs';
import { master, moreKeys, readOnly } from '../support/users.mjs';

const server = await startServer({ args: moreKeys });
after(() => server.stop());
const { api } = server;
const at = (method, url, body, options = master) => api.request(method, url, body, options);
const kFarAway = '2999-01-01T09:00:00.000Z';
const saved = async (fields) => createdId(await at('POST', '/classes/_JobSchedule', { jobName: 'any', startAfter: kFarAway, ...fields }));
const row = async (id) => assertOk(await at('GET', `/classes/_JobSchedule/${id}`));

describe('starting a job', () => {
  const starts = [
    ['by its name', '/jobs/none', {}],
    ['by jobName', '/jobs', { jobName: 'none' }],
    ['with an odd name', '/jobs/__proto__', {}],
    ['with a zero in its name', '/jobs/a%00b', {}],
    ['with a very long name', `/jobs/${'a'.repeat(3000)}`, {}],
  ];
  for (const [what, url, body] of starts)
    test(`${what}: unknown`, async () => assertError(await at('POST', url, body), 400, 141, 'Invalid job.'));
  for (const body of [{}, { jobName: 5 }, undefined])
    test(`without a name, ${JSON.stringify(body)}`, { skip: oursOnly }, async () =>
      assertError(await at('POST', '/jobs', body), 400, 141, 'Invalid job.'),
    );
  test('is for the master key', async () => {
    const refused = await at('POST', '/jobs/none', {}, {});
    assert.deepEqual([refused.status, refused.json], [403, { error: 'Permission denied' }]);
    assertError(await at('POST', '/jobs/none', {}, readOnly), 400, 119, 'Permission denied');
  });
  test('leaves no row where there is no job', async () => {
    assert.deepEqual(assertOk(await at('GET', '/classes/_JobStatus?where={"jobName":"none"}')).results, []);
  });
});

describe('/cloud_code/jobs', () => {
  test('lists the schedules as they are, and the names', async () => {
    const id = await saved({ jobName: 'listed', description: 'd', params: '{"a":1}', daysOfWeek: ['0', '1'], timeOfDay: '09:00:00.000Z' });
    const { createdAt, updatedAt, ...fields } = assertOk(await at('GET', '/cloud_code/jobs')).find(({ objectId }) => objectId === id);
    assert.equal(createdAt, updatedAt);
    assert.deepEqual(fields, {
      objectId: id,
      jobName: 'listed',
      description: 'd',
      params: '{"a":1}',
      startAfter: kFarAway,
      daysOfWeek: ['0', '1'],
      timeOfDay: '09:00:00.000Z',
    });
    const { in_use: inUse, ...others } = assertOk(await at('GET', '/cloud_code/jobs/data'));
    assert.ok(inUse.includes('listed'));
    assert.ok(Array.isArray(others.jobs));
    assertOk(await at('GET', '/cloud_code/jobs', undefined, readOnly));
  });

  test('schedules only what is deployed', async () => {
    const answer = await at('POST', '/cloud_code/jobs', { job_schedule: { jobName: 'none' } });
    assertError(answer, 500, 1, 'Cannot Schedule a job that is not deployed');
    const id = await saved({});
    assertError(await at('PUT', `/cloud_code/jobs/${id}`, { job_schedule: { jobName: 'none' } }), 500, 1, /not deployed/);
  });

  test('changes and deletes', async () => {
    const id = await saved({ repeatMinutes: 5 });
    const { response, ...more } = assertOk(await at('PUT', `/cloud_code/jobs/${id}`, { job_schedule: { description: 'new' } }));
    assert.deepEqual([Object.keys(response), more], [['updatedAt'], {}]);
    const changed = await row(id);
    assert.deepEqual([changed.description, changed.repeatMinutes], ['new', 5]);
    assert.deepEqual(assertOk(await at('DELETE', `/cloud_code/jobs/${id}`)), {});
    assertError(await at('DELETE', `/cloud_code/jobs/${id}`), 404, 101, 'Object not found.');
    assertError(await at('PUT', `/cloud_code/jobs/${id}`, { job_schedule: { description: 'x' } }), 404, 101, 'Object not found.');
  });

  test('a change of the description leaves the start as it was', { skip: oursOnly }, async () => {
    const id = await saved({});
    assertOk(await at('PUT', `/cloud_code/jobs/${id}`, { job_schedule: { description: 'new' } }));
    assert.equal((await row(id)).startAfter, kFarAway);
  });

  for (const body of [{}, undefined, { job_schedule: 5 }, { job_schedule: 't' }, { job_schedule: [] }])
    test(`no schedule in ${JSON.stringify(body)}`, { skip: oursOnly }, async () => {
      assertError(await at('POST', '/cloud_code/jobs', body), 400, 107, /job_schedule must be an object/);
      assertError(await at('PUT', '/cloud_code/jobs/x', body), 400, 107, /job_schedule must be an object/);
    });

  test('is for the master key', async () => {
    const id = await saved({});
    const calls = [
      ['GET', '/cloud_code/jobs'],
      ['GET', '/cloud_code/jobs/data'],
      ['POST', '/cloud_code/jobs', { job_schedule: {} }],
      ['PUT', `/cloud_code/jobs/${id}`, { job_schedule: {} }],
      ['DELETE', `/cloud_code/jobs/${id}`],
    ];
    for (const [method, url, body] of calls) {
      assert.deepEqual((await at(method, url, body, {})).json, { error: 'Permission denied' });
      if (method !== 'GET') assertError(await at(method, url, body, readOnly), 400, 119, 'Permission denied');
    }
    assert.equal((await row(id)).objectId, id);
  });
});

describe('rows of _JobSchedule', () => {
  test('are for the master key', async () => {
    const id = await saved({});
    for (const [method, url, body] of [
      ['POST', '/classes/_JobSchedule', { jobName: 'any' }],
      ['PUT', `/classes/_JobSchedule/${id}`, { jobName: 'other' }],
      ['DELETE', `/classes/_JobSchedule/${id}`],
      ['POST', '/classes/_JobStatus', { jobName: 'any', status: 'running' }],
    ]) {
      assertError(await at(method, url, body, {}), 400, 119, 'Permission denied');
      assertError(await at(method, url, body, readOnly), 400, 119, 'Permission denied');
    }
    assert.equal((await row(id)).jobName, 'any');
  });

  const bad = [
    [{ cron: '61 * * * *' }, /"61" is no minute of cron text/],
    [{ cron: 'daily' }, /it has five fields/],
    [{ cron: '0 0 30 2 *' }, /days that never come/],
    [{ cron: '@daily', timeZone: 'Mars/Base' }, /timeZone "Mars\/Base" is unknown on this machine.*tzdata/],
    [{ cron: '@daily', timeZone: '../../../etc/passwd' }, /is unknown/],
    [{ timeOfDay: '9 o’clock' }, /timeOfDay must be like/],
    [{ timeOfDay: '09:00:00.000Z', timeZone: 'Europe/Berlin' }, /ends with Z, which means UTC/],
    [{ daysOfWeek: [9], timeOfDay: '09:00' }, /daysOfWeek must be/],
    [{ repeatMinutes: -5 }, /repeatMinutes must be a whole number/],
    [{ startAfter: 'x' }, /startAfter must be a date/],
    [{ params: '{' }, /params must be the text of a JSON object/],
    [{ jobName: '' }, /jobName must name a job/],
  ];
  for (const [fields, message] of bad)
    test(`are refused with ${JSON.stringify(fields)}`, { skip: oursOnly }, async () => {
      const body = { jobName: 'any', startAfter: kFarAway, ...fields };
      assertError(await at('POST', '/classes/_JobSchedule', body), 400, 142, message);
      const { jobName, ...unnamed } = body;
      assertError(await at('POST', '/cloud_code/jobs', { job_schedule: jobName ? unnamed : { ...unnamed, jobName } }), 400, 142);
      const id = await saved({ description: 'before' });
      assertError(await at('PUT', `/classes/_JobSchedule/${id}`, { ...fields, description: 'after' }), 400, 142, message);
      assertError(await at('PUT', `/cloud_code/jobs/${id}`, { job_schedule: { ...fields, description: 'after' } }), 400, 142, message);
      const batch = { requests: [{ method: 'PUT', path: `/parse/classes/_JobSchedule/${id}`, body: fields }] };
      assert.equal(assertOk(await at('POST', '/batch', batch))[0].error.code, 142);
      assert.equal((await row(id)).description, 'before');
    });
  test('are refused with a value of another type', async () => {
    assertError(await at('POST', '/classes/_JobSchedule', { jobName: 'any', repeatMinutes: '5' }), 400, 111, /expected Number but got String/);
  });

  test('say when by cron text and time zone, too', { skip: oursOnly }, async () => {
    const id = await saved({ cron: '0 9 * * mon-fri', timeZone: 'Europe/Berlin' });
    assert.deepEqual([(await row(id)).cron, (await row(id)).timeZone], ['0 9 * * mon-fri', 'Europe/Berlin']);
  });

  test('can be purged', async () => {
    const id = await saved({});
    assertOk(await at('DELETE', '/purge/_JobSchedule'));
    assertError(await at('GET', `/classes/_JobSchedule/${id}`), 404, 101);
  });
});

describe('a server of its own', { skip: ownServerOnly }, () => {
  const started = (own) => own.stderr().match(/A scheduled job could not be started/g)?.length ?? 0;

  test('finds a schedule that is due, as soon as it is saved, and says that its job is missing', async () => {
    const own = await startOwnServer();
    const save = (body) => own.api.request('POST', '/classes/_JobSchedule', body, master);
    assertStatus(await save({ jobName: 'missing', startAfter: '2020-01-01T00:00:00.000Z' }), 201);
    await until(() => started(own) === 1, { what: 'the line in the log' });
    assertStatus(await save({ jobName: 'missing', startAfter: kFarAway }), 201);
    assertStatus(await save({ jobName: 'missing', startAfter: new Date(Date.now() + 200).toISOString() }), 201);
    await until(() => started(own) === 2, { what: 'the second line in the log' });
    await own.stop();
    assert.equal(started(own), 2);
  });

  test('makes up for what it missed while it was down, or leaves it out', async () => {
    const dataDir = path.join(temporaryFolder(), 'data');
    const first = await startOwnServer({ dataDir });
    const startAfter = new Date(Date.now() + 60_000).toISOString();
    const id = createdId(await first.api.request('POST', '/classes/_JobSchedule', { jobName: 'missing', startAfter }, master));
    await first.stop();
    assert.equal(started(first), 0);
    for (const [missedJobs, times] of [
      ['skip', 0],
      ['once', 1],
    ]) {
      const before = await startOwnServer({ dataDir });
      const body = { startAfter: '2020-01-01T00:00:00.000Z' };
      assertOk(await before.api.request('PUT', `/classes/_JobSchedule/${id}`, body, master));
      await until(() => started(before) > 0, { what: 'the schedule to run' });
      await before.stop();
      const own = await startOwnServer({ dataDir, args: ['--missedJobs', missedJobs] });
      await until(() => /A run was missed/.test(own.stderr()), { what: 'the line about the missed run' });
      // What is due now runs behind what was missed.
      const now = { jobName: 'missing', startAfter: new Date().toISOString() };
      const made = createdId(await own.api.request('POST', '/classes/_JobSchedule', now, master));
      await until(() => own.stderr().includes(`schedule=${made}`), { what: 'the new schedule to run' });
      assert.equal(started(own), times + 1, own.stderr());
      assertOk(await own.api.request('DELETE', `/classes/_JobSchedule/${made}`, undefined, master));
      await own.stop();
    }
  });

  test('a crash leaves no job running for ever', async () => {
    const dataDir = path.join(temporaryFolder(), 'data');
    const first = await startOwnServer({ dataDir });
    const running = { jobName: 'any', status: 'running', message: 'half' };
    const id = createdId(await first.api.request('POST', '/classes/_JobStatus', running, master));
    await first.kill();
    const second = await startOwnServer({ dataDir });
    const { status, message, finishedAt } = assertOk(await second.api.request('GET', `/classes/_JobStatus/${id}`, undefined, master));
    assert.deepEqual([status, message, finishedAt.__type], ['failed', 'The server stopped while the job was running.', 'Date']);
    await second.stop();
  });

  test('options are checked', async () => {
    for (const [option, value] of [
      ['maxRunningJobs', '0'],
      ['jobHistoryLimit', '-1'],
      ['missedJobs', 'twice'],
    ])
      await assert.rejects(startOwnServer({ args: [`--${option}`, value] }), new RegExp(option));
  });
});
