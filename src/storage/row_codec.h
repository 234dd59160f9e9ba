// Between Parse's JSON encoding and the columns of a row.
//
// How a field lies in its columns:
//   String, Date, Pointer     TEXT: the text; "2020-01-31T10:00:00.000Z"; the objectId
//   Number, Boolean           NUMERIC: integer or real; 0 or 1
//   Object, Array             TEXT: JSON, values within in Parse's encoding
//   Bytes, Polygon            TEXT: base64; JSON [[lat,lon],...], closed
//   GeoPoint                  two REAL columns: "f.latitude", "f.longitude"
//   File                      two TEXT columns: "f" the name, "f.url" only where the URL is not ours (imported data)
//   ACL                       two TEXT columns: "_rperm", "_wperm", each a JSON array of strings; NULL is public
//   Relation                  no column: rows of the join table
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "storage/cell.h"
#include "types/class_schema.h"

namespace parsimony {

// The physical columns of a field, none for a Relation.
std::vector<std::string> columns_of(const Field& field);
// The number of them, without making their names.
int column_count(FieldType type);

// Appends the cells for `value` (null: NULLs) in the order of columns_of(). The value has the field's type.
void encode_cells(const Field& field, const Json& value, std::vector<Cell>& out);

// Which columns of a row hold which fields, for rows read with these fields in this order.
class RowLayout {
 public:
  explicit RowLayout(std::vector<const Field*> fields);

  const std::vector<const Field*>& fields() const { return fields_; }
  int first_column(std::size_t field) const { return first_column_[field]; }
  int column_count() const { return column_count_; }

 private:
  std::vector<const Field*> fields_;
  std::vector<int> first_column_;
  int column_count_ = 0;
};

// Where files are to be found: a file's URL is this plus its percent-encoded name.
struct FileUrls {
  std::string prefix;  // "http://host/parse/files/appId/"

  std::string url_of(std::string_view file_name) const;
};

// The field's value in Parse's encoding; null when it is unset. A Relation is always there.
Json decode_field(const Field& field, const Row& row, int first_column, const FileUrls& files);
bool is_unset(const Field& field, const Row& row, int first_column);
// All set fields of the row, in the layout's order.
Json decode_object(const RowLayout& layout, const Row& row, const FileUrls& files);

// The same as text, without a JSON tree in between. The field must be set.
void append_field_json(std::string& out, const Field& field, const Row& row, int first_column, const FileUrls& files);

}  // namespace parsimony
