#include "cli/signal_watch.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <functional>

namespace parsimony {
namespace {

constexpr int kStopped = 7;

// A child process with a watch, and a pipe by which it says that it got somewhere.
class Child {
 public:
  explicit Child(const std::function<void(SignalWatch&, const std::function<void()>& say)>& body) {
    REQUIRE(::pipe(pipe_) == 0);
    pid_ = ::fork();
    if (pid_ != 0) return;
    SignalWatch watch;
    body(watch, [this] {
      if (::write(pipe_[1], "x", 1) != 1) ::_exit(1);
    });
    ::_exit(kStopped);
  }
  ~Child() {
    ::close(pipe_[0]);
    ::close(pipe_[1]);
  }

  void hear() {
    char byte = 0;
    REQUIRE(::read(pipe_[0], &byte, 1) == 1);
  }
  void send(int number) { ::kill(pid_, number); }
  int exit_code() {
    int status = 0;
    ::waitpid(pid_, &status, 0);
    REQUIRE(WIFEXITED(status));
    return WEXITSTATUS(status);
  }

 private:
  int pipe_[2] = {-1, -1};
  pid_t pid_ = -1;
};

void wait_forever() {
  while (true) ::pause();
}

TEST_CASE("the first signal after serving() ends the wait") {
  for (int number : {SIGTERM, SIGINT}) {
    Child child([](SignalWatch& watch, const auto& say) {
      watch.serving();
      say();
      watch.wait();
    });
    child.hear();
    child.send(number);
    CHECK(child.exit_code() == kStopped);
  }
}

TEST_CASE("a SIGINT while stopping ends the program at once, a SIGTERM does not") {
  Child child([](SignalWatch& watch, const auto& say) {
    watch.serving();
    say();
    watch.wait();
    say();
    wait_forever();
  });
  child.hear();
  child.send(SIGTERM);
  child.hear();
  child.send(SIGTERM);
  child.send(SIGINT);
  CHECK(child.exit_code() == 128 + SIGINT);
}

TEST_CASE("a signal while starting ends the program at once") {
  Child child([](SignalWatch&, const auto& say) {
    say();
    wait_forever();
  });
  child.hear();
  child.send(SIGTERM);
  CHECK(child.exit_code() == 128 + SIGTERM);
}

TEST_CASE("a closed pipe is no end, and a watch that is over leaves its thread") {
  Child child([](SignalWatch&, const auto&) {
    int broken[2];
    if (::pipe(broken) != 0) ::_exit(1);
    ::close(broken[0]);
    if (::write(broken[1], "x", 1) == 1) ::_exit(1);
    { const SignalWatch second; }
  });
  CHECK(child.exit_code() == kStopped);
}

}  // namespace
}  // namespace parsimony
