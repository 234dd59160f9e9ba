// fetch of Cloud Code as an attack: on addresses that are closed to it, on the lines of its own request, on the memory of the server.
import assert from 'node:assert/strict';
import http from 'node:http';
import net from 'node:net';
import { after, before, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { assertOk } from '../support/assert.mjs';
import { startCloud } from '../support/cloud.mjs';
import { ownServerOnly, until } from '../support/server.mjs';

/* global Parse */
function code() {
  const told = async (run) => {
    try {
      return await run();
    } catch (error) {
      return `refused: ${error.message}`;
    }
  };
  Parse.Cloud.define('hello', () => 'hello');
  Parse.Cloud.define('fetch', ({ params: { url, ...init } }) =>
    told(async () => {
      const response = await fetch(url, init);
      return { status: response.status, text: (await response.text()).slice(0, 100), url: response.url };
    }),
  );
  Parse.Cloud.define('httpRequest', ({ params }) => told(async () => (await Parse.Cloud.httpRequest(params)).status));
  Parse.Cloud.define('file', ({ params }) => told(async () => new Parse.File('x', { uri: params.url }).getData()));
  Parse.Cloud.define('readFile', ({ params }) =>
    told(async () => Parse.File.fromJSON({ __type: 'File', name: 'x', url: params.url }).getData()),
  );
  Parse.Cloud.define('many', async ({ params: { url, count } }) => {
    const all = await Promise.allSettled(Array.from({ length: count }, () => fetch(url)));
    return all.filter(({ status }) => status === 'fulfilled').length;
  });
  Parse.Cloud.define('abandon', ({ params: { url } }) => {
    fetch(url, { timeoutMs: 600000 });
    return 'gone';
  });
}

const listening = [];
const sockets = new Set();
after(() => {
  for (const server of listening) server.close();
  for (const socket of sockets) socket.destroy();
});

async function listen(server) {
  listening.push(server);
  server.on('connection', (socket) => sockets.add(socket));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server.address().port;
}

// A server that answers as it is told and remembers what it was asked.
async function target(answer) {
  const asked = [];
  const server = http.createServer((request, response) => {
    asked.push({ url: request.url, headers: request.rawHeaders });
    answer(request, response);
  });
  const port = await listen(server);
  return { asked, port, url: `http://127.0.0.1:${port}` };
}

const skip = ownServerOnly;
const outcome = async (server, name, params) => assertOk(await server.call(name, params)).result;

describe('addresses that are closed', { skip }, () => {
  let server;
  let inside;
  before(async () => {
    inside = await target((_, response) => response.end('secret of the network'));
    server = await startCloud(code, { args: ['--allowPrivateAddresses', 'false', '--cloudTimeLimit', '10'] });
  });
  after(() => server?.stop());

  const kHosts = [
    '127.0.0.1',
    'localhost',
    'LOCALHOST',
    'localhost.',
    '127.1',
    '127.0.1',
    '0',
    '0.0.0.0',
    '2130706433',
    '0x7f000001',
    '0x7f.1',
    '0177.0.0.1',
    '017700000001',
    '[::1]',
    '[::]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[0:0:0:0:0:ffff:127.0.0.1]',
    '[64:ff9b::7f00:1]',
    '127.0.0.1%00.example.com',
    '127%2e0%2e0%2e1',
    '①②⑦.⓪.⓪.①',
    'user:pass@127.0.0.1',
    'example.com@127.0.0.1',
    '10.0.0.1',
    '172.16.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '[fe80::1]',
    '[fd00:ec2::254]',
    '100.100.100.200',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
  ];
  for (const host of kHosts) {
    test(host, async () => {
      for (const [name, params] of [
        ['fetch', { url: `http://${host}:${inside.port}/` }],
        ['httpRequest', { url: `http://${host}:${inside.port}/` }],
        ['readFile', { url: `http://${host}:${inside.port}/` }],
      ]) {
        const result = await outcome(server, name, params);
        assert.match(String(result), /^refused: /, `${name}: ${JSON.stringify(result)}`);
        assert.ok(!JSON.stringify(result).includes('secret of the network'));
      }
      assert.equal(inside.asked.length, 0);
    });
  }

  test('other schemes than http and https', async () => {
    for (const url of ['file:///etc/passwd', 'ftp://127.0.0.1/', 'gopher://127.0.0.1:1/_x', 'javascript:1', 'unix:/tmp/x', '//127.0.0.1/', '', 'http://', 'http:///x', 'http://[', 'x']) {
      const result = await outcome(server, 'fetch', { url });
      assert.match(String(result), /^refused: /, `${url}: ${JSON.stringify(result)}`);
      assert.doesNotMatch(String(result), /root:/);
    }
  });

  test('our own API by its address', async () => {
    const result = await outcome(server, 'fetch', { url: `http://127.0.0.1:${server.port}/parse/health` });
    assert.match(String(result), /^refused: /);
  });
});

describe('redirects', { skip }, () => {
  let server;
  let inside;
  let hops;
  before(async () => {
    inside = await target((_, response) => response.end('secret of the network'));
    hops = await target((request, response) => response.writeHead(302, { Location: request.url }).end());
    server = await startCloud(code, { args: ['--cloudTimeLimit', '10'] });
  });
  after(() => server?.stop());

  test('do not carry keys to another origin', async () => {
    const away = await target((_, response) => response.writeHead(307, { Location: `${inside.url}/away` }).end());
    const headers = { Authorization: 'Bearer secret', Cookie: 'a=secret', 'Proxy-Authorization': 'secret', 'X-Kept': 'kept' };
    const answer = await outcome(server, 'fetch', { url: away.url, headers });
    assert.equal(answer.status, 200, String(answer));
    const [{ headers: sent }] = inside.asked.splice(0);
    const names = sent.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase());
    assert.ok(!names.includes('authorization') && !names.includes('cookie') && !names.includes('proxy-authorization'), names.join());
    assert.ok(names.includes('x-kept'));
  });

  test('without end come to one', async () => {
    const result = await outcome(server, 'fetch', { url: `${hops.url}/again` });
    assert.match(String(result), /^refused: /);
    assert.ok(hops.asked.length < 50, `${hops.asked.length} requests`);
  });

  test('to other schemes are refused', async () => {
    for (const location of ['file:///etc/passwd', 'javascript:1', 'ftp://127.0.0.1/', 'http://[', `${'a'.repeat(70_000)}`]) {
      const bad = await target((_, response) => response.writeHead(302, { Location: location }).end());
      const result = await outcome(server, 'fetch', { url: bad.url });
      assert.match(JSON.stringify(result), /refused: |"status":302/, location.slice(0, 40));
      assert.doesNotMatch(JSON.stringify(result), /root:/);
    }
  });

  test('are told apart by the wish of the code', async () => {
    const away = await target((_, response) => response.writeHead(302, { Location: `${inside.url}/away` }).end());
    inside.asked.length = 0;
    assert.match(String(await outcome(server, 'fetch', { url: away.url, redirect: 'error' })), /^refused: /);
    assert.equal((await outcome(server, 'fetch', { url: away.url, redirect: 'manual' })).status, 302);
    assert.equal(inside.asked.length, 0);
  });
});

