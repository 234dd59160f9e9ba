#include "services/objects/aggregator.h"

#include <algorithm>

#include "services/class_rules.h"
#include "services/objects/object_renderer.h"
#include "types/date.h"

namespace parsimony {
namespace {

// How MongoDB stores a value, as its extended JSON writes it.
Json stored_value(const Json& value) {
  if (const auto iso = value.is_object() ? decode_date(value) : std::nullopt) return Json{{"$date", *iso}};
  if (value.is_array()) {
    Json list = Json::array();
    for (const Json& element : value) list.push_back(stored_value(element));
    return list;
  }
  const auto* members = value.get_ptr<const Json::object_t*>();
  if (members == nullptr) return value;
  Json::object_t converted;
  for (const auto& [name, member] : *members) converted.emplace_back(name, stored_value(member));
  return converted;
}

bool is_time_of_object(const Field& field) { return field.name == "createdAt" || field.name == "updatedAt"; }

class Answer {
 public:
  explicit Answer(const AggregateOptions& options, const FileUrls& files) : options_(options), files_(files) {}

  void add_object(const std::vector<Field>& fields, const Row& row) {
    begin_element();
    text_ += '{';
    for (std::size_t i = 0; i < fields.size(); ++i) {
      const int column = static_cast<int>(i);
      const bool is_null = is_unset(fields[i], row, column);
      if (is_null && !fields[i].required) continue;
      if (text_.back() != '{') text_ += ',';
      append_json_string(text_, shown_name(fields[i]));
      text_ += ':';
      if (is_null)
        text_ += "null";
      else
        append_value(fields[i], row, column);
    }
    text_ += '}';
    require_space();
  }

  // The key of a group that stands for a value. Dates are bare texts here.
  void add_value(const std::vector<Field>& fields, const Row& row) {
    const Field& field = fields.front();
    if (is_unset(field, row, 0)) return;
    begin_element();
    const Json value = decode_field(field, row, 0, files_);
    const auto iso = value.is_object() ? decode_date(value) : std::nullopt;
    append_json(text_, iso ? Json(*iso) : value);
    require_space();
  }

  void add_line(const std::string& line) {
    begin_element();
    append_json(text_, Json{{"detail", line}});
  }

  std::string finish() { return std::move(text_) + "]}"; }

 private:
  void begin_element() {
    if (text_.back() != '[') text_ += ',';
  }

  std::string shown_name(const Field& field) const {
    if (!options_.raw.field_names) return field.name;
    if (field.name == "objectId") return "_id";
    if (field.name == "createdAt") return "_created_at";
    if (field.name == "updatedAt") return "_updated_at";
    return field.spec.type == FieldType::Pointer ? "_p_" + field.name : field.name;
  }

  void append_value(const Field& field, const Row& row, int column) {
    if (options_.raw.field_names && field.spec.type == FieldType::Pointer) {
      append_json_string(text_, field.spec.target_class + "$" + std::string(row.text(column)));
    } else if (!options_.raw.values) {
      append_field_json(text_, field, row, column, files_);
    } else {
      const Json value = decode_field(field, row, column, files_);
      append_json(text_, stored_value(is_time_of_object(field) && value.is_string() ? encode_date(value.get<std::string>()) : value));
    }
  }

  void require_space() const {
    if (text_.size() <= kMaxAnswerBytes) return;
    throw Error(error_code::kInvalidQuery,
                "The answer is larger than " + std::to_string(kMaxAnswerBytes / 1024 / 1024) + " MB; ask for less with $limit or $project");
  }

  const AggregateOptions& options_;
  const FileUrls& files_;
  std::string text_ = R"({"results":[)";
};

void require_known_sources(const Pipeline& pipeline, const ServiceSettings& settings) {
  for (const Stage& stage : pipeline.stages) {
    if (const auto* lookup = std::get_if<LookupStage>(&stage)) refuse_system_class(lookup->from, settings);
  }
}

}  // namespace

std::string Aggregator::aggregate(const std::string& class_name, const AggregateOptions& options) const {
  refuse_system_class(class_name, settings_);
  require_known_sources(options.pipeline, settings_);
  Answer answer(options, settings_.files);
  store_.read([&](Reads& reads) {
    const ClassSchema* of = reads.schema().find(class_name);
    if (!of) return;
    if (options.explain) {
      for (const std::string& line : reads.explain_aggregate(*of, options.pipeline)) answer.add_line(line);
      return;
    }
    reads.aggregate(*of, options.pipeline, settings_.files, [&](const std::vector<Field>& fields, const Row& row) {
      options.is_distinct ? answer.add_value(fields, row) : answer.add_object(fields, row);
    });
  });
  return answer.finish();
}

}  // namespace parsimony
