#include "cli/command_line.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "app/option_error.h"
#include "cli/help.h"
#include "cli/version.h"

namespace parsimony {
namespace {

using Catch::Matchers::Contains;
using Words = std::vector<std::string>;
using Pairs = std::vector<std::pair<std::string, std::string>>;

CommandLine parsed(const Words& words) { return parse_command_line(words, {}); }
Pairs options_of(const Words& words) { return parsed(words).input.arguments; }

std::string error_of(const Words& words) {
  try {
    parsed(words);
  } catch (const OptionError& error) {
    return error.what();
  }
  return "no error";
}

TEST_CASE("flags in both spellings and both forms") {
  CHECK(options_of({"serve", "--appId", "a"}) == Pairs{{"appId", "a"}});
  CHECK(options_of({"serve", "--app-id=a=b"}) == Pairs{{"appId", "a=b"}});
  CHECK(options_of({"serve", "--rest-api-key", "k"}) == Pairs{{"restAPIKey", "k"}});
  CHECK(options_of({"serve", "--schema.lock-schemas"}) == Pairs{{"schema.lockSchemas", "true"}});
  CHECK(options_of({"serve", "--masterKeyIps", R"(["::1","10.0.0.1"])"}) == Pairs{{"masterKeyIps", R"(["::1","10.0.0.1"])"}});
  CHECK(options_of({"serve", "--port", "1", "--port", "2"}) == Pairs{{"port", "1"}, {"port", "2"}});
}

TEST_CASE("a boolean flag takes the next word only when that is a boolean") {
  CHECK(options_of({"serve", "--verbose"}) == Pairs{{"verbose", "true"}});
  CHECK(options_of({"serve", "--verbose", "false"}) == Pairs{{"verbose", "false"}});
  CHECK(options_of({"serve", "--verbose=0"}) == Pairs{{"verbose", "0"}});
  const CommandLine line = parsed({"serve", "--allowClientClassCreation", "config.json"});
  CHECK(line.input.arguments == Pairs{{"allowClientClassCreation", "true"}});
  CHECK(line.input.config_file == "config.json");
}

TEST_CASE("the config file of serve, by flag or as the argument") {
  CHECK(parsed({"serve", "--config", "c.json"}).input.config_file == "c.json");
  CHECK(parsed({"serve", "c.json"}).input.config_file == "c.json");
  CHECK(parsed({"serve", "c.json"}).arguments.empty());
  CHECK_FALSE(parsed({"serve"}).input.config_file);
  CHECK_THAT(error_of({"serve", "a.json", "--config", "b.json"}), Contains("two config files"));
  CHECK_THAT(error_of({"serve", "a.json", "b.json"}), Contains("unexpected argument \"b.json\""));
}

TEST_CASE("serve --schema takes all files up to the next flag, import --schema one") {
  const CommandLine serve = parsed({"serve", "--schema", "a.json", "b.json", "--port", "0"});
  CHECK(serve.input.arguments == Pairs{{"port", "0"}, {"schema", "a.json"}, {"schema", "b.json"}});
  CHECK_FALSE(serve.input.config_file);
  const CommandLine import = parsed({"import", "--schema", "a.json", "fixtures", "more"});
  CHECK(import.input.arguments == Pairs{{"schema", "a.json"}});
  CHECK(import.arguments == Words{"fixtures", "more"});
}

TEST_CASE("import and export") {
  const CommandLine line = parsed({"import", "a", "b", "--data", "d"});
  CHECK(line.command->name == "import");
  CHECK(line.arguments == Words{"a", "b"});
  CHECK(line.input.arguments == Pairs{{"data", "d"}});
  CHECK_THAT(error_of({"import"}), Contains("an argument is missing; usage: parsimony import [options] PATH…"));
  CHECK_THAT(error_of({"export", "a", "b"}), Contains("unexpected argument \"b\""));
}

TEST_CASE("unknown flags name the nearest one in the spelling that was used") {
  CHECK(error_of({"serve", "--appIdd", "x"}) == "unknown option --appIdd; the nearest known one is --appId");
  CHECK(error_of({"serve", "--mastr-key=x"}) == "unknown option --mastr-key; the nearest known one is --master-key");
  CHECK(error_of({"serve", "--confg", "x"}) == "unknown option --confg; the nearest known one is --config");
  CHECK_THAT(error_of({"version", "--port", "1"}), Contains("unknown option --port"));
  CHECK_THAT(error_of({"serve", "--rateLimit[].zone", "ip"}), Contains("unknown option --rateLimit[].zone"));
  CHECK_THAT(error_of({"serve", "-x"}), Contains("unknown option -x"));
}

TEST_CASE("a flag without its value") {
  CHECK(error_of({"serve", "--port"}) == "option --port needs a value");
  CHECK(error_of({"serve", "--schema"}) == "option --schema needs a value");
  CHECK(error_of({"serve", "--app-id", "--port", "1"}) == "option --app-id needs a value");
  CHECK(error_of({"serve", "--app-id", "--port=1"}) == "option --app-id needs a value");
  CHECK(error_of({"serve", "--schema", "--verbose"}) == "option --schema needs a value");
  CHECK(options_of({"serve", "--masterKey", "-dash"}) == Pairs{{"masterKey", "-dash"}});
  CHECK(options_of({"serve", "--masterKey=--port"}) == Pairs{{"masterKey", "--port"}});
}

TEST_CASE("commands") {
  CHECK(parsed({}).command->name == "help");
  CHECK(parsed({"--help"}).command->name == "help");
  CHECK(parsed({"--version"}).command->name == "version");
  CHECK(parsed({"serve", "--help"}).wants_help);
  CHECK(parsed({"import", "-h"}).wants_help);
  CHECK(error_of({"srve"}) == "unknown command \"srve\"; the nearest known one is \"serve\"");
  CHECK(error_of({"--port", "1"}) == "name a command before options, for example: parsimony serve --port");
}

TEST_CASE("the environment comes along") {
  const char* const variables[] = {"A=1", "B=x=y", "C=", "odd", nullptr};
  const Environment environment = environment_of(variables);
  CHECK(environment == Environment{{"A", "1"}, {"B", "x=y"}, {"C", ""}});
  CHECK(parse_command_line({"serve"}, environment).input.environment == environment);
}

TEST_CASE("help") {
  for (const CommandInfo& command : commands()) {
    CHECK_THAT(help_on(""), Contains("  " + std::string(command.name) + " "));
    CHECK_THAT(help_on(std::string(command.name)), Contains("Usage: parsimony " + std::string(command.name)));
  }
  CHECK_THAT(help_on("serve"), Contains("--appId") && Contains("PARSE_SERVER_APPLICATION_ID"));
  CHECK_THAT(help_on("options"), Contains("# Options"));
  CHECK_THROWS_WITH(help_on("sevre"), Contains("nearest topic is \"serve\""));
}

TEST_CASE("the version") { CHECK(version_text().rfind("parsimony " PARSIMONY_VERSION "\n", 0) == 0); }

}  // namespace
}  // namespace parsimony
