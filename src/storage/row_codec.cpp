#include "storage/row_codec.h"

#include <utility>

#include "types/acl.h"
#include "types/date.h"
#include "types/geo.h"
#include "types/pointer.h"

namespace parsimony {
namespace {

bool is_unreserved(char c) {  // RFC 3986
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' || c == '~';
}

// Slashes stay: they part the directories of a file's name.
void append_percent_encoded(std::string& out, std::string_view text) {
  constexpr char kHex[] = "0123456789ABCDEF";
  for (const char c : text) {
    if (is_unreserved(c) || c == '/') {
      out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out += '%';
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    }
  }
}

Cell number_cell(const Json& value) {
  if (value.is_number_float()) return value.get<double>();
  return value.get<std::int64_t>();
}

Cell principals_cell(const std::vector<std::string>& principals) { return to_json_text(Json(principals)); }

Cell single_cell(const Field& field, const Json& value) {
  switch (field.spec.type) {
    case FieldType::String: return value.get<std::string>();
    case FieldType::Number: return number_cell(value);
    case FieldType::Boolean: return std::int64_t{value.get<bool>()};
    case FieldType::Date: return decode_date(value).value();
    case FieldType::Pointer: return decode_pointer(value).value().object_id;
    case FieldType::Bytes: return value.at("base64").get<std::string>();
    case FieldType::Polygon: return to_json_text(encode_polygon(decode_polygon(value).value()).at("coordinates"));
    default: return to_json_text(value);
  }
}

void append_number(std::string& out, const Row& row, int column) {
  if (row.type(column) == CellType::Integer) {
    append_json_number(out, row.integer(column));
  } else {
    append_json_number(out, row.real(column));
  }
}

// createdAt and updatedAt are bare strings on the wire.
bool is_bare_date(const Field& field) { return field.name == "createdAt" || field.name == "updatedAt"; }

Json number_of(const Row& row, int column) {
  return row.type(column) == CellType::Integer ? Json(row.integer(column)) : Json(row.real(column));
}

Json date_of(const Field& field, std::string_view iso) { return is_bare_date(field) ? Json(iso) : encode_date(iso); }

Json polygon_of(std::string_view coordinates) { return Json{{"__type", "Polygon"}, {"coordinates", parse_json(coordinates)}}; }

std::vector<std::string> principals_of(const Row& row, int column) {
  if (row.type(column) == CellType::Null) return {};
  return parse_json(row.text(column)).get<std::vector<std::string>>();
}

Json acl_of(const Row& row, int first_column) {
  return encode(Acl{principals_of(row, first_column), principals_of(row, first_column + 1)});
}

std::string file_url(const Row& row, int first_column, const FileUrls& files) {
  if (row.type(first_column + 1) != CellType::Null) return std::string(row.text(first_column + 1));
  return files.url_of(row.text(first_column));
}

}  // namespace

int column_count(FieldType type) {
  switch (type) {
    case FieldType::Relation: return 0;
    case FieldType::GeoPoint:
    case FieldType::File:
    case FieldType::Acl: return 2;
    default: return 1;
  }
}

std::vector<std::string> columns_of(const Field& field) {
  switch (field.spec.type) {
    case FieldType::Relation: return {};
    case FieldType::GeoPoint: return {field.column + ".latitude", field.column + ".longitude"};
    case FieldType::File: return {field.column, field.column + ".url"};
    case FieldType::Acl: return {"_rperm", "_wperm"};
    default: return {field.column};
  }
}

void encode_cells(const Field& field, const Json& value, std::vector<Cell>& out) {
  if (value.is_null()) {
    out.resize(out.size() + static_cast<std::size_t>(column_count(field.spec.type)));
    return;
  }
  switch (field.spec.type) {
    case FieldType::Relation: return;
    case FieldType::GeoPoint: {
      const GeoPoint point = decode_geo_point(value).value();
      out.emplace_back(point.latitude);
      out.emplace_back(point.longitude);
      return;
    }
    case FieldType::File: {
      const std::string* url = find_string(value, "url");
      out.emplace_back(value.at("name").get<std::string>());
      out.push_back(url ? Cell(*url) : Cell());
      return;
    }
    case FieldType::Acl: {
      const Acl acl = decode_acl(value);
      out.push_back(principals_cell(acl.read));
      out.push_back(principals_cell(acl.write));
      return;
    }
    default: out.push_back(single_cell(field, value));
  }
}

RowLayout::RowLayout(std::vector<const Field*> fields) : fields_(std::move(fields)) {
  first_column_.reserve(fields_.size());
  for (const Field* field : fields_) {
    first_column_.push_back(column_count_);
    column_count_ += parsimony::column_count(field->spec.type);
  }
}

std::string FileUrls::url_of(std::string_view file_name) const {
  std::string url = prefix;
  append_percent_encoded(url, file_name);
  return url;
}

bool is_unset(const Field& field, const Row& row, int first_column) {
  switch (field.spec.type) {
    case FieldType::Relation: return false;
    case FieldType::Acl: return row.type(first_column) == CellType::Null && row.type(first_column + 1) == CellType::Null;
    default: return row.type(first_column) == CellType::Null;
  }
}

Json decode_field(const Field& field, const Row& row, int first_column, const FileUrls& files) {
  if (is_unset(field, row, first_column)) return nullptr;
  switch (field.spec.type) {
    case FieldType::String: return row.text(first_column);
    case FieldType::Number: return number_of(row, first_column);
    case FieldType::Boolean: return row.integer(first_column) != 0;
    case FieldType::Date: return date_of(field, row.text(first_column));
    case FieldType::Object:
    case FieldType::Array: return parse_json(row.text(first_column));
    case FieldType::GeoPoint: return encode(GeoPoint{row.real(first_column), row.real(first_column + 1)});
    case FieldType::Polygon: return polygon_of(row.text(first_column));
    case FieldType::File: return Json{{"__type", "File"}, {"name", row.text(first_column)}, {"url", file_url(row, first_column, files)}};
    case FieldType::Bytes: return Json{{"__type", "Bytes"}, {"base64", row.text(first_column)}};
    case FieldType::Pointer: return encode_pointer(field.spec.target_class, row.text(first_column));
    case FieldType::Relation: return encode_relation(field.spec.target_class);
    case FieldType::Acl: return acl_of(row, first_column);
  }
  return nullptr;
}

Json decode_object(const RowLayout& layout, const Row& row, const FileUrls& files) {
  Json object = Json::object();
  for (std::size_t i = 0; i < layout.fields().size(); ++i) {
    const Field& field = *layout.fields()[i];
    const int column = layout.first_column(i);
    if (!is_unset(field, row, column)) object[field.name] = decode_field(field, row, column, files);
  }
  return object;
}

void append_field_json(std::string& out, const Field& field, const Row& row, int first_column, const FileUrls& files) {
  switch (field.spec.type) {
    case FieldType::String: append_json_string(out, row.text(first_column)); return;
    case FieldType::Number: append_number(out, row, first_column); return;
    case FieldType::Boolean: out += row.integer(first_column) != 0 ? "true" : "false"; return;
    case FieldType::Date: {
      const bool bare = is_bare_date(field);
      if (!bare) out += R"({"__type":"Date","iso":)";
      append_json_string(out, row.text(first_column));
      if (!bare) out += '}';
      return;
    }
    case FieldType::Object:
    case FieldType::Array: out += row.text(first_column); return;  // stored as append_json wrote it
    case FieldType::GeoPoint:
      out += R"({"__type":"GeoPoint","latitude":)";
      append_json_number(out, row.real(first_column));
      out += R"(,"longitude":)";
      append_json_number(out, row.real(first_column + 1));
      out += '}';
      return;
    case FieldType::Polygon:
      out += R"({"__type":"Polygon","coordinates":)";
      out += row.text(first_column);
      out += '}';
      return;
    case FieldType::File:
      out += R"({"__type":"File","name":)";
      append_json_string(out, row.text(first_column));
      out += R"(,"url":)";
      append_json_string(out, file_url(row, first_column, files));
      out += '}';
      return;
    case FieldType::Bytes:
      out += R"({"__type":"Bytes","base64":)";
      append_json_string(out, row.text(first_column));
      out += '}';
      return;
    case FieldType::Pointer:
      out += R"({"__type":"Pointer","className":)";
      append_json_string(out, field.spec.target_class);
      out += R"(,"objectId":)";
      append_json_string(out, row.text(first_column));
      out += '}';
      return;
    case FieldType::Relation:
      out += R"({"__type":"Relation","className":)";
      append_json_string(out, field.spec.target_class);
      out += '}';
      return;
    case FieldType::Acl: append_json(out, acl_of(row, first_column)); return;
  }
}

}  // namespace parsimony
