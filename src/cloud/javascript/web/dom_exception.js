// DOMException: what the web's own functions throw, by name.

const kLegacyCodes = [
  ...['', 'IndexSizeError', '', 'HierarchyRequestError', 'WrongDocumentError', 'InvalidCharacterError', '', 'NoModificationAllowedError'],
  ...['NotFoundError', 'NotSupportedError', 'InUseAttributeError', 'InvalidStateError', 'SyntaxError', 'InvalidModificationError'],
  ...['NamespaceError', 'InvalidAccessError', '', 'TypeMismatchError', 'SecurityError', 'NetworkError', 'AbortError', 'URLMismatchError'],
  ...['QuotaExceededError', 'TimeoutError', 'InvalidNodeTypeError', 'DataCloneError'],
];

export class DOMException extends Error {
  constructor(message = '', options = 'Error') {
    const { name = 'Error', cause } = typeof options === 'string' ? { name: options } : (options ?? {});
    super(String(message), cause === undefined ? undefined : { cause });
    Object.defineProperty(this, 'name', { value: String(name), configurable: true });
  }
  get code() {
    return this.name && Math.max(kLegacyCodes.indexOf(this.name), 0);
  }
}
