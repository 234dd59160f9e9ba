// One engine's thread: takes what is to be done, and replaces an engine that had to be stopped on the spot, by a copy of what the first
// one was after loading.
#pragma once
#include <atomic>
#include <future>
#include <memory>
#include <optional>

#include "cloud/engine/engine_thread.h"
#include "cloud/host/engine_session.h"

namespace parsimony {

class EngineLoop {
 public:
  // Loads the code, or starts from the image when there is one. `outside` and `watchdog` outlive it.
  EngineLoop(std::shared_ptr<const EngineSetup> setup, std::shared_ptr<const EngineImage> image, OutsideCalls& outside, Watchdog& watchdog);
  // Fails what is unfinished, and waits for the thread.
  ~EngineLoop();
  EngineLoop(const EngineLoop&) = delete;
  EngineLoop& operator=(const EngineLoop&) = delete;

  // Waits until the code has been loaded. Nothing: it has loaded well.
  std::optional<CloudLoadError> wait_loaded();

  // From then on, thread-safe:
  std::shared_ptr<const EngineImage> image() const { return image_; }
  const Registrations& registrations() const { return registrations_; }
  // The work's ticket ends in any case. Throws Error when too many calls of clients are unfinished.
  void begin(std::shared_ptr<Work> work);
  // What begins from now on does so on a copy of the loaded code, as soon as nothing is unfinished.
  void begin_anew();
  std::size_t unfinished() const { return unfinished_; }
  // Ends everything within moments, as the destructor, but does not wait.
  void stop();

 private:
  void live();
  void start_session();
  void lose_session(const std::string& reason);
  void finish_loading();
  std::optional<CloudLoadError> keep_image();
  void step();
  void handle(EngineEvent event);
  void fail_event(const EngineEvent& event, const std::string& reason);

  const EngineSession::Surroundings around_;
  std::atomic<std::size_t> unfinished_ = 0;
  std::atomic<std::size_t> from_clients_ = 0;
  std::atomic<bool> is_outdated_ = false;  // the session is to be replaced

  // The thread's; the next three are constant once the code is loaded.
  std::promise<std::optional<CloudLoadError>> loaded_;
  Registrations registrations_;
  std::shared_ptr<const EngineImage> image_;
  bool is_loaded_ = false;
  std::uint64_t sessions_ = 0;
  std::unique_ptr<EngineSession> session_;  // null: it could not be started

  EngineThread thread_;  // last: it uses all above
};

}  // namespace parsimony
