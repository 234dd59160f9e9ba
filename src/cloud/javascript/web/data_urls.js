// What fetch answers for data: URLs, which hold their bytes themselves.

const data = /^data:([^,]*?)(;[ ]*base64[ ]*)?,([^]*)$/i;

export const isDataUrl = (address) => /^data:/i.test(address);

function withoutPercents(text) {
  if (!text.includes('%')) return Buffer.from(text);
  const bytes = Buffer.from(text).toString('latin1');
  return Buffer.from(
    bytes.replace(/%([0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(parseInt(hex, 16))),
    'latin1',
  );
}

/** {bytes, type}, or undefined for one that is none. */
export function readDataUrl(address) {
  const [, type, isBase64, text] = data.exec(address.replace(/#[^]*$/, '')) ?? [];
  if (text === undefined) return undefined;
  const plain = withoutPercents(text);
  const bytes = isBase64 ? Buffer.from(plain.toString('latin1'), 'base64') : plain;
  return { bytes, type: type.startsWith(';') ? `text/plain${type}` : type || 'text/plain;charset=US-ASCII' };
}
