// Jobs of Cloud Code: by hand, by Parse.Cloud.startJob, by schedule, and what their rows say.
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { assertError, assertOk, assertStatus, createdId } from '../support/assert.mjs';
import { startCloud } from '../support/cloud.mjs';
import { ownServerOnly as skip, temporaryFolder, until } from '../support/server.mjs';
import { controlsOf } from '../support/test_controls.mjs';
import { master } from '../support/users.mjs';

/* global Parse */
function code() {
  Parse.Cloud.job('good', (request) => {
    request.message('half');
    return `all done, ${request.params.n}`;
  });
  Parse.Cloud.job('quiet', ({ message }) => {
    message('last words');
  });
  Parse.Cloud.job('keys', (request) => JSON.stringify({ keys: Object.keys(request).sort(), job: request.jobName, params: request.params }));
  Parse.Cloud.job('throwText', () => {
    throw 'a text';
  });
  Parse.Cloud.job('throwError', async () => {
    throw new Parse.Error(107, 'own');
  });
  Parse.Cloud.job('old', (request, status) => {
    status.message('working');
    status.success('done in the old way');
  });
  Parse.Cloud.job('oldFailing', (request, status) => status.error('failed in the old way'));
  Parse.Cloud.job('never', ({ message }) => {
    message('begun');
    return new Promise(() => {});
  });
  Parse.Cloud.job('note', ({ params }) => new Parse.Object('Note').save(params, { useMasterKey: true }));
  Parse.Cloud.define('start', ({ params }) => Parse.Cloud.startJob(params.job, params.params));
}

const end = async (api, id) =>
  until(
    async () => {
      const run = assertOk(await api.request('GET', `/classes/_JobStatus/${id}`, undefined, master));
      return run.status !== 'running' && run;
    },
    { what: `the end of job ${id}` },
  );

describe('jobs', { skip }, () => {
  let server, api;
  before(async () => {
    server = await startCloud(code, { args: ['--maxRunningJobs', '3', '--jobHistoryLimit', '5'] });
    api = server.api;
  });
  after(() => server?.stop());
  const start = async (name, params = {}) => {
    const answer = await api.request('POST', `/jobs/${name}`, params, master);
    assert.deepEqual(assertOk(answer), {});
    return answer.headers['x-parse-job-status-id'];
  };
  const ended = async (name, params) => end(api, await start(name, params));

  test('answer at once and leave a row', async () => {
    const run = await ended('good', { n: 5 });
    const { objectId, createdAt, updatedAt, finishedAt, ...fields } = run;
    assert.deepEqual(fields, { jobName: 'good', source: 'api', status: 'succeeded', message: 'all done, 5', params: { n: 5 }, ACL: {} });
    assert.match(objectId, /^\w{10}$/);
    assert.ok(createdAt <= finishedAt.iso && finishedAt.iso <= updatedAt);
  });

  test('end as they say', async () => {
    for (const [name, status, message] of [
      ['quiet', 'succeeded', 'last words'],
      ['throwText', 'failed', 'a text'],
      ['throwError', 'failed', 'own'],
      ['old', 'succeeded', 'done in the old way'],
      ['oldFailing', 'failed', 'failed in the old way'],
    ]) {
      const run = await ended(name);
      assert.deepEqual([run.status, run.message], [status, message], name);
    }
  });

  test('get the request that the reference names', async () => {
    const answer = await api.request('POST', '/jobs?q=2', { jobName: 'keys', when: { __type: 'Date', iso: '2020-01-01T00:00:00.000Z' } }, master);
    const run = await end(api, answer.headers['x-parse-job-status-id']);
    assert.deepEqual(JSON.parse(run.message), {
      keys: ['config', 'headers', 'ip', 'jobId', 'jobName', 'log', 'message', 'params'],
      job: 'keys',
      params: { q: '2', jobName: 'keys', when: '2020-01-01T00:00:00.000Z' },
    });
  });

  test('are started by functions, too', async () => {
    const id = assertOk(await server.call('start', { job: 'good', params: { n: 7 } })).result;
    assert.equal((await end(api, id)).message, 'all done, 7');
  });

  test('stand in the list of names', async () => {
    const { jobs } = assertOk(await api.request('GET', '/cloud_code/jobs/data', undefined, master));
    assert.deepEqual(jobs.sort(), ['good', 'keys', 'never', 'note', 'old', 'oldFailing', 'quiet', 'throwError', 'throwText']);
  });

  test('keep a history of the length that the option says', async () => {
    for (let i = 0; i < 8; ++i) await ended('good', { n: i });
    const { count } = assertOk(await api.request('GET', '/classes/_JobStatus?count=1&limit=0', undefined, master));
    assert.equal(count, 6); // five that had ended when the last began, and that one
  });
});

