// What the engine's WebAssembly module imports. Its loader in the npm package has shortened the names to letters; each function says
// which one it is. All are recoverable (quickjs_machine.h).
#include <sys/time.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <ctime>

#include "cloud/engine/quickjs_machine.h"

namespace {

using Instance = Z_a_instance_t*;

std::uint8_t* at(Instance instance, u32 address) { return instance->machine->memory.at(address); }

void store(Instance instance, u32 address, s32 number) { std::memcpy(at(instance, address), &number, sizeof(number)); }

u32 load(Instance instance, u32 address) {
  u32 number = 0;
  std::memcpy(&number, at(instance, address), sizeof(number));
  return number;
}

constexpr u32 kNotASocketOrFile = 70;  // WASI's "illegal seek"
constexpr u32 kNotSupported = 52;      // WASI's "function not supported"

}  // namespace

extern "C" {

// memory
wasm_rt_memory_t* Z_aZ_a(Instance instance) { return instance->machine->memory.raw(); }

// __assert_fail(condition, file, line, function)
void Z_aZ_b(Instance instance, u32, u32, u32, u32) { instance->machine->fail("an assertion of the engine failed"); }

// fd_write(descriptor, vectors, count, written): the engine prints when it dumps its own state only; nobody reads that
u32 Z_aZ_c(Instance instance, u32, u32 vectors, u32 count, u32 written) {
  u32 total = 0;
  for (u32 i = 0; i < count; ++i) total += load(instance, vectors + 8 * i + 4);
  store(instance, written, static_cast<s32>(total));
  return 0;
}

// fd_close(descriptor)
u32 Z_aZ_d(Instance, u32) { return kNotSupported; }

// environ_get(pointers, bytes)
u32 Z_aZ_e(Instance, u32, u32) { return 0; }

// environ_sizes_get(count, bytes): an empty environment
u32 Z_aZ_f(Instance instance, u32 count, u32 bytes) {
  store(instance, count, 0);
  store(instance, bytes, 0);
  return 0;
}

// normalize a module's name(runtime, context, base, name)
u32 Z_aZ_g(Instance instance, u32, u32, u32 base, u32 name) { return instance->machine->normalize_module(base, name); }

// load a module's source(runtime, context, name)
u32 Z_aZ_h(Instance instance, u32, u32, u32 name) { return instance->machine->load_module(name); }

// should the engine be interrupted(runtime)
u32 Z_aZ_i(Instance instance, u32) { return instance->machine->should_interrupt() ? 1 : 0; }

// setitimer(which, milliseconds)
u32 Z_aZ_j(Instance, u32, f64) { return 0; }

// emscripten_resize_heap(bytes)
u32 Z_aZ_k(Instance instance, u32 bytes) { return instance->machine->grow_to(bytes) ? 1 : 0; }

// keepalive_clear
void Z_aZ_l(Instance) {}

// _localtime_js(seconds, struct tm)
void Z_aZ_m(Instance instance, u64 seconds, u32 target) {
  const auto time = static_cast<std::time_t>(seconds);
  std::tm local{};
  localtime_r(&time, &local);
  const s32 fields[] = {local.tm_sec,  local.tm_min,  local.tm_hour, local.tm_mday,  local.tm_mon,
                        local.tm_year, local.tm_wday, local.tm_yday, local.tm_isdst, static_cast<s32>(local.tm_gmtoff)};
  std::memcpy(at(instance, target), fields, sizeof(fields));
}

// _tzset_js(timezone, daylight, standard name, daylight name): names have room for 16 characters and a NUL
void Z_aZ_n(Instance instance, u32 zone, u32 daylight_saving, u32 standard_name, u32 daylight_name) {
  tzset();
  store(instance, zone, static_cast<s32>(timezone));
  store(instance, daylight_saving, daylight);
  std::strncpy(reinterpret_cast<char*>(at(instance, standard_name)), tzname[0], 16);
  std::strncpy(reinterpret_cast<char*>(at(instance, daylight_name)), tzname[1], 16);
}

// fd_seek(descriptor, offset, whence, position)
u32 Z_aZ_o(Instance, u32, u64, u32, u32) { return kNotASocketOrFile; }

// date_now
f64 Z_aZ_p(Instance) {
  timeval now{};
  gettimeofday(&now, nullptr);
  return std::floor(static_cast<double>(now.tv_sec) * 1000 + static_cast<double>(now.tv_usec) / 1000);
}

// abort
void Z_aZ_q(Instance instance) { instance->machine->fail("the engine gave up"); }

// proc_exit(code)
void Z_aZ_r(Instance instance, u32) { instance->machine->fail("the engine ended itself"); }

// call a function of the host(context, this, argument count, arguments, function)
u32 Z_aZ_s(Instance instance, u32, u32, u32 count, u32 arguments, u32 function) {
  return instance->machine->call_host(count, arguments, function);
}

// free a reference to the host(runtime, reference): there are none
void Z_aZ_t(Instance, u32, u32) {}
}
