# Every library comes from the distribution and is linked statically, so that the executable runs on a machine that has
# glibc and nothing else. docs/decisions/0002-dependencies.md says what each is for.
find_package(Threads REQUIRED)

function(parsimony_static_library target archive)
  find_library(path_${target} NAMES ${archive} REQUIRED)
  add_library(${target} INTERFACE)
  target_link_libraries(${target} INTERFACE ${path_${target}} ${ARGN})
endfunction()

parsimony_static_library(deps_crypto libcrypto.a ${CMAKE_DL_LIBS} Threads::Threads)
parsimony_static_library(deps_openssl libssl.a deps_crypto)
parsimony_static_library(deps_zlib libz.a)
parsimony_static_library(deps_sqlite libsqlite3.a ${CMAKE_DL_LIBS} Threads::Threads m)
parsimony_static_library(deps_sqlitecpp libSQLiteCpp.a deps_sqlite)
parsimony_static_library(deps_crypt libcrypt.a)
parsimony_static_library(deps_utf8proc libutf8proc.a)
parsimony_static_library(deps_pcre2 libpcre2-8.a)
# Abseil's time zones, and what they stand on, in the order in which they need each other.
parsimony_static_library(deps_absl_base libabsl_base.a Threads::Threads)
set(absl_needs deps_absl_base)
foreach(part raw_logging_internal throw_delegate int128 strings_internal strings time_zone civil_time time)
  parsimony_static_library(deps_absl_${part} libabsl_${part}.a ${absl_needs})
  set(absl_needs deps_absl_${part})
endforeach()
add_library(deps_time_zone ALIAS deps_absl_time)
target_compile_definitions(deps_pcre2 INTERFACE PCRE2_CODE_UNIT_WIDTH=8)

# Header-only here: the distribution has no static archive of these two.
add_library(deps_spdlog INTERFACE)
target_compile_definitions(deps_spdlog INTERFACE SPDLOG_FMT_EXTERNAL FMT_HEADER_ONLY)

add_library(deps_json INTERFACE)
add_library(deps_cli11 INTERFACE)

# The distribution's development package of cpp-httplib is split into a header and a shared library; its source package
# holds the header-only form, which ./dev setup fetches (docs/decisions/0002-dependencies.md).
add_library(deps_httplib INTERFACE)
find_path(HTTPLIB_DIR httplib.h PATHS "${PARSIMONY_DEPS}/cpp-httplib" NO_DEFAULT_PATH)
if(NOT HTTPLIB_DIR)
  message(FATAL_ERROR "cpp-httplib is missing: run ./dev setup")
endif()
target_include_directories(deps_httplib SYSTEM INTERFACE "${HTTPLIB_DIR}")
target_link_libraries(deps_httplib INTERFACE Threads::Threads)
