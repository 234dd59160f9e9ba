// A module of Node's whose functions are there and throw when they are called: many packages require one for what they seldom use.

const isIPv4 = (text) => /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/.test(text);
const isIPv6 = (text) => {
  try {
    return text.includes(':') && new URL(`http://[${text}]/`).hostname.length > 0;
  } catch {
    return false;
  }
};
const isIP = (text) => (isIPv4(text) ? 4 : isIPv6(text) ? 6 : 0);

const present = {
  net: { isIP, isIPv4, isIPv6 },
  zlib: { constants: {} },
};

const refuse = (path) =>
  function () {
    throw new Error(`${path} is not available in Cloud Code.`);
  };

export function refusing(name) {
  return new Proxy(
    { ...present[name] },
    {
      get(target, key) {
        if (typeof key === 'symbol' || key === 'then' || key === '__esModule' || key === 'default') return undefined;
        target[key] ??= refuse(`${name}.${key}`);
        return target[key];
      },
    },
  );
}
