#include "storage/sql/aggregate_compiler.h"

#include <algorithm>
#include <map>
#include <utility>

#include "common/error.h"
#include "query/expression_split.h"
#include "storage/sql/aggregate_shape.h"
#include "storage/sql/expression_compiler.h"
#include "storage/sql/filter_compiler.h"

namespace parsimony {
namespace {

constexpr auto kPrevious = R"("p")";  // the stage before, within a stage
constexpr auto kPosition = R"("p"."_n")";
constexpr std::size_t kMaxColumns = 1000;

const FieldSpec kText{FieldType::String, {}};
const FieldSpec kNumber{FieldType::Number, {}};

// objectId keeps its name, because a condition on what a relation holds asks for it by that.
std::string column_name(const Field& field, std::size_t position) {
  return field.name == "objectId" ? field.name : "c" + std::to_string(position);
}

bool needs_the_table(const Filter& filter) {
  const auto any_of = [](const std::vector<Filter>& filters) { return std::any_of(filters.begin(), filters.end(), needs_the_table); };
  if (const auto* all = std::get_if<AllOf>(&filter.node)) return any_of(all->of);
  if (const auto* any = std::get_if<AnyOf>(&filter.node)) return any_of(any->of);
  if (const auto* none = std::get_if<NoneOf>(&filter.node)) return any_of(none->of);
  return !std::holds_alternative<Constraint>(filter.node);
}

std::vector<Expression*> expressions_of(Stage& stage) {
  std::vector<Expression*> expressions;
  if (auto* group = std::get_if<GroupStage>(&stage)) {
    expressions.push_back(&group->key);
    for (Accumulator& accumulator : group->accumulators) expressions.push_back(&accumulator.of);
  }
  if (auto* project = std::get_if<ProjectStage>(&stage)) {
    for (ComputedField& field : project->computed) expressions.push_back(&field.value);
  }
  if (auto* added = std::get_if<AddFieldsStage>(&stage)) {
    for (ComputedField& field : added->fields) expressions.push_back(&field.value);
  }
  return expressions;
}

SqlStatement sql(std::string_view text) { return SqlStatement{std::string(text), {}}; }

std::string json_text_of(const std::vector<std::vector<std::string>>& ways) { return to_json_text(Json(ways)); }

class AggregateCompiler {
 public:
  AggregateCompiler(const ClassSchema& of, const SchemaSnapshot& classes, const std::string& file_prefix)
      : of_(of), classes_(classes), file_prefix_(file_prefix) {}

  AggregateStatement compile(const Pipeline& pipeline) {
    auto stage = pipeline.stages.begin();
    std::vector<Filter> first_conditions;
    for (; stage != pipeline.stages.end() && std::holds_alternative<MatchStage>(*stage); ++stage) {
      first_conditions.push_back(std::get<MatchStage>(*stage).where);
    }
    read_table(all_of(std::move(first_conditions)));
    for (; stage != pipeline.stages.end(); ++stage) compile_with_parts(*stage);
    return finish();
  }

 private:
  void read_table(const Filter& where) {
    const std::string table = quoted_name(of_.table);
    Shape shape = stored_shape(of_, table, file_prefix_);
    SqlStatement rest = sql(" FROM " + table);
    if (!where.matches_all()) {
      rest.add(" WHERE ");
      compile_filter(where, of_, classes_, rest);
    }
    end_stage(std::move(shape), sql(table + R"(."_seq")"), rest);
  }

  void compile_with_parts(Stage stage) {
    ExpressionSplitter splitter;
    for (Expression* expression : expressions_of(stage)) splitter.split(*expression);
    for (const auto& parts : splitter.parts()) compile_stage(AddFieldsStage{parts});
    std::visit([this](const auto& node) { compile_stage(node); }, stage);
    std::erase_if(shape_.columns, [](const ShapeColumn& column) { return is_part_name(column.field.name); });
  }

