#include "services/hooks/hook_service.h"

#include <algorithm>
#include <optional>

#include "common/clock.h"
#include "common/error.h"
#include "common/random.h"
#include "net/net_error.h"
#include "net/url.h"
#include "services/objects/row_reader.h"
#include "types/class_schema.h"
#include "types/date.h"

namespace parsimony {
namespace {

constexpr const char* kClass = "_Hooks";
constexpr std::size_t kObjectIdSize = 10;
constexpr std::size_t kMaxNameBytes = 256;
constexpr std::size_t kMaxUrlBytes = 2048;
constexpr const char* kInvalid = "invalid hook declaration";

constexpr std::string_view kTriggers[] = {"beforeSave",    "afterSave",       "beforeDelete", "afterDelete", "beforeFind",
                                          "afterFind",     "beforeLogin",     "afterLogin",   "afterLogout", "beforePasswordResetRequest",
                                          "beforeConnect", "beforeSubscribe", "afterEvent"};
constexpr std::string_view kTriggersOfUsers[] = {"beforeLogin", "afterLogin", "beforePasswordResetRequest"};
constexpr std::string_view kClassesOfCode[] = {"@File", "@Config", "@Connect"};

template <std::size_t size>
bool contains(const std::string_view (&names)[size], std::string_view name) {
  return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

[[noreturn]] void refuse(const std::string& text) { throw Error(error_code::kWebhookError, text); }

std::string no_function(const std::string& name) { return "no function named: " + name + " is defined"; }
std::string no_class(const std::string& name) { return "class " + name + " does not exist"; }

// Empty when it is no text.
std::string text_in(const Json& body, const char* name) { return text_of_member(body, name); }

void require_url(const std::string& url) {
  if (url.empty()) refuse(kInvalid);
  if (url.size() > kMaxUrlBytes) refuse(std::string(kInvalid) + ": the URL is too long");
  try {
    net::parse_url(url);
  } catch (const net::NetError& error) {
    refuse(std::string(kInvalid) + ": " + error.what());
  }
}

void require_trigger(const std::string& class_name, const std::string& trigger_name) {
  if (!contains(kTriggers, trigger_name)) refuse(kInvalid);
  if (!contains(kClassesOfCode, class_name) && !is_valid_class_name(class_name)) refuse(kInvalid);
  const bool is_for_users = contains(kTriggersOfUsers, trigger_name);
  if (is_for_users && class_name != "_User") refuse(std::string(kInvalid) + ": " + trigger_name + " is a trigger of _User");
  const bool is_logout = trigger_name == "afterLogout";
  if (is_logout != (class_name == "_Session")) refuse(std::string(kInvalid) + ": afterLogout is the one trigger of _Session");
  if (trigger_name == "beforeSave" && class_name == "_PushStatus") refuse(std::string(kInvalid) + ": _PushStatus has no beforeSave");
}

Hook read_hook(const Json& body) {
  Hook hook;
  hook.url = text_in(body, "url");
  hook.function_name = text_in(body, "functionName");
  if (hook.is_function()) {
    if (hook.function_name.size() > kMaxNameBytes) refuse(kInvalid);
  } else {
    hook.class_name = text_in(body, "className");
    hook.trigger_name = text_in(body, "triggerName");
    require_trigger(hook.class_name, hook.trigger_name);
  }
  require_url(hook.url);
  return hook;
}

Filter where_function(const std::string& name) { return equals("functionName", name); }
Filter where_trigger(const std::string& class_name, const std::string& trigger_name) {
  return all_of({equals("className", class_name), equals("triggerName", trigger_name)});
}
Filter where(const Hook& hook) {
  return hook.is_function() ? where_function(hook.function_name) : where_trigger(hook.class_name, hook.trigger_name);
}

FieldValues values_of(const ClassSchema& of, const Hook& hook) {
  const Json now = encode_date(iso_date(now_ms()));
  FieldValues values = {
      {of.find("objectId"), random_alphanumeric(kObjectIdSize)}, {of.find("createdAt"), now}, {of.find("updatedAt"), now}};
  const Json encoded = encode_hook(hook);
  for (const auto& [name, value] : encoded.items()) values.push_back({of.find(name), value});
  return values;
}

std::shared_ptr<const HookTable> read_table(Reads& reads, const ClassSchema& of) {
  std::vector<Hook> hooks;
  for (const Json& row : read_rows(reads, of, Filter{}, kMaxHooks)) {
    Hook hook{text_in(row, "functionName"), text_in(row, "className"), text_in(row, "triggerName"), text_in(row, "url")};
    const bool is_trigger = !hook.class_name.empty() && !hook.trigger_name.empty();
    if (!hook.url.empty() && hook.is_function() != is_trigger) hooks.push_back(std::move(hook));
  }
  return std::make_shared<const HookTable>(std::move(hooks));
}

Json list_of(const HookTable& table, bool functions) {
  Json list = Json::array();
  for (const Hook& hook : table.all()) {
    if (hook.is_function() == functions) list.push_back(encode_hook(hook));
  }
  return list;
}

}  // namespace

// Rows that change one by one are changed here alone.
HookService::HookService(Store& store) : store_(store) {
  watch_ = store_.watch(kClass, [this](const ClassChange& change) {
    if (change.all) is_stale_ = true;
  });
  read_anew();
}

// The version is taken first: what is written meanwhile has a later one.
void HookService::read_anew() const {
  const std::uint64_t version = ++last_version_;
  store_.read([&](Reads& reads) {
    if (const ClassSchema* of = reads.schema().find(kClass)) publish(read_table(reads, *of), version);
  });
}

std::shared_ptr<const HookTable> HookService::table() const {
  if (is_stale_.exchange(false)) read_anew();
  const std::lock_guard lock(mutex_);
  return table_;
}

// Two changes may be published in the other order than they were written in.
void HookService::publish(std::shared_ptr<const HookTable> table, std::uint64_t version) const {
  const std::lock_guard lock(mutex_);
  if (version <= version_) return;
  table_ = std::move(table);
  version_ = version;
  is_empty_ = table_->all().empty();
}

// The table is read in the transaction itself: it holds what is on disk when the write returns.
void HookService::write(const Change& change) const {
  std::shared_ptr<const HookTable> table;
  std::uint64_t version = 0;
  store_.write([&](Transaction& transaction) {
    const ClassSchema& of = *transaction.schema().find(kClass);
    change(transaction, of);
    table = read_table(transaction, of);
    version = ++last_version_;
  });
  publish(std::move(table), version);
}

Json HookService::functions() const { return list_of(*table(), true); }
Json HookService::triggers() const { return list_of(*table(), false); }

Json HookService::function(const std::string& name) const {
  const auto now = table();
  const Hook* hook = now->find_function(name);
  if (!hook) refuse(no_function(name));
  return encode_hook(*hook);
}

Json HookService::trigger(const std::string& class_name, const std::string& trigger_name) const {
  const auto now = table();
  const Hook* hook = now->find_trigger(trigger_name, class_name);
  if (!hook) refuse(no_class(class_name));
  return encode_hook(*hook);
}

Json HookService::create(const Json& body) const {
  const Hook hook = read_hook(body);
  write([&](Transaction& transaction, const ClassSchema& of) {
    if (transaction.count(of, where(hook)) > 0) {
      refuse(hook.is_function() ? "function name: " + hook.function_name + " already exists"
                                : "class " + hook.class_name + " already has trigger " + hook.trigger_name);
    }
    if (transaction.count(of, Filter{}) >= static_cast<std::int64_t>(kMaxHooks)) {
      refuse("there cannot be more than " + std::to_string(kMaxHooks) + " hooks");
    }
    transaction.insert(of, values_of(of, hook));
  });
  return encode_hook(hook);
}

Json HookService::replace(const Hook& hook, const std::string& unknown) const {
  require_url(hook.url);
  write([&](Transaction& transaction, const ClassSchema& of) {
    const std::vector<Json> rows = read_rows(transaction, of, where(hook));
    if (rows.empty()) refuse(unknown);
    for (const Json& row : rows) {
      transaction.update(of, text_in(row, "objectId"),
                         {{of.find("url"), hook.url}, {of.find("updatedAt"), encode_date(iso_date(now_ms()))}});
    }
  });
  return encode_hook(hook);
}

Json HookService::update_function(const std::string& name, const Json& body) const {
  return replace({name, {}, {}, text_in(body, "url")}, no_function(name));
}

Json HookService::update_trigger(const std::string& class_name, const std::string& trigger_name, const Json& body) const {
  return replace({{}, class_name, trigger_name, text_in(body, "url")}, no_class(class_name));
}

void HookService::remove(const Filter& where) const {
  write([&](Transaction& transaction, const ClassSchema& of) {
    const std::vector<Json> rows = read_rows(transaction, of, where);
    if (rows.empty()) throw Error(error_code::kObjectNotFound, "Object not found.");
    for (const Json& row : rows) transaction.remove(of, text_in(row, "objectId"));
  });
}

void HookService::remove_function(const std::string& name) const { remove(where_function(name)); }
void HookService::remove_trigger(const std::string& class_name, const std::string& trigger_name) const {
  remove(where_trigger(class_name, trigger_name));
}

}  // namespace parsimony
