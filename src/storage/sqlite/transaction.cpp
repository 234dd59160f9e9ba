#include "storage/sqlite/transaction.h"

#include "common/error.h"
#include "storage/sql/change.h"
#include "storage/sql/class_indexes.h"
#include "storage/sql/definition.h"
#include "types/class_index.h"

namespace parsimony {
namespace {

// The class without the indexes on the field, which has gone or will go.
ClassSchema without_indexes_on(const ClassSchema& of, std::string_view field) {
  ClassSchema changed = of;
  for (const ClassIndex& index : decode_indexes(of.indexes)) {
    if (index.names(field)) changed.indexes.erase(index.name);
  }
  return changed;
}

}  // namespace

int SqliteTransaction::run_unique(const SqlStatement& statement, const std::string& message) {
  try {
    return connection_.run(statement);
  } catch (const SqliteFailure& failure) {
    if (!failure.is_unique_violation()) throw;
    throw Error(error_code::kDuplicateValue, message, failure.what());
  }
}

void SqliteTransaction::note_change(std::string_view class_name, std::string_view object_id) {
  if (watches_.wants(class_name)) changes_[std::string(class_name)].object_ids.emplace_back(object_id);
}

void SqliteTransaction::note_changes(std::string_view class_name) {
  if (watches_.wants(class_name)) changes_[std::string(class_name)].all = true;
}

void SqliteTransaction::insert(const ClassSchema& into, const FieldValues& values) {
  run_unique(insert_statement(into, values), kDuplicateValueText);
  for (const FieldValue& value : values) {
    if (value.field->name == "objectId") note_change(into.name(), value.value.get_ref<const std::string&>());
  }
}

bool SqliteTransaction::update(const ClassSchema& in, std::string_view object_id, const FieldValues& values) {
  note_change(in.name(), object_id);
  return run_unique(update_statement(in, object_id, values), kDuplicateValueText) > 0;
}

bool SqliteTransaction::remove(const ClassSchema& from, std::string_view object_id) {
  note_change(from.name(), object_id);
  return connection_.run(delete_statement(from, object_id)) > 0;
}

bool SqliteTransaction::add_join_row(const Field& relation, std::string_view owning_id, std::string_view related_id) {
  return connection_.run(add_join_row_statement(relation, owning_id, related_id)) > 0;
}

bool SqliteTransaction::remove_join_row(const Field& relation, std::string_view owning_id, std::string_view related_id) {
  return connection_.run(remove_join_row_statement(relation, owning_id, related_id)) > 0;
}

void SqliteTransaction::remove_join_rows(const Field& relation, JoinSide side, std::string_view object_id) {
  connection_.run(remove_join_rows_statement(relation, side, object_id));
}

void SqliteTransaction::remove_all(const ClassSchema& from) {
  note_changes(from.name());
  run_all(remove_all_statements(from));
}

const ClassSchema& SqliteTransaction::create_class(const ClassSchema& definition) {
  ClassSchema named = with_physical_names(definition, *schema_);
  run_all(create_class_statements(named));
  change_indexes(ClassSchema(named.name(), {}), named);
  return put(std::move(named));
}

void SqliteTransaction::drop_class(std::string_view name) {
  const ClassSchema& dropped = *schema_->find(name);
  note_changes(name);
  ClassSchema bare = dropped;
  bare.indexes = nullptr;
  change_indexes(dropped, bare);
  run_all(drop_class_statements(dropped));
  erase_class(connection_, name);
  auto changed = std::make_shared<SchemaSnapshot>(*schema_);
  changed->classes.erase(changed->classes.find(name));
  swap_in(std::move(changed));
}

const ClassSchema& SqliteTransaction::add_fields(const ClassSchema& to, std::vector<Field> fields) {
  choose_physical_names(fields, to, *schema_);
  ClassSchema changed = to;
  for (Field& field : fields) {
    run_all(add_field_statements(to, field));
    changed.set_field(std::move(field));
  }
  return put(std::move(changed));
}

const ClassSchema& SqliteTransaction::drop_field(const ClassSchema& from, std::string_view field) {
  const ClassSchema kept = without_indexes_on(from, field);
  change_indexes(from, kept);
  run_all(drop_field_statements(from, *from.find(field)));
  return put(kept.without_field(field));
}

const ClassSchema& SqliteTransaction::redefine(const ClassSchema& definition) {
  change_indexes(*schema_->find(definition.name()), definition);
  return put(definition);
}

void SqliteTransaction::change_indexes(const ClassSchema& before, const ClassSchema& after) {
  run_all(lookup_change_statements(before, after));
  for (const SqlStatement& statement : index_change_statements(before, after)) {
    run_unique(statement, "Objects of class " + after.name() +
                              " have equal values already, so a unique index cannot be made. Change or delete these objects first.");
  }
}

void SqliteTransaction::set_note(std::string_view name, std::string_view text) {
  write_meta(connection_, "note:" + std::string(name), std::string(text));
}

const ClassSchema& SqliteTransaction::put(ClassSchema definition) {
  write_class(connection_, definition);
  auto changed = std::make_shared<SchemaSnapshot>(*schema_);
  const std::string name = definition.name();
  const auto placed = std::make_shared<const ClassSchema>(std::move(definition));
  changed->classes[name] = placed;
  swap_in(std::move(changed));
  return *placed;
}

void SqliteTransaction::swap_in(std::shared_ptr<SchemaSnapshot> changed) {
  changed->version = schema_->version + 1;
  write_schema_version(connection_, changed->version);
  replaced_.push_back(std::move(schema_));
  schema_ = std::move(changed);
}

void SqliteTransaction::run_all(const std::vector<SqlStatement>& statements) {
  for (const SqlStatement& statement : statements) connection_.run(statement);
}

}  // namespace parsimony
