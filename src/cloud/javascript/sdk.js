// The official SDK as `Parse`: its REST controller asks the host, who answers from the services without HTTP. A request has no rights
// but those its options name: `useMasterKey`, `sessionToken`.
import { exchange } from './host.js';
import { packaged } from './core/packages.js';

export const Parse = packaged('parse').default;
const { CoreManager } = Parse;

const succeeded = (status) => status >= 200 && status < 300;

function bodyOf({ status, body }) {
  if (succeeded(status)) return body;
  throw new Parse.Error(body?.code ?? Parse.Error.OTHER_CAUSE, body?.error ?? `The server answered with status ${status}.`);
}

const withStatus = (answer) => ({ ...bodyOf(answer), _status: answer.status, _headers: answer.headers ?? {} });

const controller = {
  request(method, path, data, options = {}) {
    const text = (value) => (typeof value === 'string' && value ? value : undefined);
    const message = {
      method,
      path: path.startsWith('/') ? path : `/${path}`,
      body: data ?? {},
      useMasterKey: options.useMasterKey === true || undefined,
      sessionToken: text(options.sessionToken),
      installationId: text(options.installationId),
      context: options.context,
    };
    return exchange('rest', message, options.returnStatus ? withStatus : bodyOf).answer;
  },
  ajax() {
    return Promise.reject(
      new Parse.Error(Parse.Error.OPERATION_FORBIDDEN, 'Cloud Code calls the server directly, not over HTTP; use fetch for other servers.'),
    );
  },
  handleError(error) {
    return Promise.reject(error instanceof Parse.Error ? error : new Parse.Error(error.code, error.error ?? error.message));
  },
};

async function download(uri, options) {
  const abort = new AbortController();
  options.requestTask(abort);
  const response = await fetch(uri, { signal: abort.signal });
  if (!response.ok) throw new Parse.Error(Parse.Error.FILE_READ_ERROR, `The file could not be read: status ${response.status}.`);
  const bytes = Buffer.from(await response.arrayBuffer());
  return { base64: bytes.toString('base64'), contentType: response.headers.get('Content-Type') };
}

function adaptFiles() {
  const files = CoreManager.getFileController();
  CoreManager.setFileController({
    ...files,
    saveBinary: undefined,
    async saveFile(name, source, options) {
      const base64 = Buffer.from(await source.file.arrayBuffer()).toString('base64');
      return files.saveBase64(name, { format: 'base64', base64, type: source.type || source.file.type }, options);
    },
    download,
    deleteFile: (name, { useMasterKey } = {}) => controller.request('DELETE', `files/${name}`, {}, { useMasterKey }),
  });
}

const noLiveQuery = () =>
  Promise.reject(
    new Parse.Error(Parse.Error.OPERATION_FORBIDDEN, 'Cloud Code cannot subscribe to live queries; use afterSave or afterLiveQueryEvent.'),
  );

/** What holds before any configuration: no shared object state, no current user, no HTTP. */
function prepare() {
  CoreManager.set('IS_NODE', true);
  CoreManager.setRESTController(controller);
  Parse.Object.disableSingleInstance();
  Parse.User.disableUnsafeCurrentUser();
  Parse.Query.prototype.subscribe = noLiveQuery;
  Parse.LiveQueryClient.prototype.open = noLiveQuery;
  adaptFiles();
}

export function configure({ applicationId, javascriptKey, masterKey, serverURL }) {
  Parse._initialize(applicationId, javascriptKey, masterKey);
  Parse.serverURL = serverURL ?? 'http://localhost/';
}

export const isParseError = (value) => value instanceof Parse.Error;

prepare();
