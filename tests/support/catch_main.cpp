// Without Catch's own signal handlers: they would take the place of those by which JavaScript engines recover.
#define CATCH_CONFIG_NO_POSIX_SIGNALS
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>
