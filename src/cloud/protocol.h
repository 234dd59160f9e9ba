// The protocol between a host of Cloud Code and the JavaScript in it: JSON texts in both directions. The engine inside the executable
// speaks it; a process beside it could.
//
// JavaScript offers one function, `__parsimony_receive(text)`; the host offers five:
//
//   __host_send(text)                    a message; answered later, if at all, by __parsimony_receive
//   __host_ask(text) -> text             a question answered at once
//   __host_compile(source, file) -> any  evaluates a script, so that errors name the file and its lines; with "module" as third argument a
//                                        module: its namespace, or a promise of it where something in it awaits
//   __host_bytes(text, encoding) -> ArrayBuffer   and the other way; the encoding is "base64" or "utf8". Undefined for text or bytes that
//   __host_text(ArrayBuffer, encoding) -> text    need leniency, which JavaScript has
//
// The engine asks for ES modules through two more functions of JavaScript, which it looks up in the global object each time:
//
//   __parsimony_resolve(base, name) -> name   the full name of what a module or script named `base` imports; an exception fails the import
//   __parsimony_source(name) -> text          its source
//
// `import(name)` inside a script from __host_compile starts with the script's file as base.
//
// Host to JavaScript ("type" first):
//
//   load   {"main": "/path/cloud/main.js" or "", "adapters": [{"name", "module", "from": folder, "options"},...],
//           "config": {"applicationId","javascriptKey","serverURL","mount",...}, "env": {...}}
//          the config of a test file has "testing": {"filter", "timeoutMs"} as well (javascript/testing)
//   call   {"id", "kind": "function|job|trigger", "name", "className", "request"}   as in services/cloud/cloud_code.h
//   call   {"id", "kind": "adapter", "name", "method", "request"}                   as in services/cloud/adapters.h
//   rest   {"id", "status", "body", "headers"}                                      answers a rest message
//   fetch  {"id", "status", "statusText", "url", "headers": [[name, value],...], "body": base64} or {"id", "error": text}
//   timer  {"id"}
//
// JavaScript to host:
//
//   loaded    {} or {"error": {"message", "stack"}}                     answers load, after the main module's promise has settled
//   register  {"kind", "name", "className", "rateLimit", "requireUser", "stack"} one function, job or trigger; the last of a name wins;
//              stack: of the definition, where it has a rate limit. Of an adapter {"kind", "name", "methods": [...]}
//   done      {"id", "result"} or {"id", "error": {"code", "message", "stack"}}   ends a call; message may be any JSON
//   progress  {"id", "message"}                                         of a job
//   rest      {"id", "method", "path", "body", "useMasterKey", "sessionToken", "installationId", "context"}
//   fetch     {"id", "url", "method", "headers": [[name, value],...], "body": base64, "timeoutMs", "redirect": "follow|manual|error",
//              "maxBytes"}
//   cancel    {"id", "of": "fetch"}
//   timer     {"id", "ms"}, clearTimer {"id"}
//   log       {"level": "error|warn|info|verbose|debug", "message", "meta"}
//   rejection {"message", "stack"}                                      a promise that nobody handled
//
// Questions ("op"):
//
//   stat {"path"} -> {"kind": "file|directory|none"}; read {"path"} -> {"text"}; readdir {"path"} -> {"entries": [{"name", "kind":
//   "file|directory|link"},...]}, by name; all three below the project's folder only, symbolic links resolved, and what is closed there
//   is absent; random {"bytes"} -> {"base64"}; digest {"algorithm", "data", "key"} -> {"base64"} (with "key": HMAC)
//   pbkdf2 {"password", "salt", "iterations", "bytes", "algorithm"} -> {"base64"}; scrypt {"password", "salt", "N", "r", "p", "bytes"} ->
//   {"base64"}; env {} -> {...}
//   A question that cannot be answered gives {"error": text}.
//
// Whatever JavaScript does between two messages of the host belongs to the call that the message belongs to: `call` begins it; rest,
// fetch and timer messages belong to the call in which they were asked for. The host drains all pending promise jobs after each message.
#pragma once
