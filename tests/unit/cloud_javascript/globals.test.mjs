// What Cloud Code finds on the global object: Node's and the web's common parts.
import assert from 'node:assert/strict';
import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import { test } from 'node:test';
import { startCloud } from '../../support/cloud_engine.mjs';

/** The value of an expression or function body in Cloud Code, as JSON. */
async function evaluate(code, options) {
  const cloud = await startCloud(
    `Parse.Cloud.define('f', async ({ params }) => { ${code.includes('return') ? code : `return ${code}`} });`,
    options,
  );
  assert.equal(cloud.loadError, undefined, JSON.stringify(cloud.loadError));
  return cloud.result('f');
}

test('URL and URLSearchParams', async () => {
  assert.deepEqual(
    await evaluate(`
    const url = new URL('../x?a=1&b=%20#h', 'https://ädmin.example:8080/p/q/');
    url.searchParams.append('c', 'ü');
    return [url.href, url.hostname, [...url.searchParams].length, new URLSearchParams({ q: 'a b' }).toString(), url instanceof URL];`),
    ['https://xn--dmin-koa.example:8080/p/x?a=1&b=+&c=%C3%BC#h', 'xn--dmin-koa.example', 3, 'q=a+b', true],
  );
});

test('Buffer, base64 and text', async () => {
  assert.deepEqual(
    await evaluate(`[
    Buffer.from('grüße').toString('base64'), Buffer.from('Z3LDvMOfZQ==', 'base64').toString(), btoa('ab?'), atob('YWI/'),
    [...new TextEncoder().encode('é€')], new TextDecoder().decode(new Uint8Array([195, 169])), Buffer.concat([Buffer.from('a'),
      Buffer.alloc(1, 'b')]).toString('hex'),
    new TextDecoder('utf-16le').decode(new Uint8Array([65, 0])), Buffer.isBuffer(Buffer.alloc(1)),
  ]`),
    ['Z3LDvMOfZQ==', 'grüße', 'YWI/', 'ab?', [195, 169, 226, 130, 172], 'é', '6162', 'A', true],
  );
  const bytes = Buffer.from([251, 255, 0]);
  assert.deepEqual(
    await evaluate(
      `[Buffer.from([251, 255, 0]).toString('base64url'), [...Buffer.from('${bytes.toString('base64url')}', 'base64url')],
        Buffer.isEncoding('base64url')]`,
    ),
    [bytes.toString('base64url'), [...bytes], true],
  );
  assert.deepEqual(
    await evaluate(`
    const decoder = new TextDecoder();
    const text = decoder.decode(new Uint8Array([226, 130]), { stream: true }) + decoder.decode(new Uint8Array([172]));
    const failures = [() => atob('a'), () => btoa('€'), () => new TextDecoder('utf-8',
      { fatal: true }).decode(new Uint8Array([255]))].map((run) => { try { run(); return false; } catch { return true; } });
    return [text, ...failures];`),
    ['€', true, true, true],
  );
});

test('timers fire in order, repeat, and can be cleared', async () => {
  assert.deepEqual(
    await evaluate(`
    const seen = [];
    const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
    setTimeout((a, b) => seen.push(a + b), 1, 'x', 'y');
    clearTimeout(setTimeout(() => seen.push('never'), 1));
    const unref = setTimeout(() => {}, 1).unref();
    setImmediate(() => seen.push('soon'));
    process.nextTick((text) => seen.push(text), 'tick');
    queueMicrotask(() => seen.push('micro'));
    let count = 0;
    await new Promise((resolve) => { const timer = setInterval(() => { if (++count === 3) { clearInterval(timer); resolve(); } }, 1); });
    await sleep(10);
    return { count, unref: unref.hasRef(), number: Number(unref) > 0, tick: seen.indexOf('tick'), micro: seen.indexOf('micro'),
      has: seen.includes('xy') && seen.includes('soon'), never: seen.includes('never') };`),
    { count: 3, unref: true, number: true, tick: 0, micro: 1, has: true, never: false },
  );
});

test('timers become promises', async () => {
  assert.deepEqual(
    await evaluate(`
    const { promisify } = require('util');
    const promises = require('timers/promises');
    const sleep = promisify(setTimeout);
    return [await sleep(1, 'slept'), await promisify(setImmediate)('soon'), await promises.setTimeout(1, 'later'),
      sleep === promises.setTimeout, require('timers').promises === promises, Object.keys(setTimeout)];`),
    ['slept', 'soon', 'later', true, true, []],
  );
});

