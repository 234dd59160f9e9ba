# Writes OUT: the module's exports under readable names. SCRIPT is the npm package's loader, which maps them to the module's short ones
# ("c._QTS_NewRuntime=b.K"); wasm2c makes Z_quickjsZ_K of "K", with "Z" and "$" written as Z5A and Z24. Run by cloud.cmake.
file(READ "${SCRIPT}" text)
string(REGEX MATCHALL "c\\._(QTS_[A-Za-z_0-9]+|malloc|free)=[ \n]*b\\.[A-Za-z_$]+" pairs "${text}")
list(LENGTH pairs count)
if(count LESS 60)
  message(FATAL_ERROR "${SCRIPT} names ${count} functions of the engine only: its form has changed")
endif()
set(lines "")
foreach(pair IN LISTS pairs)
  string(REGEX REPLACE "c\\._([A-Za-z_0-9]+)=[ \n]*b\\..*" "\\1" name "${pair}")
  string(REGEX REPLACE "c\\._[A-Za-z_0-9]+=[ \n]*b\\.(.*)" "\\1" export "${pair}")
  string(REPLACE "Z" "Z5A" export "${export}")
  string(REPLACE "$" "Z24" export "${export}")
  string(REGEX REPLACE "^(malloc|free)$" "QTS_\\1" name "${name}")
  string(APPEND lines "inline constexpr auto& ${name} = Z_quickjsZ_${export};\n")
endforeach()
file(WRITE "${OUT}" "#pragma once
#include <quickjs.h>

${lines}")