  // Writes the stage: its columns as the shape says, `position` as "_n", then `rest` from FROM on. What is computed is computed once,
  // also where the next stages name it often.
  void end_stage(Shape shape, const SqlStatement& position, const SqlStatement& rest, bool computes = false) {
    if (shape.columns.size() > kMaxColumns) throw Error(error_code::kInvalidQuery, "The pipeline makes too many fields");
    out_.add(stages_ == 0 ? "WITH " : ", ").add_name(stage_name(stages_)).add(computes ? " AS MATERIALIZED (SELECT " : " AS (SELECT ");
    append(out_, position).add(R"( AS "_n")");
    for (std::size_t i = 0; i < shape.columns.size(); ++i) {
      ShapeColumn& column = shape.columns[i];
      column.field.column = column_name(column.field, i);
      append(out_.add(", "), column.sql).add(" AS ").add_name(column.field.column);
    }
    append(out_, rest).add(")");
    ++stages_;
    for (ShapeColumn& column : shape.columns) column.sql = SqlStatement{kPrevious + ("." + quoted_name(column.field.column)), {}};
    shape_ = std::move(shape);
  }

  static std::string stage_name(int number) { return "s" + std::to_string(number); }
  SqlStatement from_previous() const { return sql(" FROM " + quoted_name(stage_name(stages_ - 1)) + " AS " + kPrevious); }

  AggregateStatement finish() {
    AggregateStatement done;
    out_.add(" SELECT ");
    for (std::size_t i = 0; i < shape_.columns.size(); ++i) {
      append(out_.add(i == 0 ? "" : ", "), shape_.columns[i].sql);
      done.fields.push_back(shape_.columns[i].field);
    }
    if (shape_.columns.empty()) out_.add("NULL");
    append(out_, from_previous()).add(" ORDER BY ").add(kPosition);
    done.sql = std::move(out_);
    return done;
  }

  void compile_stage(const MatchStage& stage) {
    if (needs_the_table(stage.where)) {
      throw Error(error_code::kInvalidQuery, "Such a condition on stored objects is only possible in a $match stage at the front");
    }
    std::vector<Field> fields;
    for (const ShapeColumn& column : shape_.columns) fields.push_back(column.field);
    const ClassSchema rows(of_.name(), std::move(fields));
    SqlStatement rest = from_previous().add(" WHERE ");
    compile_filter(stage.where, rows, classes_, rest);
    end_stage(shape_, sql(kPosition), rest);
  }

  void compile_stage(const GroupStage& stage) {
    TypedSql key = compile_expression(stage.key, shape_);
    // Parse answers the id alone where a pointer is the whole key.
    if (key.spec.type == FieldType::Pointer && stage.pointer_keys_as_ids) key.spec = kText;
    Shape shape;
    shape.set("objectId", std::move(key));
    shape.columns.front().field.required = true;
    for (const Accumulator& accumulator : stage.accumulators) shape.set(accumulator.name, accumulate(accumulator));
    end_stage(std::move(shape), sql(R"(MIN("p"."_n"))"), from_previous().add(" GROUP BY 2"), true);
  }

  TypedSql accumulate(const Accumulator& accumulator) const {
    const TypedSql value = compile_expression(accumulator.of, shape_);
    switch (accumulator.op) {
      case AccumulatorOp::Sum: return {kNumber, call("TOTAL", as_number(value).sql)};
      case AccumulatorOp::Average: return {kNumber, call("AVG", as_number(value).sql)};
      case AccumulatorOp::Min: return extreme("MIN", "agg_min", value);
      case AccumulatorOp::Max: return extreme("MAX", "agg_max", value);
      case AccumulatorOp::First: return {value.spec, by_position("agg_first", value.sql)};
      case AccumulatorOp::Last: return {value.spec, by_position("agg_last", value.sql)};
      case AccumulatorOp::Push: return {json_spec(), by_position("agg_push", as_json(value).sql)};
      case AccumulatorOp::AddToSet: return {json_spec(), by_position("agg_add_to_set", as_json(value).sql)};
      case AccumulatorOp::Count: return {kNumber, sql("COUNT(*)")};
    }
    return unset_value();
  }

  static SqlStatement call(std::string_view function, const SqlStatement& argument) {
    SqlStatement out;
    return std::move(append(out.add(function).add("("), argument).add(")"));
  }

  static SqlStatement by_position(std::string_view function, const SqlStatement& argument) {
    SqlStatement out;
    return std::move(append(out.add(function).add("("), argument).add(", ").add(kPosition).add(")"));
  }

