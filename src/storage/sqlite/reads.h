// Reading rows over one connection; the half that a read and a write have in common.
#pragma once
#include <memory>
#include <utility>

#include "common/error.h"
#include "storage/row_codec.h"
#include "storage/sql/aggregate_compiler.h"
#include "storage/sql/select.h"
#include "storage/sqlite/connection.h"
#include "storage/sqlite/schema_table.h"

namespace parsimony {

// `Interface` is Reads or Transaction.
template <typename Interface>
class SqliteReads : public Interface {
 public:
  SqliteReads(Connection& connection, std::shared_ptr<const SchemaSnapshot> schema) : connection_(connection), schema_(std::move(schema)) {}

  const SchemaSnapshot& schema() const override { return *schema_; }

  void find(const Select& select, const RowVisitor& visit) override { connection_.run(select_statement(select, *schema_), visit); }

  std::int64_t count(const ClassSchema& of, const Filter& where) override {
    std::int64_t rows = 0;
    connection_.run(count_statement(of, where, *schema_), [&](const Row& row) { rows = row.integer(0); });
    return rows;
  }

  std::vector<double> sums(const ClassSchema& of, const std::vector<const Field*>& fields, const Filter& where) override {
    std::vector<double> sums;
    connection_.run(sum_statement(of, fields, where, *schema_), [&](const Row& row) {
      for (std::size_t i = 0; i < fields.size(); ++i) sums.push_back(row.real(static_cast<int>(i)));
    });
    return sums;
  }

  void aggregate(const ClassSchema& of, const Pipeline& pipeline, const FileUrls& files, const ShapedRowVisitor& visit) override {
    const AggregateStatement statement = aggregate_statement(of, pipeline, *schema_, files.prefix);
    run_pipeline(statement.sql, [&](const Row& row) { visit(statement.fields, row); });
  }

  std::vector<std::string> explain_aggregate(const ClassSchema& of, const Pipeline& pipeline) override {
    constexpr int kDetail = 3;
    AggregateStatement statement = aggregate_statement(of, pipeline, *schema_, {});
    statement.sql.text.insert(0, "EXPLAIN QUERY PLAN ");
    std::vector<std::string> lines;
    run_pipeline(statement.sql, [&](const Row& row) { lines.emplace_back(row.text(kDetail)); });
    return lines;
  }

  Json explain(const Select& select) override {
    SqlStatement statement = select_statement(select, *schema_);
    statement.text.insert(0, "EXPLAIN QUERY PLAN ");
    Json steps = Json::array();
    connection_.run(statement, [&](const Row& row) {
      steps.push_back({{"id", row.integer(0)}, {"parent", row.integer(1)}, {"detail", row.text(3)}});
    });
    return steps;
  }

  std::optional<std::int64_t> scan(const ClassSchema& of, const std::vector<const Field*>& fields, std::int64_t position,
                                   std::int64_t limit, const RowVisitor& visit) override {
    int position_column = 0;
    for (const Field* field : fields) position_column += column_count(field->spec.type);
    if (position_column == 0) position_column = 1;  // the statement reads a NULL in place of no column
    std::optional<std::int64_t> last;
    connection_.run(scan_statement(of, fields, position, limit), [&](const Row& row) {
      last = row.integer(position_column);
      visit(row);
    });
    return last;
  }

  std::vector<JoinRow> join_rows(const Field& relation, const JoinRow& after, std::int64_t limit) override {
    std::vector<JoinRow> rows;
    connection_.run(join_rows_statement(relation, after, limit), [&](const Row& row) {
      rows.push_back({std::string(row.text(0)), std::string(row.text(1))});
    });
    return rows;
  }

  std::optional<std::string> note(std::string_view name) override { return read_meta(connection_, "note:" + std::string(name)); }

 protected:
  Connection& connection_;
  std::shared_ptr<const SchemaSnapshot> schema_;

 private:
  // The engine limits how deep and how long a statement may be; what lies beyond is the client's to mend.
  void run_pipeline(const SqlStatement& statement, const RowVisitor& visit) {
    try {
      connection_.run(statement, visit);
    } catch (const SqliteFailure& failure) {
      if (failure.extended_code() != SQLITE_ERROR && failure.extended_code() != SQLITE_TOOBIG) throw;
      throw Error(error_code::kInvalidQuery, "The pipeline is too complex", failure.what());
    }
  }
};

}  // namespace parsimony
