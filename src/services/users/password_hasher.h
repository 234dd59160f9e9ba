// Hashing passwords with bcrypt, as Parse Server does, on threads of their own.
//
// A hash takes tens of milliseconds of a core. The threads run at a low priority, so that requests that hash nothing do not wait for
// those that do. Thread-safe.
#pragma once
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace parsimony {

class PasswordHasher {
 public:
  explicit PasswordHasher(std::size_t threads);
  ~PasswordHasher();
  PasswordHasher(const PasswordHasher&) = delete;
  PasswordHasher& operator=(const PasswordHasher&) = delete;

  // A new "$2b$10$..." of the password. Opens a WaitingScope, as the next.
  // Throws 142 for a password with a NUL byte, behind which bcrypt does not look, and 503 when too many wait already.
  std::string hash(const std::string& password);
  // Whether the password is that of the hash, whichever form of bcrypt it has. False for what is no hash, in the same time.
  bool matches(const std::string& password, const std::string& hash);

 private:
  template <typename Result>
  Result run(std::function<Result()> task);
  void work(std::stop_token stop);

  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<std::function<void()>> tasks_;
  std::vector<std::jthread> threads_;  // last: they end before what they use
};

}  // namespace parsimony
