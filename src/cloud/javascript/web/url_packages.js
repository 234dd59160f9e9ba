// Read by the bundler alone: URL and URLSearchParams as one package.
export { default as URLSearchParams } from 'core-js-pure/stable/url-search-params';
export { default as URL } from 'core-js-pure/stable/url';
