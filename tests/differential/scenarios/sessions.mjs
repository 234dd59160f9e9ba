// Sessions: how they begin and end, who may see and change them, and which of their fields are the server's.
import { batch, by, date, differs, differsByError, item, logIn, pointer, request, signUp } from '../steps.mjs';

const list = (name, query, more) => request('GET', name, '/sessions', { query, ...more });
const mine = (name, more) => request('GET', name, '/sessions/me', more);
const read = (name, id, more) => request('GET', name, `/sessions/$id(${id})`, more);
const change = (name, id, body, more) => request('PUT', name, `/sessions/$id(${id})`, { body, ...more });
const drop = (name, id, more) => request('DELETE', name, `/sessions/$id(${id})`, more);
const make = (name, body, more) => request('POST', name, '/sessions', { body, ...more });
const me = (name, session, more) => request('GET', name, '/users/me', { as: { session }, query: {}, ...more });
const logOut = (name, more) => request('POST', name, '/logout', more);
const loginAs = (name, body, more) => request('POST', name, '/loginAs', { body, as: 'master', ...more });
const installation = (id) => ({ headers: { 'X-Parse-Installation-Id': id } });
const master = { as: 'master' };
const withSession = (session) => ({ as: { session } });
const badToken = { headers: { 'X-Parse-Session-Token': 'r:00000000000000000000000000000000' } };
const byAnn = { username: 'sessions.ann', password: 'secret' };
const far = date('2099-01-01T00:00:00.000Z');

const beginning = [
  signUp('sign up', 'ann', { username: 'sessions.ann' }),
  signUp('somebody else', 'bob', { username: 'sessions.bob' }),
  mine('the session of a sign-up', { ...by('ann'), saves: 'annSession' }),
  mine('the session of somebody else', { ...by('bob'), saves: 'bobSession' }),
  logIn('log in', byAnn, { saves: { second: 'sessionToken' } }),
  mine('the session of a login', { ...withSession('second'), saves: 'secondSession' }),
  mine('no session'),
  mine('a bad token', badToken),
  mine('the master key', master),
  mine('the master key and a token', { ...master, headers: { 'X-Parse-Session-Token': '$id(annToken)' } }),
  loginAs('login as', {}, { query: {}, path: '/loginAs?userId=$id(ann)', saves: { asAnn: 'sessionToken' } }),
  loginAs('login as by the body', { userId: '$id(ann)' }),
  mine('the session of a login as', withSession('asAnn')),
  loginAs('login as nobody known', { userId: 'doesNotEx1' }),
  loginAs('login as nobody at all', {}),
  loginAs('login as a number', { userId: 5 }),
  loginAs('login as by a client', { userId: '$id(ann)' }, { as: 'client' }),
  loginAs('login as by a user', { userId: '$id(ann)' }, by('bob')),
  loginAs('login as by the read-only master', { userId: '$id(ann)' }, { as: 'readOnly' }),
  make('make one', {}, { ...by('ann'), saves: { made: 'objectId', madeToken: 'sessionToken' } }),
  mine('the session that was made', withSession('madeToken')),
  make('make one by the class', {}, { ...by('ann'), path: '/classes/_Session', saves: { madeByClass: 'objectId' } }),
  make('make one with values', { note: 'x', createdWith: { action: 'login' }, expiresAt: far, sessionToken: 'r:mine' }, by('ann')),
  make('make one for another user', { user: pointer('_User', 'bob') }, by('ann')),
  make('make one without a session', {}),
  make('make one with a bad token', {}, badToken),
  make('make one by the master', { user: pointer('_User', 'ann'), sessionToken: 'r:byMaster', installationId: 'm' }, master),
];

const seeing = [
  list('list without a session', {}),
  list('list with a bad token', {}, badToken),
  list('list of somebody with one', {}, by('bob')),
  list('count', { count: 1, limit: 0 }, by('bob')),
  list('list with a filter', { where: { objectId: '$id(bobSession)' } }, by('bob')),
  list('list with the user of another', { where: { user: pointer('_User', 'ann') } }, by('bob')),
  list('list with $or around', { where: { $or: [{ user: pointer('_User', 'ann') }, { user: pointer('_User', 'bob') }] } }, by('bob')),
  list('list by token', { where: { sessionToken: '$id(annToken)' } }, by('bob')),
  list('list by token by the master', { where: { sessionToken: '$id(bobToken)' } }, master),
  list('list by user by the master', { where: { user: pointer('_User', 'bob') } }, master),
  list('list with an include', { include: 'user' }, by('bob')),
  list('list with keys', { keys: 'createdWith' }, by('bob')),
  request('GET', 'list by the class', '/classes/_Session', by('bob')),
  request('GET', 'list by the class without a session', '/classes/_Session'),
  read('read the own', 'bobSession', by('bob')),
  read('read that of another', 'annSession', by('bob')),
  read('read without a session', 'bobSession'),
  read('read by the master', 'bobSession', master),
  read('read by the class', 'bobSession', { ...by('bob'), path: '/classes/_Session/$id(bobSession)' }),
  read('read that of another by the class', 'annSession', { ...by('bob'), path: '/classes/_Session/$id(annSession)' }),
  batch('read in a batch', { requests: [item('GET', '/sessions/$id(annSession)'), item('GET', '/sessions/$id(bobSession)')] }, by('bob')),
];

