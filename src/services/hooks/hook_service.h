// Webhooks: which URLs stand for functions and triggers (server-behaviour.md, section 16; rest-api.md, section 11).
//
// Each is a row of _Hooks. All are also kept in memory, as a table that changes when the change of its rows is on disk, and is read anew
// when the store was put back to an earlier state.
// What is refused: 143; what the text says about names and classes is Parse Server's.
#pragma once
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "services/hooks/hook_table.h"
#include "storage/store.h"

namespace parsimony {

inline constexpr std::size_t kMaxHooks = 1000;

// Thread-safe; borrows the store. For the master key alone: the routes ask for it.
class HookService {
 public:
  explicit HookService(Store& store);  // reads what is stored

  std::shared_ptr<const HookTable> table() const;
  // Whether the table has none; without a lock.
  bool is_empty() const { return is_empty_ && !is_stale_; }

  Json functions() const;
  Json triggers() const;
  Json function(const std::string& name) const;
  Json trigger(const std::string& class_name, const std::string& trigger_name) const;

  // {"functionName","url"} or {"className","triggerName","url"}, and answers what is stored.
  Json create(const Json& body) const;
  // Another URL: {"url"}.
  Json update_function(const std::string& name, const Json& body) const;
  Json update_trigger(const std::string& class_name, const std::string& trigger_name, const Json& body) const;
  // Throw 101 when there is none.
  void remove_function(const std::string& name) const;
  void remove_trigger(const std::string& class_name, const std::string& trigger_name) const;

 private:
  using Change = std::function<void(Transaction&, const ClassSchema&)>;

  void write(const Change& change) const;
  void read_anew() const;
  void publish(std::shared_ptr<const HookTable> table, std::uint64_t version) const;
  Json replace(const Hook& hook, const std::string& unknown) const;
  void remove(const Filter& where) const;

  Store& store_;
  mutable std::atomic<std::uint64_t> last_version_{0};
  mutable std::atomic<bool> is_empty_{true};
  mutable std::atomic<bool> is_stale_{false};
  mutable std::mutex mutex_;
  mutable std::shared_ptr<const HookTable> table_ = std::make_shared<const HookTable>();  // under mutex_
  mutable std::uint64_t version_ = 0;                                                     // of table_; under mutex_
  std::shared_ptr<void> watch_;                                                           // last: it uses the above
};

}  // namespace parsimony