test('errors in timers are logged and end nothing', async () => {
  const cloud = await startCloud(`Parse.Cloud.define('f', async () => {
    setTimeout(() => { throw new Error('in a timer'); }, 0);
    setTimeout(async () => { throw new Error('rejected in a timer'); }, 0);
    await new Promise((resolve) => setTimeout(resolve, 10));
    return 'done';
  });`);
  assert.equal(await cloud.result('f'), 'done');
  assert.match(cloud.texts('error')[0], /Uncaught Error: in a timer\n\s+at .*main\.js:2/);
  assert.match(cloud.rejections[0].message, /rejected in a timer/);
});

test('structuredClone copies what it can and refuses the rest', async () => {
  assert.deepEqual(
    await evaluate(`
    const value = { date: new Date(0), map: new Map([[1, new Set([2])]]), list: [1, , 3], bytes: new Uint8Array([1, 2]), pattern: /a/g };
    value.self = value;
    const copy = structuredClone(value);
    let refused; try { structuredClone({ f() {} }); } catch (error) { refused = error.name; }
    return [copy.self === copy, copy.date.getTime(), copy.map.get(1).has(2), copy.bytes !== value.bytes, copy.bytes[1],
      String(copy.pattern), 1 in copy.list, refused];`),
    [true, 0, true, true, 2, '/a/g', false, 'DataCloneError'],
  );
});

test('crypto answers what Node answers', async () => {
  const hash = createHash('sha256').update('text').digest('hex');
  const hmac = createHmac('sha512', 'key').update('text').digest('base64');
  const derived = pbkdf2Sync('secret', 'salt', 10, 20, 'sha1').toString('hex');
  assert.deepEqual(
    await evaluate(`
    const nodeCrypto = require('crypto');
    const bytes = nodeCrypto.randomBytes(20);
    const subtle = Buffer.from(await crypto.subtle.digest('SHA-256', new TextEncoder().encode('text'))).toString('hex');
    const integer = nodeCrypto.randomInt(5, 10);
    let absent; try { nodeCrypto.createCipheriv(); } catch (error) { absent = error.message; }
    return [nodeCrypto.createHash('SHA256').update('te').update('xt').digest('hex'), nodeCrypto.createHmac('sha512',
      'key').update('text').digest('base64'),
      nodeCrypto.pbkdf2Sync('secret', 'salt', 10, 20, 'sha1').toString('hex'), subtle, bytes.length, integer >= 5 && integer < 10,
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(crypto.randomUUID()),
        crypto.randomUUID() !== crypto.randomUUID(),
      crypto.getRandomValues(new Uint32Array(4)).some(Boolean), nodeCrypto.timingSafeEqual(Buffer.from('a'), Buffer.from('a')),
        nodeCrypto.timingSafeEqual(Buffer.from('a'), Buffer.from('b')), absent];`),
    [hash, hmac, derived, hash, 20, true, true, true, true, true, false, 'crypto.createCipheriv is not available in Cloud Code.'],
  );
});

test('secret keys sign like the text they are made of', async () => {
  const hmac = createHmac('sha256', 'key').update('text').digest('base64url');
  assert.deepEqual(
    await evaluate(`
    const { createHmac, createSecretKey, KeyObject } = require('node:crypto');
    const key = createSecretKey('key', 'utf8');
    return [createHmac('sha256', key).update('text').digest('base64url'), key instanceof KeyObject, key.type, key.symmetricKeySize,
      key.export().toString()];`),
    [hmac, true, 'secret', 3, 'key'],
  );
});

test('streams flow, transform and pipe', async () => {
  assert.equal(
    await evaluate(`
    const { Readable, Transform, Stream } = require('stream');
    const upper = new Transform({ transform(chunk, encoding, done) { done(null, chunk.toString().toUpperCase()); } });
    const source = new Readable({ read() {} });
    source.push('ab'); source.push('c'); source.push(null);
    const chunks = [];
    await new Promise((resolve, reject) => source.pipe(upper).on('data', (chunk) => chunks.push(chunk.toString())).on('end',
      resolve).on('error', reject));
    return chunks.join('') + (upper instanceof Stream) + ({} instanceof Stream);`),
    'ABCtruefalse',
  );
});