  static TypedSql extreme(std::string_view plain, std::string_view json, const TypedSql& value) {
    return {value.spec, call(value.spec.type == FieldType::Object ? json : plain, value.sql)};
  }

  void compile_stage(const ProjectStage& stage) {
    Shape shape;
    if (const ShapeColumn* id = shape_.find("objectId"); id != nullptr && stage.with_id) shape.columns.push_back(*id);
    std::map<std::string, std::vector<std::vector<std::string>>> ways;  // of fields of which only parts are kept
    for (const FieldPath& path : stage.kept) {
      const ShapeColumn* column = shape_.find(path.field);
      if (column == nullptr) continue;
      if (path.inner.empty())
        shape.set(path.field, {column->field.spec, column->sql});
      else if (column->field.spec.type == FieldType::Object)
        ways[path.field].push_back(path.inner);
    }
    for (const auto& [name, kept] : ways) shape.set(name, parts_of("agg_pick", *shape_.find(name), kept));
    for (const ComputedField& field : stage.computed) set_computed(shape, field);
    end_stage(std::move(shape), sql(kPosition), from_previous(), !ways.empty() || !stage.computed.empty());
  }

  void compile_stage(const UnsetStage& stage) {
    Shape shape = shape_;
    std::map<std::string, std::vector<std::vector<std::string>>> ways;
    for (const FieldPath& path : stage.dropped) {
      if (path.inner.empty())
        shape.remove(path.field);
      else
        ways[path.field].push_back(path.inner);
    }
    for (const auto& [name, dropped] : ways) {
      const ShapeColumn* column = shape.find(name);
      if (column != nullptr && column->field.spec.type == FieldType::Object) shape.set(name, parts_of("agg_without", *column, dropped));
    }
    end_stage(std::move(shape), sql(kPosition), from_previous(), !ways.empty());
  }

  static TypedSql parts_of(std::string_view function, const ShapeColumn& column, const std::vector<std::vector<std::string>>& ways) {
    SqlStatement out;
    append(out.add(function).add("("), column.sql).add(", ").add_value(json_text_of(ways)).add(")");
    return {json_spec(), std::move(out)};
  }

  void compile_stage(const AddFieldsStage& stage) {
    Shape shape = shape_;
    for (const ComputedField& field : stage.fields) set_computed(shape, field);
    end_stage(std::move(shape), sql(kPosition), from_previous(), true);
  }

  // Expressions see the row as it was before the stage.
  void set_computed(Shape& shape, const ComputedField& field) const {
    TypedSql value = compile_expression(field.value, shape_);
    if (!field.path.inner.empty()) {
      const ShapeColumn* around = shape.find(field.path.field);
      value = placed(around == nullptr ? unset_value() : TypedSql{around->field.spec, around->sql}, field.path.inner, value);
    }
    shape.set(field.path.field, std::move(value));
  }

  static TypedSql placed(const TypedSql& around, const std::vector<std::string>& way, const TypedSql& value) {
    SqlStatement out;
    append(out.add("agg_set("), as_json(around).sql).add(", ").add_value(to_json_text(Json(way))).add(", ");
    append(out, as_json(value).sql).add(")");
    return {json_spec(), std::move(out)};
  }

  // ORDER BY of the window that numbers the rows anew.
  void compile_stage(const SortStage& stage) {
    SqlStatement position = sql("ROW_NUMBER() OVER (ORDER BY ");
    for (const SortStage::Key& key : stage.keys) {
      append(position, as_order(value_at_path(shape_, key.path))).add(key.descending ? " DESC, " : ", ");
    }
    end_stage(shape_, position.add(kPosition).add(")"), from_previous());
  }

  void compile_stage(const LimitStage& stage) { end_stage(shape_, sql(kPosition), page().add(" LIMIT ").add_value(stage.rows)); }
  void compile_stage(const SkipStage& stage) { end_stage(shape_, sql(kPosition), page().add(" LIMIT -1 OFFSET ").add_value(stage.rows)); }
  SqlStatement page() const { return from_previous().add(" ORDER BY ").add(kPosition); }

