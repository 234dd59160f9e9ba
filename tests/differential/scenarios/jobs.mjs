// /jobs and /cloud_code/jobs of a server without jobs: rights, errors, and schedules as rows.
import { create, differs, differsByError, find, get, remove, request, update } from '../steps.mjs';

const master = { as: 'master' };
const kStart = '2999-01-01T09:00:00.000Z';
const start = (name, path, body, more) => request('POST', name, path, { body, ...master, ...more });
const schedules = (name, more) => request('GET', name, '/cloud_code/jobs', { ...master, ...more });
const change = (name, body, more) => request('PUT', name, '/cloud_code/jobs/$id(nightly)', { body, ...master, ...more });
const kFields = {
  jobName: 'cleanUp',
  description: 'every night',
  params: '{"days":7}',
  startAfter: kStart,
  daysOfWeek: ['0', '1', '1', '1', '1', '1', '0'],
  timeOfDay: '03:00:00.000Z',
  repeatMinutes: 1440,
};

export const steps = [
  start('start an unknown job', '/jobs/none', {}),
  start('start an unknown job by jobName', '/jobs', { jobName: 'none' }),
  start('start a job without a name', '/jobs', {}),
  start('start __proto__', '/jobs/__proto__', {}),
  start('a client starts a job', '/jobs/none', {}, { as: 'client' }),
  start('the read-only key starts a job', '/jobs/none', {}, { as: 'readOnly' }),
  schedules('no schedules'),
  schedules('no schedules for the read-only key', { as: 'readOnly' }),
  schedules('a client lists schedules', { as: 'client' }),
  request('GET', 'no names', '/cloud_code/jobs/data', master),
  start('schedule an unknown job', '/cloud_code/jobs', { job_schedule: { jobName: 'none' } }),
  start('schedule without a schedule', '/cloud_code/jobs', {}),
  start('schedule a text', '/cloud_code/jobs', { job_schedule: 'x' }),
  start('schedule by the read-only key', '/cloud_code/jobs', { job_schedule: {} }, { as: 'readOnly' }),
  create('a row', '_JobSchedule', kFields, { ...master, saves: 'nightly', shows: ['location'] }),
  create('a row with another field', '_JobSchedule', { jobName: 'cleanUp', other: 1 }, master),
  create('a row with a text for minutes', '_JobSchedule', { jobName: 'cleanUp', repeatMinutes: '5' }, master),
  create('a row with minutes below zero', '_JobSchedule', { jobName: 'cleanUp', startAfter: kStart, repeatMinutes: -5 }, master),
  create('a row with a start that is no date', '_JobSchedule', { jobName: 'cleanUp', startAfter: 'x' }, master),
  get('read the row', '_JobSchedule', 'nightly', master),
  change('change the description', { job_schedule: { description: 'at night', startAfter: kStart } }),
  change('change to an unknown job', { job_schedule: { jobName: 'none' } }),
  change('change without a schedule', {}),
  change('change by the read-only key', { job_schedule: {} }, { as: 'readOnly' }),
  get('read the changed row', '_JobSchedule', 'nightly', master),
  change('change without a start', { job_schedule: { description: 'nightly' } }),
  find('the start is as it was', '_JobSchedule', { where: { objectId: '$id(nightly)', startAfter: kStart }, count: 1, limit: 0 }, master),
  update('change the row by its class', '_JobSchedule', 'nightly', { startAfter: kStart }, master),
  request('DELETE', 'delete by the read-only key', '/cloud_code/jobs/$id(nightly)', { as: 'readOnly' }),
  request('DELETE', 'delete', '/cloud_code/jobs/$id(nightly)', master),
  request('DELETE', 'delete again', '/cloud_code/jobs/$id(nightly)', master),
  change('change what is deleted', { job_schedule: { description: 'x', startAfter: kStart } }),
  create('a row of the history', '_JobStatus', { jobName: 'cleanUp', status: 'failed' }, { ...master, saves: 'run' }),
  update('change a row of the history', '_JobStatus', 'run', { message: 'x' }, master),
  get('read a row of the history', '_JobStatus', 'run', master),
  remove('delete a row of the history', '_JobStatus', 'run', master),
  request('DELETE', 'purge the history', '/purge/_JobStatus', master),
];

const kNoSchedule = differsByError('D45', 400, 107, 'job_schedule must be an object with the fields of the schedule.');
const kBad = (why) => differsByError('D46', 400, 142, `This schedule cannot be saved: ${why}.`);

export const differences = {
  'start a job without a name': differsByError('D45', 400, 141, 'Invalid job.'),
  'schedule without a schedule': kNoSchedule,
  'schedule a text': kNoSchedule,
  'change without a schedule': kNoSchedule,
  'a row with minutes below zero': kBad('repeatMinutes must be a whole number from 1 to 5270400'),
  'a row with a start that is no date': kBad('startAfter must be a date like 2030-01-31T09:00:00.000Z'),
  'the start is as it was': differs('D47', 200, { results: [], count: 1 }),
};
