#include "app/option_table.h"

#include <catch2/catch.hpp>
#include <map>
#include <set>
#include <sstream>

#include "app/option_value.h"
#include "app/options_docs.h"
#include "unit/app/temporary_folder.h"

namespace parsimony {
namespace {

const std::filesystem::path kSource = PARSIMONY_SOURCE_DIR;

struct Known {
  std::string environment;
  std::string defaults;
};

// Name, variable and default of every option of Parse Server 9.10; "-" for those that have no variable here.
std::map<std::string, Known> parse_server_options() {
  std::map<std::string, Known> known;
  std::istringstream lines(read_text(kSource / "tests/unit/app/parse_server_options.tsv"));
  for (std::string line; std::getline(lines, line);) {
    std::istringstream columns(line);
    std::string name;
    Known row;
    std::getline(columns, name, '\t');
    std::getline(columns, row.environment, '\t');
    std::getline(columns, row.defaults);
    known[name] = row;
  }
  return known;
}

bool is_ours(const OptionRow& row) { return row.environment.starts_with("PARSIMONY_"); }

TEST_CASE("every option of Parse Server 9 stands in the table with its variable and default") {
  const auto known = parse_server_options();
  REQUIRE(known.size() == 286);
  for (const auto& [name, expected] : known) {
    INFO(name);
    const OptionRow* row = find_option(name);
    REQUIRE(row != nullptr);
    CHECK((row->environment.empty() ? "-" : std::string(row->environment)) == expected.environment);
    CHECK(row->default_text == expected.defaults);
    CHECK_FALSE(row->help.empty());
  }
}

TEST_CASE("the table has no other option than Parse Server's and ours") {
  const auto known = parse_server_options();
  std::set<std::string> ours;
  for (const OptionRow& row : option_table()) {
    INFO(row.name);
    if (is_ours(row)) ours.emplace(row.name);
    CHECK(is_ours(row) != known.contains(std::string(row.name)));
  }
  CHECK(ours == std::set<std::string>{"allowPrivateAddresses",
                                      "cloudBlockLimit",
                                      "cloudEnvFile",
                                      "cloudJobTimeLimit",
                                      "cloudMemoryLimit",
                                      "cloudTimeLimit",
                                      "cloudVersions",
                                      "cloudWorkers",
                                      "data",
                                      "durability",
                                      "ephemeral",
                                      "fixtures",
                                      "jobHistoryLimit",
                                      "logFormat",
                                      "maxLogSize",
                                      "maxRunningJobs",
                                      "missedJobs",
                                      "mode",
                                      "profile",
                                      "publicFolder",
                                      "readyFile",
                                      "testControls",
                                      "watch"});
}

TEST_CASE("names, variables and flags are unique and lead back to their row") {
  std::set<std::string> seen;
  for (const OptionRow& row : option_table()) {
    INFO(row.name);
    CHECK(seen.insert(std::string(row.name)).second);
    CHECK(find_option(row.name)->name == row.name);
    if (!row.environment.empty()) {
      CHECK(seen.insert(std::string(row.environment)).second);
      CHECK(find_option_by_environment(row.environment)->name == row.name);
    }
    if (!has_flag(row)) continue;
    const std::string kebab = kebab_case(row.name);
    if (kebab != row.name) CHECK(seen.insert(kebab).second);
    CHECK(find_option_by_flag(row.name)->name == row.name);
    CHECK(find_option_by_flag(kebab)->name == row.name);
  }
}

TEST_CASE("active options have a group, and every default is of its type") {
  for (const OptionRow& row : option_table()) {
    INFO(row.name);
    CHECK((row.status == OptionStatus::active) == !row.group.empty());
    for (std::string_view text : {row.default_text, row.dev_default, row.strict_default}) {
      if (!text.empty()) CHECK_NOTHROW(option_value_from_text(row, text, "default"));
    }
  }
}

TEST_CASE("kebab-case flags") {
  CHECK(kebab_case("masterKeyIps") == "master-key-ips");
  CHECK(kebab_case("restAPIKey") == "rest-api-key");
  CHECK(kebab_case("databaseURI") == "database-uri");
  CHECK(kebab_case("publicServerURL") == "public-server-url");
  CHECK(kebab_case("mountGraphQL") == "mount-graphql");
  CHECK(kebab_case("graphQLPath") == "graphql-path");
  CHECK(kebab_case("schema.lockSchemas") == "schema.lock-schemas");
  CHECK(kebab_case("port") == "port");
}

TEST_CASE("elements of lists have no flag") {
  CHECK_FALSE(has_flag(*find_option("rateLimit[].zone")));
  CHECK_FALSE(has_flag(*find_option("auth.<provider>.enabled")));
  CHECK(find_option_by_flag("rateLimit[].zone") == nullptr);
  CHECK(has_flag(*find_option("schema.lockSchemas")));
}

TEST_CASE("the nearest name") {
  CHECK(nearest_option("appIdd") == "appId");
  CHECK(nearest_option("APPID") == "appId");
  CHECK(nearest_option("msaterKey") == "masterKey");
  CHECK(nearest_option("master-key-ip") == "masterKeyIps");
  CHECK(nearest_option("allowClientClass") == "allowClientClassCreation");
  CHECK(nearest_option("schema.lockSchema") == "schema.lockSchemas");
  CHECK(nearest_variable("PARSE_SERVER_APP_ID") == "PARSE_SERVER_APPLICATION_ID");
  CHECK(nearest("anything", {}).empty());
  CHECK_FALSE(nearest_option(std::string(100'000, 'x')).empty());
}

TEST_CASE("docs/options.md is what the table says") { CHECK(read_text(kSource / "docs/options.md") == options_markdown()); }

TEST_CASE("the help fits a terminal and names every active option") {
  const std::string help = options_help();
  for (const OptionRow& row : option_table()) {
    const bool is_named =
        help.find("  --" + std::string(row.name)) != std::string::npos || help.find("  --" + kebab_case(row.name)) != std::string::npos;
    INFO(row.name);
    if (row.status == OptionStatus::active && has_flag(row)) CHECK(is_named);
  }
  std::istringstream lines(help);
  for (std::string line; std::getline(lines, line);) {
    const bool has_long_word = line.find_first_of('{') != std::string::npos;  // a default in JSON cannot be broken
    INFO(line);
    if (!has_long_word) CHECK(line.size() <= 104);
  }
}

}  // namespace
}  // namespace parsimony
