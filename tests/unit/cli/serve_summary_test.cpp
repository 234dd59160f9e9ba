#include <catch2/catch.hpp>

#include "cli/serve.h"

namespace parsimony {
namespace {

using Catch::Matchers::Contains;

Options some_options() {
  Options options;
  options.app_id = "shop";
  options.master_key = "secret-master";
  options.javascript_key = "secret-js";
  options.database_file = "data/parsimony.db";
  options.profile = {Profile::dev, "because it is so"};
  return options;
}

const StartSummary kSummary{"http://localhost:1337/parse", 1337, 3, 31, "cloud/main.js", {"imported 31 rows"}};

TEST_CASE("the summary for people is aligned and says where everything is") {
  const std::string text = summary_text(some_options(), kSummary, "data/keys.json");
  CHECK(text ==
        "Parsimony is serving.\n"
        "  URL         http://localhost:1337/parse\n"
        "  App id      shop\n"
        "  Master key  in data/keys.json\n"
        "  Profile     dev, because it is so\n"
        "  Data        3 classes, 31 rows\n"
        "  Database    data/parsimony.db\n"
        "  Cloud Code  cloud/main.js\n"
        "  Note        imported 31 rows\n"
        "Stop with Ctrl-C.\n");
}

TEST_CASE("with all keys given and the data in memory it says so") {
  Options options = some_options();
  options.database_kind = DatabaseKind::memory;
  const std::string text = summary_text(options, kSummary, "");
  CHECK_THAT(text, Contains("Master key  as given") && Contains("Database    in memory"));
}

TEST_CASE("the summary for programs is one line of JSON") {
  Options options = some_options();
  options.log.format = log::Format::json;
  const std::string text = summary_text(options, kSummary, "data/keys.json");
  CHECK(std::count(text.begin(), text.end(), '\n') == 1);
  const Json line = parse_json(text);
  CHECK(line["url"] == "http://localhost:1337/parse");
  CHECK(line["appId"] == "shop");
  CHECK(line["keyFile"] == "data/keys.json");
  CHECK(line["profile"] == "dev");
  CHECK(line["classes"] == 3);
  CHECK(line["rows"] == 31);
  CHECK(line["cloud"] == "cloud/main.js");
}

TEST_CASE("no summary holds a secret") {
  Options options = some_options();
  for (log::Format format : {log::Format::text, log::Format::json}) {
    options.log.format = format;
    CHECK_THAT(summary_text(options, kSummary, ""), !Contains("secret"));
  }
}

}  // namespace
}  // namespace parsimony
