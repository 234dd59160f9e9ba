#include "query/pipeline_parser.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>

#include "common/error.h"
#include "query/expression_parser.h"
#include "query/where_parser.h"
#include "types/pointer.h"

namespace parsimony {
namespace {

constexpr std::size_t kMaxEchoLength = 100;

[[noreturn]] void refuse(const std::string& reason) { throw Error(error_code::kInvalidQuery, reason); }
std::string shown(std::string_view name) { return std::string(name.substr(0, kMaxEchoLength)); }

const Json::object_t& members_of(std::string_view stage, const Json& value) {
  const auto* members = value.get_ptr<const Json::object_t*>();
  if (members == nullptr) refuse("The " + std::string(stage) + " stage needs an object");
  if (members->size() > kMaxStageFields)
    refuse("The " + std::string(stage) + " stage names more than " + std::to_string(kMaxStageFields) + " fields");
  return *members;
}

std::int64_t row_count(std::string_view stage, const Json& value, std::int64_t least) {
  constexpr double kMost = 9007199254740992.0;  // 2^53: JavaScript's whole numbers
  const double number = value.is_number() ? value.get<double>() : -1;
  if (number != std::floor(number) || number < static_cast<double>(least) || number > kMost)
    refuse("The " + std::string(stage) + " stage needs a whole number of at least " + std::to_string(least));
  return static_cast<std::int64_t>(number);
}

std::string text_member(std::string_view stage, const Json& value, std::string_view name) {
  const std::string* text = find_string(value, name);
  if (text == nullptr) refuse("The " + std::string(stage) + " stage needs '" + std::string(name) + "' as a string");
  return *text;
}

bool is_truthy_number(const Json& value) { return value.is_boolean() ? value.get<bool>() : value.get<double>() != 0; }
bool is_switch(const Json& value) { return value.is_boolean() || value.is_number(); }

// ---- $match

// "Product$abc" as MongoDB stores a pointer.
Json pointer_from_storage(const Json& value) {
  const auto* text = value.get_ptr<const std::string*>();
  const auto dollar = text == nullptr ? std::string::npos : text->find('$');
  if (dollar == std::string::npos || dollar == 0) return value;
  return encode_pointer(text->substr(0, dollar), text->substr(dollar + 1));
}

Json pointers_from_storage(const Json& value) {
  if (value.is_array()) {
    Json list = Json::array();
    for (const Json& element : value) list.push_back(pointers_from_storage(element));
    return list;
  }
  const auto* members = value.get_ptr<const Json::object_t*>();
  if (members == nullptr) return pointer_from_storage(value);
  if (find_string(value, "__type") != nullptr) return value;
  Json::object_t converted;
  for (const auto& [name, member] : *members) converted.emplace_back(name, pointers_from_storage(member));
  return converted;
}

// The same condition in Parse's names. Depth is bounded by that of the JSON itself.
Json in_parse_names(const Json& where) {
  if (where.is_array()) {
    Json list = Json::array();
    for (const Json& member : where) list.push_back(in_parse_names(member));
    return list;
  }
  const auto* members = where.get_ptr<const Json::object_t*>();
  if (members == nullptr) return where;
  Json::object_t converted;
  for (const auto& [name, value] : *members) {
    if (name.starts_with('$')) {
      const bool is_group = name == "$or" || name == "$and" || name == "$nor";
      converted.emplace_back(name, is_group ? in_parse_names(value) : value);
    } else {
      converted.emplace_back(read_field_path(name).text(), name.starts_with("_p_") ? pointers_from_storage(value) : value);
    }
  }
  return converted;
}

Filter read_condition(const Json& where) {
  if (!where.is_object()) refuse("The $match stage needs an object");
  return parse_where(in_parse_names(with_parse_dates(where)));
}

// ---- Stages

struct AccumulatorRow {
  std::string_view name;
  AccumulatorOp op;
};
constexpr AccumulatorRow kAccumulators[] = {
    {"$sum", AccumulatorOp::Sum},   {"$avg", AccumulatorOp::Average},       {"$min", AccumulatorOp::Min},
    {"$max", AccumulatorOp::Max},   {"$first", AccumulatorOp::First},       {"$last", AccumulatorOp::Last},
    {"$push", AccumulatorOp::Push}, {"$addToSet", AccumulatorOp::AddToSet}, {"$count", AccumulatorOp::Count},
};

class PipelineParser {
 public:
  Pipeline read(const Json& stages) {
    if (stages.is_object()) return read_members(stages.get_ref<const Json::object_t&>());
    if (!stages.is_array()) refuse("The pipeline must be a list of stages");
    for (const Json& stage : stages) {
      const auto* members = stage.get_ptr<const Json::object_t*>();
      if (members == nullptr) refuse("Each stage of the pipeline must be an object");
      if (members->size() != 1) refuse("Pipeline stages should only have one key but found " + names_of(*members) + ".");
      read_stage(members->begin()->first, members->begin()->second);
    }
    return std::move(pipeline_);
  }

