// Cloud Code as an attack on the time and memory of the server: whatever it does fails alone, and reads go on meanwhile.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { assertError, assertOk, createdId } from '../support/assert.mjs';
import { startCloud } from '../support/cloud.mjs';
import { rssMb } from '../support/memory.mjs';
import { isSanitized, outputWith, ownServerOnly, until } from '../support/server.mjs';
import { master } from '../support/users.mjs';

/* global Parse */
function code() {
  const forever = () => {
    for (;;);
  };
  Parse.Cloud.define('hello', () => 'hello');
  Parse.Cloud.define('take', ({ params }) => JSON.stringify(params).length);
  Parse.Cloud.define('give', ({ params }) => 'x'.repeat(params.length));
  Parse.Cloud.define('log', ({ params }) => console.log('y'.repeat(params.length)));
  const deep = (levels) => {
    let value = {};
    for (let i = 0; i < levels; i++) value = { a: value };
    return value;
  };
  const outcomes = {
    deep: () => deep(100_000),
    deepSave: () => new Parse.Object('Deep').save({ a: deep(100_000) }),
    cyclicSave: () => {
      const a = {};
      a.a = a;
      return new Parse.Object('Deep').save({ a });
    },
    cyclicArray: () => {
      const a = [];
      a.push(a);
      return a;
    },
    cyclicError: () => {
      const error = new Error('cyclic');
      error.cause = error;
      error.self = error;
      throw error;
    },
    cyclicThrown: () => {
      const thrown = {};
      thrown.thrown = thrown;
      throw thrown;
    },
    cyclicLog: () => {
      const a = { b: [] };
      a.b.push(a);
      console.log(a, deep(100_000));
      return 'logged';
    },
    hostileJson: () => ({
      toJSON() {
        throw new Error('no JSON of this');
      },
    }),
    hostileGetter: () => ({
      get a() {
        throw new Error('no value of this');
      },
    }),
    hostileProxy: () => new Proxy({}, { ownKeys: forever, get: forever }),
    hostileThen: () => ({ then: forever }),
    hostileThrown: () => {
      throw {
        get message() {
          for (;;);
        },
      };
    },
    hostileText: () => {
      throw { toString: null, valueOf: null };
    },
    symbol: () => Symbol('s'),
    bigint: () => 1n,
    bigintInside: () => ({ n: 1n }),
    func: () => () => {},
    generator: () => (function* () {})(),
    sparse: () => new Array(4_000_000_000),
    manyKeys: () => Object.fromEntries(Array.from({ length: 2_000_000 }, (_, i) => [`k${i}`, i])),
    manyMessages: () => {
      for (;;) console.log('again');
    },
    manyTimers: () => {
      for (let i = 0; i < 1_000_000; i++) setTimeout(() => {}, 1e9);
    },
    everFasterTimers: () =>
      new Promise(() => {
        const again = () => {
          setTimeout(again, 0);
          setTimeout(again, 0);
        };
        again();
      }),
    intervals: () => {
      for (let i = 0; i < 100; i++) setInterval(() => {}, 0);
      return 'left behind';
    },
    promises: async () => {
      for (;;) await null;
    },
    microtasks: () => {
      const again = () => queueMicrotask(again);
      again();
      return new Promise(() => {});
    },
    promiseTree: () => {
      const grow = () => Promise.resolve().then(() => Promise.all([grow(), grow()]));
      return grow();
    },
    pending: () => {
      globalThis.kept = (globalThis.kept ?? []).concat(Array.from({ length: 10_000 }, () => new Promise(() => {})));
      return new Promise(() => {});
    },
    regex: () => /^(a+)+$/.test(`${'a'.repeat(40)}b`),
    regexReplace: () => 'a'.repeat(50_000).replace(/(a*)*b/g, ''),
    regexSplit: () => `${'x'.repeat(100_000)}`.split(/(x+x+)+y/),
    regexSource: () => new RegExp('('.repeat(50_000) + ')'.repeat(50_000)).test('a'),
    sort: () => Array.from({ length: 1000 }, (_, i) => i).sort(forever),
    join: () => new Array(2 ** 32 - 1).join('abc').length,
    fill: () => new Uint8Array(2 ** 31).fill(1).length,
    bigPower: () => 2n ** 1_000_000_000n > 0n,
    repeat: () => 'abc'.repeat(2 ** 29).length,
    stringGrowth: () => {
      let text = 'x';
      for (;;) text += text;
    },
    hog: () => {
      const all = [];
      for (;;) all.push(new Array(100_000).fill(all.length));
    },
    typed: () => {
      const all = [];
      for (;;) all.push(new Uint8Array(1_000_000).fill(7));
    },
    recursion: () => {
      const deeper = (n) => 1 + deeper(n + 1);
      return deeper(0);
    },
    recursionCaught: () => {
      const deeper = () => {
        try {
          return deeper();
        } catch {
          return deeper();
        }
      };
      return deeper();
    },
    recursionOfParser: () => JSON.parse('['.repeat(1_000_000)),
    recursionOfSource: () => new Function(`return ${'('.repeat(200_000)}1${')'.repeat(200_000)}`)(),
    recursionOfGetter: () => {
      const a = {};
      Object.defineProperty(a, 'a', { get: () => a.a });
      return a.a;
    },
    finallyLoop: () => {
      for (;;) {
        try {
          forever();
        } catch {
          continue;
        } finally {
          // nothing stops it here
        }
      }
    },
    asyncLoopCaught: async () => {
      for (;;) {
        try {
          await new Parse.Query('Anything').find();
        } catch {
          // and again
        }
      }
    },
    functionLoop: () => Parse.Cloud.run('functionLoop'),
    functionTree: () => Promise.all([Parse.Cloud.run('functionTree'), Parse.Cloud.run('functionTree')]),
    manyQueries: () => Promise.all(Array.from({ length: 20_000 }, () => new Parse.Query('Anything').find())),
    manyFunctions: () => Promise.all(Array.from({ length: 20_000 }, () => Parse.Cloud.run('hello'))).then((all) => all.length),
    hugeQuery: () => new Parse.Query('Anything').containedIn('n', Array.from({ length: 500_000 }, (_, i) => i)).find(),
    hugeSave: () => new Parse.Object('Huge').save({ text: 'x'.repeat(30_000_000) }),
    hugeWait: () => new Promise((resolve) => setTimeout(resolve, Infinity)),
    neverDone: () => new Promise(() => {}),
    reject: () => Promise.reject(),
    lateRejection: () => {
      setTimeout(() => Promise.reject(new Error('late')), 0);
      return 'answered';
    },
    lateThrow: () => {
      setTimeout(() => {
        throw new Error('late');
      }, 0);
      return 'answered';
    },
    twice: () => ({
      then: (resolve, reject) => {
        resolve(1);
        reject(2);
        resolve(3);
      },
    }),
  };
  for (const [name, run] of Object.entries(outcomes)) Parse.Cloud.define(name, run);
  Parse.Cloud.define('names', () => Object.keys(outcomes));
  Parse.Cloud.define('forget', () => {
    delete globalThis.kept;
  });
  for (const [name, run] of Object.entries(outcomes)) Parse.Cloud.beforeFind(`Before_${name}`, run);
  Parse.Cloud.beforeSave('Selfish', ({ object }) => (object.get('again') ? new Parse.Object('Selfish').save({ again: true }) : undefined));
  Parse.Cloud.afterSave('Reborn', ({ object }) => object.save({ n: object.get('n') + 1 }));
  Parse.Cloud.beforeSave('Ping', () => new Parse.Object('Pong').save());
  Parse.Cloud.beforeSave('Pong', () => new Parse.Object('Ping').save());
  Parse.Cloud.afterSave('Breeding', async () => {
    await Promise.allSettled([1, 2].map(() => new Parse.Object('Breeding').save()));
  });
  Parse.Cloud.define('breed', async () => {
    await new Parse.Object('Breeding').save();
    return 'bred';
  });
  Parse.Cloud.afterFind('Asking', () => new Parse.Query('Asking').find());
  Parse.Cloud.beforeDelete('Dying', ({ object }) => object.destroy());
  Parse.Cloud.define('lateSave', async ({ params }) => {
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await new Parse.Object('Late').save({ how: params.how });
  });
  Parse.Cloud.define('lateLoop', async () => {
    const end = Date.now() + 800;
    try {
      while (Date.now() < end);
    } finally {
      await new Parse.Object('Late').save({ how: 'after the interruption' });
    }
  });
  Parse.Cloud.define('lateTimer', () => {
    setTimeout(() => new Parse.Object('Late').save({ how: 'a timer of what was given up' }), 1500);
    return new Promise(() => {});
  });
}

