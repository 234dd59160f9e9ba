// Pieces of the SDK that its objects spend most of their time in, said in a way that this engine runs faster. They do the same: dates in
// the form that the server sends need no regular expression, names without dots no list of their parts, and the text by which a changed
// date is known no detour over an object. Nothing is taken out of an object that holds nothing. Saving many objects
// takes time in proportion to their number, not to its square. A build whose SDK no longer has such a piece fails.
import { readFile } from 'node:fs/promises';

const isDangerousKey = `
exports.isDangerousKey = isDangerousKey;
const isDangerous = (name) => name === '__proto__' || name === 'constructor' || name === 'prototype';
function isDangerousKey(key) {
  return isDangerous(key) || (key.includes('.') && key.split('.').some(isDangerous));
}`;

const unique = `
exports.__esModule = true;
exports.default = unique;
const { default: CoreManager } = require('./CoreManager');
function unique(values) {
  const ParseObject = CoreManager.getParseObject();
  const known = new Set();
  const objects = new Set();
  return values.filter((value) => {
    const isObject = value instanceof ParseObject;
    const [set, key] = isObject ? [objects, value.className + ':' + value._getId()] : [known, value];
    return set.size < set.add(key).size;
  });
}`;

/** What stands from one text up to another one, or up to the end. */
const between = (from, to) => ({ from, to });

