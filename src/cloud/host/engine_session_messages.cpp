// What an engine's session does with the messages from JavaScript.
#include <algorithm>
#include <system_error>
#include <utility>

#include "cloud/host/engine_session.h"
#include "common/log.h"

namespace parsimony {
namespace {

log::Level level_of(const Json& message) {
  const std::string* name = find_string(message, "level");
  return log::level_from_name(name ? *name : "info");
}

std::string text_of(const Json& message, std::string_view name) {
  const Json* value = find_member(message, name);
  if (!value || value->is_null()) return "";
  std::string text = value->is_string() ? value->get<std::string>() : to_json_text(*value);
  return text;
}

// Cut between characters.
std::string shortened(std::string text) {
  if (text.size() <= kMaxLoggedBytes) return text;
  std::size_t end = kMaxLoggedBytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.replace(end, std::string::npos, "…");
}

std::string logged(const Json& message, std::string_view name) { return shortened(text_of(message, name)); }

std::chrono::milliseconds delay_of(const Json& message) {
  const Json* ms = find_member(message, "ms");
  const double count = ms && ms->is_number() ? ms->get<double>() : 0;
  return std::chrono::milliseconds(static_cast<std::int64_t>(std::clamp(count, 0.0, 2147483647.0)));
}

}  // namespace

const EngineSession::Row EngineSession::kRows[] = {
    {"done", &EngineSession::on_done},           {"rest", &EngineSession::on_outside},      {"log", &EngineSession::on_log},
    {"timer", &EngineSession::on_timer},         {"fetch", &EngineSession::on_outside},     {"clearTimer", &EngineSession::on_clear_timer},
    {"cancel", &EngineSession::on_cancel},       {"email", &EngineSession::on_outside},     {"progress", &EngineSession::on_progress},
    {"rejection", &EngineSession::on_rejection}, {"register", &EngineSession::on_register}, {"loaded", &EngineSession::on_loaded},
};

void EngineSession::act_on_sent(const std::shared_ptr<Work>& work) {
  sent_bytes_ = 0;
  for (std::string& text : std::exchange(sent_, {})) act_on(work, text);
}

void EngineSession::act_on(const std::shared_ptr<Work>& work, std::string& text) {
  const MessageHead head = head_of(text);
  for (const Row& row : kRows) {
    if (row.type != head.type) continue;
    try {
      return (this->*row.act)(work, head, text);
    } catch (const std::exception& error) {
      log::error("a message of Cloud Code cannot be read", {{"type", std::string(row.type)}, {"reason", error.what()}});
      return;
    }
  }
}

// An error that follows from a limit is told in the limit's words, here and in on_done.
void EngineSession::on_loaded(const std::shared_ptr<Work>&, const MessageHead&, std::string& text) {
  const Json message = parse_json(text);
  const Json* error = find_member(message, "error");
  if (error && !limit_.empty()) return;
  finish_loading(error ? std::optional(CloudLoadError{text_of(*error, "message"), text_of(*error, "stack")}) : std::nullopt);
}

void EngineSession::on_register(const std::shared_ptr<Work>& work, const MessageHead&, std::string& text) {
  if (registrations_) return registrations_->add(text);
  log::warn("what is defined after the main file has been loaded is not known to clients", {{"function", work->label}});
}

void EngineSession::on_done(const std::shared_ptr<Work>& work, const MessageHead& head, std::string& text) {
  const auto found = calls_.find(std::string(head.id));
  if (found == calls_.end()) return;
  constexpr std::string_view kError = R"(,"error":)";
  const bool failed = text.compare(static_cast<std::size_t>(head.id.end() - text.data()) + 1, kError.size(), kError) == 0;
  if (failed && !limit_.empty() && found->second.work == work) return;
  const std::string id = found->first;
  found->second.work->ticket->done(std::move(text));
  take_out(id);
}

void EngineSession::on_progress(const std::shared_ptr<Work>&, const MessageHead& head, std::string& text) {
  const auto found = calls_.find(std::string(head.id));
  if (found != calls_.end()) found->second.work->ticket->progress(text_of(parse_json(text), "message"));
}

// What a call leaves behind may take as long as a call; it must not hold the places of others for longer.
EngineSession::Clock::time_point EngineSession::outside_deadline(const Work& work) const {
  if (!work.ended) return work.deadline;
  return limits_.call_time.count() > 0 ? Clock::now() + limits_.call_time : Clock::time_point::max();
}

void EngineSession::on_outside(const std::shared_ptr<Work>& work, const MessageHead& head, std::string& text) {
  if (work->stopped) return;
  const bool is_too_much = asked_.size() >= kMaxQueuedCalls || text.size() > limits_.memory_bytes - asked_bytes_;
  if (is_too_much) return refuse(work, head, "Too many unfinished calls.");
  OutsideCall call{std::string(head.type), std::string(head.id), {}, work->chain, outside_deadline(*work)};
  try {
    if (call.type == "fetch") call.cancel = std::make_shared<net::CancelFlag>();
  } catch (const std::system_error&) {
    return refuse(work, head, "Too many files and connections are open.");
  }
  asked_bytes_ += text.size();
  asked_[call.id] = {work, call.cancel, registrations_ ? text : std::string(), text.size()};
  call.text = std::move(text);
  auto answer = [queue = around_.queue, number = number_, id = call.id](std::string message) {
    EngineEvent event{nullptr, number, id, std::move(message)};
    queue->push(event);
  };
  around_.outside.submit(std::move(call), std::move(answer));
}

void EngineSession::refuse(const std::shared_ptr<Work>& work, const MessageHead& head, const std::string& error) {
  const std::string id(head.id);
  EngineEvent event{nullptr, number_, id, refusal_message(head.type, head.id, 503, error_code::kOtherCause, error)};
  asked_[id] = {work, nullptr, {}, 0};
  around_.queue->push(event);
}

void EngineSession::on_cancel(const std::shared_ptr<Work>&, const MessageHead& head, std::string&) {
  const auto found = asked_.find(std::string(head.id));
  if (found != asked_.end() && found->second.cancel) found->second.cancel->cancel();
}

void EngineSession::on_timer(const std::shared_ptr<Work>& work, const MessageHead& head, std::string& text) {
  if (work->stopped) return;
  if (timers_.size() >= kMaxTimers) return log::error("a timer was not set: there are too many", {{"function", work->label}});
  timers_.set(Clock::now() + delay_of(parse_json(text)), {std::string(head.id), work, registrations_ ? text : std::string()});
}

void EngineSession::on_clear_timer(const std::shared_ptr<Work>&, const MessageHead& head, std::string&) {
  timers_.clear(std::string(head.id));
}

void EngineSession::on_log(const std::shared_ptr<Work>& work, const MessageHead&, std::string& text) {
  const Json message = parse_json(text);
  const std::string meta = logged(message, "meta");
  if (meta.empty()) {
    log::write(level_of(message), logged(message, "message"), {{"function", work->label}});
  } else {
    log::write(level_of(message), logged(message, "message"), {{"function", work->label}, {"meta", meta}});
  }
}

void EngineSession::on_rejection(const std::shared_ptr<Work>& work, const MessageHead&, std::string& text) {
  const Json message = parse_json(text);
  log::error("unhandled rejection: " + logged(message, "message"), {{"function", work->label}, {"stack", logged(message, "stack")}});
}

}  // namespace parsimony
