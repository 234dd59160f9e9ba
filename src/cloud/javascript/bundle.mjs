// Bundles everything of Cloud Code that is JavaScript into one script: `node bundle.mjs OUTPUT`. The same sources give the same bytes.
//
//   (function (__parsimony_packages) { our own code })({ parse: function (module, require) {...}, buffer: "text", ... })
//
// Packages stand apart from our own code. The engine compiles all it reads, and the longer the list of names in one function, the slower:
// so the SDK is a function of its own, and what is seldom needed is text that is compiled when it is first used.
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import path from 'node:path';
import { build } from 'esbuild';
import { sdkPatches } from './sdk_patches.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));

const packages = {
  parse: { entry: 'parse/lib/node/Parse.js', eager: true, without: /^(idb-keyval|crypto-js\/.*|ws|stream)$/ },
  events: { entry: 'events/', eager: true },
  buffer: { entry: 'buffer/' },
  path: { entry: 'path-browserify' },
  string_decoder: { entry: 'string_decoder/' },
  stream: { entry: 'stream-browserify', platform: 'browser' },
  url: { entry: './web/url_packages.js' },
  collation: { entry: './collation.js' },
  web_streams: { entry: './web/streams.js' },
};

/** Packages get these from core/packages.js, so that there is one of each. */
const shared = {
  name: 'shared',
  setup(build) {
    build.onResolve({ filter: /^(buffer|crypto|events|string_decoder|stream)$/ }, ({ path: name }) => ({ path: name, external: true }));
  },
};

/** Modules that a package names and has no use for here. */
const leaveOut = (names) => ({
  name: 'leave out',
  setup(build) {
    build.onResolve({ filter: names }, ({ path: name }) => ({ path: name, namespace: 'absent' }));
    build.onLoad({ filter: /.*/, namespace: 'absent' }, () => ({ contents: 'module.exports = {};' }));
  },
});

async function bundled(contents, options) {
  const result = await build({
    stdin: { contents, resolveDir: here },
    absWorkingDir: here,
    bundle: true,
    platform: 'neutral',
    mainFields: ['browser', 'main'],
    target: 'es2023',
    legalComments: 'none',
    write: false,
    logLevel: 'error',
    ...options,
  });
  return result.outputFiles[0].text.trim();
}

async function packageText(name, minify) {
  const { entry, eager, without, platform = 'neutral' } = packages[name];
  const plugins = without ? [leaveOut(without), sdkPatches, shared] : [shared];
  const text = await bundled(`module.exports = require(${JSON.stringify(entry)});`, {
    format: 'cjs',
    platform,
    minify,
    plugins,
    keepNames: true,
  });
  const made = `function (module, require) {${text}\n}`;
  return `${name}: ${eager ? made : JSON.stringify(`(${made})`)}`;
}

export async function bundle({ minify = true } = {}) {
  const own = await bundled(`import './index.js';`, { format: 'iife', minify });
  const texts = await Promise.all(Object.keys(packages).map((name) => packageText(name, minify)));
  return `(function (__parsimony_packages) {${own}\n})({\n${texts.join(',\n')}\n});\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const text = await bundle();
  const known = await readFile(process.argv[2], 'utf8').catch(() => undefined);
  if (known !== text) await writeFile(process.argv[2], text);
}