describe('what fetch sends', { skip }, () => {
  let server;
  let open;
  before(async () => {
    open = await target((_, response) => response.end('ok'));
    server = await startCloud(code, { args: ['--cloudTimeLimit', '10'] });
  });
  after(() => server?.stop());

  const kLines = ['\r\nX-Injected: 1', '\nX-Injected: 1', '\rX-Injected: 1', '\r\n\r\nGET /injected HTTP/1.1\r\nHost: x\r\n\r\n', '\0X-Injected: 1'];
  const injected = () => open.asked.some(({ url, headers }) => /injected/i.test(url.replaceAll('%', '')) || headers.some((text) => /^x-injected$/i.test(text)));

  test('holds no line that a client made up', async () => {
    for (const line of kLines) {
      open.asked.length = 0;
      const attempts = [
        { url: open.url, headers: { 'X-A': `a${line}` } },
        { url: open.url, headers: { [`X-A${line}`]: 'a' } },
        { url: open.url, headers: { [`X-A: a${line}`]: 'a' } },
        { url: open.url, method: `GET / HTTP/1.1${line}` },
        { url: open.url, headers: { Host: `a${line}` } },
        { url: open.url, method: 'POST', body: 'x', headers: { 'Content-Type': `text/plain${line}` } },
      ];
      for (const params of attempts) {
        await outcome(server, 'fetch', params);
        await outcome(server, 'httpRequest', params);
      }
      assert.ok(!injected(), JSON.stringify(open.asked));
      open.asked.length = 0;
      for (const url of [`${open.url}/${line}`, `${open.url}/?q=${line}`, `${open.url}${line}/`]) await outcome(server, 'fetch', { url });
      assert.ok(open.asked.every(({ headers }) => !headers.some((text) => /^x-injected$/i.test(text))), JSON.stringify(open.asked));
    }
  });

  test('has one length and one host', async () => {
    const odd = [{ 'Content-Length': '0' }, { 'Content-Length': '5, 6' }, { 'Transfer-Encoding': 'chunked' }, { 'Transfer-Encoding': 'chunked', 'Content-Length': '3' }, { Host: 'other' }, { Connection: 'upgrade', Upgrade: 'websocket' }, { Expect: '100-continue' }];
    for (const headers of odd) {
      open.asked.length = 0;
      await outcome(server, 'fetch', { url: open.url, method: 'POST', body: 'GET /injected HTTP/1.1\r\nHost: x\r\n\r\n', headers });
      assert.ok(open.asked.length <= 1 && open.asked.every(({ url }) => url === '/'), JSON.stringify([headers, open.asked]));
      for (const { headers: sent } of open.asked) {
        const count = (name) => sent.filter((text, index) => index % 2 === 0 && text.toLowerCase() === name).length;
        assert.ok(count('host') === 1 && count('content-length') + count('transfer-encoding') <= 1, JSON.stringify(sent));
      }
    }
  });
});

