// The SDK inside Cloud Code: what its calls become, with whose rights, and fetch.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startCloud } from '../../support/cloud_engine.mjs';

/** Runs a function's body; answers with its result and with what it asked of the server. */
async function run(body, rest, options = {}) {
  const asked = [];
  const answer = async ({ id, ...message }) => {
    asked.push(message);
    return rest(message);
  };
  const cloud = await startCloud(`Parse.Cloud.define('f', async (request) => { ${body} });`, { rest: answer, ...options });
  assert.equal(cloud.loadError, undefined, JSON.stringify(cloud.loadError));
  const { result, error } = await cloud.call('function', 'f', options.request);
  return { result: result?.result, error, asked, cloud };
}

const found =
  (...results) =>
  () => ({ status: 200, body: { results } });
const at = { createdAt: '2024-01-01T00:00:00.000Z', updatedAt: '2024-01-01T00:00:00.000Z' };

test('a query asks for its class, with no rights but those it names', async () => {
  const { asked, result } = await run(
    `
    const query = new Parse.Query('Order').equalTo('open', true).descending('createdAt').limit(3);
    const plain = await query.find();
    await query.find({ useMasterKey: true });
    await query.find({ sessionToken: 'r:1', context: { a: 1 }, installationId: 'i' });
    return plain.map((object) => [object.id, object.get('name')]);`,
    found({ objectId: 'o1', name: 'tea', ...at }),
  );
  const body = { where: { open: true }, limit: 3, order: '-createdAt' };
  assert.deepEqual(asked, [
    { method: 'GET', path: '/classes/Order', body },
    { method: 'GET', path: '/classes/Order', body, useMasterKey: true },
    { method: 'GET', path: '/classes/Order', body, sessionToken: 'r:1', context: { a: 1 }, installationId: 'i' },
  ]);
  assert.deepEqual(result, [['o1', 'tea']]);
});

test('the user of a request lends no rights to calls that do not ask for them', async () => {
  const { asked } = await run(`await new Parse.Query('Order').first(); return Parse.User.current()?.id ?? null;`, found(), {
    request: { user: { objectId: 'u', sessionToken: 'r:1' } },
  });
  assert.deepEqual(asked[0].sessionToken, undefined);
});

test('Parse.Cloud.useMasterKey has no effect and says so', async () => {
  const { asked, cloud } = await run(`Parse.Cloud.useMasterKey(); await new Parse.Query('Order').first();`, found());
  assert.equal(asked[0].useMasterKey, undefined);
  assert.match(cloud.texts('warn')[0], /useMasterKey/);
});

test('objects are created, updated, fetched and deleted', async () => {
  const rest = ({ method }) =>
    method === 'POST'
      ? { status: 201, body: { objectId: 'n1', createdAt: at.createdAt } }
      : { status: 200, body: { objectId: 'n1', name: 'x', ...at } };
  const { asked, result } = await run(
    `
    const object = new Parse.Object('Order', { name: 'tea' });
    await object.save(null, { useMasterKey: true });
    const existedAfterCreate = object.existed();
    object.increment('count'); await object.save();
    await object.fetch(); await object.destroy();
    return [object.id, object.get('name'), existedAfterCreate];`,
    rest,
  );
  assert.deepEqual(
    asked.map(({ method, path }) => `${method} ${path}`),
    ['POST /classes/Order', 'PUT /classes/Order/n1', 'GET /classes/Order/n1', 'DELETE /classes/Order/n1'],
  );
  assert.deepEqual(asked[1].body, { count: { __op: 'Increment', amount: 1 } });
  assert.deepEqual(result, ['n1', 'x', false]);
});

test('saveAll and destroyAll are batches under the mount of the server', async () => {
  const rest = ({ body }) => ({
    status: 200,
    body: body.requests.map((_, index) => ({ success: { objectId: `n${index}`, createdAt: at.createdAt } })),
  });
  const { asked } = await run(
    `
    const objects = [1, 2].map((n) => new Parse.Object('Order', { n }));
    await Parse.Object.saveAll(objects, { useMasterKey: true });
    await Parse.Object.destroyAll(objects, { useMasterKey: true });`,
    rest,
  );
  assert.deepEqual(
    asked.map(({ path }) => path),
    ['/batch', '/batch'],
  );
  assert.deepEqual(asked[0].body.requests[0], { method: 'POST', path: '/parse/classes/Order', body: { n: 1 } });
  assert.equal(asked[1].body.requests[1].path, '/parse/classes/Order/n1');
});

