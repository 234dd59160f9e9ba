// Why a fetch failed, in Node's words: the `code` of the error's cause, by which packages decide what to repeat.

/** [what the host says (src/net), code] */
const codes = [
  [/^the host .* was not found: Temporary failure/, 'EAI_AGAIN'],
  [/^the host .* was not found/, 'ENOTFOUND'],
  [/^cannot connect to .*: Connection refused/, 'ECONNREFUSED'],
  [/^cannot connect to .*: No route to host/, 'EHOSTUNREACH'],
  [/^cannot connect to .*: Network is unreachable/, 'ENETUNREACH'],
  [/^(?:cannot connect to .*: Connection timed out|no connection to .* within )/, 'UND_ERR_CONNECT_TIMEOUT'],
  [/^no answer from .* within /, 'UND_ERR_HEADERS_TIMEOUT'],
  [/^the connection broke: Connection reset/, 'ECONNRESET'],
  [/^(?:the connection (?:broke|ended)|the answer is cut off)/, 'UND_ERR_SOCKET'],
  [/^no TLS with .*self-signed certificate in/, 'SELF_SIGNED_CERT_IN_CHAIN'],
  [/^no TLS with .*self-signed certificate/, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
  [/^no TLS with .*certificate has expired/, 'CERT_HAS_EXPIRED'],
  [/^no TLS with .*hostname mismatch/i, 'ERR_TLS_CERT_ALTNAME_INVALID'],
  [/^no TLS with .*unable to get local issuer/, 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'],
];

/** The error of a fetch that came to nothing. */
export function failureOf(text) {
  const cause = new Error(text);
  const [, code] = codes.find(([pattern]) => pattern.test(text)) ?? [];
  if (code) cause.code = code;
  return Object.assign(new TypeError('fetch failed'), { cause, message: `fetch failed: ${text}` });
}
