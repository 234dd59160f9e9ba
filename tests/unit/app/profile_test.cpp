#include "app/profile.h"

#include <catch2/catch.hpp>

#include "app/options.h"
#include "unit/app/temporary_folder.h"

namespace parsimony {
namespace {

ProfileChoice choice_of(OptionInput input) {
  input.working_folder = "/nonexistent";
  return load_options(input).profile;
}

TEST_CASE("without any sign the profile is dev") {
  const ProfileChoice choice = choice_of({});
  CHECK(choice.profile == Profile::dev);
  CHECK(choice_of({{{"port", "0"}, {"host", "::1"}, {"javascriptKey", "x"}}, {{"PORT", "1"}, {"VERBOSE", "1"}}, {}, {}}).profile ==
        Profile::dev);
}

TEST_CASE("each sign of Parse Server is named as the reason") {
  TemporaryFolder folder;
  OptionInput with_file;
  with_file.config_file = folder.write("config.json", "{}");
  CHECK(choice_of(with_file).reason == "because a config file was given");
  CHECK(choice_of({{{"appId", "a"}}, {}, {}, {}}).reason == "because --appId was given");
  CHECK(choice_of({{{"masterKey", "a"}}, {}, {}, {}}).reason == "because --masterKey was given");
  const ProfileChoice by_variable = choice_of({{}, {{"PARSE_SERVER_LOG_LEVEL", "warn"}}, {}, {}});
  CHECK(by_variable.profile == Profile::parse_server);
  CHECK(by_variable.reason == "because PARSE_SERVER_LOG_LEVEL is set");
}

TEST_CASE("strict has its own defaults, which what is set wins over") {
  OptionInput input;
  input.arguments = {{"profile", "strict"}};
  input.working_folder = "/nonexistent";
  const Options strict = load_options(input);
  CHECK(strict.profile.profile == Profile::strict);
  CHECK(strict.complexity.include_depth == 10);
  CHECK(strict.complexity.include_count == 100);
  CHECK(strict.complexity.query_depth == 10);
  CHECK(strict.complexity.subquery_depth == 10);
  CHECK(strict.batch_request_limit == 100);
  CHECK(strict.read_only_master_key_ips == std::vector<std::string>{"127.0.0.1", "::1"});
  CHECK_FALSE(strict.allow_aggregation_for_read_only_master_key);
  CHECK(strict.file_rules.url_domains.empty());
  CHECK_FALSE(strict.protection.owner_exempt);
  CHECK_FALSE(strict.protection.saves_exempt);
  CHECK(strict.host == "0.0.0.0");
  CHECK_FALSE(strict.allow_client_class_creation);

  input.arguments.emplace_back("requestComplexity.includeDepth", "-1");
  CHECK_FALSE(load_options(input).complexity.include_depth);
}

TEST_CASE("a named profile wins") {
  const ProfileChoice dev = choice_of({{{"profile", "dev"}, {"appId", "a"}}, {{"PARSE_SERVER_HOST", "::"}}, {}, {}});
  CHECK(dev.profile == Profile::dev);
  CHECK(dev.reason == "as named by --profile");
  CHECK(choice_of({{{"profile", "parse-server"}}, {}, {}, {}}).profile == Profile::parse_server);
  CHECK(choice_of({{}, {{"PARSIMONY_PROFILE", "parse-server"}}, {}, {}}).reason == "as named by variable PARSIMONY_PROFILE");
}

TEST_CASE("dev uses ./schema and ./fixtures when they are there; parse-server only what is named") {
  TemporaryFolder folder;
  OptionInput input;
  input.working_folder = folder.path();
  CHECK(load_options(input).schema_paths.empty());
  CHECK_FALSE(load_options(input).fixtures);
  std::filesystem::create_directory(folder.path() / "schema");
  std::filesystem::create_directory(folder.path() / "fixtures");
  const Options found = load_options(input);
  REQUIRE(found.schema_paths.size() == 1);
  CHECK(found.schema_paths[0] == folder.path() / "schema");
  CHECK(found.fixtures == folder.path() / "fixtures");
  CHECK(found.sources.at("fixtures") == OptionSource::found);
  input.arguments = {{"schema", "other.json"}};
  CHECK(load_options(input).schema_paths == std::vector<std::filesystem::path>{"other.json"});
  input.arguments = {{"profile", "parse-server"}};
  CHECK(load_options(input).schema_paths.empty());
  CHECK_FALSE(load_options(input).fixtures);
}

}  // namespace
}  // namespace parsimony
