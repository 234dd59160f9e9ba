#include "cli/signal_watch.h"

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

namespace parsimony {
namespace {

constexpr int kExitOfSignal = 128;  // plus the signal's number, as shells report it

sigset_t watched_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  return set;
}

}  // namespace

SignalWatch::SignalWatch() {
  signal(SIGPIPE, SIG_IGN);
  const sigset_t set = watched_signals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  thread_ = std::thread([this] { watch(); });
}

SignalWatch::~SignalWatch() {
  phase_ = Phase::over;
  pthread_kill(thread_.native_handle(), SIGTERM);  // wakes sigwait
  thread_.join();
}

void SignalWatch::watch() {
  const sigset_t set = watched_signals();
  int number = 0;
  while (sigwait(&set, &number) == 0) {
    Phase expected = Phase::serving;
    if (phase_ == Phase::over) return;
    if (phase_.compare_exchange_strong(expected, Phase::stopping)) {
      stop_asked_.release();
    } else if (expected == Phase::starting || number == SIGINT) {
      _exit(kExitOfSignal + number);
    }
  }
}

}  // namespace parsimony
