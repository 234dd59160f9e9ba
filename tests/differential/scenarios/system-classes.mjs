// The classes that Parse itself brings: their columns, and who may touch them.
import { changeSchema, create, differs, differsByError, dropSchema, find, makeSchema, request, schemaOf } from '../steps.mjs';

const kClasses = ['_User', '_Role', '_Session', '_Installation', '_Product', '_JobStatus', '_PushStatus', '_JobSchedule', '_Audience'];
const kMasterOnly = ['_JobStatus', '_PushStatus', '_Hooks', '_GlobalConfig', '_GraphQLConfig', '_JobSchedule', '_Audience', '_Idempotency'];
const byClient = (className) => [
  create(`${className}: a client makes one`, className, { a: 1 }),
  find(`${className}: a client lists`, className, {}),
  request('GET', `${className}: a client reads one`, `/classes/${className}/doesNotEx1`),
  request('PUT', `${className}: a client changes one`, `/classes/${className}/doesNotEx1`, { body: { a: 1 } }),
  request('DELETE', `${className}: a client deletes one`, `/classes/${className}/doesNotEx1`),
];

export const steps = [
  schemaOf('_User: the schema at the start', '_User'),
  schemaOf('_Role: the schema at the start', '_Role'),
  ...kClasses.slice(2).map((className) => makeSchema(`${className}: make the schema`, className, {})),
  ...kClasses.slice(2).map((className) => schemaOf(`${className}: read the schema`, className)),
  ...kMasterOnly.flatMap(byClient),
  ...byClient('_Join:users:_Role'),
  find('_JobStatus: the master lists', '_JobStatus', {}, { as: 'master' }),
  find('_Join: the master lists', '_Join:users:_Role', {}, { as: 'master' }),
  changeSchema('_User: a field more', '_User', { fields: { nick: { type: 'String' } } }),
  changeSchema('_User: another type for username', '_User', { fields: { username: { type: 'Number' } } }),
  changeSchema('_User: delete username', '_User', { fields: { username: { __op: 'Delete' } } }),
  makeSchema('_Join: make the schema', '_Join:a:B', {}),
  makeSchema('_Nope: make the schema', '_Nope', {}),
  dropSchema('_JobSchedule: delete the schema', '_JobSchedule'),
  request('POST', '_Product: without its fields', '/classes/_Product', { body: { title: 'x' } }),
];

const kText = { type: 'String' };
const kEverybody = { '*': true };
const kOpen = Object.fromEntries(['find', 'get', 'count', 'create', 'update', 'delete', 'addField'].map((name) => [name, kEverybody]));
const kTexts = Object.fromEntries(['objectId', 'username', 'password', 'email', 'nick'].map((name) => [name, { type: 'String' }]));
const kDates = { createdAt: { type: 'Date' }, updatedAt: { type: 'Date' } };

export const differences = {
  '_JobSchedule: read the schema': differs('D48', 200, {
    className: '_JobSchedule',
    classLevelPermissions: {},
    fields: {
      objectId: kText,
      createdAt: { type: 'Date' },
      updatedAt: { type: 'Date' },
      ACL: { type: 'ACL' },
      jobName: kText,
      description: kText,
      params: kText,
      startAfter: kText,
      daysOfWeek: { type: 'Array' },
      timeOfDay: kText,
      lastRun: { type: 'Number' },
      repeatMinutes: { type: 'Number' },
      cron: kText,
      timeZone: kText,
    },
  }),
  '_User: a field more': differs('D39', 200, {
    className: '_User',
    fields: { ...kTexts, ...kDates, ACL: { type: 'ACL' }, authData: { type: 'Object' }, emailVerified: { type: 'Boolean' } },
    classLevelPermissions: { ...kOpen, ACL: { '*': { read: true, write: true } }, protectedFields: { '*': [] } },
  }),
  '_Join: make the schema': differsByError(
    'D30',
    400,
    103,
    'Invalid classname: _Join:a:B, classnames can only have alphanumeric characters and _, and must start with an alpha character ',
  ),
};