test('no more jobs run than may, and a stop says of those that run that they failed', { skip }, async () => {
  const dataDir = path.join(temporaryFolder(), 'data');
  const first = await startCloud(code, { dataDir, args: ['--maxRunningJobs', '2'] });
  const start = () => first.api.request('POST', '/jobs/never', {}, master);
  const id = (await start()).headers['x-parse-job-status-id'];
  await start();
  assertError(await start(), 400, 155, /2 jobs are running/);
  const read = async (server) => assertOk(await server.api.request('GET', `/classes/_JobStatus/${id}`, undefined, master));
  await until(async () => (await read(first)).message === 'begun', { what: 'the message of the job' });
  const { code: exitCode } = await first.stop();
  assert.equal(exitCode, 0);
  const second = await startCloud(code, { dataDir });
  const { status, message } = await read(second);
  assert.deepEqual([status, message], ['failed', 'The server stopped while the job was running.']);
  assert.doesNotMatch(second.stderr(), /Jobs were running when the server stopped/);
  await second.stop();
});

test('a crash fails the jobs that were running', { skip }, async () => {
  const dataDir = path.join(temporaryFolder(), 'data');
  const first = await startCloud(code, { dataDir });
  const id = (await first.api.request('POST', '/jobs/never', {}, master)).headers['x-parse-job-status-id'];
  await first.kill();
  const second = await startCloud(code, { dataDir });
  const run = assertOk(await second.api.request('GET', `/classes/_JobStatus/${id}`, undefined, master));
  assert.deepEqual([run.status, run.message], ['failed', 'The server stopped while the job was running.']);
  assert.match(second.stderr(), /Jobs were running when the server stopped/);
  await second.stop();
});

