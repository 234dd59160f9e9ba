// Holds the tree to rules.mjs, after showing on small made-up trees that each rule can fail.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { formatFaults, includeFaults, longest, textFaults } from './rules.mjs';

const kRoot = path.resolve(import.meta.dirname, '../..');

// A tree in a temporary folder with these files, removed after the test.
function tree(context, files) {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'parsimony-tidy-'));
  context.after(() => fs.rmSync(root, { recursive: true }));
  for (const [name, text] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    fs.writeFileSync(path.join(root, name), text);
  }
  return root;
}

test('an include against the direction is found, one along it is not', (context) => {
  const root = tree(context, {
    'src/main.cpp': '#include "cli/cli.h"\n#include "common/error.h"\n',
    'src/query/good.cpp': '#include <string>\n#include "query/filter.h"\n#include "common/error.h"\n',
    'src/query/bad.cpp': '#include "types/value.h"\n#include "storage/store.h"\n',
    'src/storage/sql/up.cpp': '#include "services/objects.h"\n',
    'src/access/side.h': '#include "storage/store.h"\n',
    'src/rest/gate.cpp': '#include <httplib.h>\n',
    'src/http/gate.cpp': '#include <httplib.h>\n#include "message.h"\n',
    'src/attic/old.cpp': 'int old;\n',
  });
  assert.deepEqual(includeFaults(root), [
    'src/access/side.h:1: access may not include storage',
    'src/attic/old.cpp:1: attic is no room of the architecture',
    'src/http/gate.cpp:2: "message.h" names no room: write "room/file.h"',
    'src/query/bad.cpp:2: query may not include storage',
    'src/rest/gate.cpp:1: httplib.h belongs in http only',
    'src/storage/sql/up.cpp:1: storage may not include services',
  ]);
});

test('text that must not stand in the repository is found', (context) => {
  const bad = ['see /' + 'home/me/x', 'https://registry.' + 'example.org/x', '// TO' + 'DO later', 'a\tb', 'end '];
  const root = tree(context, { 'docs/page.md': ['fine: /tmp/x and src/work/x', ...bad, ''].join('\n'), 'docs/table.tsv': 'a\tb\n' });
  const found = textFaults(root).map((line) => line.split(': ').slice(0, 2).join(': '));
  assert.deepEqual(found, [
    'docs/page.md:2: machine path',
    'docs/page.md:3: registry host',
    'docs/page.md:4: promise left in the code',
    'docs/page.md:5: tab',
    'docs/page.md:6: trailing space',
  ]);
});

test('a file out of format is found', (context) => {
  const root = tree(context, { '.clang-format': 'BasedOnStyle: Google\n', 'src/common/a.cpp': 'int  a ;\n' });
  const faults = formatFaults(root);
  if (faults === null) return context.skip('skipped: clang-format is not installed');
  assert.ok(faults.length > 0);
});

test('functions are measured', (context) => {
  const root = tree(context, { 'src/common/a.cpp': 'namespace x {\nint f(int a) {\n  if (a) {\n    a++;\n  }\n  return a;\n}\n}\n' });
  assert.deepEqual(longest(root).functions, [[6, 'src/common/a.cpp:2  int f(int a) {']]);
});

test('includes follow the direction of the architecture', () => assert.deepEqual(includeFaults(kRoot), []));
test('nothing stands in the repository that must not', () => assert.deepEqual(textFaults(kRoot), []));

test('the sources are in format', (context) => {
  const faults = formatFaults(kRoot);
  if (faults === null) return context.skip('skipped: clang-format is not installed');
  assert.deepEqual(faults, []);
});