 private:
  using Read = void (PipelineParser::*)(const Json& value);
  struct StageRow {
    std::string_view name;
    Read read;
  };
  static const StageRow kStages[];

  static std::string names_of(const Json::object_t& members) {
    std::string names;
    for (const auto& [name, value] : members) {
      if (names.size() < kMaxEchoLength) names.append(names.empty() ? "" : ", ").append(shown(name));
    }
    return names;
  }

  Pipeline read_members(const Json::object_t& members) {
    for (const auto& [name, value] : members) read_stage(name, value);
    return std::move(pipeline_);
  }

  void read_stage(const std::string& name, const Json& value);

  template <typename StageType>
  void add(StageType stage) {
    if (pipeline_.stages.size() == kMaxStages) refuse("The pipeline has more than " + std::to_string(kMaxStages) + " stages");
    pipeline_.stages.emplace_back(std::move(stage));
  }

  void read_match(const Json& value) { add(MatchStage{read_condition(value)}); }

  void read_group(const Json& value) {
    const auto& members = members_of("$group", value);
    if (find_member(value, "objectId") != nullptr) refuse("Cannot use 'objectId' in aggregation stage $group.");
    const Json* key = find_member(value, "_id");
    if (key == nullptr) refuse("Invalid parameter for query: group. Missing key _id");
    GroupStage group{expressions_.read(*key), {}};
    for (const auto& [name, accumulator] : members) {
      if (name != "_id") group.accumulators.push_back(read_accumulator(read_field_name(name), accumulator));
    }
    add(std::move(group));
  }

  Accumulator read_accumulator(std::string name, const Json& value) {
    const auto* members = value.get_ptr<const Json::object_t*>();
    if (members == nullptr || members->size() != 1) refuse("The field '" + name + "' must be an accumulator object");
    const auto& [op, operand] = *members->begin();
    for (const AccumulatorRow& row : kAccumulators) {
      if (row.name != op) continue;
      return {std::move(name), row.op, row.op == AccumulatorOp::Count ? Expression{} : expressions_.read(operand)};
    }
    refuse("unknown group operator '" + shown(op) + "'");
  }

  void read_project(const Json& value) {
    const auto& members = members_of("$project", value);
    if (members.empty()) refuse("The $project stage needs at least one field");
    ProjectStage kept;
    UnsetStage dropped;
    for (const auto& [name, shape] : members) {
      FieldPath path = read_field_path(name);
      const bool is_id = path.field == "objectId" && path.inner.empty();
      if (is_id && is_switch(shape)) {
        kept.with_id = is_truthy_number(shape);
      } else if (!is_switch(shape)) {
        kept.computed.push_back({std::move(path), expressions_.read(shape)});
      } else if (is_truthy_number(shape)) {
        kept.kept.push_back(std::move(path));
      } else {
        dropped.dropped.push_back(std::move(path));
      }
    }
    const bool keeps = !kept.kept.empty() || !kept.computed.empty();
    if (keeps && !dropped.dropped.empty()) refuse("A $project stage cannot both keep and drop fields");
    if (keeps || (dropped.dropped.empty() && kept.with_id)) return add(std::move(kept));
    if (!kept.with_id) dropped.dropped.push_back(FieldPath{"objectId", {}});
    add(std::move(dropped));
  }