describe('schedules', { skip }, () => {
  let server, api, controls;
  before(async () => {
    server = await startCloud(code, { ephemeral: true });
    api = server.api;
    controls = controlsOf(api);
  });
  after(() => server?.stop());
  beforeEach(() => controls.reset());

  const at = async (now) => assertOk(await controls.clock({ now, freeze: true }));
  const save = async (schedule) =>
    createdId(await api.request('POST', '/cloud_code/jobs', { job_schedule: { jobName: 'note', ...schedule } }, master));
  const notes = async () => assertOk(await api.find('Note', { order: 'createdAt' }, master)).results.map((note) => `${note.as} ${note.createdAt}`);
  const awaitNotes = (count) => until(async () => (await notes()).length >= count, { what: `${count} notes` });
  // What is due has been started when a schedule that is due now has run.
  const settled = async () => {
    const before = (await notes()).length;
    const id = await save({ params: '{"as":"marker"}' });
    await until(async () => (await notes()).some((note) => note.startsWith('marker')), { what: `the marker after ${before} notes` });
    const marker = assertOk(await api.find('Note', { where: { as: 'marker' } }, master)).results[0];
    assertOk(await api.remove('Note', marker.objectId, master));
    assertOk(await api.request('DELETE', `/cloud_code/jobs/${id}`, undefined, master));
    return notes();
  };

  test('a schedule without a start runs at once, once', async () => {
    await at('2031-05-01T10:00:00.000Z');
    const id = await save({ params: '{"as":"now"}' });
    await awaitNotes(1);
    const row = assertOk(await api.request('GET', `/classes/_JobSchedule/${id}`, undefined, master));
    assert.equal(row.lastRun, Date.parse('2031-05-01T10:00:00.000Z') / 1000);
    const { results } = assertOk(await api.request('GET', '/classes/_JobStatus?where={"source":"schedule"}', undefined, master));
    assert.deepEqual([results.length, results[0].params], [1, { as: 'now' }]);
    await at('2031-06-01T10:00:00.000Z');
    assert.deepEqual(await settled(), ['now 2031-05-01T10:00:00.000Z']);
  });

  test('cron text in a time zone, through the night in which clocks change', async () => {
    await at('2031-03-29T12:00:00.000Z');
    await save({ cron: '30 2 * * *', timeZone: 'Europe/Berlin', params: '{"as":"cron"}' });
    const moments = ['2031-03-30T01:00:00.000Z', '2031-03-31T00:30:00.000Z', '2031-04-01T00:30:00.000Z'];
    for (const [index, moment] of moments.entries()) {
      await at(new Date(Date.parse(moment) - 1).toISOString());
      assert.equal((await settled()).length, index);
      await at(moment);
      await awaitNotes(index + 1);
    }
    assert.deepEqual(
      await settled(),
      moments.map((moment) => `cron ${moment}`),
    );
  });

  test("what Parse's dashboard saves: daily, and several times a day", async () => {
    await at('2031-05-01T10:00:00.000Z');
    const dashboard = { daysOfWeek: [1, 1, 1, 1, 1, 1, 1], startAfter: '2031-05-01T09:00:00.000Z' };
    await save({ ...dashboard, timeOfDay: '23:00:00.000Z', repeatMinutes: 1440, params: '{"as":"daily"}' });
    await save({ ...dashboard, timeOfDay: '22:30:00.000Z', repeatMinutes: 60, params: '{"as":"hourly"}' });
    for (const [index, time] of ['22:30', '23:00', '23:30'].entries()) {
      await at(`2031-05-01T${time}:00.000Z`);
      await awaitNotes(index + 1);
    }
    await at('2031-05-02T00:30:00.000Z');
    assert.deepEqual(await settled(), [
      'hourly 2031-05-01T22:30:00.000Z',
      'daily 2031-05-01T23:00:00.000Z',
      'hourly 2031-05-01T23:30:00.000Z',
    ]);
  });

  test('a changed or deleted schedule counts at once', async () => {
    await at('2031-05-01T10:00:00.000Z');
    const later = { startAfter: '2031-05-01T11:00:00.000Z' };
    const changed = await save({ ...later, params: '{"as":"changed"}' });
    const deleted = await save({ ...later, params: '{"as":"deleted"}' });
    assertOk(await api.request('PUT', `/cloud_code/jobs/${changed}`, { job_schedule: { startAfter: '2031-05-01T10:30:00.000Z' } }, master));
    assertOk(await api.request('DELETE', `/classes/_JobSchedule/${deleted}`, undefined, master));
    await at('2031-05-01T10:30:00.000Z');
    await awaitNotes(1);
    await at('2031-05-01T12:00:00.000Z');
    assert.deepEqual(await settled(), ['changed 2031-05-01T10:30:00.000Z']);
  });

  test('a restored database has its own schedules', async () => {
    await at('2031-05-01T10:00:00.000Z');
    await save({ startAfter: '2031-05-01T11:00:00.000Z', params: '{"as":"kept"}' });
    assertStatus(await controls.snapshot('kept'), 200);
    await save({ startAfter: '2031-05-01T11:00:00.000Z', params: '{"as":"gone"}' });
    assertOk(await controls.restore('kept'));
    await at('2031-05-01T11:00:00.000Z');
    await awaitNotes(1);
    assert.deepEqual(await settled(), ['kept 2031-05-01T11:00:00.000Z']);
  });
});
