// cpp-httplib with this product's settings. Include it through this header only: the settings change the library's classes, so
// that two sources with different ones would not fit together in one executable.
#pragma once

#define CPPHTTPLIB_REQUEST_URI_MAX_LENGTH (64 * 1024)
#define CPPHTTPLIB_HEADER_MAX_LENGTH (64 * 1024)
#define CPPHTTPLIB_TCP_NODELAY true
#define CPPHTTPLIB_USE_POLL

#include <httplib.h>
