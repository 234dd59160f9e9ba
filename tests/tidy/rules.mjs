// The rules of the house that no compiler holds. Each rule takes the root of a tree and yields lines "file:line: what is wrong".
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

// Which rooms a room may include beside itself: docs/architecture.md. What these may include, it may too.
const kEdges = {
  main: ['cli'],
  cli: ['app'],
  app: ['rest', 'graphql', 'livequery', 'dashboard', 'cloud'],
  rest: ['http', 'services'],
  graphql: ['http', 'services'],
  livequery: ['http', 'services'],
  dashboard: ['http', 'services', 'embedded'],
  cloud: ['services', 'net'],
  services: ['access', 'storage', 'net', 'embedded'],
  access: ['query'],
  storage: ['query', 'embedded'],
  query: ['types'],
  types: ['common'],
  net: ['common'],
  http: ['common'],
  embedded: ['common'], // files compiled in, declared by generated headers
  common: [],
};

// Headers that the build makes for one room, without a folder of their own.
const kGenerated = ['wasm-rt.h', 'quickjs.h', 'quickjs_names.h'];

// Rooms that alone may include a library's header.
const kGates = [{ header: 'httplib.h', rooms: ['http'] }];

const word = (...parts) => parts.join('');
const kBadText = [
  { what: 'machine path', pattern: /(^|[^.\w/-])\/(work|root|farm|home)\// },
  { what: 'registry host', pattern: /\b(deb|registry|security)\.[a-z]+\.(org|com)\b|"resolved": "https?:/ },
  { what: 'promise left in the code', pattern: new RegExp(`\\b(${word('TO', 'DO')}|${word('FIX', 'ME')}|${word('XX', 'X')})\\b`) },
  { what: 'tab', pattern: /\t/, except: /\.tsv$/ },
  { what: 'trailing space', pattern: /[ \t\r]$/ },
];

// A room with everything below it.
export function reach(room, seen = new Set()) {
  if (!seen.has(room)) {
    seen.add(room);
    (kEdges[room] ?? []).forEach((next) => reach(next, seen));
  }
  return seen;
}

// The files a person would commit: tracked or new, ignored ones left out. Outside of a repository, all.
export function projectFiles(root) {
  const options = { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] };
  let names;
  try {
    const list = ['-c', 'safe.directory=*', '-c', 'core.quotePath=off', 'ls-files', '-z', '--cached', '--others', '--exclude-standard'];
    names = execFileSync('git', list, options).split('\0');
  } catch {
    names = fs.readdirSync(root, { recursive: true }).filter((name) => !/(^|\/)(\.git|\.deps|build|node_modules)\//.test(name));
  }
  return names.filter((name) => name && fs.lstatSync(path.join(root, name), { throwIfNoEntry: false })?.isFile()).sort();
}

const linesOf = (root, name) => fs.readFileSync(path.join(root, name), 'utf8').split('\n');
const isCpp = (name) => /\.(cpp|h)$/.test(name);
const roomOf = (name) => (name === 'src/main.cpp' ? 'main' : name.split('/')[1]);

function includeFault(room, form, target) {
  const gate = kGates.find((row) => row.header === target);
  if (gate && !gate.rooms.includes(room)) return `${target} belongs in ${gate.rooms.join(' and ')} only`;
  if (form === '<' || gate) return null;
  if (kGenerated.includes(target)) return room === 'cloud' ? null : `${target} belongs in cloud only`;
  const other = target.split('/')[0];
  if (!target.includes('/') || !(other in kEdges)) return `"${target}" names no room: write "room/file.h"`;
  return reach(room).has(other) ? null : `${room} may not include ${other}`;
}

export function includeFaults(root) {
  const faults = [];
  for (const name of projectFiles(root).filter((file) => file.startsWith('src/') && isCpp(file))) {
    const room = roomOf(name);
    if (!(room in kEdges)) faults.push(`${name}:1: ${room} is no room of the architecture`);
    linesOf(root, name).forEach((line, at) => {
      const found = /^\s*#\s*include\s*([<"])([^>"]+)[>"]/.exec(line);
      const fault = found && includeFault(room, found[1], found[2]);
      if (fault) faults.push(`${name}:${at + 1}: ${fault}`);
    });
  }
  return faults;
}

const kBinary = /\.(png|jpg|ico|woff2?|gz|db)$/;

export function textFaults(root) {
  const faults = [];
  for (const name of projectFiles(root).filter((file) => !kBinary.test(file))) {
    linesOf(root, name).forEach((line, at) => {
      for (const { what, pattern, except } of kBadText) {
        if (pattern.test(line) && !except?.test(name)) faults.push(`${name}:${at + 1}: ${what}: ${line.trim().slice(0, 80)}`);
      }
    });
  }
  return faults;
}

// Null when clang-format is not installed.
export function formatFaults(root) {
  const names = projectFiles(root).filter((file) => /^(src|tests)\//.test(file) && isCpp(file));
  if (names.length === 0) return [];
  try {
    execFileSync('clang-format', ['--dry-run', '-Werror', ...names], { cwd: root, encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe'] });
    return [];
  } catch (error) {
    if (error.code === 'ENOENT') return null;
    return error.stderr.split('\n').filter((line) => line.includes('error:'));
  }
}

const kNoFunction = /^(if|for|while|switch|else|do|try|catch|namespace|class|struct|union|enum|extern|case|default|\})\b|^\}/;

// [lines, "file:line first line"] of each function: an opening line and the next closing brace of equal indent.
function functionsOf(root, name) {
  const lines = linesOf(root, name);
  const found = [];
  lines.forEach((line, at) => {
    const indent = line.search(/\S/);
    const text = line.trim();
    if (indent < 0 || indent > 2 || !text.endsWith('{') || !text.includes('(') || kNoFunction.test(text)) return;
    const end = lines.findIndex((other, i) => i > at && other.startsWith(`${' '.repeat(indent)}}`));
    if (end > at) found.push([end - at + 1, `${name}:${at + 1}  ${text.slice(0, 70)}`]);
  });
  return found;
}

export function longest(root, count = 10) {
  const names = projectFiles(root).filter((file) => /^(src|tests)\//.test(file) && isCpp(file));
  const top = (rows) => rows.sort((a, b) => b[0] - a[0]).slice(0, count);
  return {
    functions: top(names.flatMap((name) => functionsOf(root, name))),
    files: top(names.map((name) => [linesOf(root, name).length - 1, name])),
  };
}
