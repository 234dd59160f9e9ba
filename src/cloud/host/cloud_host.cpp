#include "cloud/host/cloud_host.h"

#include <algorithm>
#include <utility>

#include "common/error.h"
#include "common/log.h"

namespace parsimony {
namespace {

constexpr auto kBetweenLooks = std::chrono::milliseconds(200);  // at retired versions, while there are any

std::string_view kind_name(CloudKind kind) {
  switch (kind) {
    case CloudKind::Function: return "function";
    case CloudKind::Job: return "job";
    case CloudKind::Trigger: return "trigger";
  }
  return "";
}

std::string label_of(const CloudCall& call) { return call.class_name.empty() ? call.name : call.name + " " + call.class_name; }

struct CallHead {
  std::string_view kind;
  std::string_view name;
  std::string_view place;  // the member that says more of what is called
  std::string_view at_place;
};

std::string call_message(const std::string& id, const CallHead& head, const Json& request) {
  std::string text = R"({"type":"call","id":")" + id + R"(","kind":")";
  text += head.kind;
  text += R"(","name":)";
  append_json_string(text, head.name);
  text += R"(,")";
  text += head.place;
  text += R"(":)";
  append_json_string(text, head.at_place);
  text += R"(,"request":)";
  append_json(text, request);
  return text + "}";
}

std::vector<std::filesystem::path> folders_of(const std::vector<AdapterModule>& adapters) {
  std::vector<std::filesystem::path> folders;
  for (const AdapterModule& adapter : adapters) folders.push_back(folder_of(adapter));
  return folders;
}

}  // namespace

EngineLoop& CloudHost::Version::least_busy() const {
  const auto less_busy = [](const auto& a, const auto& b) { return a->unfinished() < b->unfinished(); };
  return **std::min_element(engines.begin(), engines.end(), less_busy);
}

bool CloudHost::Version::is_idle() const {
  return std::all_of(engines.begin(), engines.end(), [](const auto& engine) { return engine->unfinished() == 0; });
}

CloudHost::CloudHost(CloudHostOptions options, CloudOutside outside) : options_(std::move(options)), outside_(std::move(outside)) {
  retirement_ = std::thread([this] { retire_old_versions(); });
}

CloudHost::~CloudHost() { stop(); }

void CloudHost::stop() {
  std::shared_ptr<Version> version;
  std::list<std::shared_ptr<Version>> retired;
  {
    std::lock_guard lock(mutex_);
    if (std::exchange(stopping_, true)) return;
    version = version_;
    retired.swap(retired_);
    if (loads_) loads_->stop();
  }
  changed_.notify_all();
  retirement_.join();
  if (version) retired.push_back(std::move(version));
  for (const auto& each : retired) {
    for (const auto& engine : each->engines) engine->stop();
  }
  outside_.stop();
}

// --- versions ----------------------------------------------------------------------------------------------------------

std::shared_ptr<const EngineSetup> CloudHost::setup_of(const CloudSource& source) const {
  const std::filesystem::path path = source.main.empty() ? source.main : std::filesystem::absolute(source.main).lexically_normal();
  auto setup = std::make_shared<EngineSetup>();
  setup->script = options_.script;
  setup->load_message = to_json_text(Json{{"type", "load"},
                                          {"main", path.string()},
                                          {"adapters", encode(options_.adapters)},
                                          {"config", options_.config},
                                          {"env", source.env}});
  setup->main_name = path.empty() ? "the adapters" : path.filename().string();
  setup->limits = options_.limits;
  std::vector<std::filesystem::path> folders = folders_of(options_.adapters);
  if (source.folder) {
    folders.push_back(*source.folder);
  } else if (!path.empty()) {
    folders.push_back(project_folder_of(path));
  }
  setup->questions = std::make_shared<const Questions>(ProjectFiles(folders, options_.closed), source.env);
  return setup;
}

std::optional<CloudLoadError> CloudHost::load(const CloudSource& source) {
  std::lock_guard one_at_a_time(loading_);
  auto next = std::make_shared<Version>();
  if (auto error = load_engines(source, *next)) return error;
  if (source.is_current && !source.is_current()) return CloudLoadError{"The code has changed while it was loaded.", ""};
  if (auto error = accepted(next->registrations().all())) return error;
  if (!replace(std::move(next))) return CloudLoadError{"The server is stopping.", ""};
  return std::nullopt;
}

void CloudHost::unload() {
  std::lock_guard one_at_a_time(loading_);
  accepted({});
  replace(nullptr);
}

std::optional<CloudLoadError> CloudHost::accepted(const std::vector<Registration>& definitions) const {
  return options_.accept ? options_.accept(definitions) : std::nullopt;
}