  void read_add_fields(const Json& value) {
    AddFieldsStage stage;
    for (const auto& [name, expression] : members_of("$addFields", value))
      stage.fields.push_back({read_field_path(name), expressions_.read(expression)});
    add(std::move(stage));
  }

  void read_unset(const Json& value) {
    UnsetStage stage;
    for (const Json& name : value.is_array() ? value : Json::array({value})) {
      if (!name.is_string()) refuse("The $unset stage needs a name or a list of names");
      stage.dropped.push_back(read_field_path(name.get_ref<const std::string&>()));
    }
    if (stage.dropped.size() > kMaxStageFields) refuse("The $unset stage names too many fields");
    add(std::move(stage));
  }

  void read_sort(const Json& value) {
    SortStage stage;
    for (const auto& [name, direction] : members_of("$sort", value)) {
      if (direction != 1 && direction != -1) refuse("The $sort stage orders by 1 or -1");
      stage.keys.push_back({read_field_path(name), direction == -1});
    }
    if (stage.keys.empty()) refuse("The $sort stage needs at least one field");
    add(std::move(stage));
  }

  void read_limit(const Json& value) { add(LimitStage{row_count("$limit", value, 1)}); }
  void read_skip(const Json& value) { add(SkipStage{row_count("$skip", value, 0)}); }

  void read_count(const Json& value) {
    const auto* name = value.get_ptr<const std::string*>();
    if (name == nullptr) refuse("The $count stage needs the name of a field");
    add(CountStage{read_field_name(*name)});
  }

  void read_unwind(const Json& value) {
    UnwindStage stage;
    const std::string path = value.is_string() ? value.get<std::string>() : text_member("$unwind", value, "path");
    if (!path.starts_with('$')) refuse("The path of the $unwind stage must begin with '$'");
    stage.path = read_field_path(std::string_view(path).substr(1));
    if (find_member(value, "includeArrayIndex") != nullptr)
      stage.index_name = read_field_name(text_member("$unwind", value, "includeArrayIndex"));
    const Json* keep = find_member(value, "preserveNullAndEmptyArrays");
    stage.keep_empty = keep != nullptr && *keep == true;
    add(std::move(stage));
  }

  void read_lookup(const Json& value) {
    constexpr std::array<std::string_view, 4> kKnown = {"from", "localField", "foreignField", "as"};
    for (const auto& [name, member] : members_of("$lookup", value)) {
      if (std::find(kKnown.begin(), kKnown.end(), name) == kKnown.end()) refuse("The $lookup stage does not know '" + shown(name) + "'");
    }
    LookupStage stage;
    stage.from = text_member("$lookup", value, "from");
    stage.local = read_field_path(text_member("$lookup", value, "localField"));
    stage.foreign = read_field_path(text_member("$lookup", value, "foreignField"));
    stage.as = read_field_name(text_member("$lookup", value, "as"));
    add(std::move(stage));
  }

  void read_sample(const Json& value) {
    const Json* size = find_member(value, "size");
    if (size == nullptr) refuse("The $sample stage needs 'size'");
    add(SampleStage{row_count("$sample", *size, 1)});
  }

  void read_sort_by_count(const Json& value) {
    GroupStage group{expressions_.read(value), {}};
    group.accumulators.push_back({"count", AccumulatorOp::Count, {}});
    add(std::move(group));
    add(SortStage{{{FieldPath{"count", {}}, true}}});
  }

