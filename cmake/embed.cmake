# parsimony_embed(TARGET DIR PATTERN): a library with the files of DIR that match PATTERN compiled in, declared in
# "embedded/TARGET.h" as `std::span<const EmbeddedFile> TARGET()`, sorted by name.
function(parsimony_embed target dir pattern)
  file(GLOB files CONFIGURE_DEPENDS "${dir}/${pattern}")
  parsimony_embed_files(${target} ${files})
endfunction()

# The same for the files named; they may be made by the build.
function(parsimony_embed_files target)
  set(files ${ARGN})
  set(out "${CMAKE_BINARY_DIR}/generated/embedded")
  add_custom_command(
    OUTPUT "${out}/${target}.cpp" "${out}/${target}.h"
    COMMAND "${CMAKE_COMMAND}" -DTARGET=${target} -DOUT=${out} "-DFILES=${files}" -P "${CMAKE_SOURCE_DIR}/cmake/embed_files.cmake"
    DEPENDS ${files} "${CMAKE_SOURCE_DIR}/cmake/embed_files.cmake"
    VERBATIM)
  add_library(${target} STATIC "${out}/${target}.cpp")
  target_link_libraries(${target} PUBLIC parsimony_flags)
endfunction()
