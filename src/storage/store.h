// Where objects are kept.
//
// Reads see one moment of the database; writes are closures that one writer runs, each in its own savepoint, and answers when
// they are on disk. Names no type of an engine, so that a second one fits behind it.
//
// Threads: any thread may call read() and write(); the closure of a write runs on the writer's thread and must not call the store.
// Errors: a closure may throw: a write is then undone and the exception passed on. An engine's own failure is thrown as
// std::runtime_error with its text, which is for the log.
#pragma once
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "query/filter.h"
#include "query/find_options.h"
#include "query/pipeline.h"
#include "storage/cell.h"
#include "types/class_schema.h"

namespace parsimony {

struct FileUrls;

// Which rows of a class, in which order, and which of their fields. Pointers are borrowed for the call.
struct Select {
  const ClassSchema* of;
  std::vector<const Field*> fields;  // in this order; RowLayout says which columns they are
  const Filter* where;
  std::vector<SortKey> order;  // none: insertion order, unless an index serves the filter
  std::optional<std::int64_t> limit;
  std::int64_t skip = 0;
  // A Text constraint on a String field: one column more, behind those of the fields, with the score of the row.
  const Constraint* score = nullptr;
};

// A field and what it shall hold, in Parse's JSON encoding; null unsets it.
struct FieldValue {
  const Field* field;
  Json value;
};
using FieldValues = std::vector<FieldValue>;

// A row of a relation's join table.
struct JoinRow {
  std::string owning_id;
  std::string related_id;
};

using RowVisitor = std::function<void(const Row&)>;
// A row of an aggregation: one column a field, of the types that storage/sql/aggregate_shape.h names. A field that is `required` is
// answered also when it is unset.
using ShapedRowVisitor = std::function<void(const std::vector<Field>& fields, const Row&)>;

// The two ids of a join row.
enum class JoinSide { Owning, Related };

class Reads {
 public:
  virtual ~Reads() = default;
  // The classes as this read sees them; lives as long as the read.
  virtual const SchemaSnapshot& schema() const = 0;
  virtual void find(const Select& select, const RowVisitor& visit) = 0;
  virtual std::int64_t count(const ClassSchema& of, const Filter& where) = 0;
  // The sum of each Number field over the matching rows, in the order of `fields`; 0 where none has a value.
  virtual std::vector<double> sums(const ClassSchema& of, const std::vector<const Field*>& fields, const Filter& where) = 0;
  // The rows that a pipeline makes of the class. `files` is where files are to be found. Throws 102 for what it cannot do.
  virtual void aggregate(const ClassSchema& of, const Pipeline& pipeline, const FileUrls& files, const ShapedRowVisitor& visit) = 0;
  // How the engine goes about it, a line each, for people.
  virtual std::vector<std::string> explain_aggregate(const ClassSchema& of, const Pipeline& pipeline) = 0;
  // How the engine would run a find: its own words, one step each, as a JSON array of {"id","parent","detail"}.
  virtual Json explain(const Select& select) = 0;
  // Up to `limit` rows in insertion order behind `position` (0: from the first). Returns the position of the last one visited, nothing
  // when there was none. For export and the like, page by page.
  virtual std::optional<std::int64_t> scan(const ClassSchema& of, const std::vector<const Field*>& fields, std::int64_t position,
                                           std::int64_t limit, const RowVisitor& visit) = 0;
  // Rows of a relation, by owner and then in the order of the related ids, after the given row.
  virtual std::vector<JoinRow> join_rows(const Field& relation, const JoinRow& after, std::int64_t limit) = 0;
  // A named note that the product keeps in the database about itself.
  virtual std::optional<std::string> note(std::string_view name) = 0;
};

class Transaction : public Reads {
 public:
  // `values` holds objectId, createdAt and updatedAt. Throws 137 when the id is taken, or values that a unique index holds.
  virtual void insert(const ClassSchema& into, const FieldValues& values) = 0;
  // False when no row has the id. Throws 137 as insert().
  virtual bool update(const ClassSchema& in, std::string_view object_id, const FieldValues& values) = 0;
  virtual bool remove(const ClassSchema& from, std::string_view object_id) = 0;
  // True when the row was not there before.
  virtual bool add_join_row(const Field& relation, std::string_view owning_id, std::string_view related_id) = 0;
  virtual bool remove_join_row(const Field& relation, std::string_view owning_id, std::string_view related_id) = 0;