test("refusals are Parse.Error with the server's code and text", async () => {
  const refuse = () => ({ status: 400, body: { code: 119, error: 'Permission denied for action find on class Order.' } });
  const { error, cloud } = await run(
    `
    try { await new Parse.Query('Order').find(); } catch (error) { console.log(error instanceof Parse.Error, error.code,
      error.message); throw error; }`,
    refuse,
  );
  assert.deepEqual(cloud.texts('info'), ['true 119 Permission denied for action find on class Order.']);
  assert.deepEqual([error.code, error.message], [119, 'Permission denied for action find on class Order.']);
  const broken = await run(`await new Parse.Query('Order').find();`, () => ({ status: 503, body: null }));
  assert.match(broken.error.message, /503/);
});

test('counts, aggregates, each and relations go the same way', async () => {
  const rest = ({ path, body }) => {
    if (body.count) return { status: 200, body: { results: [], count: 7 } };
    if (path.startsWith('/aggregate')) return { status: 200, body: { results: [{ objectId: 'g', total: 3 }] } };
    return {
      status: 200,
      body: {
        results: body.where?.objectId?.$gt
          ? []
          : [
              { objectId: 'o1', ...at },
              { objectId: 'o2', ...at },
            ],
      },
    };
  };
  const { result, asked } = await run(
    `
    const count = await new Parse.Query('Order').count();
    const sum = await new Parse.Query('Order').aggregate([{ $group: { _id: null } }]);
    const ids = []; await new Parse.Query('Order').each((object) => { ids.push(object.id); }, { useMasterKey: true });
    const related = await Parse.Object.createWithoutData.call(Parse.Object.extend('Order'), 'o1').relation('items').query().find();
    return { count, sum, ids, related: related.length };`,
    rest,
  );
  assert.deepEqual(result, { count: 7, sum: [{ objectId: 'g', total: 3 }], ids: ['o1', 'o2'], related: 2 });
  assert.equal(asked[1].useMasterKey, true);
  assert.deepEqual(asked.at(-1).body.where, {
    $relatedTo: { object: { __type: 'Pointer', className: 'Order', objectId: 'o1' }, key: 'items' },
  });
});

test('users log in and sign up without becoming the current user', async () => {
  const rest = ({ path }) =>
    path === '/login' || path === '/users'
      ? { status: path === '/users' ? 201 : 200, body: { objectId: 'u', username: 'ada', sessionToken: 'r:9', ...at } }
      : { status: 200, body: { results: [] } };
  const { result, asked } = await run(
    `
    const user = await Parse.User.logIn('ada', 'secret');
    const made = await Parse.User.signUp('bob', 'secret');
    await new Parse.Query('Order').find();
    return [user.getSessionToken(), made.id, Parse.User.current()];`,
    rest,
  );
  assert.deepEqual(result, ['r:9', 'u', null]);
  assert.deepEqual(
    asked.map(({ path }) => path),
    ['/login', '/users', '/classes/Order'],
  );
  assert.equal(asked[2].sessionToken, undefined);
});

test('Parse.Cloud.run, startJob, jobs data and job status', async () => {
  const rest = ({ path }) => {
    if (path === '/functions/other') return { status: 200, body: { result: { at: { __type: 'Date', iso: '1970-01-01T00:00:00.000Z' } } } };
    if (path === '/functions/empty') return { status: 200, body: {} };
    if (path === '/jobs/j') return { status: 200, body: {}, headers: { 'X-Parse-Job-Status-Id': 'status1' } };
    return {
      status: 200,
      body: path === '/cloud_code/jobs/data' ? { jobs: ['j'] } : { results: [{ objectId: 'status1', status: 'running', ...at }] },
    };
  };
  const { result, asked } = await run(
    `
    const other = await Parse.Cloud.run('other', { a: new Date(0) });
    const id = await Parse.Cloud.startJob('j', { b: 1 });
    return [other.at instanceof Date, await Parse.Cloud.run('empty') ?? 'undefined', id, await Parse.Cloud.getJobsData(),
      (await Parse.Cloud.getJobStatus(id)).get('status')];`,
    rest,
  );
  assert.deepEqual(result, [true, 'undefined', 'status1', { jobs: ['j'] }, 'running']);
  assert.deepEqual(asked[0].body, { a: { __type: 'Date', iso: '1970-01-01T00:00:00.000Z' } });
  assert.deepEqual(
    asked.map(({ useMasterKey }) => useMasterKey),
    [undefined, true, undefined, true, true],
  );
});

