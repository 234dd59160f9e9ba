#include "cloud/host/engine_session.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "common/error.h"
#include "common/log.h"

namespace parsimony {
namespace {

constexpr std::size_t kMostGivenUp = 64;  // pieces of work that still hold memory

std::string seconds(CloudLimits::Milliseconds time) {
  std::string text = std::to_string(static_cast<double>(time.count()) / 1000);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text + " s";
}

std::shared_ptr<Work> loading_work(const EngineSetup& setup) {
  auto work = std::make_shared<Work>();
  work->label = setup.main_name;
  work->message = setup.load_message;
  return work;
}

}  // namespace

EngineSession::EngineSession(const Surroundings& around, std::uint64_t number, NoEngineYet)
    : around_(around), number_(number), limits_(around_.setup->limits) {}

EngineSession::EngineSession(const Surroundings& around, std::uint64_t number) : EngineSession(around, number, NoEngineYet{}) {
  engine_ = std::make_unique<JavaScriptEngine>(host(), JavaScriptEngine::Limits{limits_.memory_bytes});
  around_.leash->set_engine(engine_.get());
  engine_->evaluate(around_.setup->script, "parsimony.js");
  engine_->run_jobs(Clock::time_point::max());
}

EngineSession::EngineSession(const Surroundings& around, std::uint64_t number, const EngineImage& image)
    : EngineSession(around, number, NoEngineYet{}) {
  engine_ = std::make_unique<JavaScriptEngine>(*image.snapshot, host(), JavaScriptEngine::Limits{limits_.memory_bytes});
  around_.leash->set_engine(engine_.get());
  const std::shared_ptr<Work> work = loading_work(*around_.setup);
  work->ended = true;
  for (std::string text : image.asked) act_on(work, text);
}

EngineSession::~EngineSession() {
  around_.leash->set_engine(nullptr);
  for (const auto& [id, asked] : asked_) {
    if (asked.cancel) asked.cancel->cancel();
  }
}

JavaScriptEngine::Host EngineSession::host() {
  return {[this](std::string text) { send(std::move(text)); },
          [questions = around_.setup->questions](const std::string& question) { return questions->answer(question); }};
}

// Acted on when JavaScript is done: nothing of ours may wait, or hold a lock, deep inside of the engine.
void EngineSession::send(std::string text) {
  const bool is_too_much = sent_.size() >= kMaxSentMessages || text.size() > limits_.memory_bytes - sent_bytes_;
  if (is_too_much) throw std::runtime_error("Too many messages without a pause.");
  sent_bytes_ += text.size();
  sent_.push_back(std::move(text));
}

// --- running JavaScript ------------------------------------------------------------------------------------------------

void EngineSession::deliver(const std::shared_ptr<Work>& work, const std::string& text) {
  busy_ = work;
  limit_.clear();
  const std::optional<std::string> loss = run(*work, text);
  act_on_sent(work);
  if (loss) throw EngineLost(*loss);
  if (!limit_.empty()) give_up(work, limit_);
  busy_ = nullptr;
}

// What the engine was lost to, if it was.
std::optional<std::string> EngineSession::run(const Work& work, const std::string& text) {
  const Clock::time_point now = Clock::now();
  const Clock::time_point deadline = std::min(now + limits_.run_time, work.ended ? Clock::time_point::max() : work.deadline);
  const Clock::time_point last = deadline + limits_.grace;
  std::optional<std::string> loss;
  engine_->set_deadline(deadline);
  around_.leash->begin(last);
  try {
    engine_->receive(text);
    if (engine_->run_jobs(last)) loss = overrun(work, deadline) + " and was stopped";
  } catch (const JavaScriptError& error) {
    if (!engine_->interrupted()) limit_ = work.label + " failed: " + error.what();
  } catch (const EngineLost& lost) {
    loss = loss_of(work, deadline, lost.what());
  }
  around_.leash->end();
  if (engine_->interrupted()) limit_ = overrun(work, deadline) + " and was interrupted";
  if (engine_->out_of_memory()) {
    limit_ = work.label + " needed more memory than the " + std::to_string(limits_.memory_bytes >> 20) + " MB that Cloud Code may take";
    if (std::exchange(short_of_memory_, true) && !loss) loss = limit_;
    worn_ = true;
  }
  return loss;
}

std::string EngineSession::loss_of(const Work& work, Clock::time_point deadline, const std::string& reason) const {
  if (around_.queue->is_closed()) return "the server is stopping";
  if (engine_->is_condemned()) return overrun(work, deadline) + " and was stopped";
  return work.label + " brought the JavaScript engine down (" + reason + ")";
}

std::string EngineSession::overrun(const Work& work, Clock::time_point deadline) const {
  if (deadline == work.deadline) return work.label + " took longer than " + seconds(time_limit(work));
  return work.label + " ran for more than " + seconds(limits_.run_time) + " without a pause";
}

CloudLimits::Milliseconds EngineSession::time_limit(const Work& work) const {
  if (&work == loading_.get()) return limits_.load_time;
  return work.is_job ? limits_.job_time : limits_.call_time;
}

void EngineSession::begin(const std::shared_ptr<Work>& work) {
  if (work->deadline <= Clock::now()) return fail(work, work->label + " waited too long for its turn.");
  calls_[work->id] = {work, deadlines_.emplace(work->deadline, work)};
  deliver(work, work->message);
}

void EngineSession::answer(const std::string& id, const std::string& text) {
  const auto found = asked_.find(id);
  if (found == asked_.end()) return;
  const std::shared_ptr<Work> work = std::move(found->second.work);
  asked_bytes_ -= found->second.bytes;
  asked_.erase(found);
  deliver(work, text);
}

void EngineSession::fire_due_timer() {
  const std::optional<Timer> timer = timers_.take_due(Clock::now());
  if (timer) deliver(timer->work, R"({"type":"timer","id":)" + to_json_text(timer->id) + "}");
}

EngineSession::Clock::time_point EngineSession::next_wake() const {
  return deadlines_.empty() ? timers_.next() : std::min(timers_.next(), deadlines_.begin()->first);
}

// --- loading -----------------------------------------------------------------------------------------------------------

void EngineSession::load(Registrations& registrations) {
  registrations_ = &registrations;
  loading_ = loading_work(*around_.setup);
  loading_->deadline = Clock::now() + limits_.load_time;
  deadlines_.emplace(loading_->deadline, loading_);
  const std::shared_ptr<Work> work = loading_;
  deliver(work, work->message);
}

void EngineSession::finish_loading(std::optional<CloudLoadError> error) {
  if (!loading_) return;
  load_error_ = std::move(error);
  loading_->ended = true;
  loading_ = nullptr;
  deadlines_.clear();  // no call begins before
}

std::shared_ptr<const EngineImage> EngineSession::image() {
  around_.leash->set_engine(nullptr);  // reading the memory of an engine that is being stopped would bring the process down
  EngineImage image{engine_->snapshot(), timers_.texts()};
  for (auto& [id, asked] : asked_) image.asked.push_back(std::exchange(asked.text, {}));
  around_.leash->set_engine(engine_.get());
  registrations_ = nullptr;
  return std::make_shared<const EngineImage>(std::move(image));
}

// --- ending work -------------------------------------------------------------------------------------------------------

void EngineSession::take_out(const std::string& id) {
  const auto found = calls_.find(id);
  if (found == calls_.end()) return;
  const std::shared_ptr<Work> work = std::move(found->second.work);
  deadlines_.erase(found->second.deadline);
  calls_.erase(found);
  work->ended = true;
  around_.on_ended(*work);
}

void EngineSession::fail(const std::shared_ptr<Work>& work, const std::string& message) {
  if (work == loading_) return finish_loading(CloudLoadError{message, ""});
  if (work->ended) return;
  work->ticket->fail(Error(error_code::kScriptFailed, message));
  if (calls_.count(work->id) > 0) return take_out(work->id);
  work->ended = true;
  around_.on_ended(*work);
}

// Nothing of the work goes on: what it asks for from now on is not heard.
void EngineSession::give_up(const std::shared_ptr<Work>& work, const std::string& message) {
  log::error(message, {{"function", work->label}});
  fail(work, message + ".");
  work->stopped = true;
  worn_ = worn_ || ++given_up_ >= kMostGivenUp;
}

void EngineSession::give_up_late_work() {
  const Clock::time_point now = Clock::now();
  while (!deadlines_.empty() && deadlines_.begin()->first <= now) {
    const std::shared_ptr<Work> work = deadlines_.begin()->second;
    give_up(work, work->label + " took longer than " + seconds(time_limit(*work)) + " and was given up");
  }
}

void EngineSession::end(const std::string& reason) {
  if (busy_) give_up(busy_, reason);
  if (loading_) finish_loading(CloudLoadError{reason + ".", ""});
  while (!calls_.empty()) fail(calls_.begin()->second.work, "The JavaScript engine had to be stopped: " + reason + ".");
}

}  // namespace parsimony
