// The option trustProxy: whose X-Forwarded-For says where a request comes from. The tests call from 127.0.0.1.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { assertOk, assertUnauthorized } from '../support/assert.mjs';
import { ownServerOnly, runParsimony, startOwnServer } from '../support/server.mjs';

const kRight = '10.0.0.1';

// What is trusted, which values of the header lead to 10.0.0.1, and which do not.
const kCases = [
  [undefined, [], [kRight, `${kRight}, 127.0.0.1`]],
  ['false', [], [kRight]],
  ['[]', [], [kRight]],
  ['0', [], [kRight]],
  ['true', [kRight, `${kRight}, 1.2.3.4`, `${kRight},1.2.3.4 , 5.6.7.8`], [`1.2.3.4, ${kRight}`, 'nonsense', '']],
  ['1', [kRight, `1.2.3.4, ${kRight}`], [`${kRight}, 1.2.3.4`, '', `${kRight},,1.2.3.4`]],
  ['2', [`${kRight}, 1.2.3.4`, `9.9.9.9, ${kRight}, 1.2.3.4`, kRight], [`1.2.3.4, ${kRight}`]],
  ['127.0.0.1', [kRight, `1.2.3.4, ${kRight}`, `::ffff:${kRight}`], [`${kRight}, 1.2.3.4`, '10.0.0.1.evil.example', '10.0.0.10']],
  ['loopback', [kRight, `${kRight}, 127.9.9.9, ::1`], [`${kRight}, 192.168.0.1`]],
  ['["loopback","uniquelocal"]', [`${kRight}, 192.168.0.1`, `${kRight}, fd00::1, 172.16.0.1`], [`${kRight}, 1.2.3.4`]],
  ['10.9.9.9', [], [kRight, `${kRight}, 10.9.9.9`]],
  ['127.0.0.0/8,1.2.3.0/24', [`${kRight}, 1.2.3.4`], [`${kRight}, 1.2.4.4`]],
];

describe('trustProxy', { skip: ownServerOnly }, () => {
  for (const [trusted, right, wrong] of kCases) {
    test(String(trusted), async () => {
      const args = ['--masterKeyIps', kRight, ...(trusted === undefined ? [] : ['--trustProxy', trusted])];
      const server = await startOwnServer({ args });
      const from = (address, name = 'X-Forwarded-For') =>
        server.api.request('GET', '/schemas', undefined, { master: true, headers: { [name]: address } });
      for (const address of right) assertOk(await from(address));
      for (const address of wrong) assertUnauthorized(await from(address));
      for (const name of ['Forwarded', 'X-Real-IP', 'X-Forwarded']) assertUnauthorized(await from(kRight, name));
      await server.stop();
    });
  }

  test('a variable says it, too', async () => {
    const server = await startOwnServer({ args: ['--masterKeyIps', kRight], env: { PARSE_SERVER_TRUST_PROXY: '1' } });
    assertOk(await server.api.request('GET', '/schemas', undefined, { master: true, headers: { 'X-Forwarded-For': kRight } }));
    await server.stop();
  });

  for (const value of ['proxy.example', '10.0.0.0/33', '["loopback",5]', '{"a":1}', '1.5']) {
    test(`${value} ends the start`, async () => {
      const { code, stderr } = await runParsimony(['serve', '--port', '0', '--trustProxy', value]);
      assert.notEqual(code, 0);
      assert.match(stderr, /trustProxy/);
    });
  }
});
