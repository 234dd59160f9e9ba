// A pipeline from the network: whatever JSON it is, it ends as one of Parse's errors or as a statement that the engine can prepare
// and run on rows of every type.
#include <cstddef>
#include <cstdint>

#include "common/error.h"
#include "fuzz/database.h"
#include "query/pipeline_parser.h"
#include "storage/sql/aggregate_compiler.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace parsimony;
  static FuzzDatabase& database = *new FuzzDatabase;
  try {
    const Json parameters = parse_json({reinterpret_cast<const char*>(data), size});
    if (!parameters.is_object()) return 0;
    const AggregateOptions options = parse_aggregate(parameters);
    const ClassSchema& of = *database.classes().find("A");
    database.run(aggregate_statement(of, options.pipeline, database.classes(), "http://host/files/").sql);
  } catch (const JsonSyntaxError&) {
  } catch (const Error&) {
  }
  return 0;
}