test('Math.random spreads over its range and differs between engines', async () => {
  const draw = () => evaluate(`Array.from({ length: 200 }, Math.random)`);
  const [first, second] = [await draw(), await draw()];
  assert.ok(first.every((value) => value >= 0 && value < 1));
  assert.ok(first.some((value) => value < 0.2) && first.some((value) => value > 0.8));
  assert.notDeepEqual(first, second);
});

test('process tells the environment and refuses what would end it', async () => {
  assert.deepEqual(
    await evaluate(
      `
    let refused; try { process.exit(1); } catch (error) { refused = error.message; }
    return [process.env.API_KEY, process.env.NONE ?? null, process.cwd(), typeof process.version, refused];`,
      { env: { API_KEY: 'abc' } },
    ),
    ['abc', null, '/app/cloud', 'string', 'process.exit() is not available in Cloud Code.'],
  );
});

test('core modules: events, util, path, querystring, url, assert, fs, os', async () => {
  assert.deepEqual(
    await evaluate(`
    const { EventEmitter, once } = require('node:events');
    const util = require('util'); const path = require('path'); const querystring = require('querystring');
      const url = require('url'); const fs = require('fs');
    const emitter = new EventEmitter();
    const seen = []; emitter.once('a', (x) => seen.push(x)); emitter.emit('a', 1); emitter.emit('a', 2);
    class Old {} ; function Base() {} Base.prototype.hi = () => 'hi'; function Child() {} util.inherits(Child, Base);
    const assert = require('assert'); let failed; try { assert.strictEqual(1, 2); } catch (error) { failed = error.code; }
    assert.deepStrictEqual({ a: [1, new Date(0)] }, { a: [1, new Date(0)] });
    await assert.rejects(Promise.reject(new TypeError('x')), TypeError);
    return [seen, util.format('%s=%d %j', 'a', 1.5, { b: 1 }), await util.promisify((x, done) => done(null, x * 2))(4),
      new Child().hi(), path.join('/a', '..', 'b.txt'), path.extname('x.tar.gz'),
      querystring.parse('a=1&a=2&b=%20x'), querystring.stringify({ a: [1, 2], b: 'ü' }),
        url.parse('https://u:p@host:80/p?q=1#h').pathname, url.parse('http://h/?a=1', true).query.a, url.resolve('http://a/b/c', '../d'),
      failed, fs.existsSync(__filename), fs.readFileSync(__filename, 'utf8').length > 10, fs.existsSync('/etc/passwd'),
        require('os').EOL, util.isDeepStrictEqual([1], ['1']), util.types.isDate(new Date())];`),
    [
      [1],
      'a=1.5 {"b":1}',
      8,
      'hi',
      '/b.txt',
      '.gz',
      { a: ['1', '2'], b: ' x' },
      'a=1&a=2&b=%C3%BC',
      '/p',
      '1',
      'http://a/d',
      'ERR_ASSERTION',
      true,
      true,
      false,
      '\n',
      false,
      true,
    ],
  );
});

test('Error.captureStackTrace gives a stack, or the call sites that a package asks for', async () => {
  assert.deepEqual(
    await evaluate(`
    const plain = {}; Error.captureStackTrace(plain);
    const { prepareStackTrace } = Error;
    Error.prepareStackTrace = (error, sites) => sites;
    const asked = {}; (function named() { Error.captureStackTrace(asked); })();
    Error.prepareStackTrace = prepareStackTrace;
    const [site] = asked.stack;
    return [plain.stack.includes('main.js:2'), site.getFileName(), site.getLineNumber(), site.getFunctionName()];`),
    [true, '/app/cloud/main.js', 5, 'named'],
  );
});

test('fs says why nothing is written', async () => {
  assert.match(
    await evaluate(`try { require('fs').writeFileSync('/tmp/x', 'y'); return 'written'; } catch (error) { return error.message; }`),
    /fs\.writeFileSync is not available/,
  );
  assert.equal(await evaluate(`try { require('fs').readFileSync('./gone'); } catch (error) { return error.code; }`), 'ENOENT');
});

