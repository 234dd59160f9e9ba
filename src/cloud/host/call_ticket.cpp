#include "cloud/host/call_ticket.h"

#include <utility>

#include "common/worker_pool.h"

namespace parsimony {
namespace {

std::string text_of(const Json* value) {
  if (value == nullptr || value->is_null()) return "";
  return value->is_string() ? value->get<std::string>() : to_json_text(*value);
}

[[noreturn]] void throw_error(const Json& error) {
  const Json* code = find_member(error, "code");
  const int number = code && code->is_number_integer() ? code->get<int>() : error_code::kScriptFailed;
  const Json* message = find_member(error, "message");
  if (message && !message->is_string() && !message->is_null()) throw Error::with_json(number, to_json_text(*message));
  throw Error(number, text_of(find_member(error, "message")), text_of(find_member(error, "stack")));
}

Json read_done(const std::string& text) {
  try {
    return parse_json(text);
  } catch (const JsonSyntaxError& error) {
    throw Error(error_code::kScriptFailed, std::string("The answer of Cloud Code cannot be read: ") + error.what());
  }
}

}  // namespace

void CallTicket::progress(std::string message) {
  {
    std::lock_guard lock(mutex_);
    messages_.push_back(std::move(message));
  }
  changed_.notify_one();
}

void CallTicket::done(std::string text) {
  {
    std::lock_guard lock(mutex_);
    if (done_ || error_) return;
    done_ = std::move(text);
  }
  changed_.notify_one();
}

void CallTicket::fail(Error error) {
  {
    std::lock_guard lock(mutex_);
    if (done_ || error_) return;
    error_ = std::move(error);
  }
  changed_.notify_one();
}

Json CallTicket::wait(const std::function<void(const std::string&)>& on_message) {
  for (;;) {
    std::deque<std::string> messages;
    bool ended = false;
    {
      const WaitingScope waiting;
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return !messages_.empty() || done_ || error_; });
      messages.swap(messages_);
      ended = done_ || error_;
    }
    for (const std::string& message : messages) {
      if (on_message) on_message(message);
    }
    if (ended) break;
  }
  if (error_) throw *error_;  // nobody changes what has ended
  return result_of_done(*done_);
}

Json result_of_done(const std::string& text) {
  Json message = read_done(text);
  if (const Json* error = find_member(message, "error")) throw_error(*error);
  const auto result = message.find("result");
  return result == message.end() ? Json::object() : std::move(*result);
}

}  // namespace parsimony
