// A Store in one SQLite file: one writer, several readers, a checkpointer.
#include <chrono>
#include <filesystem>

#include "common/error.h"
#include "storage/sqlite/checkpointer.h"
#include "storage/sqlite/image.h"
#include "storage/sqlite/published_schema.h"
#include "storage/sqlite/reader_pool.h"
#include "storage/sqlite/reads.h"
#include "storage/sqlite/schema_table.h"
#include "storage/sqlite/writer.h"
#include "storage/store.h"

namespace parsimony {
namespace {

constexpr auto kReadLimit = std::chrono::seconds(5);

// A read transaction: begun with the first statement, ended whatever happens.
class ReadTransaction {
 public:
  explicit ReadTransaction(Connection& connection) : connection_(connection) {
    connection_.set_deadline(std::chrono::steady_clock::now() + kReadLimit);
    connection_.run(kBegin);
  }
  ~ReadTransaction() {
    connection_.set_deadline(std::nullopt);
    try {
      connection_.run(kEnd);
    } catch (const SqliteFailure&) {
      // Only an engine that has already ended the transaction refuses to.
    }
  }
  ReadTransaction(const ReadTransaction&) = delete;
  ReadTransaction& operator=(const ReadTransaction&) = delete;

 private:
  inline static const SqlStatement kBegin{"BEGIN", {}};
  inline static const SqlStatement kEnd{"COMMIT", {}};
  Connection& connection_;
};

void prepare_database(Connection& connection) {
  connection.run(std::string_view("PRAGMA journal_mode = WAL"));
  // Deleted content is overwritten where that costs no further page write (docs/decisions/0003-storage.md).
  connection.run(std::string_view("PRAGMA secure_delete = FAST"));
  connection.run(std::string_view("BEGIN IMMEDIATE"));
  prepare_schema_tables(connection);
  connection.run(std::string_view("COMMIT"));
}

class SqliteStore final : public Store {
 public:
  explicit SqliteStore(const StoreOptions& options)
      : connection_(options.path, Connection::Mode::ReadWrite, options.durability), readers_(options.path, options.readers) {
    prepare_database(connection_);
    published_.set(read_schema(connection_));
    checkpointer_.emplace(options.path, options.durability, connection_, readers_);
    writer_.emplace(connection_, published_, watches_);
  }

  ~SqliteStore() override {
    writer_.reset();
    checkpointer_.reset();
  }

  void read(const std::function<void(Reads&)>& run) override {
    const ReaderPool::Lease lease = readers_.borrow();
    const ReadTransaction transaction(*lease);
    try {
      SqliteReads<Reads> reads(*lease, schema_seen_by(*lease));
      run(reads);
    } catch (const SqliteFailure& failure) {
      if (!failure.is_interrupt()) throw;
      throw Error(error_code::kTimeout, "The query took longer than " + std::to_string(kReadLimit.count()) + " seconds");
    }
  }

  void write(const std::function<void(Transaction&)>& run) override {
    if (const auto error = writer_->write({&run, 1}).front()) std::rethrow_exception(error);
  }

  std::vector<std::exception_ptr> write_each(const std::vector<std::function<void(Transaction&)>>& runs) override {
    return writer_->write(runs);
  }

  std::unique_ptr<StoreImage> take_image(std::uint64_t max_bytes, const std::function<void()>& meanwhile) override {
    std::unique_ptr<SqliteImage> image;
    writer_->run_alone([&] {
      if (database_bytes(connection_) > max_bytes) return;
      image = std::make_unique<SqliteImage>(connection_, published_.get());
      meanwhile();
    });
    return image;
  }

  void restore(StoreImage& image, const std::function<void()>& meanwhile) override {
    writer_->run_alone([&] {
      published_.set(static_cast<SqliteImage&>(image).write_to(connection_, published_.get()->version + 1));
      connection_.clear_statements();
      meanwhile();
      watches_.announce_all();
    });
  }

  std::shared_ptr<const SchemaSnapshot> schema() const override { return published_.get(); }

  // What has been written before this write is on disk when it returns; what comes after it is told.
  std::shared_ptr<void> watch(const std::string& class_name, std::function<void(const ClassChange&)> changed) override {
    std::shared_ptr<void> handle;
    write([&](Transaction&) { handle = watches_.add(class_name, std::move(changed)); });
    return handle;
  }

 private:
  // The transaction may have begun before or after the newest classes were published.
  std::shared_ptr<const SchemaSnapshot> schema_seen_by(Connection& connection) {
    auto snapshot = published_.get();
    if (read_schema_version(connection) == snapshot->version) return snapshot;
    return read_schema(connection);
  }

  Connection connection_;  // the writer's
  ReaderPool readers_;
  PublishedSchema published_;
  ClassWatches watches_;
  std::optional<Checkpointer> checkpointer_;
  std::optional<Writer> writer_;
};

}  // namespace

std::unique_ptr<Store> open_sqlite_store(const StoreOptions& options) { return std::make_unique<SqliteStore>(options); }

}  // namespace parsimony
