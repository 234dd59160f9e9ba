#include "services/jobs/job_progress.h"

#include <utility>

#include "common/log.h"
#include "services/jobs/job_rows.h"

namespace parsimony {

JobProgress::~JobProgress() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void JobProgress::say(const std::string& object_id, const std::string& message) {
  {
    const std::lock_guard lock(mutex_);
    waiting_[object_id] = message;
    if (!thread_.joinable()) thread_ = std::thread([this] { loop(); });
  }
  changed_.notify_one();
}

void JobProgress::loop() {
  while (true) {
    Messages messages;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return !waiting_.empty() || ending_; });
      if (ending_) return;
      messages.swap(waiting_);
    }
    write(messages);
  }
}

void JobProgress::write(const Messages& messages) {
  try {
    store_.write([&](Transaction& transaction) {
      for (const auto& [object_id, message] : messages) set_run_message(transaction, object_id, message);
    });
  } catch (const std::exception& failure) {
    log::error("The progress of a job could not be written", {{"reason", failure.what()}});
  }
}

}  // namespace parsimony
