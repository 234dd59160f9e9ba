// Filters and parameters that try to be more than that.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { assertError, assertNoServerError } from '../support/assert.mjs';
import { oursOnly } from '../support/server.mjs';
import { assertNoDatabaseWords, attackedServer } from './attacked.mjs';

const { api, C } = await attackedServer();

describe('operators that are no constraints', () => {
  for (const where of [
    { $where: 'sleep(9)' },
    { name: { $where: '1' } },
    { $expr: { $eq: [1, 1] } },
    { $or: [{ $where: '1' }] },
    { name: { $function: {} } },
  ]) {
    test(JSON.stringify(where), { skip: oursOnly }, async () => assertError(await api.find(C, { where }), 400, [102, 105, 107]));
  }

  test('explain needs the master key (GHSA-7cx5-254x-cgrq, GHSA-xqp8-w826-hh6x)', { skip: oursOnly }, async () => {
    for (const explain of [true, 'queryPlanner', 'executionStats', 'foo', [], { a: 1 }]) {
      const response = await api.find(C, { explain });
      assertNoServerError(response);
      assert.notEqual(response.status, 200, JSON.stringify(explain));
    }
  });

  test('a broken pattern tells nothing of the database (GHSA-9cp7-3q5w-j92g)', { skip: oursOnly }, async () => {
    const response = await api.find(C, { where: { name: { $regex: '[abc' } } });
    assertError(response, 400, 102);
    assertNoDatabaseWords(response);
  });
});

describe('operands of odd kinds (PR 10209, GHSA-mmg8-87c5-jrc2)', () => {
  const odd = [5, true, null, 'x', {}, { 0: { name: 'original' }, length: 1 }, [[]], [5], [null]];
  for (const operator of ['$or', '$and', '$nor']) {
    for (const operand of odd) {
      test(`${operator} of ${JSON.stringify(operand)}`, { skip: oursOnly }, async () => {
        assertError(await api.find(C, { where: { [operator]: operand } }), 400, [102, 105, 107]);
      });
    }
  }

  for (const operator of ['$in', '$nin', '$all', '$containedBy']) {
    for (const operand of [5, true, null, 'x', {}, { 0: 'original', length: 1 }]) {
      test(`${operator} of ${JSON.stringify(operand)}`, { skip: oursOnly }, async () => {
        assertError(await api.find(C, { where: { name: { [operator]: operand } } }), 400, [102, 107]);
      });
    }
  }

  const operators = ['$lt', '$gte', '$regex', '$options', '$exists', '$ne', '$eq', '$text', '$nearSphere', '$within', '$geoWithin'];
  for (const operator of [...operators, '$geoIntersects', '$maxDistance', '$inQuery', '$notInQuery', '$select', '$dontSelect']) {
    test(`${operator} of anything`, { skip: oursOnly }, async () => {
      for (const operand of [...odd, [], -1, 1e308, '\u0000', { $ne: 1 }, { __type: 'Pointer' }, { __type: 'Date', iso: 'x' }]) {
        for (const field of ['name', 'data', 'stats.counter', 'nosuch', 'objectId', 'createdAt']) {
          const response = await api.find(C, { where: { [field]: { [operator]: operand } } });
          assertNoServerError(response);
          assertNoDatabaseWords({ text: response.status === 200 ? '' : response.text });
        }
      }
    });
  }

  test('where of odd kinds', { skip: oursOnly }, async () => {
    for (const where of ['5', 'true', '"x"', '[]', '[{"name":"original"}]']) {
      assertError(await api.request('GET', `/classes/${C}?where=${encodeURIComponent(where)}`), 400, [102, 107]);
    }
  });

  test('numbers of the paging at their ends', { skip: oursOnly }, async () => {
    for (const value of [-1, -(2 ** 63), 2 ** 31, 2 ** 32, 2 ** 53, 2 ** 63, 1e308, 1.5, 'x', '', '0x10', [], {}, null, true]) {
      for (const name of ['limit', 'skip']) {
        const response = await api.request('POST', `/classes/${C}`, { _method: 'GET', [name]: value });
        assertNoServerError(response);
        if (value < 0) assertError(response, 400, 102);
      }
    }
  });

  test('parameters of odd kinds', async () => {
    for (const name of ['keys', 'excludeKeys', 'include', 'order', 'count', 'includeAll', 'hint', 'comment', 'readPreference']) {
      for (const value of [5, true, null, {}, [], [5], [null], [['a']], { 0: 'a', length: 1 }]) {
        const response = await api.request('POST', `/classes/${C}`, { _method: 'GET', [name]: value });
        if (oursOnly && response.status === 500) continue;
        assertNoServerError(response);
      }
    }
  });
});
