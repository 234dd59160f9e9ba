// Which members' values the log does not show: those whose names tell of passwords, keys, tokens and sessions. A text that the code
// logs as such is shown: it knows what it does.

const secretName =
  /password|token|secret|authdata|apikey|(?:master|maintenance|javascript|client|windows|webhook|private|access)key|authorization|cookie|credential/i;

const kMask = '********';

/** What is shown in place of the member, or undefined where it is shown as it is. */
export const maskOf = (name, value) =>
  typeof name === 'string' && value && (typeof value === 'string' || typeof value === 'object') && secretName.test(name.replace(/[-_]/g, ''))
    ? kMask
    : undefined;

/** For JSON.stringify. */
export const maskingReplacer = (name, value) => maskOf(name, value) ?? value;
