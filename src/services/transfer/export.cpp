#include "services/transfer/export.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "services/definitions.h"
#include "services/transfer/export_files.h"
#include "services/transfer/import_files.h"
#include "services/users/user_keys.h"
#include "storage/row_codec.h"

namespace parsimony {
namespace {

constexpr std::int64_t kMostRowsOfPage = 2000;
constexpr std::size_t kBytesOfPage = 4 * 1024 * 1024;  // about; so that a page is read in a moment
constexpr std::int64_t kJoinRowsOfPage = 5000;

// Beside the app's own classes users and roles, when there are any.
bool is_exported(Store& store, const ClassSchema& of) {
  if (!of.name().starts_with('_')) return true;
  if (of.name() != "_User" && of.name() != "_Role") return false;
  bool has_rows = false;
  store.read([&](Reads& reads) { has_rows = reads.count(of, Filter{}) > 0; });
  return has_rows;
}

// A line of a list: what is behind the one before.
void write_line(ExportFile& file, std::string_view text, bool is_first) {
  file.write(is_first ? "\n" : ",\n");
  file.write(text);
}

// In the order of Parse's own exports: objectId, the class's fields, createdAt, updatedAt, ACL. Relations are in files of their own.
std::vector<const Field*> exported_fields(const ClassSchema& of) {
  std::vector<const Field*> fields = {of.find("objectId")};
  for (const Field& field : of.fields()) {
    const bool is_kept = !is_base_field(field.name) && !is_user_key(field.name) && field.spec.type != FieldType::Relation;
    if (is_kept) fields.push_back(&field);
  }
  for (const char* name : {"createdAt", "updatedAt", "ACL"}) fields.push_back(of.find(name));
  return fields;
}

// Without a URL: that of a file of ours is made when it is read.
void append_own_file(std::string& out, const Row& row, int column) {
  out += R"({"__type":"File","name":)";
  append_json_string(out, row.text(column));
  out += '}';
}

void append_object(std::string& out, const RowLayout& layout, const Row& row) {
  out += '{';
  for (std::size_t i = 0; i < layout.fields().size(); ++i) {
    const Field& field = *layout.fields()[i];
    const int column = layout.first_column(i);
    if (is_unset(field, row, column)) continue;
    if (i > 0) out += ',';
    append_json_string(out, field.name);
    out += ':';
    if (field.spec.type == FieldType::File && row.type(column + 1) == CellType::Null) {
      append_own_file(out, row, column);
    } else {
      append_field_json(out, field, row, column, {});
    }
  }
  out += '}';
}

class Export {
 public:
  Export(Store& store, const std::filesystem::path& folder, const ExportWatcher& watch) : store_(store), folder_(folder), watch_(watch) {}

  ExportReport run() {
    const auto snapshot = store_.schema();
    write_definitions(*snapshot);
    for (const auto& [name, schema] : snapshot->classes) {
      if (is_exported(store_, *schema)) write_class(*schema);
    }
    folder_.publish();
    return std::move(report_);
  }

 private:
  void write_definitions(const SchemaSnapshot& snapshot) {
    ExportFile file(folder_.add(kDefinitionsFileName));
    file.write("[");
    bool is_first = true;
    for (const auto& [name, schema] : snapshot.classes) {
      if (!is_exported(store_, *schema)) continue;
      ClassSchema definition = *schema;
      // In the order that an import gives them.
      if (definition.permissions) definition.permissions = complete_permissions(*definition.permissions, definition);
      write_line(file, to_json_text(encode_definition(definition)), is_first);
      is_first = false;
    }
    file.write("\n]\n");
    file.close();
  }

  void write_class(const ClassSchema& schema) {
    write_objects(schema.name());
    for (const Field& field : schema.fields()) {
      if (field.spec.type == FieldType::Relation) write_relation(schema.name(), field.name);
    }
  }

  void write_objects(const std::string& class_name) {
    ExportFile file(folder_.add(class_name + ".json"));
    std::size_t& objects = report_.classes[class_name];
    file.write(R"({"results":[)");
    std::int64_t position = 0;
    std::int64_t limit = 100;
    std::size_t bytes = 0;
    while (write_page(file, class_name, limit, position, objects, bytes)) {
      const auto rows_of_page = static_cast<std::int64_t>(kBytesOfPage / (bytes / static_cast<std::size_t>(limit) + 1));
      limit = std::clamp<std::int64_t>(rows_of_page, 1, kMostRowsOfPage);
      if (watch_) watch_(report_);
    }
    file.write("\n]}\n");
    file.close();
  }

  // Moves `position` behind the last row of the page. False when there was none.
  bool write_page(ExportFile& file, const std::string& class_name, std::int64_t limit, std::int64_t& position, std::size_t& objects,
                  std::size_t& bytes) {
    bytes = 0;
    std::optional<std::int64_t> last;
    store_.read([&](Reads& reads) {
      // As it is now: a field may have come or gone since the page before.
      const ClassSchema* schema = reads.schema().find(class_name);
      if (!schema) return;
      const RowLayout layout(exported_fields(*schema));
      std::string text;
      last = reads.scan(*schema, layout.fields(), position, limit, [&](const Row& row) {
        text.clear();
        append_object(text, layout, row);
        write_line(file, text, objects++ == 0);
        bytes += text.size();
      });
    });
    position = last.value_or(position);
    return last.has_value();
  }

  void write_relation(const std::string& class_name, const std::string& field) {
    ExportFile file(folder_.add(relation_file_name(field, class_name)));
    std::size_t& rows = report_.relations[class_name + "." + field];
    file.write(R"({"results":[)");
    JoinRow last;
    for (std::vector<JoinRow> page = read_page(class_name, field, last); !page.empty(); page = read_page(class_name, field, last)) {
      for (const JoinRow& row : page) {
        write_line(file, to_json_text(Json{{"owningId", row.owning_id}, {"relatedId", row.related_id}}), rows++ == 0);
      }
      last = page.back();
      if (watch_) watch_(report_);
    }
    file.write("\n]}\n");
    file.close();
  }

  std::vector<JoinRow> read_page(const std::string& class_name, const std::string& field, const JoinRow& after) {
    std::vector<JoinRow> page;
    store_.read([&](Reads& reads) {
      const ClassSchema* schema = reads.schema().find(class_name);
      const Field* relation = schema ? schema->find(field) : nullptr;
      if (relation && relation->spec.type == FieldType::Relation) page = reads.join_rows(*relation, after, kJoinRowsOfPage);
    });
    return page;
  }

  Store& store_;
  ExportFolder folder_;
  const ExportWatcher& watch_;
  ExportReport report_;
};

}  // namespace

std::size_t ExportReport::rows() const {
  std::size_t sum = 0;
  for (const auto& [name, count] : classes) sum += count;
  for (const auto& [name, count] : relations) sum += count;
  return sum;
}

ExportReport export_folder(Store& store, const std::filesystem::path& folder, const ExportWatcher& watch) {
  return Export(store, folder, watch).run();
}

}  // namespace parsimony
