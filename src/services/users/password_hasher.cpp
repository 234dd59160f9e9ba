#include "services/users/password_hasher.h"

#include <crypt.h>
#include <sys/resource.h>
#include <unistd.h>

#include <future>
#include <memory>
#include <stdexcept>

#include "common/error.h"
#include "common/random.h"
#include "common/worker_pool.h"

namespace parsimony {
namespace {

constexpr int kCost = 10;         // as Parse Server
constexpr int kLowPriority = 10;  // of a thread, as nice(1) counts
constexpr std::size_t kMaxWaiting = 1000;

void lower_priority() { setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), kLowPriority); }

std::string crypt_text(const std::string& password, const std::string& setting) {
  const auto data = std::make_unique<crypt_data>();
  const char* made = crypt_rn(password.c_str(), setting.c_str(), data.get(), sizeof(crypt_data));
  return made ? made : std::string();
}

std::string new_setting() {
  char setting[CRYPT_GENSALT_OUTPUT_SIZE];
  // Without random bytes of ours it asks the system for some.
  if (!crypt_gensalt_rn("$2b$", kCost, nullptr, 0, setting, sizeof(setting))) throw std::runtime_error("cannot make a salt for bcrypt");
  return setting;
}

bool is_bcrypt(const std::string& hash) {
  constexpr std::size_t kLength = 60;
  return hash.size() == kLength && (hash.starts_with("$2a$") || hash.starts_with("$2b$") || hash.starts_with("$2y$"));
}

bool has_nul(const std::string& password) { return password.find('\0') != std::string::npos; }

}  // namespace

PasswordHasher::PasswordHasher(std::size_t threads) {
  for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this](std::stop_token stop) { work(std::move(stop)); });
}

PasswordHasher::~PasswordHasher() {
  for (std::jthread& thread : threads_) thread.request_stop();
}

void PasswordHasher::work(std::stop_token stop) {
  lower_priority();
  while (true) {
    std::unique_lock lock(mutex_);
    if (!changed_.wait(lock, stop, [this] { return !tasks_.empty(); })) return;
    const std::function<void()> task = std::move(tasks_.front());
    tasks_.pop_front();
    lock.unlock();
    task();
  }
}

template <typename Result>
Result PasswordHasher::run(std::function<Result()> task) {
  const auto packaged = std::make_shared<std::packaged_task<Result()>>(std::move(task));
  {
    const std::scoped_lock lock(mutex_);
    if (tasks_.size() >= kMaxWaiting) throw Error::unavailable("Too many logins are waiting. Try again.");
    tasks_.emplace_back([packaged] { (*packaged)(); });
  }
  changed_.notify_one();
  const WaitingScope waiting;
  return packaged->get_future().get();
}

std::string PasswordHasher::hash(const std::string& password) {
  if (has_nul(password)) throw Error(error_code::kValidationError, "A password cannot contain a NUL character.");
  std::string made = run<std::string>([password] { return crypt_text(password, new_setting()); });
  if (!is_bcrypt(made)) throw std::runtime_error("cannot hash a password");
  return made;
}

bool PasswordHasher::matches(const std::string& password, const std::string& hash) {
  static const std::string kNobodys = "$2b$10$ABCDEFGHIJKLMNOPQRSTUuHMnwQJBbnZzEmqCvHQNFgTPsQHVhL2.";
  const bool can_match = is_bcrypt(hash) && !has_nul(password);
  const std::string& against = can_match ? hash : kNobodys;
  const bool is_equal = run<bool>([password, against] { return equal_in_constant_time(crypt_text(password, against), against); });
  return can_match && is_equal;
}

}  // namespace parsimony
