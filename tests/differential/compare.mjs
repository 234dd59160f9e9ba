// Whether an answer of ours is as it should be: Parse Server's, or the one that a row of docs/compatibility.md explains.
import assert from 'node:assert/strict';
import { expectedOurs } from './exchange.mjs';

function shown(step, answer) {
  return `${step.method} ${step.path} ${JSON.stringify(step.query ?? step.body ?? '')}\nwas answered ${JSON.stringify(answer)}`;
}

function check(step, answer, recorded, documentedRows) {
  assert.ok(recorded, 'no recorded answer: run record.mjs');
  if (!step.difference) return assert.deepEqual(answer, recorded, `${shown(step, answer)}\nParse Server: ${JSON.stringify(recorded)}`);
  const { row } = step.difference;
  const expected = expectedOurs(step);
  assert.ok(documentedRows.has(row), `docs/compatibility.md has no row ${row}`);
  assert.notDeepEqual(answer, recorded, `differs no more: take ${row} away from the differences`);
  assert.deepEqual(answer, expected, `${shown(step, answer)}\nexpected by ${row}: ${JSON.stringify(expected)}`);
}

// What `exchange` yielded for a step, against the recorded answer: the error, or undefined when all is well.
export function failureOf({ step, answer, failure }, recorded, documentedRows) {
  try {
    if (failure) throw failure;
    check(step, answer, recorded, documentedRows);
    return undefined;
  } catch (error) {
    return error;
  }
}
