// What a test may do to a server that was started for tests (docs/testing.md): put everything back to how it was, and choose the time
// and the ids.
//
// A state is all data, all files, the clock and the series of ids; what was captured for the outboxes is not part of it and is
// dropped by each return to a state.
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "common/clock.h"
#include "common/ids.h"
#include "services/files/file_store.h"
#include "services/testing/outbox.h"
#include "storage/store.h"

namespace parsimony {

// Thread-safe; borrows store and files. One object for a process, since it sets the clock and the ids of the process. Those end with it.
class TestControls {
 public:
  TestControls(Store& store, FileStore& files);
  ~TestControls();
  TestControls(const TestControls&) = delete;
  TestControls& operator=(const TestControls&) = delete;

  // What reset() goes back to from now on: how things are. Throws std::runtime_error when that is larger than kMaxStateBytes.
  void set_baseline();
  // Without what came into the data from outside since then, the baseline is outdated: the next reset() goes back to it, calls `renew`,
  // which must not throw, and takes the result as the baseline.
  void outdate_baseline(std::function<void()> renew);
  void reset();

  struct Snapshot {
    std::string name;
    std::uint64_t bytes;  // of the data; files take no space of their own where the file system has links
  };
  // Replaces one of that name. Throws 107 for a name that is none, 140 beyond kMaxSnapshots and kMaxStateBytes of all of them.
  Snapshot take_snapshot(const std::string& name);
  // Throws 101 when there is none of that name, as remove_snapshot().
  void restore_snapshot(const std::string& name);
  std::vector<Snapshot> snapshots() const;  // by name
  void remove_snapshot(const std::string& name);
  void remove_snapshots();

  // As describe_clock() and set_test_clock(); both return how the clock is then.
  Json clock() const;
  Json set_clock(const Json& request);
  // Ids from {"seed":…}, a text or a number, with {"tokens":true} also session tokens and names of files; {"seed":null}: at random.
  // Throws 107 for anything else.
  static void set_seed(const Json& request);

  Outbox& mails() { return mails_; }
  Outbox& pushes() { return pushes_; }

  static constexpr std::size_t kMaxSnapshots = 100;
  static constexpr std::size_t kMaxNameLength = 64;
  static constexpr std::size_t kMaxSeedLength = 256;
  static constexpr std::uint64_t kMaxStateBytes = std::uint64_t{1} << 30;

 private:
  struct State {
    std::unique_ptr<StoreImage> data;
    std::unique_ptr<FilesImage> files;
    ClockSetting clock;
    std::optional<SeededIds> ids;
  };
  using SharedState = std::shared_ptr<const State>;

  // Null when the data are larger.
  SharedState take_state(std::uint64_t max_bytes) const;
  void return_to(const State& state);
  std::uint64_t bytes_of_others(const std::string& name) const;               // under mutex_
  void require_room_for(const std::string& name, std::uint64_t bytes) const;  // under mutex_

  Store& store_;
  FileStore& files_;
  Outbox mails_;
  Outbox pushes_;
  mutable std::mutex mutex_;                      // never held while something waits for the writer
  SharedState baseline_;                          // guarded by mutex_
  std::function<void()> renew_;                   // guarded by mutex_; empty: the baseline is not outdated
  std::map<std::string, SharedState> snapshots_;  // guarded by mutex_
  mutable std::mutex clock_;                      // held while the clock is read and set
};

}  // namespace parsimony