  Pipeline pipeline_;
  ExpressionParser expressions_;
};

constexpr PipelineParser::StageRow PipelineParser::kStages[] = {
    {"$match", &PipelineParser::read_match},     {"$group", &PipelineParser::read_group},
    {"$project", &PipelineParser::read_project}, {"$addFields", &PipelineParser::read_add_fields},
    {"$set", &PipelineParser::read_add_fields},  {"$unset", &PipelineParser::read_unset},
    {"$sort", &PipelineParser::read_sort},       {"$limit", &PipelineParser::read_limit},
    {"$skip", &PipelineParser::read_skip},       {"$count", &PipelineParser::read_count},
    {"$unwind", &PipelineParser::read_unwind},   {"$lookup", &PipelineParser::read_lookup},
    {"$sample", &PipelineParser::read_sample},   {"$sortByCount", &PipelineParser::read_sort_by_count},
};

void PipelineParser::read_stage(const std::string& name, const Json& value) {
  for (const StageRow& row : kStages) {
    if (row.name == name) return (this->*row.read)(value);
  }
  refuse("Invalid aggregate stage '" + shown(name) + "'.");
}

// ---- Parameters

// A `where` may come as text.
Json where_object(const Json& where) {
  const auto* text = where.get_ptr<const std::string*>();
  if (text == nullptr) return where;
  try {
    return parse_json(*text);
  } catch (const JsonSyntaxError&) {
    throw Error(error_code::kInvalidJson, "where parameter is not valid JSON");
  }
}

// The values of a field, each once, in the order in which they first appear.
Pipeline distinct_pipeline(const FieldPath& path, const Json* where) {
  constexpr auto kValue = "value";
  const FieldPath value{kValue, {}};
  Expression field, key;
  field.kind = key.kind = Expression::Kind::Field;
  field.path = path;
  key.path = value;
  Pipeline pipeline;
  if (where != nullptr && !where->is_null()) pipeline.stages.emplace_back(MatchStage{parse_where(where_object(*where))});
  pipeline.stages.emplace_back(ProjectStage{false, {}, {{value, std::move(field)}}});
  pipeline.stages.emplace_back(UnwindStage{value, std::nullopt, false});
  pipeline.stages.emplace_back(GroupStage{std::move(key), {}, false});
  return pipeline;
}

bool is_flag_set(const Json& parameters, std::string_view name, bool when_missing = false) {
  const Json* value = find_member(parameters, name);
  if (value == nullptr || value->is_null()) return when_missing;
  return *value != false && *value != 0 && *value != "";
}

// Parameters of an aggregation that are no stages.
constexpr std::array<std::string_view, 11> kOtherParameters = {
    "distinct",
    "where",
    "hint",
    "explain",
    "comment",
    "rawValues",
    "rawFieldNames",
    "readPreference",
    "includeReadPreference",
    "subqueryReadPreference",
    "pipeline",
};

Json stage_parameters(const Json& parameters) {
  Json::object_t stages;
  for (const auto& [name, value] : parameters.get_ref<const Json::object_t&>()) {
    if (std::find(kOtherParameters.begin(), kOtherParameters.end(), name) == kOtherParameters.end()) stages.emplace_back(name, value);
  }
  return stages;
}

}  // namespace

Pipeline parse_pipeline(const Json& stages) { return PipelineParser().read(stages); }

AggregateOptions parse_aggregate(const Json& parameters, const RawAnswers& raw) {
  AggregateOptions options;
  options.explain = is_flag_set(parameters, "explain");
  options.raw.values = is_flag_set(parameters, "rawValues", raw.values);
  options.raw.field_names = is_flag_set(parameters, "rawFieldNames", raw.field_names);
  options.is_distinct = is_flag_set(parameters, "distinct");
  if (options.is_distinct) {
    const Json& distinct = *find_member(parameters, "distinct");
    if (!distinct.is_string()) refuse("distinct must be the name of a field");
    options.pipeline = distinct_pipeline(read_field_path(distinct.get_ref<const std::string&>()), find_member(parameters, "where"));
    return options;
  }
  const Json* pipeline = find_member(parameters, "pipeline");
  options.pipeline = parse_pipeline(pipeline != nullptr && !pipeline->is_null() ? *pipeline : stage_parameters(parameters));
  return options;
}

}  // namespace parsimony