test('files are saved, read and deleted', async () => {
  const rest = () => ({ status: 201, body: { name: 'stored.txt', url: 'http://localhost/files/stored.txt' } });
  const { asked, result } = await run(
    `
    const files = [new Parse.File('a.txt', { base64: 'YQ==' }, 'text/plain', { m: '1' }, { t: '2' }), new Parse.File('b.bin',
      Buffer.from('b')), new Parse.File('c.txt', [99]), new Parse.File('d.txt', new Blob(['d'], { type: 'text/plain' }))];
    for (const file of files) await file.save({ useMasterKey: true });
    const read = await Parse.File.fromJSON({ __type: 'File', name: 'x', url: 'http://localhost/files/x' }).getData();
    await files[0].destroy();
    return [files[0].url(), files[0].name(), read];`,
    rest,
    { fetch: () => ({ status: 200, headers: [['Content-Type', 'text/plain']], body: 'eA==' }) },
  );
  assert.deepEqual(result, ['http://localhost/files/stored.txt', 'stored.txt', 'eA==']);
  assert.deepEqual(
    asked.map(({ method, path }) => `${method} ${path}`),
    ['POST /files/a.txt', 'POST /files/b.bin', 'POST /files/c.txt', 'POST /files/d.txt', 'DELETE /files/stored.txt'],
  );
  assert.deepEqual(asked[0].body, { base64: 'YQ==', fileData: { metadata: { m: '1' }, tags: { t: '2' } }, _ContentType: 'text/plain' });
  assert.deepEqual(
    asked.slice(1, 4).map(({ body }) => body.base64),
    ['Yg==', 'Yw==', 'ZA=='],
  );
  assert.ok(asked.every(({ useMasterKey }) => useMasterKey));
});

test('config, schemas and hooks of the server', async () => {
  const rest = ({ path }) => ({ status: 200, body: path === '/config' ? { params: { limit: 5 } } : { results: [], className: 'Order' } });
  const { result, asked } = await run(
    `
    const config = await Parse.Config.get({ useMasterKey: true });
    await new Parse.Schema('Order').get();
    return config.get('limit');`,
    rest,
  );
  assert.equal(result, 5);
  assert.deepEqual(
    asked.map(({ path }) => path),
    ['/config', '/schemas/Order'],
  );
});

test("Parse knows the application, and the server's configuration", async () => {
  const { result } = await run(
    `return [Parse.applicationId, Parse.javaScriptKey, Parse.masterKey, Parse.serverURL, Parse.Server.appId, Parse.Server.mount,
      request.config.appId, Object.keys(Parse.Server.RateLimitZone)];`,
    found(),
  );
  assert.deepEqual(result, [
    'app',
    'js',
    'master',
    'http://localhost:1337/parse',
    'app',
    '/parse',
    'app',
    ['global', 'session', 'user', 'ip'],
  ]);
});

test('live queries cannot be subscribed to', async () => {
  const { error } = await run(`await new Parse.Query('Order').subscribe();`, found());
  assert.match(error.message, /cannot subscribe to live queries/);
});

test('sendEmail passes the message on and fails with its reason', async () => {
  const sent = [];
  const email = ({ message }) => (sent.push(message), message.to === 'bad' ? { error: 'no such mailbox' } : {});
  const { error } = await run(
    `await Parse.Cloud.sendEmail({ to: 'a@b.c', subject: 's', text: 't' }); await Parse.Cloud.sendEmail({ to: 'bad' });`,
    found(),
    { email },
  );
  assert.deepEqual(sent[0], { to: 'a@b.c', subject: 's', text: 't' });
  assert.equal(error.message, 'no such mailbox');
});