const kLimits = ['--cloudTimeLimit', '1', '--cloudBlockLimit', '0.4', '--cloudMemoryLimit', '64mb'];
const skip = ownServerOnly;

let server;
before(async () => {
  if (skip) return;
  server = await startCloud(code, { args: kLimits });
  for (let n = 0; n < 3; n++) createdId(await server.api.create('Anything', { n }));
});
after(() => server?.stop());

async function worksOn() {
  await until(async () => (await server.call('hello')).status === 200, { what: 'a call that works', deadlineMs: 5000 });
  assertOk(await server.api.find('Anything'));
}

// Reads the class again and again while `run` runs: how often.
async function readsDuring(run) {
  let over = false;
  let reads = 0;
  const reading = (async () => {
    while (!over) {
      assert.equal(assertOk(await server.api.find('Anything')).results.length, 3);
      reads++;
    }
  })();
  try {
    await run();
  } finally {
    over = true;
    await reading;
  }
  return reads;
}

// Whatever is no answer is an error of the script, or of what it sent.
function assertBounded(response, what) {
  if (response.status === 200) return;
  assert.ok([400, 413, 503].includes(response.status), `${what}: ${response.status} ${response.text.slice(0, 300)}`);
}

const kAnswers = {
  cyclicLog: 'logged',
  intervals: 'left behind',
  lateRejection: 'answered',
  lateThrow: 'answered',
  twice: 1,
};
// What may be answered or refused, as long as it is the one or the other.
const kEither = ['symbol', 'func', 'generator', 'manyTimers', 'manyKeys', 'manyQueries', 'manyFunctions', 'hugeQuery', 'hugeSave', 'sparse', 'repeat', 'regexSource', 'regexReplace', 'hugeWait'];

