// Parse.Server: the configuration as the host passes it on, and what one may name in a rate limit. As in Parse Server it is read as a copy
// and changed by setting it anew; that is seen by the code alone.

const RateLimitZone = Object.freeze({ global: 'global', session: 'session', user: 'user', ip: 'ip' });

let config = { RateLimitZone };

export function setServerConfig(values) {
  config = { ...values, appId: values.applicationId, RateLimitZone };
}

export const serverConfig = () => config;