test('fetch sends and reads bodies of all kinds', async () => {
  const requests = [];
  const fetch = ({ id, ...request }) => (
    requests.push(request),
    {
      status: 201,
      statusText: 'Created',
      url: request.url,
      headers: [
        ['Content-Type', 'application/json'],
        ['Set-Cookie', 'a=1'],
        ['Set-Cookie', 'b=2'],
      ],
      body: Buffer.from('{"ok":"ü"}').toString('base64'),
    }
  );
  const { result, error } = await run(
    `
    const response = await fetch('https://example.com/a?b=1', { method: 'post', headers: { 'X-A': '1' },
      body: JSON.stringify({ a: 1 }) });
    const copy = response.clone();
    const form = new FormData(); form.append('name', 'value'); form.append('file', new Blob(['x'], { type: 'text/plain' }), 'x.txt');
    await fetch('https://example.com/form', { method: 'POST', body: form });
    await fetch('https://example.com/q', { method: 'POST', body: new URLSearchParams({ a: 'b c' }) });
    await fetch(new Request('https://example.com/r', { headers: new Headers([['a', 'b']]) }));
    return [response.ok, response.status, response.statusText, response.headers.get('content-type'), response.headers.getSetCookie(),
      await response.json(), await copy.text(), response.bodyUsed];`,
    found(),
    { fetch },
  );
  assert.equal(error, undefined);
  assert.deepEqual(result, [true, 201, 'Created', 'application/json', ['a=1', 'b=2'], { ok: 'ü' }, '{"ok":"ü"}', true]);
  assert.deepEqual(requests[0], {
    url: 'https://example.com/a?b=1',
    method: 'POST',
    headers: [
      ['content-type', 'text/plain;charset=UTF-8'],
      ['x-a', '1'],
    ],
    body: Buffer.from('{"a":1}').toString('base64'),
    redirect: 'follow',
    timeoutMs: 30000,
    maxBytes: 20971520,
  });
  const form = Buffer.from(requests[1].body, 'base64').toString();
  assert.match(form, /name="name"\r\n\r\nvalue\r\n[^]*name="file"; filename="x\.txt"\r\nContent-Type: text\/plain\r\n\r\nx\r\n/);
  assert.ok(form.includes(requests[1].headers[0][1].split('boundary=')[1]));
  assert.equal(Buffer.from(requests[2].body, 'base64').toString(), 'a=b+c');
  assert.deepEqual(requests[3].headers, [['a', 'b']]);
});

test("fetch fails with the host's reason and is cancelled by a signal", async () => {
  const failing = await run(`await fetch('https://example.com/');`, found(), { fetch: () => ({ error: 'connection refused' }) });
  assert.match(failing.error.message, /fetch failed: connection refused/);
  const never = () => new Promise(() => {});
  const { result, cloud } = await run(
    `
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 1);
    try { await fetch('https://example.com/', { signal: controller.signal }); } catch (error) { var aborted = error.name; }
    try { await fetch('https://example.com/', { signal: AbortSignal.timeout(1) }); } catch (error) { var late = error.name; }
    return [aborted, late];`,
    found(),
    { fetch: never },
  );
  assert.deepEqual(result, ['AbortError', 'TimeoutError']);
  assert.equal(cloud.sent.filter(({ type, of }) => type === 'cancel' && of === 'fetch').length, 2);
});

test('fetch refuses addresses, headers and bodies that make no request', async () => {
  const { result } = await run(
    `
    const failures = [];
    for (const args of [['not an address'], ['https://a.b/', { headers: { 'bad name': '1' } }], ['https://a.b/',
      { headers: { a: 'x\\r\\ny: z' } }], ['https://a.b/', { body: 'x' }]]) {
      await fetch(...args).catch((error) => failures.push(error.name));
    }
    return failures;`,
    found(),
    { fetch: () => assert.fail('nothing may be sent') },
  );
  assert.deepEqual(result, ['TypeError', 'TypeError', 'TypeError', 'TypeError']);
});