std::optional<CloudLoadError> CloudHost::load_engines(const CloudSource& source, Version& version) {
  const auto setup = setup_of(source);
  EngineLoop& first = *version.engines.emplace_back(std::make_unique<EngineLoop>(setup, nullptr, outside_, watchdog_));
  {
    std::lock_guard lock(mutex_);
    loads_ = &first;
    if (stopping_) first.stop();
  }
  auto error = first.wait_loaded();
  {
    std::lock_guard lock(mutex_);
    loads_ = nullptr;
  }
  for (std::size_t i = 1; !error && i < options_.limits.engines; ++i) {
    version.engines.push_back(std::make_unique<EngineLoop>(setup, first.image(), outside_, watchdog_));
  }
  return error;
}

// False when everything stops.
bool CloudHost::replace(std::shared_ptr<Version> version) {
  {
    std::lock_guard lock(mutex_);
    if (stopping_) return false;
    std::swap(version_, version);
    if (version) retired_.push_back(std::move(version));
  }
  changed_.notify_all();
  return true;
}

// A version may go when nobody holds it but the list: run() holds it until its call has ended.
void CloudHost::retire_old_versions() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    std::list<std::shared_ptr<Version>> done;
    for (auto each = retired_.begin(); each != retired_.end();) {
      const auto next = std::next(each);
      if (each->use_count() == 1 && (*each)->is_idle()) done.splice(done.end(), retired_, each);
      each = next;
    }
    if (!done.empty()) {
      lock.unlock();
      done.clear();
      lock.lock();
    } else if (retired_.empty()) {
      changed_.wait(lock, [this] { return stopping_ || !retired_.empty(); });
    } else {
      changed_.wait_for(lock, kBetweenLooks, [this] { return stopping_; });
    }
  }
}

std::shared_ptr<CloudHost::Version> CloudHost::current() const {
  std::lock_guard lock(mutex_);
  return version_;
}

// --- what services ask -------------------------------------------------------------------------------------------------

bool CloudHost::is_empty() const {
  const auto version = current();
  return !version || version->registrations().is_empty();
}

bool CloudHost::has_trigger(std::string_view name, std::string_view class_name) const {
  const auto version = current();
  return version && version->registrations().has_trigger(name, class_name);
}

bool CloudHost::has_trigger_anywhere(std::string_view name) const {
  const auto version = current();
  return version && version->registrations().has_trigger_anywhere(name);
}

bool CloudHost::has_function(std::string_view name) const {
  const auto version = current();
  return version && version->registrations().has_function(name);
}

bool CloudHost::has_job(std::string_view name) const {
  const auto version = current();
  return version && version->registrations().has_job(name);
}

std::vector<std::string> CloudHost::function_names() const {
  const auto version = current();
  return version ? version->registrations().names("function") : std::vector<std::string>();
}

std::vector<std::string> CloudHost::job_names() const {
  const auto version = current();
  return version ? version->registrations().names("job") : std::vector<std::string>();
}

std::vector<Registration> CloudHost::registrations() const {
  const auto version = current();
  return version ? version->registrations().all() : std::vector<Registration>();
}

std::shared_ptr<Work> CloudHost::new_work(std::string label, const std::vector<std::string>& chain) {
  auto work = std::make_shared<Work>();
  work->id = std::to_string(++calls_);
  work->label = std::move(label);
  work->chain = chain;
  work->chain.push_back(work->label);
  work->from_client = chain.empty();
  work->ticket = std::make_shared<CallTicket>();
  return work;
}

std::shared_ptr<Work> CloudHost::work_of(const CloudCall& call) {
  auto work = new_work(label_of(call), call.chain);
  work->is_job = call.kind == CloudKind::Job;
  const CloudLimits::Milliseconds limit = work->is_job ? options_.limits.job_time : options_.limits.call_time;
  if (limit.count() > 0) work->deadline = Work::Clock::now() + limit;
  work->deadline = std::min(work->deadline, call.chain_deadline);
  work->message = call_message(work->id, {kind_name(call.kind), call.name, "className", call.class_name}, call.request);
  return work;
}

std::shared_ptr<Work> CloudHost::work_of(const AdapterCall& call) {
  auto work = new_work(call.adapter + " " + call.method, call.chain);
  work->deadline = std::min(Work::Clock::now() + options_.limits.call_time, call.chain_deadline);
  work->message = call_message(work->id, {"adapter", call.adapter, "method", call.method}, call.request);
  return work;
}

Json CloudHost::run(const CloudCall& call) {
  const auto version = current();
  if (!version) throw Error(error_code::kScriptFailed, "There is no Cloud Code.");
  const std::shared_ptr<Work> work = work_of(call);
  version->least_busy().begin(work);
  return work->ticket->wait(call.on_message);
}

void CloudHost::begin_anew() {
  const auto version = current();
  if (!version) return;
  for (const auto& engine : version->engines) engine->begin_anew();
}

bool CloudHost::has(std::string_view adapter, std::string_view method) const {
  const auto version = current();
  return version && version->registrations().has_method(adapter, method);
}

Json CloudHost::call(const AdapterCall& call) {
  const auto version = current();
  if (!version) throw Error(error_code::kScriptFailed, "There is no adapter " + call.adapter + ".");
  const std::shared_ptr<Work> work = work_of(call);
  version->least_busy().begin(work);
  return work->ticket->wait({});
}

}  // namespace parsimony
