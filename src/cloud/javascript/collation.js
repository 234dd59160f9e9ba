// String.prototype.localeCompare without a language, since the engine has no Intl: close to the root order of ICU for Latin letters, and
// by code point within what it does not know. Texts are compared by their base letters; where these are the same by their accents, then
// by their case, small letters first. Bundled apart (bundle.mjs): its tables take a while, and most code does without.

// The weights of base letters, one code unit each: spaces and punctuation, symbols, currencies, digits, Latin letters, other letters. What
// is not listed by name follows a unit for its kind with its own code units.
const kPunctuation = '\t\n\v\f\r _-–—,;:!¡?¿.…·\'‘’‚‹›"“”„«»()[]{}§¶@*/\\&#%';
const kSymbols = '`^+<=>|~';
const [kOtherPunctuation, kFirstSymbol, kOtherSymbol, kDollar, kOtherCurrency] = [0x48, 0x50, 0x5a, 0x5b, 0x5c];
const [kFirstDigit, kOtherNumber, kNumberOfLength, kFirstLetter, kOtherLetter] = [0x60, 0x6a, 0x70, 0x4000, 0x4200];
const kMaxLength = kFirstLetter - kNumberOfLength - 1;

/** Letters that have no decomposition in Unicode and yet sort as others. */
const composed = {
  ...{ ß: 'ss\u0335', æ: 'ae\u0335', œ: 'oe\u0335', ø: 'o\u0338' },
  ...{ đ: 'd\u0335', ð: 'd\u0337', ħ: 'h\u0335', ł: 'l\u0335', ŧ: 't\u0335' },
};

/** Letters of their own, each after this one. */
const following = { ı: 'i', ŋ: 'n' };

/** Accents from the lightest on; the others follow. */
const kAccents = '\u0301\u0300\u0306\u0302\u030c\u030a\u0308\u030b\u0303\u0307\u0338\u0327\u0328\u0304';
const kOtherAccent = 0x40;

const unit = String.fromCharCode;
const isIgnored = /^[\p{Cc}\p{Cf}]$/u;
const isAccent = /^\p{Script=Inherited}$/u;

/** [pattern, the unit before the letter itself] */
const kinds = [
  [/^\p{P}$/u, kOtherPunctuation],
  [/^\p{Sc}$/u, kOtherCurrency],
  [/^\p{S}$/u, kOtherSymbol],
  [/^\p{N}$/u, kOtherNumber],
  [/^/, kOtherLetter],
];

function weightOf(small) {
  const place = kPunctuation.indexOf(small) + 1;
  if (place) return unit(place);
  if (kSymbols.includes(small)) return unit(kFirstSymbol + kSymbols.indexOf(small));
  if (small === '$') return unit(kDollar);
  if (small >= '0' && small <= '9') return unit(kFirstDigit + Number(small));
  if (small >= 'a' && small <= 'z') return unit(kFirstLetter + 2 * small.charCodeAt(0));
  if (Object.hasOwn(following, small)) return unit(kFirstLetter + 2 * following[small].charCodeAt(0) + 1);
  return unit(kinds.find(([pattern]) => pattern.test(small))[1]) + small;
}

function accentOf(mark) {
  const place = kAccents.indexOf(mark);
  return place < 0 ? unit(kOtherAccent) + mark : unit(place + 2);
}

/** {base, accents, cases} of one character of a decomposed text: what it adds to the text's own. */
function partsOf(letter) {
  if (isIgnored.test(letter) && !kPunctuation.includes(letter)) return { base: '', accents: '', cases: '' };
  if (isAccent.test(letter)) return { base: '', accents: accentOf(letter), cases: '' };
  if (/^\p{Zs}$/u.test(letter)) return { base: weightOf(' '), accents: '\x01', cases: letter === ' ' ? '\x01' : '\x02' };
  const small = letter.toLowerCase();
  if (Object.hasOwn(composed, small)) return keyOf(small === letter ? composed[small] : composed[small].toUpperCase());
  return { base: weightOf(small), accents: '\x01', cases: small === letter ? '\x01' : '\x02' };
}