describe('what fetch takes in', { skip }, () => {
  let server;
  before(async () => {
    server = await startCloud(code, { args: ['--cloudTimeLimit', '2'] });
  });
  after(() => server?.stop());

  // A server below HTTP: writes what it is given.
  async function rawTarget(onConnection) {
    const listener = net.createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => onConnection(socket));
    });
    return `http://127.0.0.1:${await listen(listener)}/`;
  }

  const kAnswers = {
    'no HTTP': 'SSH-2.0-x\r\n',
    'nothing': '',
    'a status of letters': 'HTTP/1.1 abc OK\r\n\r\n',
    'a length below zero': 'HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n',
    'a length of nonsense': 'HTTP/1.1 200 OK\r\nContent-Length: 1x\r\n\r\nab',
    'a length beyond all': 'HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\nab',
    'two lengths': 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab',
    'a chunk beyond all': 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nab',
    'a chunk of nonsense': 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nab',
    'a body cut short': 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nab',
    'no gzip': 'HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\nab',
    'a header without end': `HTTP/1.1 200 OK\r\nX: ${'a'.repeat(2_000_000)}\r\n\r\n`,
    'headers without number': `HTTP/1.1 200 OK\r\n${'X: a\r\n'.repeat(100_000)}\r\n`,
  };
  for (const [what, text] of Object.entries(kAnswers)) {
    test(`${what} fails alone`, async () => {
      const url = await rawTarget((socket) => socket.end(text, 'latin1'));
      assert.match(JSON.stringify(await outcome(server, 'fetch', { url })), /refused: /);
      assert.equal(await outcome(server, 'hello'), 'hello');
    });
  }

  test('is bounded, also when it is compressed', async () => {
    const bomb = gzipSync(Buffer.alloc(100 * 1024 * 1024));
    const squeezed = await target((_, response) => response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(bomb));
    const endless = await target((_, response) => {
      response.writeHead(200);
      const pour = () => {
        while (response.write(Buffer.alloc(65_536)));
      };
      response.on('drain', pour);
      pour();
    });
    for (const { url } of [squeezed, endless]) {
      for (const maxBytes of [undefined, 1000, -1, 1e300]) {
        assert.match(String(await outcome(server, 'fetch', { url, maxBytes })), /^refused: /, `${maxBytes}`);
      }
    }
    assert.equal(await outcome(server, 'hello'), 'hello');
  });

  test('that never comes ends with the call', async () => {
    const url = await rawTarget(() => undefined);
    for (const name of ['fetch', 'httpRequest']) {
      const response = await server.call(name, { url, timeoutMs: 600_000 });
      // On a slow machine the fetch may be given up before the call is.
      assert.ok(response.json.code === 141 || /^refused: .* within \d+ ms$/.test(response.json.result), response.text);
    }
    for (let i = 0; i < 100; i++) assert.equal(await outcome(server, 'abandon', { url }), 'gone');
    assert.equal(await outcome(server, 'hello'), 'hello');
  });

  test('in great numbers leaves room for others', async () => {
    const quick = await target((_, response) => response.end('ok'));
    // What the test before has abandoned holds its places for as long as a call may take.
    const allAnswer = async () => (await server.call('many', { url: quick.url, count: 300 })).json.result === 300;
    await until(allAnswer, { what: 'the answers of 300 fetches', deadlineMs: 60_000 });
    const many = await server.call('many', { url: await rawTarget(() => undefined), count: 50_000 });
    assert.ok(many.status === 200 || many.json?.code === 141, many.text.slice(0, 300));
    assert.equal(await outcome(server, 'hello'), 'hello');
    assertOk(await server.api.find('Anything'));
  });
});
