# The JavaScript engine and what runs in it (docs/decisions/0004-javascript-engine.md): the npm package of the engine is a WebAssembly
# module, which wasm2c turns into one file of C.
set(cloud_modules "${CMAKE_SOURCE_DIR}/src/cloud/javascript/node_modules")
set(quickjs_package "${cloud_modules}/@jitl/quickjs-wasmfile-release-sync/dist")
find_program(WASM2C wasm2c)
file(GLOB own_node "${PARSIMONY_DEPS}/node/node_modules/node-linux-*/bin")  # there when the system's Node is old
find_program(NODE node HINTS ${own_node})
if(NOT WASM2C OR NOT NODE OR NOT EXISTS "${quickjs_package}/emscripten-module.wasm")
  message(FATAL_ERROR "wasm2c, Node or the npm packages of src/cloud/javascript are missing: run ./dev setup")
endif()

set(quickjs_dir "${CMAKE_BINARY_DIR}/generated/quickjs")
file(MAKE_DIRECTORY "${quickjs_dir}")
add_custom_command(
  OUTPUT "${quickjs_dir}/quickjs.c" "${quickjs_dir}/quickjs.h"
  COMMAND "${WASM2C}" --module-name quickjs "${quickjs_package}/emscripten-module.wasm" -o "${quickjs_dir}/quickjs.c"
  DEPENDS "${quickjs_package}/emscripten-module.wasm"
  VERBATIM)
add_custom_command(
  OUTPUT "${quickjs_dir}/quickjs_names.h"
  COMMAND "${CMAKE_COMMAND}" "-DSCRIPT=${quickjs_package}/emscripten-module.cjs" "-DOUT=${quickjs_dir}/quickjs_names.h"
          -P "${CMAKE_SOURCE_DIR}/cmake/quickjs_names.cmake"
  DEPENDS "${quickjs_package}/emscripten-module.cjs" "${CMAKE_SOURCE_DIR}/cmake/quickjs_names.cmake"
  VERBATIM)

# Without our warnings and sanitizers, and always optimised: it is a compiler's output, and its memory is checked by its own page
# protection. Stack probes make an overflow meet the guard pages; contracted floating point would change JavaScript's results.
add_library(parsimony_quickjs OBJECT "${quickjs_dir}/quickjs.c" "${quickjs_dir}/quickjs_names.h")
target_include_directories(parsimony_quickjs SYSTEM INTERFACE "${quickjs_dir}")
target_compile_definitions(parsimony_quickjs PRIVATE NDEBUG)
target_compile_options(parsimony_quickjs PRIVATE -w -O3 -g0 -ffp-contract=off -fstack-clash-protection -ffunction-sections)

# Everything that is JavaScript, as one script.
set(javascript_dir "${CMAKE_SOURCE_DIR}/src/cloud/javascript")
set(javascript_bundle "${CMAKE_BINARY_DIR}/generated/cloud/cloud.js")
file(MAKE_DIRECTORY "${CMAKE_BINARY_DIR}/generated/cloud")
file(GLOB javascript_sources CONFIGURE_DEPENDS "${javascript_dir}/*.js" "${javascript_dir}/*.mjs" "${javascript_dir}/*/*.js")
add_custom_command(
  OUTPUT "${javascript_bundle}"
  COMMAND "${NODE}" "${javascript_dir}/bundle.mjs" "${javascript_bundle}"
  DEPENDS ${javascript_sources} "${javascript_dir}/package-lock.json"
  VERBATIM)
parsimony_embed_files(parsimony_cloud_script "${javascript_bundle}")
