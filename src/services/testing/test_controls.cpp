#include "services/testing/test_controls.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "common/error.h"
#include "services/testing/test_clock.h"

namespace parsimony {
namespace {

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
}

void require_name(const std::string& name) {
  const bool is_name =
      !name.empty() && name.size() <= TestControls::kMaxNameLength && std::all_of(name.begin(), name.end(), is_name_character);
  if (is_name) return;
  throw Error(error_code::kInvalidJson, "A snapshot needs a name of 1 to " + std::to_string(TestControls::kMaxNameLength) +
                                            " letters, digits, dots, hyphens and underscores");
}

[[noreturn]] void refuse_unknown(const std::string& name) {
  require_name(name);
  throw Error(error_code::kObjectNotFound, "There is no snapshot \"" + name + "\"; take one with POST /_test/snapshot");
}

[[noreturn]] void refuse_for_space() {
  throw Error(error_code::kExceededQuota, "All snapshots together may hold " + std::to_string(TestControls::kMaxStateBytes >> 20) +
                                              " MB; delete some with DELETE /_test/snapshot/NAME");
}

std::string text_of_seed(const Json& seed) {
  if (seed.is_string() && seed.get_ref<const std::string&>().size() <= TestControls::kMaxSeedLength) return seed.get<std::string>();
  if (seed.is_number()) return to_json_text(seed);
  throw Error(error_code::kInvalidJson, R"(A seed is a number or a text of at most )" + std::to_string(TestControls::kMaxSeedLength) +
                                            R"( bytes: {"seed":42}; null goes back to random ids)");
}

SeededIds::Tokens tokens_of(const Json& request) {
  const Json* tokens = find_member(request, "tokens");
  if (!tokens) return SeededIds::Tokens::Random;
  if (!tokens->is_boolean()) throw Error(error_code::kInvalidJson, "tokens must be true or false");
  return tokens->get<bool>() ? SeededIds::Tokens::Seeded : SeededIds::Tokens::Random;
}

}  // namespace

TestControls::TestControls(Store& store, FileStore& files) : store_(store), files_(files) {}

TestControls::~TestControls() {
  parsimony::set_clock({});
  seed_ids(std::nullopt);
}

TestControls::SharedState TestControls::take_state(std::uint64_t max_bytes) const {
  auto state = std::make_shared<State>();
  state->data = store_.take_image(max_bytes, [&] {
    state->files = files_.take_image();
    state->clock = clock_setting();
    state->ids = seeded_ids();
  });
  return state->data ? state : nullptr;
}

void TestControls::return_to(const State& state) {
  store_.restore(*state.data, [&] {
    files_.restore(*state.files);
    parsimony::set_clock(state.clock);
    seed_ids(state.ids);
    mails_.clear();
    pushes_.clear();
  });
}

void TestControls::set_baseline() {
  SharedState state = take_state(kMaxStateBytes);
  if (!state) {
    throw std::runtime_error("the database is larger than " + std::to_string(kMaxStateBytes >> 20) +
                             " MB, but test controls keep a copy of it in memory; turn them off with --test-controls false");
  }
  const std::lock_guard lock(mutex_);
  baseline_ = std::move(state);
}

void TestControls::outdate_baseline(std::function<void()> renew) {
  const std::lock_guard lock(mutex_);
  renew_ = std::move(renew);
}

void TestControls::reset() {
  SharedState state;
  std::function<void()> renew;
  {
    const std::lock_guard lock(mutex_);
    state = baseline_;
    renew = std::exchange(renew_, nullptr);
  }
  return_to(*state);
  if (!renew) return;
  renew();
  set_baseline();
}

std::uint64_t TestControls::bytes_of_others(const std::string& name) const {
  std::uint64_t bytes = 0;
  for (const auto& [other, state] : snapshots_) bytes += other == name ? 0 : state->data->bytes();
  return bytes;
}

void TestControls::require_room_for(const std::string& name, std::uint64_t bytes) const {
  if (!snapshots_.contains(name) && snapshots_.size() >= kMaxSnapshots) {
    throw Error(error_code::kExceededQuota,
                "There are " + std::to_string(kMaxSnapshots) + " snapshots already; delete some with DELETE /_test/snapshot/NAME");
  }
  if (bytes_of_others(name) + bytes > kMaxStateBytes) refuse_for_space();
}

TestControls::Snapshot TestControls::take_snapshot(const std::string& name) {
  require_name(name);
  std::uint64_t room = 0;
  {
    const std::lock_guard lock(mutex_);
    require_room_for(name, 0);
    room = kMaxStateBytes - bytes_of_others(name);
  }
  SharedState state = take_state(room);
  if (!state) refuse_for_space();
  const Snapshot taken{name, state->data->bytes()};
  const std::lock_guard lock(mutex_);
  require_room_for(name, taken.bytes);  // others may have come meanwhile
  snapshots_[name].swap(state);
  return taken;
}

void TestControls::restore_snapshot(const std::string& name) {
  SharedState state;
  {
    const std::lock_guard lock(mutex_);
    const auto found = snapshots_.find(name);
    if (found == snapshots_.end()) refuse_unknown(name);
    state = found->second;
  }
  return_to(*state);
}

std::vector<TestControls::Snapshot> TestControls::snapshots() const {
  const std::lock_guard lock(mutex_);
  std::vector<Snapshot> list;
  for (const auto& [name, state] : snapshots_) list.push_back({name, state->data->bytes()});
  return list;
}

void TestControls::remove_snapshot(const std::string& name) {
  const std::lock_guard lock(mutex_);
  if (snapshots_.erase(name) == 0) refuse_unknown(name);
}

void TestControls::remove_snapshots() {
  const std::lock_guard lock(mutex_);
  snapshots_.clear();
}

Json TestControls::clock() const {
  const std::lock_guard lock(clock_);
  return describe_clock();
}

Json TestControls::set_clock(const Json& request) {
  const std::lock_guard lock(clock_);
  set_test_clock(request);
  return describe_clock();
}

void TestControls::set_seed(const Json& request) {
  const Json* seed = find_member(request, "seed");
  if (seed && seed->is_null()) return seed_ids(std::nullopt);
  const std::string text = text_of_seed(seed ? *seed : Json());
  seed_ids(SeededIds(text, tokens_of(request)));
}

}  // namespace parsimony
