#include "cloud/engine/quickjs_machine.h"

#include <utf8proc.h>

#include <algorithm>
#include <cstring>
#include <exception>
#include <mutex>
#include <utility>

#include "cloud/engine/wasm_runtime.h"
#include "common/base64.h"

namespace parsimony {
namespace {

constexpr std::uint32_t kInitialPages = 96;  // the module's data and stack take 82
constexpr std::uint32_t kJobsBetweenLooks = 64;
constexpr std::uint32_t kCellBytes = 16;
constexpr std::size_t kHostStackBytes = std::size_t{1} << 20;

enum HostFunction : std::uint32_t { kSend = 1, kAsk, kCompile, kBytes, kText };

// Math.random's generator, xorshift64*: the state after one draw.
std::uint64_t next_random_state(std::uint64_t state) {
  state ^= state >> 12;
  state ^= state << 25;
  return state ^ (state >> 27);
}

constexpr std::string_view kBase64 = "base64";

// What a NUL in it would cut short, or QuickJS would read otherwise than the standard says, is left to JavaScript.
bool is_plain_utf8(const std::string& text) {
  if (text.find('\0') != std::string::npos) return false;
  const auto* at = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
  auto left = static_cast<utf8proc_ssize_t>(text.size());
  while (left > 0) {
    utf8proc_int32_t character = 0;
    const utf8proc_ssize_t size = *at < 0x80 ? 1 : utf8proc_iterate(at, left, &character);
    if (size < 1) return false;
    at += size;
    left -= size;
  }
  return true;
}

// Replaces the text by the bytes that it stands for. False: it cannot be told.
bool decode(std::string& text, const std::string& encoding) {
  if (encoding != kBase64) return true;
  auto bytes = decode_base64(text);
  if (bytes) text = std::move(*bytes);
  return bytes.has_value();
}

// The other way.
bool encode(std::string& bytes, const std::string& encoding) {
  if (encoding != kBase64) return is_plain_utf8(bytes);
  bytes = encode_base64(bytes);
  return true;
}

// Calls a function of the host; what it throws ends here, since it must not cross the generated C. Empty: all went well.
template <class Call>
void shielded(std::string& error, Call call) noexcept {
  error.clear();
  try {
    call();
  } catch (const std::exception& caught) {
    error = *caught.what() == '\0' ? "the host failed" : caught.what();
  } catch (...) {
    error = "the host failed";
  }
}

}  // namespace

QuickJsMachine::QuickJsMachine(JavaScriptEngine::Host host, std::uint32_t max_pages)
    : memory(kInitialPages, max_pages), host_(std::move(host)), imports_{this} {
  static std::once_flag once;
  std::call_once(once, Z_quickjs_init_module);
  Z_quickjs_instantiate(&module_, &imports_);
}

QuickJsMachine::~QuickJsMachine() { Z_quickjs_free(&module_); }

void QuickJsMachine::restore(const EngineSnapshot& snapshot) {
  const std::size_t bytes = snapshot.size_bytes();
  if (bytes > memory.size_bytes() && !memory.grow(static_cast<std::uint32_t>((bytes - memory.size_bytes()) / LinearMemory::kPageBytes))) {
    throw std::bad_alloc();
  }
  memory.map_copy_of(snapshot.file(), bytes);
  handles_ = snapshot.handles();
  module_.w2c_g0 = handles_.stack_top;
}

std::shared_ptr<const EngineSnapshot> QuickJsMachine::snapshot() const {
  EngineSnapshot::Handles handles = handles_;
  handles.stack_top = module_.w2c_g0;
  return std::make_shared<const EngineSnapshot>(memory, handles);
}

// --- recoverable from here on ---------------------------------------------------------------------------------------------

void QuickJsMachine::fail(std::string_view reason) {
  failure = reason;
  wasm_rt_trap(WASM_RT_TRAP_UNREACHABLE);
}

void QuickJsMachine::start() {
  Z_quickjsZ_u(&module_);  // the module's own start-up
  handles_.runtime = QTS_NewRuntime(&module_);
  QTS_RuntimeEnableInterruptHandler(&module_, handles_.runtime);
  QTS_RuntimeEnableModuleLoader(&module_, handles_.runtime, 1);
  handles_.context = QTS_NewContext(&module_, handles_.runtime, 0);
  handles_.cells = QTS_malloc(&module_, kCellBytes);
  if (handles_.context == 0 || handles_.cells == 0) fail("out of memory");
  define_function("__host_send", kSend);
  define_function("__host_ask", kAsk);
  define_function("__host_compile", kCompile);
  define_function("__host_bytes", kBytes);
  define_function("__host_text", kText);
  find_random_state();
}

void QuickJsMachine::define_function(const char* name, std::uint32_t id) {
  const Address text = text_in(name, std::strlen(name));
  const Address function = QTS_NewFunction(&module_, handles_.context, text, 1, 0, id);
  QTS_free(&module_, text);
  const Address global = QTS_GetGlobalObject(&module_, handles_.context);
  const Address key = string_value(name, std::strlen(name));
  QTS_SetProp(&module_, handles_.context, global, key, function);
  free_value(key);
  free_value(function);
  free_value(global);
}

// The state is a word of the context that one draw of Math.random changes as the generator does.
void QuickJsMachine::find_random_state() {
  constexpr Address kContextBytes = 1024;
  constexpr Address kWord = sizeof(std::uint64_t);
  std::uint64_t before[kContextBytes / kWord];
  std::memcpy(before, memory.at(handles_.context), sizeof(before));
  evaluate("Math.random()", 13, "start");
  for (Address i = 0; i < kContextBytes / kWord; ++i) {
    const Address address = handles_.context + i * kWord;
    if (before[i] != 0 && word_at(address) == next_random_state(before[i])) handles_.random_state = address;
  }
  if (handles_.random_state == 0) fail("Math.random is not the generator that this was written for");
}

void QuickJsMachine::seed_random(std::uint64_t seed) {
  if (seed == 0) seed = 1;  // the generator's only fixed point
  std::memcpy(memory.at(handles_.random_state), &seed, sizeof(seed));
}

std::uint64_t QuickJsMachine::word_at(Address address) const {
  std::uint64_t word = 0;
  std::memcpy(&word, memory.at(address), sizeof(word));
  return word;
}

// A copy in the engine's memory, with a NUL behind it.
QuickJsMachine::Address QuickJsMachine::text_in(const char* bytes, std::size_t size) {
  const Address text = size < memory.raw()->max_pages * LinearMemory::kPageBytes ? QTS_malloc(&module_, static_cast<Address>(size + 1)) : 0;
  if (text == 0) {
    out_of_memory = true;
    fail("out of memory");
  }
  std::memcpy(memory.at(text), bytes, size);
  *memory.at(text + static_cast<Address>(size)) = 0;
  return text;
}

QuickJsMachine::Address QuickJsMachine::string_value(const char* bytes, std::size_t size) {
  const Address text = text_in(bytes, size);
  const Address value = QTS_NewString(&module_, handles_.context, text);
  QTS_free(&module_, text);
  return value;
}

bool QuickJsMachine::text_out(Address value, std::string& text) {
  const Address chars = QTS_GetString(&module_, handles_.context, value);
  if (chars == 0) return false;
  const auto* bytes = reinterpret_cast<const char*>(memory.at(chars));
  const std::size_t size = std::strlen(bytes);
  text.resize(size);
  std::memcpy(text.data(), bytes, size);
  QTS_FreeCString(&module_, handles_.context, chars);
  return true;
}

bool QuickJsMachine::is_string(Address value) {
  const Address type = QTS_Typeof(&module_, handles_.context, value);
  if (type == 0) return false;
  const bool is = std::strcmp(reinterpret_cast<const char*>(memory.at(type)), "string") == 0;
  QTS_free(&module_, type);
  return is;
}

QuickJsMachine::Address QuickJsMachine::property(Address object, std::string_view name) {
  const Address key = string_value(name.data(), name.size());
  const Address value = QTS_GetProp(&module_, handles_.context, object, key);
  free_value(key);
  return value;
}

// Frees the value. Its text is in `result`, or that of the error which it stands for in `error_message` and `error_stack`.
bool QuickJsMachine::take(Address value) {
  const Address error = QTS_ResolveException(&module_, handles_.context, value);
  if (error == 0) {
    if (!text_out(value, result)) result.clear();
  } else {
    describe_error(error);
    free_value(error);
  }
  free_value(value);
  return error == 0;
}

void QuickJsMachine::describe_error(Address error) {
  error_stack.clear();
  if (!text_out(error, error_message)) error_message.assign("an error that has no text");
  const Address stack = property(error, "stack");
  if (is_string(stack)) text_out(stack, error_stack);
  free_value(stack);
}

bool QuickJsMachine::evaluate(const char* source, std::size_t size, const char* file) {
  const Address text = text_in(source, size);
  const Address name = text_in(file, std::strlen(file));
  const Address value = QTS_Eval(&module_, handles_.context, text, static_cast<Address>(size), name, 0, 0);
  QTS_free(&module_, name);
  QTS_free(&module_, text);
  return take(value);
}

QuickJsMachine::Address QuickJsMachine::call_function(Address function, const Address* arguments, std::uint32_t count) {
  std::memcpy(memory.at(handles_.cells), arguments, count * sizeof(Address));
  return QTS_Call(&module_, handles_.context, function, QTS_GetUndefined(&module_), count, handles_.cells);
}

QuickJsMachine::Address QuickJsMachine::call_global(std::string_view name, const Address* arguments, std::uint32_t count) {
  const Address global = QTS_GetGlobalObject(&module_, handles_.context);
  const Address function = property(global, name);
  const Address value = call_function(function, arguments, count);
  free_value(function);
  free_value(global);
  return value;
}

bool QuickJsMachine::receive(const char* text, std::size_t size) {
  if (handles_.receive == 0) {
    const Address global = QTS_GetGlobalObject(&module_, handles_.context);
    handles_.receive = property(global, "__parsimony_receive");
    free_value(global);
  }
  const Address argument = string_value(text, size);
  const Address value = call_function(handles_.receive, &argument, 1);
  free_value(argument);
  return take(value);
}

bool QuickJsMachine::run_jobs(JavaScriptEngine::Clock::time_point until) {
  while (QTS_IsJobPending(&module_, handles_.runtime) != 0) {
    if (JavaScriptEngine::Clock::now() >= until) return true;
    take(QTS_ExecutePendingJob(&module_, handles_.runtime, kJobsBetweenLooks, handles_.cells));
  }
  return false;
}

QuickJsMachine::Address QuickJsMachine::throw_error(std::string_view message) {
  const Address error = QTS_NewError(&module_, handles_.context);
  const Address key = string_value("message", 7);
  const Address text = string_value(message.data(), message.size());
  QTS_SetProp(&module_, handles_.context, error, key, text);
  const Address thrown = QTS_Throw(&module_, handles_.context, error);
  free_value(text);
  free_value(key);
  free_value(error);
  return thrown;
}

// The host's own functions must not run into the end of the stack: recovery would jump over what they own.
QuickJsMachine::Address QuickJsMachine::call_host(Address argument_count, Address arguments, Address function) {
  if (wasm::stack_room() < kHostStackBytes) return throw_error("stack overflow");
  if (function == kCompile)
    return argument_count < 2 ? throw_error("a source and a file name are needed") : compile(argument_count, arguments);
  if (function == kBytes) return bytes_of_text(argument_count, arguments);
  if (function == kText) return text_of_bytes(argument_count, arguments);
  if (argument_count < 1 || !text_out(QTS_ArgvGetJSValueConstPointer(&module_, arguments, 0), received_)) {
    return throw_error("a text is needed");
  }
  return function == kAsk ? ask() : send();
}

QuickJsMachine::Address QuickJsMachine::send() {
  shielded(error_message, [this] { host_.send(std::move(received_)); });
  return error_message.empty() ? 0 : throw_error(error_message);
}

QuickJsMachine::Address QuickJsMachine::ask() {
  shielded(error_message, [this] { answer_ = host_.ask(received_); });
  return error_message.empty() ? string_value(answer_.data(), answer_.size()) : throw_error(error_message);
}

// Text and its encoding as an ArrayBuffer; undefined for what has to be read with more leniency.
QuickJsMachine::Address QuickJsMachine::bytes_of_text(Address argument_count, Address arguments) {
  if (argument_count < 2 || !text_out(QTS_ArgvGetJSValueConstPointer(&module_, arguments, 0), received_) ||
      !text_out(QTS_ArgvGetJSValueConstPointer(&module_, arguments, 1), answer_)) {
    return throw_error("a text and its encoding are needed");
  }
  bool is_good = true;
  shielded(error_message, [&] { is_good = decode(received_, answer_); });
  if (!error_message.empty()) return throw_error(error_message);
  if (!is_good) return 0;
  return QTS_NewArrayBuffer(&module_, handles_.context, text_in(received_.data(), received_.size()),
                            static_cast<Address>(received_.size()));
}

// An ArrayBuffer and the encoding of its text; undefined for what has to be read with more leniency.
QuickJsMachine::Address QuickJsMachine::text_of_bytes(Address argument_count, Address arguments) {
  constexpr std::string_view kUsage = "bytes and an encoding are needed";
  if (argument_count < 2 || !text_out(QTS_ArgvGetJSValueConstPointer(&module_, arguments, 1), answer_)) return throw_error(kUsage);
  const Address buffer = QTS_ArgvGetJSValueConstPointer(&module_, arguments, 0);
  const Address bytes = QTS_GetArrayBuffer(&module_, handles_.context, buffer);  // a copy
  if (bytes == 0) return throw_error(kUsage);
  const Address size = QTS_GetArrayBufferLength(&module_, handles_.context, buffer);
  bool is_good = true;
  shielded(error_message, [&] {
    received_.assign(reinterpret_cast<const char*>(memory.at(bytes)), size);
    is_good = encode(received_, answer_);
  });
  QTS_free(&module_, bytes);
  if (!error_message.empty()) return throw_error(error_message);
  return is_good ? string_value(received_.data(), received_.size()) : 0;
}

// A third argument makes a module of the source.
QuickJsMachine::Address QuickJsMachine::compile(Address argument_count, Address arguments) {
  constexpr Address kScript = 0;
  constexpr Address kModule = 1;
  const Address source = QTS_GetString(&module_, handles_.context, QTS_ArgvGetJSValueConstPointer(&module_, arguments, 0));
  const Address file = QTS_GetString(&module_, handles_.context, QTS_ArgvGetJSValueConstPointer(&module_, arguments, 1));
  if (source == 0 || file == 0) return throw_error("a source and a file name are needed");
  const auto size = static_cast<Address>(std::strlen(reinterpret_cast<const char*>(memory.at(source))));
  const Address kind = argument_count < 3 ? kScript : kModule;
  const Address value = QTS_Eval(&module_, handles_.context, source, size, file, 0, kind);
  QTS_FreeCString(&module_, handles_.context, file);
  QTS_FreeCString(&module_, handles_.context, source);
  return value;
}

// The text of a value for QuickJS to keep and free; 0 when the value stands for an exception, which is left in module_error_.
QuickJsMachine::Address QuickJsMachine::copy_of_result(Address value) {
  module_error_ = QTS_ResolveException(&module_, handles_.context, value);
  const bool has_text = module_error_ == 0 && text_out(value, answer_);
  free_value(value);
  return has_text ? text_in(answer_.data(), answer_.size()) : 0;
}

// QuickJS makes an empty name of a failure and asks for the module of that name.
QuickJsMachine::Address QuickJsMachine::normalize_module(Address base, Address name) {
  const Address arguments[] = {QTS_NewString(&module_, handles_.context, base), QTS_NewString(&module_, handles_.context, name)};
  const Address resolved = copy_of_result(call_global("__parsimony_resolve", arguments, 2));
  free_value(arguments[0]);
  free_value(arguments[1]);
  return resolved;
}

QuickJsMachine::Address QuickJsMachine::load_module(Address name) {
  Address source = 0;
  if (module_error_ == 0) {
    const Address argument = QTS_NewString(&module_, handles_.context, name);
    source = copy_of_result(call_global("__parsimony_source", &argument, 1));
    free_value(argument);
  }
  if (module_error_ != 0) {
    free_value(QTS_Throw(&module_, handles_.context, module_error_));
    free_value(module_error_);
    module_error_ = 0;
  }
  return source;
}

bool QuickJsMachine::should_interrupt() {
  if (JavaScriptEngine::Clock::now() < deadline) return false;
  interrupted = true;
  return true;
}

// A fifth more than asked for, when there is room, since the engine asks again and again.
bool QuickJsMachine::grow_to(std::size_t bytes) {
  const auto needed = static_cast<std::uint32_t>((bytes + LinearMemory::kPageBytes - 1) / LinearMemory::kPageBytes);
  const std::uint32_t pages = memory.raw()->pages;
  if (needed <= pages) return true;
  const std::uint32_t generous = std::min(std::max(needed, pages + pages / 5), memory.raw()->max_pages);
  const bool grown = needed <= memory.raw()->max_pages && memory.grow(generous - pages);
  if (memory.condemned()) fail("");  // growing may have made pages accessible again
  // One huge allocation that is refused leaves room for everything else.
  if (!grown && pages > memory.raw()->max_pages / 4 * 3) out_of_memory = true;
  return grown;
}

}  // namespace parsimony
