#include "storage/sqlite/aggregate_functions.h"

#include <algorithm>
#include <memory>
#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "common/clock.h"
#include "common/error.h"
#include "query/json_shape.h"
#include "storage/row_codec.h"
#include "storage/sqlite/functions.h"
#include "types/date.h"

namespace parsimony {
namespace {

constexpr std::size_t kMaxValueBytes = 64 * 1024 * 1024;

// The arguments of a call, as a row.
class Arguments : public Row {
 public:
  Arguments(int count, sqlite3_value** values) : count_(count), values_(values) {}

  int count() const { return count_; }
  bool is_null(int i) const { return sqlite3_value_type(values_[i]) == SQLITE_NULL; }
  CellType type(int i) const override {
    switch (sqlite3_value_type(values_[i])) {
      case SQLITE_INTEGER: return CellType::Integer;
      case SQLITE_FLOAT: return CellType::Real;
      case SQLITE_NULL: return CellType::Null;
      default: return CellType::Text;
    }
  }
  std::int64_t integer(int i) const override { return sqlite3_value_int64(values_[i]); }
  double real(int i) const override { return sqlite3_value_double(values_[i]); }
  std::string_view text(int i) const override {
    const auto* bytes = reinterpret_cast<const char*>(sqlite3_value_text(values_[i]));
    return {bytes, static_cast<std::size_t>(sqlite3_value_bytes(values_[i]))};
  }
  Json json(int i) const { return is_null(i) ? Json() : parse_json(text(i)); }
  std::vector<JsonWay> ways(int i) const { return json(i).get<std::vector<JsonWay>>(); }
  sqlite3_value* value(int i) const { return values_[i]; }