  // No row for no rows, as in MongoDB.
  void compile_stage(const CountStage& stage) {
    Shape shape;
    shape.set(stage.name, {kNumber, sql(R"("p"."n")")});
    const SqlStatement rest =
        sql(R"( FROM (SELECT COUNT(*) AS "n" FROM )" + quoted_name(stage_name(stages_ - 1)) + R"() AS "p" WHERE "p"."n" > 0)");
    end_stage(std::move(shape), sql("0"), rest);
  }

  void compile_stage(const UnwindStage& stage) {
    const TypedSql list = as_json(value_at_path(shape_, stage.path));
    const TypedSql element{json_spec(), sql(R"(agg_each("e"."type", "e"."value"))")};
    Shape shape = shape_;
    const ShapeColumn* column = shape.find(stage.path.field);
    const bool is_list = column != nullptr && column->field.spec.type == FieldType::Object;
    if (is_list && stage.path.inner.empty())
      shape.set(stage.path.field, element);
    else if (is_list)
      shape.set(stage.path.field, placed({json_spec(), column->sql}, stage.path.inner, element));
    if (stage.index_name) shape.set(*stage.index_name, {kNumber, sql(R"("e"."key")")});
    SqlStatement rest = from_previous().add(stage.keep_empty ? " LEFT JOIN " : " JOIN ");
    append(rest.add("json_each(agg_list_of("), list.sql).add(R"()) AS "e" ON TRUE)");
    end_stage(std::move(shape), sql(R"(ROW_NUMBER() OVER (ORDER BY "p"."_n", "e"."key"))"), rest);
  }

  void compile_stage(const LookupStage& stage) {
    const ClassSchema* foreign = classes_.find(stage.from);
    SqlStatement found = sql("'[]'");
    if (foreign != nullptr) found = rows_of(*foreign, stage);
    Shape shape = shape_;
    shape.set(stage.as, {json_spec(), std::move(found)});
    end_stage(std::move(shape), sql(kPosition), from_previous(), true);
  }

  SqlStatement rows_of(const ClassSchema& foreign, const LookupStage& stage) const {
    const Shape rows = stored_shape(foreign, R"("f")", file_prefix_);
    SqlStatement out = sql("(SELECT agg_push(");
    append(out, row_as_json(rows).sql).add(R"(, "f"."_seq") FROM )").add_name(foreign.table).add(R"( AS "f" WHERE )");
    append(out, same_value(value_at_path(shape_, stage.local), value_at_path(rows, stage.foreign)));
    return std::move(out.add(")"));
  }

  // Where both are of one stored type the engine compares them, with an index when there is one.
  static SqlStatement same_value(const TypedSql& local, const TypedSql& foreign) {
    const auto is_id = [](const TypedSql& value) { return value.spec.type == FieldType::String || value.spec.type == FieldType::Pointer; };
    const bool is_plain = local.spec.type != FieldType::Object && foreign.spec.type != FieldType::Object;
    const bool is_reference = is_id(local) && is_id(foreign);
    SqlStatement out;
    if (is_plain && (local.spec.type == foreign.spec.type || is_reference)) {
      append(append(out, foreign.sql).add(" IS "), local.sql);
    } else {
      append(append(out.add("agg_meets("), as_json(local).sql).add(", "), as_json(foreign).sql).add(")");
    }
    return out;
  }

  void compile_stage(const SampleStage& stage) {
    SqlStatement rest = sql(" FROM (SELECT * FROM " + quoted_name(stage_name(stages_ - 1)) + " ORDER BY RANDOM() LIMIT ");
    rest.add_value(stage.rows).add(") AS ").add(kPrevious);
    end_stage(shape_, sql("ROW_NUMBER() OVER ()"), rest);
  }

  const ClassSchema& of_;
  const SchemaSnapshot& classes_;
  const std::string& file_prefix_;
  SqlStatement out_;
  Shape shape_;  // of the rows of the last stage, read from it as "p"
  int stages_ = 0;
};

}  // namespace

AggregateStatement aggregate_statement(const ClassSchema& of, const Pipeline& pipeline, const SchemaSnapshot& classes,
                                       const std::string& file_prefix) {
  return AggregateCompiler(of, classes, file_prefix).compile(pipeline);
}

}  // namespace parsimony