test('console formats values like Node', async () => {
  const cloud = await startCloud(`
    console.log('a', 1, null, undefined, true, [1, 'b'], { c: { d: { e: { f: 1 } } } }, new Map([['k', 1]]), new Set([1]),
      Symbol('s'), 10n, -0);
    console.log('%s is %d years, %j, %o%%', 'Ada', 36, { a: 1 }, [1]);
    console.log(() => {}, class A {}, new (class Point { x = 1; })(), [undefined, null], { 'a-b': 1, f() {} }, new Date(0), /x/g);
    const circle = { name: 'c' }; circle.self = circle; console.log(circle);
    console.error(new TypeError('bad'));
    console.warn('careful'); console.debug('deep'); console.info('known');
    console.log(Buffer.from('ab').length, [new Error('in a list').message], Object.create(null), "it's", ["it's"]);
    console.table([{ a: 1, b: 'x' }, { a: 2 }]);
    console.group('in'); console.log('deeper'); console.groupEnd(); console.log('out');
    console.assert(1 === 1, 'fine'); console.assert(false, 'not', 'fine');
    console.count(); console.count(); console.dir({ x: { y: { z: {} } } }, { depth: 0 });
    console.log(Parse.Object.fromJSON({ className: 'Order', objectId: 'o', n: 1 }).toJSON());`);
  const texts = cloud.texts('info');
  assert.equal(
    texts[0],
    `a 1 null undefined true [ 1, 'b' ] { c: { d: { e: [Object] } } } Map(1) { 'k' => 1 } Set(1) { 1 } Symbol(s) 10n -0`,
  );
  assert.equal(texts[1], 'Ada is 36 years, {"a":1}, [ 1 ]%');
  assert.equal(
    texts[2],
    `[Function (anonymous)] [class A] Point { x: 1 } [ undefined, null ] { 'a-b': 1, f: [Function: f] } 1970-01-01T00:00:00.000Z /x/g`,
  );
  assert.equal(texts[3], `{ name: 'c', self: [Circular] }`);
  assert.match(cloud.texts('error')[0], /^TypeError: bad\n\s+at .*\/app\/cloud\/main\.js:7:\d+/);
  assert.deepEqual([cloud.texts('warn'), cloud.texts('debug'), texts[4]], [['careful'], ['deep'], 'known']);
  assert.equal(texts[5], `2 [ 'in a list' ] [Object: null prototype] {} it's [ "it's" ]`);
  assert.equal(texts[6], "(index)  a  b\n0        1  'x'\n1        2");
  assert.deepEqual(texts.slice(7, 10), ['in', '  deeper', 'out']);
  assert.equal(cloud.texts('error')[1], 'Assertion failed: not fine');
  assert.deepEqual(texts.slice(10), ['default: 1', 'default: 2', '{ x: [Object] }', `{ n: 1, objectId: 'o' }`]);
});

test('console shows objects of Parse by their fields, and classes by their names', async () => {
  const cloud = await startCloud(`
    const order = Parse.Object.fromJSON({ className: 'Order', objectId: 'o1', name: 'tea', items: [{ __type: 'Pointer', className: 'Item', objectId: 'i' }] });
    console.log(order, new Parse.GeoPoint(1, 2), new Parse.Query('Order').constructor.name, new Parse.Error(101, 'gone').message);
    console.log(new Blob(['ab']).constructor.name, new Headers().constructor.name, Parse.User.name, setTimeout.name);`);
  const [first, second] = cloud.texts('info');
  assert.match(first, /^ParseObject \{\n? *className: 'Order',\n? *name: 'tea',/);
  assert.match(first, /ParseGeoPoint \{ _latitude: 1, _longitude: 2 \} ParseQuery gone$/);
  assert.equal(second, 'Blob Headers ParseUser setTimeout');
});

test('request.log writes levels and keeps an object beside the text', async () => {
  const cloud = await startCloud(
    `Parse.Cloud.define('f', ({ log }) => { log.info('saved', { id: 1 }); log.error('bad'); log.verbose('v'); log.log('warn', 'w'); });`,
  );
  await cloud.call('function', 'f');
  assert.deepEqual(cloud.logs, [
    { level: 'info', message: 'saved', meta: { id: 1 } },
    { level: 'error', message: 'bad' },
    { level: 'verbose', message: 'v' },
    { level: 'warn', message: 'w' },
  ]);
});

test('what a circular or hostile value prints ends nothing', async () => {
  const cloud = await startCloud(`
    console.log(new Proxy({}, { ownKeys() { throw new Error('trap'); } }));
    console.log({ get x() { throw new Error('getter'); } });
    console.log({ [Symbol.for('nodejs.util.inspect.custom')]: () => 'custom' });
    console.log('x'.repeat(5), 'a'.repeat(20000).length, ['y'.repeat(20000)][0].length);`);
  assert.equal(cloud.loadError, undefined);
  assert.deepEqual(cloud.texts('info').slice(1), ['{ x: [Getter] }', 'custom', 'xxxxx 20000 20000']);
});
