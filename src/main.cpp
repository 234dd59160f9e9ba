#include <unistd.h>

#include <string>
#include <vector>

#include "cli/run.h"

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + (argc > 0 ? 1 : 0), argv + argc);
  return parsimony::run_command_line(words, parsimony::environment_of(environ));
}
