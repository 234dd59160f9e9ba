#include "storage/sql/class_indexes.h"

#include <algorithm>
#include <iterator>
#include <optional>

#include "storage/row_codec.h"
#include "storage/sql/collate.h"
#include "storage/sql/text_index.h"
#include "types/class_index.h"

namespace parsimony {
namespace {

using Kind = IndexKey::Kind;

bool is_ordered(const IndexKey& key) { return key.kind == Kind::Ascending || key.kind == Kind::Descending; }

// The columns that tell values apart: a file is known by its name.
std::vector<std::string> key_columns(const Field& field) {
  std::vector<std::string> columns = columns_of(field);
  if (field.spec.type == FieldType::File) columns.resize(1);
  return columns;
}

// Nothing where every key is of a kind that has a structure of its own.
std::optional<SqlStatement> create_statement(const ClassSchema& of, const ClassIndex& index) {
  SqlStatement out;
  out.add(index.is_unique ? "CREATE UNIQUE INDEX " : "CREATE INDEX ").add_name(physical_index_name(of, index.name));
  out.add(" ON ").add_name(of.table).add(" (");
  bool has_columns = false;
  for (const IndexKey& key : index.keys) {
    if (!is_ordered(key)) continue;
    for (const std::string& column : key_columns(*of.find(key.field))) {
      out.add(has_columns ? ", " : "")
          .add_name(column)
          .add(collate(of.find(key.field)->collation))
          .add(key.kind == Kind::Descending ? " DESC" : "");
      has_columns = true;
    }
  }
  out.add(")");
  return has_columns ? std::optional(std::move(out)) : std::nullopt;
}

SqlStatement drop_statement(const ClassSchema& of, const std::string& name) {
  SqlStatement out;
  out.add("DROP INDEX IF EXISTS ").add_name(physical_index_name(of, name));
  return out;
}

bool has_same_collations(const ClassIndex& index, const ClassSchema& a, const ClassSchema& b) {
  return std::all_of(index.keys.begin(), index.keys.end(), [&](const IndexKey& key) {
    const Field* left = a.find(key.field);
    const Field* right = b.find(key.field);
    return left && right && left->collation == right->collation;
  });
}

// The indexes of `of` that `other` has not or has otherwise.
std::vector<ClassIndex> indexes_missing_in(const ClassSchema& other, const ClassSchema& of) {
  std::vector<ClassIndex> indexes = decode_indexes(of.indexes);
  std::erase_if(indexes, [&](const ClassIndex& index) {
    const Json* there = find_member(other.indexes, index.name);
    return there && *there == of.indexes.at(index.name) && has_same_collations(index, of, other);
  });
  return indexes;
}

void append(std::vector<SqlStatement>& out, std::vector<SqlStatement> statements) {
  std::move(statements.begin(), statements.end(), std::back_inserter(out));
}

std::vector<SqlStatement> text_index_changes(const ClassSchema& before, const ClassSchema& after) {
  std::vector<SqlStatement> out;
  for (const Field& field : before.fields()) {
    if (has_text_index(before, field) && !has_text_index(after, field)) append(out, drop_text_index_statements(before, field));
  }
  for (const Field& field : after.fields()) {
    if (has_text_index(after, field) && !has_text_index(before, field)) append(out, text_index_statements(after, field));
  }
  return out;
}

}  // namespace

std::string physical_index_name(const ClassSchema& of, const std::string& index_name) {
  std::string name = of.table + ".$";
  for (const char c : index_name) {
    if ((c >= 'A' && c <= 'Z') || c == '^') name += '^';
    name += c;
  }
  return name;
}

std::vector<SqlStatement> index_change_statements(const ClassSchema& before, const ClassSchema& after) {
  std::vector<SqlStatement> out = text_index_changes(before, after);
  for (const ClassIndex& index : indexes_missing_in(after, before)) out.push_back(drop_statement(before, index.name));
  for (const ClassIndex& index : indexes_missing_in(before, after)) {
    if (auto statement = create_statement(after, index)) out.push_back(std::move(*statement));
  }
  return out;
}

}  // namespace parsimony
