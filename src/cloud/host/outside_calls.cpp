#include "cloud/host/outside_calls.h"

#include <algorithm>
#include <iterator>
#include <thread>
#include <utility>

#include "cloud/host/message.h"
#include "common/base64.h"
#include "common/error.h"
#include "common/log.h"

namespace parsimony {
namespace {

constexpr std::size_t kDepths = 18;  // triggers nest at most 16 deep; the last lane takes what is deeper
constexpr std::size_t kFetchLane = kDepths;
constexpr std::size_t kEmailLane = kDepths + 1;
constexpr const char* kStopping = "The server is stopping.";
constexpr std::size_t kLongestFetchMs = 600'000;
constexpr std::size_t kLargestFetchBytes = std::size_t{64} << 20;

std::size_t number_of(const Json& message, std::string_view name, std::size_t standard, std::size_t largest) {
  const Json* value = find_member(message, name);
  if (!value || !value->is_number() || !(value->get<double>() >= 0)) return standard;
  return static_cast<std::size_t>(std::min(value->get<double>(), static_cast<double>(largest)));
}

std::string text_of(const Json& message, std::string_view name) {
  const std::string* text = find_string(message, name);
  return text ? *text : std::string();
}

RestCall rest_call(const OutsideCall& call) {
  Json message = parse_json(call.text);
  RestCall rest;
  rest.method = text_of(message, "method");
  rest.path = text_of(message, "path");
  if (const auto body = message.find("body"); body != message.end()) rest.body = std::move(*body);
  if (const auto context = message.find("context"); context != message.end()) rest.context = std::move(*context);
  const Json* master = find_member(message, "useMasterKey");
  rest.use_master_key = master && *master == true;
  rest.session_token = text_of(message, "sessionToken");
  rest.installation_id = text_of(message, "installationId");
  rest.chain = call.chain;
  rest.chain_deadline = call.deadline;
  return rest;
}

std::string rest_message_of(std::string_view id, const RestAnswer& answer) {
  Json headers = Json::object();
  for (const auto& [name, value] : answer.headers) headers[name] = value;
  return rest_message(id, answer.status, answer.body.empty() ? "{}" : answer.body, headers);
}

std::string refusal(const OutsideCall& call, const std::string& error) {
  return refusal_message(call.type, call.id, 500, error_code::kInternalServerError, error);
}

// So that a call that waits for an answer meets its own limit first, which says what was too slow.
constexpr std::chrono::milliseconds kGrace(100);

// What is left until `deadline`, which may have passed while the call waited for a place.
std::chrono::milliseconds time_for(const Json& message, net::Clock::time_point deadline) {
  const std::chrono::milliseconds wanted(number_of(message, "timeoutMs", 30'000, kLongestFetchMs));
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - net::Clock::now()) + kGrace;
  if (left.count() <= 0) throw net::NetError(net::Fault::TimedOut, "the call of Cloud Code is over");
  return std::min(wanted, left);
}

net::HttpCall http_call(const Json& message, net::Clock::time_point deadline) {
  net::HttpCall call;
  call.method = text_of(message, "method");
  call.url = text_of(message, "url");
  if (const Json* headers = find_member(message, "headers"); headers && headers->is_array()) {
    for (const Json& header : *headers) call.headers.emplace_back(header.at(0).get<std::string>(), header.at(1).get<std::string>());
  }
  call.body = decode_base64(text_of(message, "body")).value_or("");
  call.total_time = time_for(message, deadline);
  call.max_answer_bytes = number_of(message, "maxBytes", call.max_answer_bytes, kLargestFetchBytes);
  const std::string redirect = text_of(message, "redirect");
  if (redirect == "manual") call.redirects = net::Redirects::Manual;
  if (redirect == "error") call.redirects = net::Redirects::Refuse;
  return call;
}

std::string fetch_message(std::string_view id, const net::HttpAnswer& answer) {
  Json headers = Json::array();
  for (const auto& [name, value] : answer.headers) headers.push_back(Json::array({name, value}));
  return to_json_text(Json{{"type", "fetch"},
                           {"id", id},
                           {"status", answer.status},
                           {"statusText", answer.reason},
                           {"url", answer.url},
                           {"headers", std::move(headers)},
                           {"body", encode_base64(answer.body)}});
}

std::string rest(const CloudOutside& outside, const OutsideCall& call) {
  try {
    return rest_message_of(call.id, outside.rest(rest_call(call)));
  } catch (const Error& error) {
    return refusal_message("rest", call.id, error.http_status(), error.code().value_or(error_code::kOtherCause), error.message());
  }
}

std::string fetch(const CloudOutside& outside, const OutsideCall& call) {
  try {
    return fetch_message(call.id, outside.fetch(http_call(parse_json(call.text), call.deadline), *call.cancel));
  } catch (const net::NetError& error) {
    return refusal(call, error.what());
  }
}

std::string email(const CloudOutside& outside, const OutsideCall& call) {
  if (!outside.email) return to_json_text(Json{{"type", "email"}, {"id", call.id}, {"notSetUp", true}});
  try {
    const Json message = parse_json(call.text);
    const Json* mail = find_member(message, "message");
    outside.email(mail ? *mail : Json::object());
    return to_json_text(Json{{"type", "email"}, {"id", call.id}});
  } catch (const Error& error) {
    return refusal(call, error.message());
  }
}

struct Kind {
  std::string_view type;
  std::string (*run)(const CloudOutside&, const OutsideCall&);
};

constexpr Kind kKinds[] = {{"rest", &rest}, {"fetch", &fetch}, {"email", &email}};

std::size_t all_places() { return kDepths * OutsideCalls::kRestPlaces + OutsideCalls::kFetchPlaces + OutsideCalls::kEmailPlaces; }

WorkerPool::Limits worker_limits() {
  WorkerPool::Limits limits{};
  limits.running = std::max(4u, 2 * std::thread::hardware_concurrency());
  limits.max_waiting = all_places();  // so that no task is ever refused
  return limits;
}

}  // namespace

OutsideCalls::OutsideCalls(CloudOutside outside)
    : outside_(std::move(outside)), lanes_(kDepths, Lane{kRestPlaces}), workers_(worker_limits()) {
  lanes_.push_back(Lane{kFetchPlaces});
  lanes_.push_back(Lane{kEmailPlaces});
}

OutsideCalls::~OutsideCalls() = default;

OutsideCalls::Lane& OutsideCalls::lane_of(const OutsideCall& call) {
  if (call.type == "fetch") return lanes_[kFetchLane];
  if (call.type == "email") return lanes_[kEmailLane];
  return lanes_[std::min(call.chain.size(), kDepths - 1)];
}

void OutsideCalls::submit(OutsideCall call, std::function<void(std::string)> answer) {
  std::unique_lock lock(mutex_);
  if (stopping_) {
    lock.unlock();
    return answer(refusal(call, kStopping));
  }
  Lane& lane = lane_of(call);
  lane.waiting.push_back({std::move(call), std::move(answer)});
  if (lane.running == lane.places) return;
  if (workers_.submit([this, &lane] { run_lane(lane); })) {
    ++lane.running;
  } else if (lane.running == 0) {  // nobody would come by to take it
    const Task task = std::move(lane.waiting.back());
    lane.waiting.pop_back();
    lock.unlock();
    task.answer(refusal(task.call, "The server has no thread for the call. Try again later."));
  }
}

void OutsideCalls::run_lane(Lane& lane) {
  for (;;) {
    Task task;
    {
      std::lock_guard lock(mutex_);
      if (lane.waiting.empty()) {
        --lane.running;
        if (stopping_ && is_idle()) idle_.notify_all();
        return;
      }
      task = std::move(lane.waiting.front());
      lane.waiting.pop_front();
    }
    task.answer(run(task.call));
  }
}

bool OutsideCalls::is_idle() const {
  return std::all_of(lanes_.begin(), lanes_.end(), [](const Lane& lane) { return lane.running == 0; });
}

void OutsideCalls::stop() {
  std::vector<Task> refused;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    for (Lane& lane : lanes_) {
      std::move(lane.waiting.begin(), lane.waiting.end(), std::back_inserter(refused));
      lane.waiting.clear();
    }
  }
  for (const Task& task : refused) task.answer(refusal(task.call, kStopping));
  std::unique_lock lock(mutex_);
  idle_.wait(lock, [this] { return is_idle(); });
}

std::string OutsideCalls::run(const OutsideCall& call) const {
  try {
    for (const Kind& kind : kKinds) {
      if (kind.type == call.type) return kind.run(outside_, call);
    }
  } catch (const JsonSyntaxError& error) {
    return refusal_message(call.type, call.id, 400, error_code::kInvalidJson, error.what());
  } catch (const std::exception& error) {
    log::error("a call of Cloud Code to the outside failed", {{"type", call.type}, {"reason", error.what()}});
  }
  return refusal(call, "Internal server error.");
}

}  // namespace parsimony
