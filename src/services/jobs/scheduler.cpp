#include "services/jobs/scheduler.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "common/clock.h"
#include "common/log.h"
#include "services/jobs/schedule_list.h"

namespace parsimony {
namespace {

// The machine's clock may be set, or may have stood still with the machine: the thread asks it this often.
constexpr std::int64_t kLongestWaitMs = 30'000;
constexpr std::int64_t kWaitAfterFailureMs = 1000;

// What the thread hears of. Shared with those who tell it, who may live longer.
class Mailbox {
 public:
  struct Mail {
    ClassChange changed;                                      // of the schedules
    std::vector<std::pair<std::string, std::int64_t>> ended;  // the schedules whose run has ended, and when
    bool is_awake = false;                                    // something was told, perhaps only that the clock was set
    bool stop = false;
  };

  void tell(const std::function<void(Mail&)>& add) {
    {
      const std::lock_guard lock(mutex_);
      add(mail_);
      mail_.is_awake = true;
    }
    told_.notify_one();
  }

  Mail wait(std::int64_t longest_ms) {
    std::unique_lock lock(mutex_);
    told_.wait_for(lock, std::chrono::milliseconds(longest_ms), [this] { return mail_.is_awake; });
    return std::exchange(mail_, {});
  }

 private:
  std::mutex mutex_;
  std::condition_variable told_;
  Mail mail_;  // guarded by mutex_
};

}  // namespace

class Scheduler::Impl {
 public:
  Impl(Store& store, const JobService& jobs, MissedRuns missed)
      : missed_(missed),
        list_(store, jobs,
              [mail = mail_](const std::string& object_id, std::int64_t ended_ms) {
                mail->tell([&](auto& m) { m.ended.emplace_back(object_id, ended_ms); });
              }),
        watch_(store.watch(kJobScheduleClass, [this](const ClassChange& change) { hear(change); })),
        clock_watch_(watch_clock([mail = mail_] { mail->tell([](auto&) {}); })),
        thread_([this] { loop(); }) {}

  ~Impl() {
    mail_->tell([](auto& mail) { mail.stop = true; });
    thread_.join();
  }

 private:
  void hear(const ClassChange& change) {
    mail_->tell([&](auto& mail) {
      mail.changed.all = mail.changed.all || change.all;
      mail.changed.object_ids.insert(mail.changed.object_ids.end(), change.object_ids.begin(), change.object_ids.end());
    });
  }

  void loop() {
    Mailbox::Mail mail;
    mail.changed.all = true;
    while (!mail.stop) {
      std::int64_t wait_ms = kWaitAfterFailureMs;
      bool has_failed = false;
      try {
        wait_ms = handle(mail);
      } catch (const std::exception& failure) {
        log::error("The schedules could not be looked at; trying again", {{"reason", failure.what()}});
        has_failed = true;
      }
      mail = mail_->wait(wait_ms);
      mail.changed.all = mail.changed.all || has_failed;
    }
  }

  // Returns how long there is nothing to do.
  std::int64_t handle(const Mailbox::Mail& mail) {
    const std::int64_t now = now_ms();
    for (const auto& [object_id, ended_ms] : mail.ended) list_.ended(object_id, ended_ms);
    if (mail.changed.all) {
      list_.read_all(now, missed_);
    } else {
      list_.read(mail.changed.object_ids, now);
    }
    const auto next = list_.run_due(now);
    return next ? std::clamp<std::int64_t>(*next - now_ms(), 0, kLongestWaitMs) : kLongestWaitMs;
  }

  const MissedRuns missed_;
  const std::shared_ptr<Mailbox> mail_ = std::make_shared<Mailbox>();
  ScheduleList list_;  // the thread's
  const std::shared_ptr<void> watch_;
  const std::shared_ptr<void> clock_watch_;
  std::thread thread_;
};

Scheduler::Scheduler(Store& store, const JobService& jobs, MissedRuns missed) : impl_(std::make_unique<Impl>(store, jobs, missed)) {}
Scheduler::~Scheduler() = default;

}  // namespace parsimony
