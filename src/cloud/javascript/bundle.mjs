// Bundles everything of Cloud Code that is JavaScript into one script: `node bundle.mjs OUTPUT`. The same sources give the same bytes.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import path from 'node:path';
import { build } from 'esbuild';

const here = path.dirname(fileURLToPath(import.meta.url));

// Modules that the SDK names and Cloud Code has no use for: browser storage, encrypted local users, sockets, streams of files.
const unused = /^(idb-keyval|crypto-js\/.*|ws|stream)$/;

const replacements = {
  name: 'replacements',
  setup(build) {
    build.onResolve({ filter: unused }, ({ path: name }) => ({ path: name, namespace: 'unused' }));
    build.onLoad({ filter: /.*/, namespace: 'unused' }, () => ({ contents: 'module.exports = {};' }));
    build.onResolve({ filter: /^crypto$/ }, () => ({ path: path.join(here, 'core/crypto.js') }));
    build.onResolve({ filter: /^(events|buffer|string_decoder)$/ }, ({ path: name, resolveDir }) =>
      build.resolve(`${name}/`, { resolveDir, kind: 'require-call' }));
  },
};

export async function bundle({ minify = true } = {}) {
  const result = await build({
    entryPoints: [path.join(here, 'index.js')],
    absWorkingDir: here,
    bundle: true,
    format: 'iife',
    platform: 'neutral',
    mainFields: ['main'],
    target: 'es2023',
    minify,
    keepNames: false,
    legalComments: 'none',
    write: false,
    logLevel: 'error',
    plugins: [replacements],
  });
  return result.outputFiles[0].text;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const output = process.argv[2];
  const text = await bundle();
  const { writeFile } = await import('node:fs/promises');
  if ((await readFile(output, 'utf8').catch(() => null)) !== text) await writeFile(output, text);
}