test('https.get and https.request go the way of fetch', async () => {
  const requests = [];
  const fetch = ({ url, method, headers, body }) => {
    requests.push([url, method, headers, body && Buffer.from(body, 'base64').toString()]);
    if (url.includes('down')) return { error: 'connection refused' };
    return {
      status: 200,
      headers: [
        ['X-A', 'b'],
        ['Set-Cookie', 'c=1'],
      ],
      body: Buffer.from('answer').toString('base64'),
    };
  };
  const { result, error } = await run(
    `
    const https = require('https');
    const read = (response) => new Promise((resolve, reject) => { let text = ''; response.on('data', (part) => { text += part;
      }).on('end', () => resolve(text)).on('error', reject); });
    const got = await new Promise((resolve, reject) => https.get('https://example.com/a?b=1',
      (response) => read(response).then((text) => resolve([response.statusCode, response.statusMessage, response.headers, text]),
        reject)).on('error', reject));
    const posted = await new Promise((resolve, reject) => {
      const request = https.request({ hostname: 'example.com', port: 8443, path: '/p', method: 'POST',
        headers: { 'Content-Type': 'text/x', 'Content-Length': 3 } }, (response) => resolve(read(response)));
      request.on('error', reject); request.write('a'); request.end('bc');
    });
    const failed = await new Promise((resolve) => require('http').get('http://down.example', resolve).on('error',
      (error) => resolve(error.message)));
    let refused; try { require('http').createServer(); } catch (error) { refused = error.message; }
    return [got, posted, failed, refused];`,
    found(),
    { fetch },
  );
  assert.equal(error, undefined);
  assert.deepEqual(result[0], [200, 'OK', { 'x-a': 'b', 'set-cookie': ['c=1'] }, 'answer']);
  assert.equal(result[1], 'answer');
  assert.match(result[2], /connection refused/);
  assert.match(result[3], /http\.createServer is not available in Cloud Code/);
  assert.deepEqual(requests.slice(0, 2), [
    ['https://example.com/a?b=1', 'GET', [], undefined],
    ['https://example.com:8443/p', 'POST', [['content-type', 'text/x']], 'abc'],
  ]);
});

test('httpRequest answers in its old shape', async () => {
  const requests = [];
  const fetch = ({ url, ...request }) => {
    requests.push({ url, ...request });
    if (url.endsWith('/missing')) return { status: 404, headers: [], body: Buffer.from('gone').toString('base64') };
    return {
      status: 200,
      headers: [
        ['Content-Type', 'application/json'],
        ['Set-Cookie', 'sid=abc; Path=/'],
      ],
      body: Buffer.from('{"n":1}').toString('base64'),
    };
  };
  const { result } = await run(
    `
    const answer = await Parse.Cloud.httpRequest({ url: 'https://example.com/a', params: { q: 'x y' } });
    await Parse.Cloud.httpRequest({ url: 'https://example.com/b', method: 'POST', body: { a: 1 } });
    await Parse.Cloud.httpRequest({ url: 'https://example.com/c', method: 'POST',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' }, body: { a: 'b c' } });
    let called; await Parse.Cloud.httpRequest({ url: 'https://example.com/d', success: ({ status }) => { called = status; } });
    const missing = await Parse.Cloud.httpRequest({ url: 'https://example.com/missing' }).catch((error) => [error.status, error.text,
      error.message]);
    return [answer.status, answer.data, answer.text, answer.headers['content-type'], answer.cookies.sid,
      Buffer.isBuffer(answer.buffer), called, missing];`,
    found(),
    { fetch },
  );
  assert.deepEqual(result, [
    200,
    { n: 1 },
    '{"n":1}',
    'application/json',
    { name: 'sid', value: 'abc' },
    true,
    200,
    [404, 'gone', 'Request failed with response code 404'],
  ]);
  const texts = requests.map(({ url, body, headers }) => [url, body && Buffer.from(body, 'base64').toString(), headers]);
  assert.deepEqual(texts[0], ['https://example.com/a?q=x+y', undefined, []]);
  assert.deepEqual(texts[1].slice(1), ['{"a":1}', [['content-type', 'application/json']]]);
  assert.equal(texts[2][1], 'a=b+c');
});
