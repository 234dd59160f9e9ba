// Ends the program when the process that started it is gone, however that ended.
//
// It waits for the end of the parent process (pidfd), not for that of the thread that forked, which the kernel's own parent death
// signal is about: a test runner's worker threads come and go. A parent that was gone before this looked shows in its end of standard
// input, where that is a socket, as Node makes them for a child; a pipe or a terminal is left alone, for a script or a job
// control may well have closed it.
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
  void watch() const;
  bool parent_has_gone() const;

  const pid_t parent_;
  const int parent_fd_;  // -1: the kernel has no such thing, and the parent is looked up now and then
  const int end_fd_;     // readable when the watch is over
  std::thread thread_;
};

}  // namespace parsimony
