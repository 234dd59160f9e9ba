// The master key cannot be borrowed.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { assertOk } from '../support/assert.mjs';
import { attackedServer, master } from './attacked.mjs';

const { api } = await attackedServer();

describe('master key', () => {
  test('an address in a header is not believed (GHSA-vm5r-c87r-pf6x)', async () => {
    for (const name of ['X-Forwarded-For', 'Forwarded', 'X-Real-IP']) {
      assertOk(await api.request('GET', '/schemas', undefined, { ...master, headers: { [name]: '203.0.113.9' } }));
    }
  });

  test('application id in the header and another in the body', async () => {
    const body = { _ApplicationId: 'app', _MasterKey: 'master', _method: 'GET' };
    const response = await api.request('POST', '/schemas', body);
    assert.ok(response.status >= 400 && response.status < 500, response.text);
  });
});