  // Of one object, on that side.
  virtual void remove_join_rows(const Field& relation, JoinSide side, std::string_view object_id) = 0;
  // All objects of the class, and the rows of its relations.
  virtual void remove_all(const ClassSchema& from) = 0;

  // Changes of classes. Each returns the class as it is then; earlier references stay valid until the closure ends.
  virtual const ClassSchema& create_class(const ClassSchema& definition) = 0;
  virtual void drop_class(std::string_view name) = 0;  // with its join tables
  virtual const ClassSchema& add_fields(const ClassSchema& to, std::vector<Field> fields) = 0;
  const ClassSchema& add_field(const ClassSchema& to, Field field) { return add_fields(to, {std::move(field)}); }
  virtual const ClassSchema& drop_field(const ClassSchema& from, std::string_view field) = 0;  // with its data and join table
  // Replaces permissions, indexes and the options of the fields (required, default); `definition` names the same fields. Throws 137
  // when rows clash under a new unique index.
  virtual const ClassSchema& redefine(const ClassSchema& definition) = 0;

  virtual void set_note(std::string_view name, std::string_view text) = 0;
};

// Which rows of a class a group of writes has made, changed or removed.
struct ClassChange {
  bool all = false;  // it may be any, beside those that are named
  std::vector<std::string> object_ids{};
};

// All that a store held at one moment, in memory: classes, objects, notes.
class StoreImage {
 public:
  virtual ~StoreImage() = default;
  virtual std::uint64_t bytes() const = 0;
};

class Store {
 public:
  virtual ~Store() = default;
  // Runs `run` on one moment of the database. Throws 124 when it takes longer than the limit of a read.
  virtual void read(const std::function<void(Reads&)>& run) = 0;
  // Runs `run` on the writer and returns when it is on disk. Opens a WaitingScope.
  virtual void write(const std::function<void(Transaction&)>& run) = 0;
  // Runs each in its own savepoint, in order, and returns when all are on disk: what each threw, null where it was done.
  virtual std::vector<std::exception_ptr> write_each(const std::vector<std::function<void(Transaction&)>>& runs) = 0;
  // What the store holds between two writes; null when that is more than `max_bytes`. `meanwhile` runs at that moment, on the writer:
  // no write is done while it runs. Opens a WaitingScope, as restore().
  virtual std::unique_ptr<StoreImage> take_image(std::uint64_t max_bytes, const std::function<void()>& meanwhile) = 0;
  // Makes the store hold what it held when the image of it was taken, and nothing else. Reads that run go on seeing what was there
  // before, those that begin after this returned see the image; writes come before it or after it. `meanwhile` as above, behind it.
  virtual void restore(StoreImage& image, const std::function<void()>& meanwhile) = 0;
  // The newest committed classes.
  virtual std::shared_ptr<const SchemaSnapshot> schema() const = 0;
  // Calls `changed` after each commit that concerns rows of the class, until the handle is dropped; the store must live until then. Every
  // change is told that a read begun after this returns does not see. On the writer's thread: be quick, and do not call the store.
  virtual std::shared_ptr<void> watch(const std::string& class_name, std::function<void(const ClassChange&)> changed) = 0;
};

enum class Durability {
  Full,     // a write is answered when it would survive a power cut
  Relaxed,  // ... when it would survive the end of the process
  None      // for data that is thrown away
};

struct StoreOptions {
  std::string path;  // of the database file; made when it is not there
  Durability durability = Durability::Full;
  std::size_t readers = 4;  // connections
};

std::unique_ptr<Store> open_sqlite_store(const StoreOptions& options);

}  // namespace parsimony