describe('each of these fails alone', { skip }, () => {
  let names;
  before(async () => {
    names = assertOk(await server.call('names')).result;
  });

  const kNames = [...code.toString().matchAll(/^ {4}(\w+): /gm)].map(([, name]) => name);

  test('the list is that of the code', () => assert.deepEqual(kNames, names));

  for (const name of kNames) {
    test(`the function ${name}`, async () => {
      let response;
      const reads = await readsDuring(async () => {
        response = await server.call(name);
      });
      assert.ok(reads > 0, 'reads go on');
      assertBounded(response, name);
      if (name in kAnswers) assert.deepEqual(assertOk(response).result, kAnswers[name]);
      else if (!kEither.includes(name)) assert.equal(response.status, 400, response.text.slice(0, 300));
      await worksOn();
    });

  }

  for (const name of kNames.filter((one) => /^(cyclic|hostile|symbol|bigint|func|generator|twice|late|recursion)/.test(one))) {
    test(`the trigger ${name}`, async () => {
      assertBounded(await server.api.find(`Before_${name}`), name);
      await worksOn();
    });
  }

  test('and none of them made the server larger than its limits', { skip: isSanitized }, () => {
    assert.ok(rssMb(server.pid) < 500, `${rssMb(server.pid)} MB`);
  });
});

