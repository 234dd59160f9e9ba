// A server with a class to attack, and what must hold of every answer.
import assert from 'node:assert/strict';
import { after } from 'node:test';
import { assertOk, createdId, ownFields } from '../support/assert.mjs';
import { startServer, uniqueName } from '../support/server.mjs';

export const master = { master: true };
export const pointer = (className, objectId) => ({ __type: 'Pointer', className, objectId });

// No answer shows how the data are stored; what the client itself sent may come back in it.
export function assertNoDatabaseWords(response) {
  assert.doesNotMatch(response.text, /sqlite|syntax error|no such (table|column)|near "|SELECT _|FROM "|_rperm|_wperm|_seq/i);
}

// A class `C` with one row, `id`, which no attack may change.
export async function attackedServer() {
  const server = await startServer();
  after(() => server.stop());
  const { api } = server;
  const C = uniqueName('Attacked');
  const row = { name: 'original', data: { x: 1, key: 'k' }, stats: { counter: 1, other: 'o' } };
  const id = createdId(await api.create(C, row));
  const assertUnchanged = async () => assert.deepEqual(ownFields(assertOk(await api.get(C, id))), row);
  return { server, api, C, id, row, assertUnchanged };
}
