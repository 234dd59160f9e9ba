// cpp-httplib with this product's settings. Include it through this header only: the settings change the library's classes, so
// that two sources with different ones would not fit together in one executable.
#pragma once

#define CPPHTTPLIB_REQUEST_URI_MAX_LENGTH (64 * 1024)
#define CPPHTTPLIB_HEADER_MAX_LENGTH (64 * 1024)
#define CPPHTTPLIB_TCP_NODELAY true
#define CPPHTTPLIB_USE_POLL

// GCC 12 sees an uninitialized member in the <regex> that the library brings when it compiles for the address sanitizer.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
#include <httplib.h>
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif
