#include "cloud/host/engine_loop.h"

#include <utility>

#include "common/error.h"
#include "common/log.h"
#include "common/worker_pool.h"

namespace parsimony {
namespace {

constexpr const char* kStopping = "the server is stopping";

}  // namespace

EngineLoop::EngineLoop(std::shared_ptr<const EngineSetup> setup, std::shared_ptr<const EngineImage> image, OutsideCalls& outside,
                       Watchdog& watchdog)
    : around_{std::move(setup), outside, watchdog.add(), std::make_shared<EventQueue>(),
              [this](const Work& work) {
                --unfinished_;
                if (work.from_client) --from_clients_;
              }},
      image_(std::move(image)),
      thread_([this] { live(); }) {}

EngineLoop::~EngineLoop() { stop(); }

void EngineLoop::stop() {
  for (const EngineEvent& event : around_.queue->close()) fail_event(event, kStopping);
  around_.leash->stop();
}

std::optional<CloudLoadError> EngineLoop::wait_loaded() {
  const WaitingScope waiting;
  return loaded_.get_future().get();
}

void EngineLoop::begin(std::shared_ptr<Work> work) {
  if (work->from_client && ++from_clients_ > around_.setup->limits.unfinished_calls) {
    --from_clients_;
    throw Error::unavailable("Cloud Code has too many unfinished calls. Try again later.");
  }
  ++unfinished_;
  EngineEvent event{std::move(work), 0, {}, {}};
  if (!around_.queue->push(event)) fail_event(event, kStopping);
}

void EngineLoop::begin_anew() {
  is_outdated_ = true;
  EngineEvent wake_up{};
  around_.queue->push(wake_up);
}

void EngineLoop::fail_event(const EngineEvent& event, const std::string& reason) {
  if (!event.work) return;
  event.work->ticket->fail(Error(error_code::kScriptFailed, event.work->label + " cannot run: " + reason + "."));
  around_.on_ended(*event.work);
}

// --- the thread --------------------------------------------------------------------------------------------------------

void EngineLoop::live() {
  while (!around_.queue->is_closed()) {
    try {
      if (!session_) start_session();
      step();
    } catch (const std::exception& error) {
      if (!around_.queue->is_closed()) log::error(std::string("the JavaScript engine is replaced: ") + error.what());
      lose_session(error.what());
    }
  }
  if (session_) session_->end(kStopping);
  finish_loading();
  session_ = nullptr;
}

void EngineLoop::lose_session(const std::string& reason) {
  if (session_) session_->end(reason);
  finish_loading();
  if (!session_) {  // it could not even be started: the next call will try again, after this one
    const std::optional<EngineEvent> event = around_.queue->pop(Work::Clock::time_point::max());
    if (event) fail_event(*event, reason);
  }
  session_ = nullptr;
}

void EngineLoop::start_session() {
  ++sessions_;
  if (image_) {
    session_ = std::make_unique<EngineSession>(around_, sessions_, *image_);
  } else {
    session_ = std::make_unique<EngineSession>(around_, sessions_);
    session_->load(registrations_);
  }
  finish_loading();
}

// Once the code has been loaded, well or not, for whoever waits for it.
void EngineLoop::finish_loading() {
  if (is_loaded_ || (session_ && !session_->is_loaded())) return;
  is_loaded_ = true;
  std::optional<CloudLoadError> error = CloudLoadError{"The JavaScript engine could not be started.", ""};
  if (session_) error = session_->load_error();
  if (!error) error = keep_image();
  if (error) around_.queue->close();
  loaded_.set_value(std::move(error));
}

// Whoever waits is told in any case.
std::optional<CloudLoadError> EngineLoop::keep_image() {
  try {
    if (!image_) image_ = session_->image();
    return std::nullopt;
  } catch (const std::exception& failure) {
    return CloudLoadError{std::string("A copy of the loaded JavaScript engine could not be kept: ") + failure.what() + ".", ""};
  }
}

void EngineLoop::step() {
  std::optional<EngineEvent> event = around_.queue->pop(session_->next_wake());
  session_->give_up_late_work();
  session_->fire_due_timer();
  if (event) handle(std::move(*event));
  finish_loading();
  const bool should_go = session_->is_worn() || is_outdated_;
  if (!is_loaded_ || !should_go || !session_->is_idle()) return;
  is_outdated_ = false;
  session_ = nullptr;
}

void EngineLoop::handle(EngineEvent event) {
  if (event.work) {
    session_->begin(event.work);
  } else if (event.session == session_->number()) {
    session_->answer(event.id, event.text);
  }
}

}  // namespace parsimony