/** file: [text, what stands in its place]; null in place of the text: the whole file. */
const patches = {
  'isDangerousKey.js': [[null, isDangerousKey]],
  'unique.js': [[null, unique]],
  'parseDate.js': [
    [
      'function parseDate(iso8601) {',
      `function parseDate(iso8601) {
  if (iso8601.length === 24 && iso8601 >= '0100' && iso8601[10] === 'T' && iso8601[19] === '.' && iso8601[23] === 'Z') {
    const date = new Date(iso8601);
    if (!isNaN(date)) return date;
  }`,
    ],
  ],
  'ObjectStateMutations.js': [
    ['exports.commitServerChanges = commitServerChanges;', 'exports.commitServerChanges = commitServerChanges;\nexports.commitServerChange = commitServerChange;'],
    [
      "  const paths = key.split('.');",
      `  if (!key.includes('.')) {
    if (value === undefined) delete obj[key];
    else obj[key] = value;
    return;
  }
  const paths = key.split('.');`,
    ],
    [
      between('function commitServerChanges(', null),
      `function commitServerChanges(serverData, objectCache, changes) {
  for (const attr of Object.keys(changes)) commitServerChange(serverData, objectCache, attr, changes[attr]);
}
function commitServerChange(serverData, objectCache, attr, val) {
  if ((0, _isDangerousKey.isDangerousKey)(attr)) return;
  nestedSet(serverData, attr, val);
  if (!val || typeof val !== 'object') return;
  if (val instanceof Date && !isNaN(val)) {
    objectCache[attr] = '{"__type":"Date","iso":"' + val.toJSON() + '"}';
  } else if (!(val instanceof _CoreManager.default.getParseObject()) && !(val instanceof _ParseFile.default) && !(val instanceof _ParseRelation.default)) {
    objectCache[attr] = JSON.stringify((0, _encode.default)(val, false, true));
  }
}`,
    ],
  ],
  'ParseObject.js': [
    [
      '  get(attr) {\n    return this.attributes[attr];\n  }',
      `  get(attr) {
    const controller = _CoreManager.default.getObjectStateController();
    const state = controller.getState(this._getStateIdentifier());
    if (!state || state.pendingOps.length !== 1) return this.attributes[attr];
    for (const changed in state.pendingOps[0]) return this.attributes[attr];
    return Object.hasOwn(state.serverData, attr) ? state.serverData[attr] : undefined;
  }`,
    ],
    ['    const unset = {};\n', '    let unset;\n'],
    ['      unset[attr] = undefined;\n    }\n', '      (unset ??= {})[attr] = undefined;\n    }\n    if (!unset) return;\n'],
    [
      between('  _finishFetch(serverData) {', '  _setExisted(existed) {'),
      `  _finishFetch(serverData, isWhole = false) {
    if (!this.id && serverData.objectId) this.id = serverData.objectId;
    const controller = _CoreManager.default.getObjectStateController();
    const state = controller.initializeState(this._getStateIdentifier());
    const { serverData: known, objectCache } = state;
    for (const attr in serverData) {
      if (attr === 'objectId' || (isWhole && (attr === 'className' || attr === '__type'))) continue;
      let value = serverData[attr];
      if (attr === 'ACL') value = new _ParseACL.default(value);
      else if (value !== null && typeof value === 'object') value = (0, _decode.default)(value);
      else if (value && typeof value === 'string' && (attr === 'createdAt' || attr === 'updatedAt')) value = (0, _parseDate.default)(value);
      if (value instanceof _ParseRelation.default) value._ensureParentAndKey(this, attr);
      _ObjectStateMutations.commitServerChange(known, objectCache, attr, value);
    }
    if (known.createdAt && serverData.createdAt && !serverData.updatedAt) {
      _ObjectStateMutations.commitServerChange(known, objectCache, 'updatedAt', known.createdAt);
    }
  }
`,
    ],
    [
      between('    const otherAttributes = {};\n    for (const attr in json) {', '    if (override) {\n      // id needs'),
      `    if (dirty) {
      for (const attr in json) if (attr !== 'className' && attr !== '__type') o.set(attr, json[attr]);
    }
`,
    ],
    ['      if (otherAttributes.objectId) {\n        o.id = otherAttributes.objectId;\n      }', '      if (json.objectId) o.id = json.objectId;'],
    ['    o._finishFetch(otherAttributes);', '    o._finishFetch(json, true);'],
    ['unsaved = unsaved.concat((0, _unsavedChildren.default)(target_i, true));', 'unsaved.push(...(0, _unsavedChildren.default)(target_i, true));'],
    [
      between('          const nextPending = [];\n          pending.forEach(el => {', '          if (batch.length < 1) {\n            return Promise.reject(new _ParseError.default(_ParseError.default.OTHER_CAUSE, \'Tried to save a batch with a cycle.\'));'),
      `          const later = [];
          let next = 0;
          if (allowCustomObjectId && pending.some(el => Object.hasOwn(el, 'id') && !el.id)) {
            throw new _ParseError.default(_ParseError.default.MISSING_OBJECT_ID, 'objectId must not be empty or null');
          }
          while (next < pending.length && batch.length < batchSize) {
            const el = pending[next++];
            ((0, _canBeSerialized.default)(el) ? batch : later).push(el);
          }
          pending = later.concat(pending.slice(next));
`,
    ],
    [
      'var _ParseOp = require("./ParseOp");',
      'var _ParseOp = require("./ParseOp");\nvar _ObjectStateMutations = require("./ObjectStateMutations");',
    ],
  ],
  'encode.js': [
    [
      '  const ParseObject = _CoreManager.default.getParseObject();\n  if (value instanceof ParseObject) {',
      `  if (value === null || typeof value !== 'object') return value;
  const ParseObject = _CoreManager.default.getParseObject();
  if (value instanceof ParseObject) {`,
    ],
  ],
};

function patched(source, [what, replacement], file) {
  if (what === null) return replacement;
  const { from, to } = typeof what === 'string' ? { from: what } : what;
  const begin = source.indexOf(from);
  const end = typeof what === 'string' ? begin + from.length : to === null ? source.length : source.indexOf(to, begin);
  if (begin < 0 || end < begin || source.indexOf(from, begin + 1) >= 0) throw new Error(`The SDK's ${file} does not have once: ${from}`);
  return source.slice(0, begin) + replacement + source.slice(end);
}

/** For esbuild. */
export const sdkPatches = {
  name: 'patches of the SDK',
  setup(build) {
    build.onLoad({ filter: /\/parse\/lib\/node\/\w+\.js$/ }, async ({ path }) => {
      const file = path.slice(path.lastIndexOf('/') + 1);
      if (!Object.hasOwn(patches, file)) return undefined;
      const source = await readFile(path, 'utf8');
      return { contents: patches[file].reduce((text, patch) => patched(text, patch, file), source) };
    });
  },
};