/** Remembers what `make` says of a text. */
function remembering(make, most) {
  const known = new Map();
  return (text) => {
    let made = known.get(text);
    if (made) return made;
    if (known.size === most) known.clear();
    made = make(text);
    known.set(text, made);
    return made;
  };
}

const partsOfLetter = remembering(partsOf, 4096);

function keyOf(text) {
  const key = { base: '', accents: '', cases: '' };
  for (const letter of text.normalize('NFD')) {
    const parts = partsOfLetter(letter);
    key.base += parts.base;
    key.accents += parts.accents;
    key.cases += parts.cases;
  }
  return key;
}

/** Numbers in a text by their values: the count of their digits stands before them. */
function numericKeyOf(text) {
  const key = { base: '', accents: '', cases: '' };
  for (const part of text.split(/(\d+)/)) {
    const parts = keyOf(/^\d/.test(part) ? part.replace(/^0+/, '') : part);
    if (/^\d/.test(part)) key.base += unit(kNumberOfLength + Math.min(parts.base.length, kMaxLength));
    key.base += parts.base;
    key.accents += parts.accents;
    key.cases += parts.cases;
  }
  return key;
}

const order = (left, right) => (left < right ? -1 : left > right ? 1 : 0);

const levels = {
  base: ['base'],
  accent: ['base', 'accents'],
  case: ['base', 'cases'],
  variant: ['base', 'accents', 'cases'],
};

function compareKeys(left, right, names) {
  for (const name of names) if (left[name] !== right[name]) return order(left[name], right[name]);
  return 0;
}

/** So that a sort takes each text apart once, or a few times. */
const kKnownTexts = 8192;
const kLongText = 64;
const knownKeyOf = remembering(keyOf, kKnownTexts);
const knownNumericKeyOf = remembering(numericKeyOf, kKnownTexts);

function keyMaker(left, right, numeric) {
  if (left.length > kLongText || right.length > kLongText) return numeric ? numericKeyOf : keyOf;
  return numeric ? knownNumericKeyOf : knownKeyOf;
}

/** The weights of plain characters; 0 for what has to be looked at more closely. */
const kAscii = 128;
const weights = new Uint16Array(kAscii);
for (let code = 0; code < kAscii; code++) weights[code] = partsOf(unit(code)).base.charCodeAt(0) || 0;
const weightsWithNumbers = weights.map((weight, code) => (/\d/.test(unit(code)) ? 0 : weight));

/** Compares up to the first base letters that differ, if all that is to be seen on the way is plain; else undefined. */
function compareSimply(left, right, known) {
  const length = left.length < right.length ? left.length : right.length;
  let byCase = 0;
  for (let at = 0; at < length; at++) {
    const a = left.charCodeAt(at);
    const b = right.charCodeAt(at);
    if (a === b) continue;
    const x = known[a];
    const y = known[b];
    if (!x || !y) return undefined;
    if (x !== y) return x < y ? -1 : 1;
    byCase ||= a > b ? -1 : 1;
  }
  if (left.length === right.length) return byCase;
  const isLonger = left.length > length;
  return known[(isLonger ? left : right).charCodeAt(length)] ? (isLonger ? 1 : -1) : undefined;
}

function compareWith(left, right, { numeric, sensitivity = 'variant' }) {
  if (!Object.hasOwn(levels, sensitivity)) throw new RangeError(`"${sensitivity}" is no sensitivity of localeCompare.`);
  const found = sensitivity === 'variant' ? compareSimply(left, right, numeric ? weightsWithNumbers : weights) : undefined;
  if (found !== undefined) return found;
  const key = keyMaker(left, right, numeric);
  return compareKeys(key(left), key(right), levels[sensitivity]);
}

const plainly = {};

function compare(left, right, options) {
  return (options === undefined ? compareSimply(left, right, weights) : undefined) ?? compareWith(left, right, options ?? plainly);
}

export function localeCompare(that, _locales, options) {
  'use strict'; // else every text would be wrapped into an object
  if (this === undefined || this === null) throw new TypeError('localeCompare needs a text to compare.');
  return compare(String(this), String(that), options);
}
