// Where the executable `parsimony` is.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const kPackageFolder = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const kBeside = [
  path.join(kPackageFolder, 'bin', 'parsimony'),
  path.join(kPackageFolder, '..', '..', 'build', 'release', 'parsimony'), // in a clone of the repository
];
const kAdvice =
  'Set the option "executable" or the variable PARSIMONY_EXECUTABLE to its path, put it into a folder of PATH, or to ' + kBeside[0] + '.';

function isExecutable(file) {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return fs.statSync(file).isFile();
  } catch {
    return false;
  }
}

function named(file, where) {
  const absolute = path.resolve(file);
  if (isExecutable(absolute)) return absolute;
  throw new Error(`parsimony-test: ${where} is ${file}, but there is no executable file at ${absolute}. ${kAdvice}`);
}

const inPath = () =>
  (process.env.PATH ?? '')
    .split(path.delimiter)
    .filter(Boolean)
    .map((folder) => path.join(folder, 'parsimony'));

// The first of: the option, the variable PARSIMONY_EXECUTABLE, beside this package, PATH. One that is named must be there.
export function findExecutable(option) {
  if (option) return named(option, 'the option "executable"');
  if (process.env.PARSIMONY_EXECUTABLE) return named(process.env.PARSIMONY_EXECUTABLE, 'the variable PARSIMONY_EXECUTABLE');
  const found = [...kBeside, ...inPath()].find(isExecutable);
  if (found) return found;
  throw new Error(`parsimony-test: the executable "parsimony" was not found beside this package nor in PATH. ${kAdvice}`);
}
