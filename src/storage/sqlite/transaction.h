// What a write may do, over the writer's connection.
#pragma once
#include <memory>
#include <vector>

#include "storage/sqlite/class_watches.h"
#include "storage/sqlite/reads.h"

namespace parsimony {

inline constexpr const char* kDuplicateValueText = "A duplicate value for a field with unique values was provided";

class SqliteTransaction final : public SqliteReads<Transaction> {
 public:
  SqliteTransaction(Connection& connection, std::shared_ptr<const SchemaSnapshot> schema, const ClassWatches& watches)
      : SqliteReads(connection, std::move(schema)), watches_(watches) {}

  void insert(const ClassSchema& into, const FieldValues& values) override;
  bool update(const ClassSchema& in, std::string_view object_id, const FieldValues& values) override;
  bool remove(const ClassSchema& from, std::string_view object_id) override;
  bool add_join_row(const Field& relation, std::string_view owning_id, std::string_view related_id) override;
  bool remove_join_row(const Field& relation, std::string_view owning_id, std::string_view related_id) override;
  void remove_join_rows(const Field& relation, JoinSide side, std::string_view object_id) override;
  void remove_all(const ClassSchema& from) override;

  const ClassSchema& create_class(const ClassSchema& definition) override;
  void drop_class(std::string_view name) override;
  const ClassSchema& add_fields(const ClassSchema& to, std::vector<Field> fields) override;
  const ClassSchema& drop_field(const ClassSchema& from, std::string_view field) override;
  const ClassSchema& redefine(const ClassSchema& definition) override;

  void set_note(std::string_view name, std::string_view text) override;

  // The classes after what this transaction changed.
  std::shared_ptr<const SchemaSnapshot> schema_after() const { return schema_; }
  // What it changed of the classes that are watched.
  ClassChanges take_changes() { return std::move(changes_); }

 private:
  void note_change(std::string_view class_name, std::string_view object_id);
  void note_changes(std::string_view class_name);
  const ClassSchema& put(ClassSchema definition);
  void swap_in(std::shared_ptr<SchemaSnapshot> changed);
  void run_all(const std::vector<SqlStatement>& statements);
  // Throws 137 with the message where values clash that shall be unique.
  int run_unique(const SqlStatement& statement, const std::string& message);
  void change_indexes(const ClassSchema& before, const ClassSchema& after);

  const ClassWatches& watches_;
  ClassChanges changes_;
  std::vector<std::shared_ptr<const SchemaSnapshot>> replaced_;  // kept, so that references to their classes stay valid
};

}  // namespace parsimony
