// Ends the program when the process that started it is gone, however that ended.
//
// It waits for the end of the parent process (pidfd), not for that of the thread that forked, which the kernel's own parent death
// signal is about: a test runner's worker threads come and go. A parent that was gone before anybody could look who it is left a
// trace where standard input is a socket, as Node makes them for a child: the kernel remembers the process that made it. So that
// process is watched as well.
#pragma once
#include <sys/types.h>

#include <thread>

namespace parsimony {

class ParentWatch {
 public:
  // Make it behind a SignalWatch, which its SIGTERM goes to.
  ParentWatch();
  ~ParentWatch();
  ParentWatch(const ParentWatch&) = delete;
  ParentWatch& operator=(const ParentWatch&) = delete;

 private:
  // A process whose end is waited for.
  class Watched {
   public:
    explicit Watched(pid_t process);  // 0: none
    ~Watched();
    Watched(const Watched&) = delete;
    Watched& operator=(const Watched&) = delete;

    bool has_gone() const;
    int fd() const { return fd_; }
    bool must_be_looked_up() const { return process_ > 0 && fd_ < 0; }

   private:
    const pid_t process_;
    const int fd_;  // readable at its end; -1: the kernel has no such thing, or the process is gone already
  };

  void watch() const;
  bool anybody_has_gone() const;

  const pid_t parent_;
  const Watched parent_process_;
  const Watched maker_of_input_;
  const int end_fd_;  // readable when the watch is over
  std::thread thread_;
};

}  // namespace parsimony
