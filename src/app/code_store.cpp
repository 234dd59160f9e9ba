#include "app/code_store.h"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>
#include <set>
#include <stdexcept>

#include "common/clock.h"
#include "common/file_write.h"
#include "types/date.h"
#include "types/json.h"

namespace parsimony {
namespace {

namespace fs = std::filesystem;

constexpr const char* kState = "state.json";
constexpr const char* kVersion = "version.json";
constexpr const char* kCode = "code";
constexpr unsigned kOwnerOnly = 0600;

std::optional<int> number_of(const fs::path& folder) {
  const std::string name = folder.filename().string();
  int number = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  const bool is_number = error == std::errc() && end == name.data() + name.size() && number > 0 && name.front() != '0';
  return is_number ? std::optional(number) : std::nullopt;
}

Json read_object(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  try {
    Json json = parse_json(text);
    if (json.is_object()) return json;
  } catch (const JsonSyntaxError&) {
  }
  throw std::runtime_error("cannot understand " + file.string());
}

std::int64_t integer_of(const Json& object, std::string_view name) {
  const Json* value = find_member(object, name);
  return value && value->is_number_integer() ? value->get<std::int64_t>() : 0;
}

std::string text_of(const Json& object, std::string_view name) {
  const std::string* text = find_string(object, name);
  return text ? *text : std::string();
}

CodeVersion decode_version(int number, const Json& json) {
  CodeVersion version;
  version.number = number;
  version.main = text_of(json, "main");
  version.created_ms = parse_iso_date(text_of(json, "createdAt")).value_or(0);
  version.files = static_cast<std::size_t>(integer_of(json, "files"));
  version.bytes = static_cast<std::size_t>(integer_of(json, "bytes"));
  return version;
}

// Makes the folders down to the file; what they are made in is for the owner alone.
void make_folders(const fs::path& base, const fs::path& below, std::set<fs::path>& made) {
  fs::path folder = base;
  for (const fs::path& part : below) {
    folder /= part;
    if (made.insert(folder).second) create_private_folder(folder);
  }
}

}  // namespace

fs::path CodeStore::code_folder(int number) const { return folder_of(number) / kCode; }

CodeStore::State CodeStore::read_state() const {
  State state;
  if (!fs::exists(folder_ / kState)) return state;
  const Json json = read_object(folder_ / kState);
  state.last = static_cast<int>(integer_of(json, "last"));
  const auto serves = static_cast<int>(integer_of(json, "serves"));
  if (serves > 0) state.serves = serves;
  return state;
}

void CodeStore::write_state(const State& state) const {
  const Json json = {{"serves", state.serves ? Json(*state.serves) : Json(nullptr)}, {"last", state.last}};
  create_private_folder(folder_);
  replace_file(folder_ / kState, to_json_text(json) + "\n", kOwnerOnly);
  sync_folder(folder_);
}

std::optional<int> CodeStore::serving() const { return read_state().serves; }

void CodeStore::set_serving(std::optional<int> number) const {
  State state = read_state();
  state.serves = number;
  write_state(state);
}

std::optional<CodeVersion> CodeStore::find(int number) const {
  const fs::path file = folder_of(number) / kVersion;
  if (!fs::exists(file)) return std::nullopt;
  return decode_version(number, read_object(file));
}

std::vector<CodeVersion> CodeStore::versions() const {
  std::vector<CodeVersion> versions;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder_, error)) {
    const auto number = number_of(entry.path());
    if (const auto version = number ? find(*number) : std::nullopt) versions.push_back(*version);
  }
  std::sort(versions.begin(), versions.end(), [](const CodeVersion& a, const CodeVersion& b) { return a.number > b.number; });
  return versions;
}

void CodeStore::clean() const {
  std::error_code error;
  std::vector<fs::path> left;
  for (const auto& entry : fs::directory_iterator(folder_, error)) {
    const auto number = number_of(entry.path());
    const bool is_whole = number ? find(*number).has_value() : entry.path().filename() == kState;
    if (!is_whole) left.push_back(entry.path());
  }
  for (const fs::path& path : left) fs::remove_all(path, error);
}

CodeVersion CodeStore::add(const CodePackage& package) const {
  State state = read_state();
  CodeVersion version{++state.last, package.main, now_ms(), package.files.size(), package.bytes()};
  write_state(state);
  const fs::path code = code_folder(version.number);
  create_private_folder(folder_of(version.number));
  create_private_folder(code);
  std::set<fs::path> folders = {code};
  for (const CodeFile& file : package.files) {
    const fs::path path(file.path);
    make_folders(code, path.parent_path(), folders);
    write_new_file_unsynced(code / path, file.content, kOwnerOnly);
  }
  sync_file_system(code);
  return version;
}

void CodeStore::complete(const CodeVersion& version) const {
  const Json json = {
      {"main", version.main}, {"createdAt", iso_date(version.created_ms)}, {"files", version.files}, {"bytes", version.bytes}};
  replace_file(folder_of(version.number) / kVersion, to_json_text(json) + "\n", kOwnerOnly);
  sync_folder(folder_of(version.number));
  sync_folder(folder_);
}

// What says that it is a version goes first.
void CodeStore::remove(int number) const {
  std::error_code error;
  fs::remove(folder_of(number) / kVersion, error);
  fs::remove_all(folder_of(number), error);
}

void CodeStore::prune(std::size_t keep) const {
  const auto serves = serving();
  const std::vector<CodeVersion> all = versions();
  for (std::size_t i = keep; i < all.size(); ++i) {
    if (all[i].number != serves) remove(all[i].number);
  }
}

}  // namespace parsimony
