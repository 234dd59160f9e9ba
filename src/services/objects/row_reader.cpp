#include "services/objects/row_reader.h"

#include <utility>

#include "storage/row_codec.h"

namespace parsimony {

std::vector<Json> read_rows(Reads& reads, const ClassSchema& of, const Filter& where, std::optional<std::int64_t> limit) {
  std::vector<const Field*> fields;
  for (const Field& field : of.fields()) {
    if (field.spec.type != FieldType::Relation) fields.push_back(&field);
  }
  const RowLayout layout(fields);
  std::vector<Json> rows;
  reads.find(Select{&of, std::move(fields), &where, {}, limit, 0}, [&](const Row& row) { rows.push_back(decode_object(layout, row, {})); });
  return rows;
}

std::optional<Json> read_row(Reads& reads, const ClassSchema& of, const Filter& where) {
  std::vector<Json> rows = read_rows(reads, of, where, 1);
  return rows.empty() ? std::nullopt : std::optional(std::move(rows.front()));
}

std::string text_of_member(const Json& object, std::string_view name) {
  const std::string* text = find_string(object, name);
  return text ? *text : std::string();
}

}  // namespace parsimony
