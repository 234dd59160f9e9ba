// Assertions on answers of the REST API. Each failure prints the whole answer, since that is what one needs to see.
import assert from 'node:assert/strict';

const kIsoDate = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

function shown(response) {
  return `answer was ${response.status} ${response.text.slice(0, 600)}`;
}

export function assertStatus(response, status) {
  assert.equal(response.status, status, shown(response));
  if (/json/.test(response.headers?.['content-type']) && response.text)
    assert.ok(response.json !== undefined, `no JSON: ${shown(response)}`);
  return response.json;
}

export const assertOk = (response) => assertStatus(response, 200);

// A Parse error: HTTP status, code, and the message where the test gives one (text or pattern).
export function assertError(response, status, code, message) {
  assert.equal(response.status, status, shown(response));
  assert.ok(response.json, shown(response));
  assert.ok([code].flat().includes(response.json.code), `expected code ${code}, ${shown(response)}`);
  if (message instanceof RegExp) assert.match(response.json.error, message);
  else if (message !== undefined) assert.equal(response.json.error, message);
  else assert.equal(typeof response.json.error, 'string', shown(response));
}

// 403 without a code: the request did not come with the keys that it needs.
export function assertUnauthorized(response) {
  assert.equal(response.status, 403, shown(response));
  assert.deepEqual(response.json, { error: 'unauthorized' });
}

export function assertIsoDate(text) {
  assert.match(String(text), kIsoDate);
}

export function assertObjectId(text) {
  assert.match(String(text), /^[A-Za-z0-9]{10}$/);
}

// The answer to a create: 201 and an object id; returns the id.
export function createdId(response) {
  assertStatus(response, 201);
  assertObjectId(response.json.objectId);
  return response.json.objectId;
}

// An answered object without the fields that the server sets.
export function ownFields({ objectId: _id, createdAt: _created, updatedAt: _updated, ...rest }) {
  return rest;
}

export function assertNoServerError(response) {
  assert.ok(response.status < 500, shown(response));
}
