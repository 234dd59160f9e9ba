// An aggregation pipeline as a tree: stages in order, expressions within them (rest-api.md, section 7; the meaning is MongoDB's).
//
// Knows no schema. Fields go by their Parse names: "_id" is objectId, "_created_at" createdAt, "_p_owner" owner.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "query/filter.h"

namespace parsimony {

enum class ExpressionOp {
  Add,
  Subtract,
  Multiply,
  Divide,
  Math,  // `detail` names the function: "mod", "abs", ...
  Concat,
  ToUpper,
  ToLower,
  Length,
  Substring,
  ToText,
  Cond,
  IfNull,
  Compare,  // `detail` is the SQL-like sign: "=", "<>", "<", "<=", ">", ">="
  And,
  Or,
  Not,
  In,
  Size,
  ElementAt,
  DatePart,  // `detail` names the part: "year", ...
  DateText,  // date and format
};

struct Expression {
  enum class Kind { Literal, Field, Root, Call, Object, Array };

  Kind kind = Kind::Literal;
  Json literal;                       // Literal, in Parse's encoding; null is unset
  FieldPath path;                     // Field
  ExpressionOp op{};                  // Call
  std::string detail;                 // Call
  std::vector<Expression> arguments;  // Call, Array, and the members of Object
  std::vector<std::string> names;     // Object
};

enum class AccumulatorOp { Sum, Average, Min, Max, First, Last, Push, AddToSet, Count };

struct Accumulator {
  std::string name;
  AccumulatorOp op;
  Expression of;  // not for Count
};

struct ComputedField {
  FieldPath path;
  Expression value;
};

struct MatchStage {
  Filter where;
};
struct GroupStage {
  Expression key;
  std::vector<Accumulator> accumulators;
  bool pointer_keys_as_ids = true;  // as Parse answers $group; distinct answers pointers
};
// What is kept: objectId unless told otherwise, the paths, and computed fields.
struct ProjectStage {
  bool with_id = true;
  std::vector<FieldPath> kept;
  std::vector<ComputedField> computed;
};
struct UnsetStage {
  std::vector<FieldPath> dropped;
};
struct AddFieldsStage {
  std::vector<ComputedField> fields;
};
struct SortStage {
  struct Key {
    FieldPath path;
    bool descending;
  };
  std::vector<Key> keys;
};
struct LimitStage {
  std::int64_t rows;
};
struct SkipStage {
  std::int64_t rows;
};
struct CountStage {
  std::string name;
};
struct UnwindStage {
  FieldPath path;
  std::optional<std::string> index_name;
  bool keep_empty = false;
};
// Equality of two fields; a pointer equals the objectId it leads to.
struct LookupStage {
  std::string from;
  FieldPath local;
  FieldPath foreign;
  std::string as;
};
struct SampleStage {
  std::int64_t rows;
};

using Stage = std::variant<MatchStage, GroupStage, ProjectStage, UnsetStage, AddFieldsStage, SortStage, LimitStage, SkipStage, CountStage,
                           UnwindStage, LookupStage, SampleStage>;

struct Pipeline {
  std::vector<Stage> stages;
};

}  // namespace parsimony
