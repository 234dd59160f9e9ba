// The comparison itself: what makes answers equal, and that every way to differ is told.
import assert from 'node:assert/strict';
import http from 'node:http';
import { after, describe, test } from 'node:test';
import { failureOf } from './compare.mjs';
import { comparable, exchange } from './exchange.mjs';
import { by, create, differs, find, get, signUp } from './steps.mjs';

const context = { saved: new Map([['lamp', 'abcdefghij']]), origin: 'http://127.0.0.1:5' };
const body = (json, step = {}) => comparable(step, { status: 200, json, headers: {} }, context).body;

describe('answers are made comparable', () => {
  test('ids, dates, tokens and addresses', () => {
    const json = {
      objectId: 'AAAAAAAAAA',
      createdAt: '2020-01-01T00:00:00.000Z',
      to: { objectId: 'abcdefghij' },
      url: 'http://127.0.0.1:5/files/0123456789abcdef0123456789abcdef_a.txt',
      sessionToken: 'r:0123456789abcdef0123456789abcdef',
    };
    const made = {
      objectId: '$id',
      createdAt: '$date',
      to: { objectId: '$id(lamp)' },
      url: '$origin/files/$hash_a.txt',
      sessionToken: '$token',
    };
    assert.deepEqual(body(json), made);
  });

  test('ids that are keys, when a session ends, and names that were made up', () => {
    const json = {
      ACL: { abcdefghij: { read: true }, '*': { read: true } },
      expiresAt: { __type: 'Date', iso: '2020-01-01T00:00:00.000Z' },
      username: 'ABCDEFGHIJklmnopqrst01234',
    };
    const made = {
      ACL: { '$id(lamp)': { read: true }, '*': { read: true } },
      expiresAt: { __type: 'Date', iso: '$date' },
      username: '$username',
    };
    assert.deepEqual(body(json), made);
  });

  test('other values stay', () => {
    const json = {
      name: 'AAAAAAAAAA',
      when: { __type: 'Date', iso: '2020-01-01T00:00:00.000Z' },
      objectId: 'short',
      n: null,
      list: [2, 1],
    };
    assert.deepEqual(body(json), json);
  });

  test('the order of results counts only where it was asked for', () => {
    const json = () => ({ results: [{ n: 2 }, { n: 1 }] });
    assert.deepEqual(body(json()).results, [{ n: 1 }, { n: 2 }]);
    assert.deepEqual(body(json(), { query: { order: 'n' } }).results, [{ n: 2 }, { n: 1 }]);
    assert.deepEqual(body(json(), { ordered: true }).results, [{ n: 2 }, { n: 1 }]);
  });
});

describe('what is told', () => {
  const rows = new Set(['D01']);
  const recorded = { status: 200, body: { n: 1 } };
  const step = (difference) => ({ name: 'a step', method: 'GET', path: '/x', difference });
  const outcome = (answer, difference, of = recorded) => failureOf({ step: step(difference), answer }, of, rows)?.message;
  const other = { status: 200, body: { n: 2 } };

  test('nothing when the answers are equal', () => assert.equal(outcome({ ...recorded }), undefined));
  test('another body', () => assert.match(outcome(other), /was answered .*"n":2.*\n.*Parse Server: .*"n":1/));
  test('another status', () => assert.match(outcome({ ...recorded, status: 201 }), /was answered/));
  test('nothing when the difference is known', () => assert.equal(outcome(other, differs('D01', 200, { n: 2 })), undefined));
  test('a difference that is another one', () =>
    assert.match(outcome({ status: 200, body: { n: 3 } }, differs('D01', 200, { n: 2 })), /expected by D01/));
  test('a difference that is none any more', () =>
    assert.match(outcome({ ...recorded }, differs('D01', 200, { n: 2 })), /differs no more/));
  test('a difference without a row', () => assert.match(outcome(other, differs('D99', 200, { n: 2 })), /no row D99/));
  test('a step without a recorded answer', () => assert.match(outcome(other, undefined, null), /no recorded answer/));
  test('a step that could not be sent', () =>
    assert.match(failureOf({ step: step(), failure: new Error('no way') }, recorded, rows).message, /no way/));
});

// A server that answers everything alike and keeps what it was asked.
async function listener(answer) {
  const asked = [];
  const server = http.createServer((request, response) => {
    asked.push(request);
    response.end(JSON.stringify(answer));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  after(() => server.close());
  return { asked, url: `http://127.0.0.1:${server.address().port}/parse` };
}

test('saved ids stand in later requests', async () => {
  const { asked, url } = await listener({ objectId: 'abcdefghij' });
  const steps = [create('one', 'C', {}, { saves: 'one' }), get('read it', 'C', 'one'), find('another', 'C', { where: { p: '$id(none)' } })];
  const found = [];
  for await (const one of exchange(url, steps)) found.push(one);
  assert.deepEqual(
    asked.map(({ method, url: path }) => `${method} ${path}`),
    ['POST /parse/classes/C', 'GET /parse/classes/C/abcdefghij'],
  );
  assert.match(found[2].failure.message, /no step saved none/);
});

test('a user acts with the token of the sign-up', async () => {
  const { asked, url } = await listener({ objectId: 'abcdefghij', sessionToken: 'r:0' });
  const steps = [signUp('ann', 'ann', { username: 'ann' }), find('by ann', 'C', {}, by('ann')), find('by nobody', 'C', {})];
  for await (const { failure } of exchange(url, steps)) assert.equal(failure, undefined);
  assert.deepEqual(
    asked.map(({ headers }) => headers['x-parse-session-token']),
    [undefined, 'r:0', undefined],
  );
});
