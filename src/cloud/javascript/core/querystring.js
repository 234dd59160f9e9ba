// Node's querystring.

export const escape = (text) => encodeURIComponent(text).replace(/[!'()*]/g, (letter) => letter);

export function unescape(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export function parse(text, separator = '&', equals = '=', { maxKeys = 1000, decodeURIComponent: decode = unescape } = {}) {
  const values = Object.create(null);
  const parts = String(text ?? '')
    .split(separator)
    .filter(Boolean);
  for (const part of maxKeys > 0 ? parts.slice(0, maxKeys) : parts) {
    const [name, ...rest] = part.replaceAll('+', ' ').split(equals);
    const [key, value] = [decode(name), decode(rest.join(equals))];
    values[key] = key in values ? [values[key], value].flat() : value;
  }
  return values;
}

const textOf = (value) => (['string', 'number', 'bigint', 'boolean'].includes(typeof value) ? String(value) : '');

export function stringify(values, separator = '&', equals = '=', { encodeURIComponent: encode = escape } = {}) {
  return Object.keys(values ?? {})
    .flatMap((key) => [values[key]].flat().map((value) => `${encode(key)}${equals}${encode(textOf(value))}`))
    .join(separator);
}

export const decode = parse;
export const encode = stringify;