const refusedFields = {
  user: pointer('_User', 'bob'),
  installationId: 'x',
  sessionToken: 'r:x',
  expiresAt: far,
  createdWith: { action: 'x' },
  ACL: {},
};
const changing = [
  change('change the own', 'annSession', { note: 'n1' }, by('ann')),
  read('after the change', 'annSession', by('ann')),
  change('change another one of the own', 'secondSession', { note: 'n2' }, by('ann')),
  change('change that of another', 'annSession', { note: 'n3' }, by('bob')),
  change('change without a session', 'annSession', { note: 'n3' }),
  change('change by the class', 'annSession', { note: 'n4' }, { ...by('ann'), path: '/classes/_Session/$id(annSession)' }),
  ...Object.entries(refusedFields).map(([key, value]) => change(`change ${key}`, 'annSession', { [key]: value }, by('ann'))),
  ...Object.keys(refusedFields).map((key) => change(`change ${key} to null`, 'annSession', { [key]: null }, by('ann'))),
  ...Object.keys(refusedFields).map((key) => change(`delete ${key}`, 'annSession', { [key]: { __op: 'Delete' } }, by('ann'))),
  change('change by the master', 'annSession', { note: 'n5' }, master),
  change('change expiresAt by the master', 'secondSession', { expiresAt: date('2020-01-01T00:00:00.000Z') }, master),
  me('a session that has ended', 'second'),
  mine('the row of a session that has ended', withSession('second')),
  request('PUT', 'change the current', '/sessions/me', { body: { note: 'n6' }, ...by('ann') }),
  request('PUT', 'change the current with a bad token', '/sessions/me', { body: { note: 'n6' }, ...badToken }),
  request('DELETE', 'delete the current with a bad token', '/sessions/me', badToken),
];

const installations = [
  logIn('log in on a device', byAnn, { ...installation('phone'), saves: { phone: 'sessionToken' } }),
  mine('the session of the device', withSession('phone')),
  logIn('log in on another device', byAnn, { ...installation('tablet'), saves: { tablet: 'sessionToken' } }),
  logIn('log in on the device again', byAnn, { ...installation('phone'), saves: { phoneAgain: 'sessionToken' } }),
  me('the former session of the device', 'phone'),
  me('the later session of the device', 'phoneAgain'),
  me('the session of the other device', 'tablet'),
  me('a session without a device', 'annToken'),
  make('make one on a device', {}, { ...withSession('tablet'), ...installation('tablet'), saves: { madeTablet: 'sessionToken' } }),
  me('the session that made one on its device', 'tablet'),
  signUp('sign up on a device', 'cleo', { username: 'sessions.cleo' }, installation('phone')),
  me('the session of another user on that device', 'phoneAgain'),
  mine('the session of a sign-up on a device', by('cleo')),
  request('PUT', 'the password changes on the device', '/users/$id(cleo)', {
    body: { password: 'changed' },
    ...by('cleo'),
    ...installation('phone'),
    saves: { cleoNew: 'sessionToken' },
  }),
  mine('the session that the change made', withSession('cleoNew')),
  request('POST', 'anonymous', '/users', {
    body: { authData: { anonymous: { id: 'sessions-anon' } } },
    ...installation('other'),
    saves: { anon: 'objectId', anonToken: 'sessionToken' },
  }),
  mine('the session of somebody anonymous', by('anon')),
];

const upgrading = [
  request('POST', 'upgrade a session', '/upgradeToRevocableSession', by('bob')),
  request('POST', 'upgrade nothing', '/upgradeToRevocableSession'),
  request('POST', 'upgrade an old token that is unknown', '/upgradeToRevocableSession', { headers: { 'X-Parse-Session-Token': 'old' } }),
  request('GET', 'an old token elsewhere', '/users/me', { headers: { 'X-Parse-Session-Token': 'old' } }),
];

const ending = [
  logOut('log out', by('ann')),
  me('me after the logout', 'annToken'),
  read('read after the logout', 'annSession', master),
  request('GET', 'a request with the token that ended', '/classes/_User', by('ann')),
  logOut('log out again', by('ann')),
  logOut('log out without a session'),
  logOut('log out with a bad token', badToken),
  logOut('log out by the master', master),
  drop('delete that of another', 'bobSession', withSession('phoneAgain')),
  drop('delete without a session', 'bobSession'),
  drop('delete another one of the own', 'made', withSession('phoneAgain')),
  me('me after that session was deleted', 'madeToken'),
  drop('delete the own', 'bobSession', by('bob')),
  me('me after the own was deleted', 'bobToken'),
  drop('delete by the master', 'madeByClass', master),
  drop('delete by the master again', 'madeByClass', master),
  logIn('one more', { username: 'sessions.bob', password: 'secret' }, { saves: { last: 'sessionToken' } }),
  request('DELETE', 'delete the current', '/sessions/me', withSession('last')),
  me('me after the current was deleted', 'last'),
  request('DELETE', 'delete the user by the master', '/users/$id(anon)', master),
  me('me after the user was deleted', 'anonToken'),
];

export const steps = [...beginning, ...seeing, ...changing, ...installations, ...upgrading, ...ending];

export const differences = {
  'upgrade a session': differs('D38', 200, {
    objectId: '$id',
    createdAt: '$date',
    updatedAt: '$date',
    user: pointer('_User', 'bob'),
    sessionToken: '$token',
    createdWith: { action: 'upgrade' },
    expiresAt: { __type: 'Date', iso: '$date' },
  }),
  'login as a number': differsByError('D01', 404, 101, 'user not found'),
};