describe('sizes', { skip }, () => {
  test('of parameters', async () => {
    assert.equal(assertOk(await server.call('take', { text: 'x'.repeat(10_000_000) })).result, 10_000_011);
    assertBounded(await server.call('take', { text: 'x'.repeat(30_000_000) }), 'more than an upload may hold');
    const wide = Object.fromEntries(Array.from({ length: 200_000 }, (_, i) => [`k${i}`, i]));
    assertBounded(await server.call('take', wide), 'many parameters');
    for (const levels of [100, 1000, 10_000, 100_000]) {
      const text = `{"a":${'['.repeat(levels)}${']'.repeat(levels)}}`;
      const response = await server.call('take', text);
      assertBounded(response, `${levels} levels`);
      if (levels > 1000) assert.equal(response.status, 400);
    }
    await worksOn();
  });

  test('of results', async () => {
    assert.equal(assertOk(await server.call('give', { length: 10_000_000 })).result.length, 10_000_000);
    assertBounded(await server.call('give', { length: 60_000_000 }), 'a result of 60 MB');
    await worksOn();
  });

  test('of lines in the log', async () => {
    assertOk(await server.call('log', { length: 5_000_000 }));
    await outputWith(server, /yyyyy[^y]/);
    assert.ok(server.stderr().match(/y{100,}/g).every((text) => text.length < 100_000), 'the line was cut');
  });
});

describe('triggers without end', { skip }, () => {
  const count = async (className) => assertOk(await server.api.find(className, { count: 1, limit: 0 }, master)).count;

  test('that save others of their class', async () => {
    assertError(await server.api.create('Selfish', { again: true }), 400, 141, /levels deep: beforeSave Selfish > /);
    assert.equal(await count('Selfish'), 0);
    createdId(await server.api.create('Selfish', {}));
  });

  test('that save their own object', async () => {
    const id = createdId(await server.api.create('Reborn', { n: 0 }));
    const { n } = assertOk(await server.api.get('Reborn', id));
    assert.ok(n > 0 && n <= 16, `saved ${n} times`);
    await until(() => server.stderr().includes('levels deep: afterSave Reborn'), { what: 'the line that names the chain' });
  });

  test('that save each other', async () => {
    assertError(await server.api.create('Ping', {}), 400, 141, /levels deep: beforeSave Ping > beforeSave Pong > beforeSave Ping/);
    assert.equal((await count('Ping')) + (await count('Pong')), 0);
  });

  test('that find and delete again', async () => {
    createdId(await server.api.create('Asking', {}));
    assertError(await server.api.find('Asking'), 400, 141, /levels deep: afterFind Asking > /);
    const id = createdId(await server.api.create('Dying', {}));
    assertError(await server.api.remove('Dying', id), 400, 141, /levels deep: beforeDelete Dying > /);
    assertOk(await server.api.get('Dying', id));
  });

  test('that branch end when the call that began it has ended', async () => {
    const reads = await readsDuring(async () => assertBounded(await server.call('breed'), 'breed'));
    assert.ok(reads > 0);
    await until(
      async () => {
        const before = await count('Breeding');
        for (let i = 0; i < 20; i++) await server.call('hello');
        return (await count('Breeding')) === before;
      },
      { what: 'the end of the saves' },
    );
    await worksOn();
  });
});

describe('what was given up', { skip }, () => {
  test('saves nothing any more', async () => {
    const late = await Promise.all([server.call('lateSave', { how: 'after the time' }), server.call('lateTimer'), server.call('lateLoop')]);
    for (const response of late) assertError(response, 400, 141);
    // A later call that waits as long proves that the others would have had the time.
    assertError(await server.call('lateSave', { how: 'after the time, again' }), 400, 141);
    assertError(await server.call('neverDone'), 400, 141);
    assert.deepEqual(assertOk(await server.api.find('Late', {}, master)).results, []);
  });
});

describe('ten at once', { skip }, () => {
  for (const name of ['hog', 'finallyLoop', 'recursionCaught', 'neverDone', 'functionTree', 'manyMessages', 'promiseTree']) {
    test(name, async () => {
      const reads = await readsDuring(async () => {
        const all = await Promise.all(Array.from({ length: 10 }, () => server.call(name)));
        for (const response of all) assertBounded(response, name);
        assert.ok(all.every(({ status }) => status !== 200));
      });
      assert.ok(reads > 0, 'reads go on');
      await worksOn();
    });
  }
});