 private:
  int count_;
  sqlite3_value** values_;
};

void require_space(std::size_t bytes) {
  if (bytes <= kMaxValueBytes) return;
  throw Error(error_code::kInvalidQuery, "A value of the pipeline is larger than " + std::to_string(kMaxValueBytes / 1024 / 1024) + " MB");
}

void answer_text(sqlite3_context* context, std::string_view text) {
  require_space(text.size());
  sqlite3_result_text64(context, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
}

void answer_json(sqlite3_context* context, const Json& value) {
  if (value.is_null()) return sqlite3_result_null(context);
  answer_text(context, to_json_text(value));
}

// ---- Values

void agg_json(sqlite3_context* context, const Arguments& arguments) {
  constexpr int kFirstColumn = 2;
  Field field;
  field.spec = {static_cast<FieldType>(arguments.integer(0)), std::string(arguments.text(1))};
  if (is_unset(field, arguments, kFirstColumn)) return sqlite3_result_null(context);
  std::string out;
  append_field_json(out, field, arguments, kFirstColumn, FileUrls{field.spec.target_class});
  if (out == "null") return sqlite3_result_null(context);  // a number that is none
  answer_text(context, out);
}

void agg_path(sqlite3_context* context, const Arguments& arguments) {
  if (arguments.is_null(0)) return sqlite3_result_null(context);
  answer_json(context, values_at(arguments.json(0), arguments.json(1).get<JsonWay>()));
}

void agg_set(sqlite3_context* context, const Arguments& arguments) {
  Json value = arguments.json(0);
  const JsonWay way = arguments.json(1).get<JsonWay>();
  const bool is_kept = !arguments.is_null(2);
  is_kept ? place_at(value, way, arguments.json(2)) : drop_at(value, way);
  answer_json(context, value);
}

void agg_pick(sqlite3_context* context, const Arguments& arguments) { answer_json(context, picked(arguments.json(0), arguments.ways(1))); }

void agg_without(sqlite3_context* context, const Arguments& arguments) {
  Json value = arguments.json(0);
  for (const JsonWay& way : arguments.ways(1)) drop_at(value, way);
  answer_json(context, value);
}

void agg_number(sqlite3_context* context, const Arguments& arguments) {
  const Json value = arguments.json(0);
  value.is_number() ? sqlite3_result_double(context, value.get<double>()) : sqlite3_result_null(context);
}

void agg_text(sqlite3_context* context, const Arguments& arguments) {
  const Json value = arguments.json(0);
  value.is_string() ? answer_text(context, value.get_ref<const std::string&>()) : sqlite3_result_null(context);
}

void agg_date(sqlite3_context* context, const Arguments& arguments) {
  const Json value = arguments.json(0);
  const auto iso = value.is_object() ? decode_date(value) : std::nullopt;
  iso ? answer_text(context, *iso) : sqlite3_result_null(context);
}

void agg_truth(sqlite3_context* context, const Arguments& arguments) { sqlite3_result_int(context, is_truth(arguments.json(0)) ? 1 : 0); }

void agg_order(sqlite3_context* context, const Arguments& arguments) {
  const std::string key = order_key(arguments.json(0));
  sqlite3_result_blob64(context, key.data(), key.size(), SQLITE_TRANSIENT);
}

void agg_shown(sqlite3_context* context, const Arguments& arguments) {
  const Json value = arguments.json(0);
  if (value.is_null()) return sqlite3_result_null(context);
  if (value.is_string()) return answer_text(context, value.get_ref<const std::string&>());
  const auto iso = value.is_object() ? decode_date(value) : std::nullopt;
  answer_text(context, iso ? *iso : to_json_text(value));
}

// ---- Objects and lists

void agg_object(sqlite3_context* context, const Arguments& arguments) {
  std::string out = "{";
  for (int i = 0; i + 1 < arguments.count(); i += 2) {
    if (arguments.is_null(i + 1)) continue;
    if (out.size() > 1) out += ',';
    append_json_string(out, arguments.text(i));
    out += ':';
    out += arguments.text(i + 1);
    require_space(out.size());
  }
  answer_text(context, out + '}');
}

// Joins the insides of objects or of lists.
void join_insides(sqlite3_context* context, const Arguments& arguments, char open, char close) {
  std::string out(1, open);
  for (int i = 0; i < arguments.count(); ++i) {
    const std::string_view text = arguments.text(i);
    if (text.size() <= 2) continue;
    if (out.size() > 1) out += ',';
    out += text.substr(1, text.size() - 2);
    require_space(out.size());
  }
  answer_text(context, out + close);
}

void agg_merge(sqlite3_context* context, const Arguments& arguments) { join_insides(context, arguments, '{', '}'); }
void agg_join(sqlite3_context* context, const Arguments& arguments) { join_insides(context, arguments, '[', ']'); }

void agg_list(sqlite3_context* context, const Arguments& arguments) {
  std::string out = "[";
  for (int i = 0; i < arguments.count(); ++i) {
    if (i > 0) out += ',';
    out += arguments.is_null(i) ? std::string_view("null") : arguments.text(i);
    require_space(out.size());
  }
  answer_text(context, out + ']');
}

void agg_list_of(sqlite3_context* context, const Arguments& arguments) {
  if (arguments.is_null(0)) return sqlite3_result_null(context);
  const std::string_view text = arguments.text(0);
  const bool is_list = text.find_first_not_of(" \t\r\n") == text.find('[');
  answer_text(context, is_list ? std::string(text) : "[" + std::string(text) + "]");
}

void agg_each(sqlite3_context* context, const Arguments& arguments) {
  if (arguments.is_null(0) || arguments.is_null(1)) return sqlite3_result_null(context);
  const std::string_view type = arguments.text(0);
  std::string out;
  if (type == "text")
    append_json_string(out, arguments.text(1));
  else if (type == "true" || type == "false")
    out = type;
  else if (type == "integer" && arguments.type(1) == CellType::Integer)
    append_json_number(out, arguments.integer(1));
  else if (type == "integer" || type == "real")
    append_json_number(out, arguments.real(1));
  else
    out = arguments.text(1);
  answer_text(context, out);
}

void agg_in(sqlite3_context* context, const Arguments& arguments) {
  const Json value = arguments.json(0), list = arguments.json(1);
  const bool is_in = list.is_array() && std::any_of(list.begin(), list.end(), [&](const Json& e) { return json_equal(e, value); });
  sqlite3_result_int(context, is_in ? 1 : 0);
}

void agg_size(sqlite3_context* context, const Arguments& arguments) {
  const Json list = arguments.json(0);
  list.is_array() ? sqlite3_result_int64(context, static_cast<std::int64_t>(list.size())) : sqlite3_result_null(context);
}

// Behind the end counts from there.
void agg_element(sqlite3_context* context, const Arguments& arguments) {
  const Json list = arguments.json(0);
  if (!list.is_array() || arguments.is_null(1)) return sqlite3_result_null(context);
  const auto size = static_cast<std::int64_t>(list.size());
  const std::int64_t asked = arguments.integer(1);
  const std::int64_t index = asked < 0 && asked >= -size ? asked + size : asked;
  if (index < 0 || index >= size) return sqlite3_result_null(context);
  answer_json(context, list[static_cast<std::size_t>(index)]);
}

void agg_meets(sqlite3_context* context, const Arguments& arguments) {
  sqlite3_result_int(context, values_meet(arguments.json(0), arguments.json(1)) ? 1 : 0);
}

// ---- Numbers and dates

void answer_number(sqlite3_context* context, std::optional<double> number) {
  number ? sqlite3_result_double(context, *number) : sqlite3_result_null(context);
}

void agg_math(sqlite3_context* context, const Arguments& arguments) {
  for (int i = 1; i < arguments.count(); ++i) {
    if (arguments.is_null(i)) return sqlite3_result_null(context);
  }
  answer_number(context, calculated(arguments.text(0), arguments.real(1), arguments.count() > 2 ? arguments.real(2) : 0));
}

std::optional<std::int64_t> date_at(const Arguments& arguments, int i) {
  return arguments.is_null(i) ? std::nullopt : parse_iso_date(arguments.text(i));
}

void agg_date_part(sqlite3_context* context, const Arguments& arguments) {
  const auto time_ms = date_at(arguments, 1);
  const auto part = time_ms ? date_part(arguments.text(0), *time_ms) : std::nullopt;
  part ? sqlite3_result_int(context, *part) : sqlite3_result_null(context);
}

void agg_date_text(sqlite3_context* context, const Arguments& arguments) {
  const auto time_ms = date_at(arguments, 1);
  if (!time_ms || arguments.is_null(0)) return sqlite3_result_null(context);
  answer_text(context, formatted_date(arguments.text(0), *time_ms));
}

void agg_date_ms(sqlite3_context* context, const Arguments& arguments) {
  const auto time_ms = date_at(arguments, 0);
  answer_number(context, time_ms ? std::optional(static_cast<double>(*time_ms)) : std::nullopt);
}

// Dates outside the years that can be stored are none.
void agg_ms_date(sqlite3_context* context, const Arguments& arguments) {
  constexpr double kFirst = -62167219200000.0, kLast = 253402300799999.0;
  const double time_ms = arguments.real(0);
  const bool is_date = !arguments.is_null(0) && time_ms >= kFirst && time_ms <= kLast;
  is_date ? answer_text(context, iso_date(static_cast<std::int64_t>(time_ms))) : sqlite3_result_null(context);
}

// ---- Functions of the rows of a group

struct FreeValue {
  void operator()(sqlite3_value* value) const { sqlite3_value_free(value); }
};
using KeptValue = std::unique_ptr<sqlite3_value, FreeValue>;

KeptValue keep(sqlite3_value* value) {
  KeptValue kept(sqlite3_value_dup(value));
  if (!kept) throw std::bad_alloc();
  return kept;
}

// The value of the row with the lowest, or highest, position.
template <bool last>
class AtEnd {
 public:
  void step(const Arguments& arguments) {
    const std::int64_t position = arguments.integer(1);
    if (value_ && (last ? position <= position_ : position >= position_)) return;
    position_ = position;
    value_ = keep(arguments.value(0));
  }
  void finish(sqlite3_context* context) { value_ ? sqlite3_result_value(context, value_.get()) : sqlite3_result_null(context); }

 private:
  std::int64_t position_ = 0;
  KeptValue value_;
};

// JSON values by the position of their rows.
template <bool once>
class Collected {
 public:
  void step(const Arguments& arguments) {
    if (arguments.is_null(0)) return;
    bytes_ += arguments.text(0).size() + 1;
    require_space(bytes_);
    values_.emplace_back(arguments.integer(1), arguments.text(0));
  }
  void finish(sqlite3_context* context) {
    std::stable_sort(values_.begin(), values_.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    std::unordered_set<std::string> seen;
    std::string out = "[";
    for (const auto& [position, text] : values_) {
      if (once && !seen.insert(equality_key(parse_json(text))).second) continue;
      if (out.size() > 1) out += ',';
      out += text;
    }
    answer_text(context, out + ']');
  }

 private:
  std::vector<std::pair<std::int64_t, std::string>> values_;
  std::size_t bytes_ = 0;
};

template <bool highest>
class Extreme {
 public:
  void step(const Arguments& arguments) {
    if (arguments.is_null(0)) return;
    std::string key = order_key(arguments.json(0));
    if (value_ && (highest ? key <= key_ : key >= key_)) return;
    key_ = std::move(key);
    value_ = keep(arguments.value(0));
  }
  void finish(sqlite3_context* context) { value_ ? sqlite3_result_value(context, value_.get()) : sqlite3_result_null(context); }

 private:
  std::string key_;
  KeptValue value_;
};

// SQLite gives zeroed bytes for a group; they hold the pointer to its state.
template <typename State>
void step(sqlite3_context* context, int count, sqlite3_value** values) noexcept {
  try {
    auto** state = static_cast<State**>(sqlite3_aggregate_context(context, sizeof(State*)));
    if (state == nullptr) throw std::bad_alloc();
    if (*state == nullptr) *state = new State;
    (*state)->step(Arguments(count, values));
  } catch (...) {
    fail_function(context);
  }
}

template <typename State>
void finish(sqlite3_context* context) noexcept {
  auto** slot = static_cast<State**>(sqlite3_aggregate_context(context, 0));
  try {
    const std::unique_ptr<State> state(slot != nullptr && *slot != nullptr ? *slot : new State);
    state->finish(context);
  } catch (...) {
    fail_function(context);
  }
}

template <void (*function)(sqlite3_context*, const Arguments&)>
void call(sqlite3_context* context, int count, sqlite3_value** values) noexcept {
  try {
    function(context, Arguments(count, values));
  } catch (...) {
    fail_function(context);
  }
}

using Function = void (*)(sqlite3_context*, int, sqlite3_value**);
using Finish = void (*)(sqlite3_context*);

struct FunctionRow {
  const char* name;
  int arguments;  // -1: any number
  Function call;
};
constexpr FunctionRow kFunctions[] = {
    {"agg_json", -1, call<agg_json>},      {"agg_path", 2, call<agg_path>},           {"agg_set", 3, call<agg_set>},
    {"agg_pick", 2, call<agg_pick>},       {"agg_without", 2, call<agg_without>},     {"agg_number", 1, call<agg_number>},
    {"agg_text", 1, call<agg_text>},       {"agg_date", 1, call<agg_date>},           {"agg_truth", 1, call<agg_truth>},
    {"agg_order", 1, call<agg_order>},     {"agg_shown", 1, call<agg_shown>},         {"agg_object", -1, call<agg_object>},
    {"agg_merge", -1, call<agg_merge>},    {"agg_join", -1, call<agg_join>},          {"agg_list", -1, call<agg_list>},
    {"agg_list_of", 1, call<agg_list_of>}, {"agg_each", 2, call<agg_each>},           {"agg_in", 2, call<agg_in>},
    {"agg_size", 1, call<agg_size>},       {"agg_element", 2, call<agg_element>},     {"agg_meets", 2, call<agg_meets>},
    {"agg_math", -1, call<agg_math>},      {"agg_date_part", 2, call<agg_date_part>}, {"agg_date_text", 2, call<agg_date_text>},
    {"agg_date_ms", 1, call<agg_date_ms>}, {"agg_ms_date", 1, call<agg_ms_date>},
};

struct GroupFunctionRow {
  const char* name;
  int arguments;
  Function step;
  Finish finish;
};
constexpr GroupFunctionRow kGroupFunctions[] = {
    {"agg_first", 2, step<AtEnd<false>>, finish<AtEnd<false>>},
    {"agg_last", 2, step<AtEnd<true>>, finish<AtEnd<true>>},
    {"agg_push", 2, step<Collected<false>>, finish<Collected<false>>},
    {"agg_add_to_set", 2, step<Collected<true>>, finish<Collected<true>>},
    {"agg_min", 1, step<Extreme<false>>, finish<Extreme<false>>},
    {"agg_max", 1, step<Extreme<true>>, finish<Extreme<true>>},
};

void add(sqlite3* database, const char* name, int arguments, Function function, Function step_of, Finish finish_of) {
  constexpr int kFlags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY;
  if (sqlite3_create_function_v2(database, name, arguments, kFlags, nullptr, function, step_of, finish_of, nullptr) != SQLITE_OK) {
    throw std::runtime_error(std::string("cannot add the function ") + name);
  }
}

}  // namespace

void register_aggregate_functions(sqlite3* database) {
  for (const FunctionRow& row : kFunctions) add(database, row.name, row.arguments, row.call, nullptr, nullptr);
  for (const GroupFunctionRow& row : kGroupFunctions) add(database, row.name, row.arguments, nullptr, row.step, row.finish);
}

}  // namespace parsimony
