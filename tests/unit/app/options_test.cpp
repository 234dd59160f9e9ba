#include "app/options.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "unit/app/temporary_folder.h"

namespace parsimony {
namespace {

using Catch::Matchers::Contains;
using Pairs = std::vector<std::pair<std::string, std::string>>;

// Somewhere without ./schema and ./fixtures.
OptionInput input_of(Pairs arguments, Pairs environment = {}) {
  return {std::move(arguments), std::move(environment), std::nullopt, "/nonexistent"};
}

Options options_of(Pairs arguments, Pairs environment = {}) { return load_options(input_of(std::move(arguments), std::move(environment))); }

class Config {
 public:
  explicit Config(const std::string& text, const std::string& name = "config.json") : file_(folder_.write(name, text)) {}

  Options load(Pairs arguments = {}, Pairs environment = {}) const {
    OptionInput input = input_of(std::move(arguments), std::move(environment));
    input.config_file = file_;
    return load_options(input);
  }
  std::string name() const { return file_.string(); }

 private:
  TemporaryFolder folder_;
  std::filesystem::path file_;
};

std::string error_of(const std::function<void()>& load) {
  try {
    load();
  } catch (const OptionError& error) {
    return error.what();
  }
  return "no error";
}

std::string error_of(Pairs arguments, Pairs environment = {}) {
  return error_of([&] { options_of(std::move(arguments), std::move(environment)); });
}

std::string error_of_config(const std::string& text) {
  return error_of([&] { Config(text).load(); });
}

TEST_CASE("profile parse-server has Parse Server's defaults") {
  const Options options = options_of({{"profile", "parse-server"}});
  CHECK(options.host == "0.0.0.0");
  CHECK(options.port == 1337);
  CHECK(options.mount_path == "/parse");
  CHECK(options.master_key_ips == std::vector<std::string>{"127.0.0.1", "::1"});
  CHECK_FALSE(options.allow_client_class_creation);
  CHECK_FALSE(options.allow_custom_object_id);
  CHECK(options.object_id_size == 10);
  CHECK(options.default_limit == 100);
  CHECK_FALSE(options.max_limit);
  CHECK(options.max_upload_bytes == 20 * 1024 * 1024);
  CHECK(options.enable_sanitized_error_response);
  CHECK_FALSE(options.lock_schemas);
  CHECK_FALSE(options.javascript_key);
  CHECK_FALSE(options.server_url);
  CHECK(options.allow_origin.empty());
  CHECK(options.log.level == log::Level::info);
  CHECK(options.durability == Durability::Full);
  REQUIRE(options.request_keyword_denylist.size() == 3);
  CHECK(options.request_keyword_denylist[0].key == "_bsontype");
  CHECK(options.request_keyword_denylist[0].value == "Code");
  CHECK(options.request_keyword_denylist[2].key == "__proto__");
  CHECK(options.request_keyword_denylist[2].value.is_null());
}

TEST_CASE("profile dev differs where it says") {
  const Options options = options_of({});
  CHECK(options.profile.profile == Profile::dev);
  CHECK(options.host == "127.0.0.1");
  CHECK(options.allow_client_class_creation);
  CHECK(options.port == 1337);
  CHECK(options.sources.at("host") == OptionSource::profile);
  CHECK(options_of({{"host", "0.0.0.0"}}).host == "0.0.0.0");
}

TEST_CASE("arguments win over variables, variables over the file, the file over defaults") {
  const Config config(R"({"appId":"file","masterKey":"file","port":1,"host":"file"})");
  const Options options = config.load({{"appId", "argument"}}, {{"PARSE_SERVER_APPLICATION_ID", "variable"}, {"PORT", "2"}});
  CHECK(options.app_id == "argument");
  CHECK(options.port == 2);
  CHECK(options.host == "file");
  CHECK(options.mount_path == "/parse");
  CHECK(options.sources.at("appId") == OptionSource::argument);
  CHECK(options.sources.at("port") == OptionSource::environment);
  CHECK(options.sources.at("host") == OptionSource::config_file);
  CHECK_FALSE(options.sources.contains("mountPath"));
}

TEST_CASE("nested options are merged one by one, from any source") {
  const Config config(R"({"schema":{"definitions":[{"className":"A"}],"lockSchemas":true}})");
  CHECK(config.load().lock_schemas);
  CHECK_FALSE(config.load({}, {{"PARSE_SERVER_SCHEMA", R"({"lockSchemas":false})"}}).lock_schemas);
  CHECK_FALSE(config.load({{"schema.lockSchemas", "0"}}, {{"PARSE_SERVER_SCHEMA_LOCK_SCHEMAS", "true"}}).lock_schemas);
  CHECK(config.load({{"schema.lockSchemas", "0"}}).schema_definitions.size() == 1);
}

TEST_CASE("forms of the config file") {
  CHECK(Config(R"({"apps":[{"appId":"one"}]})").load().app_id == "one");
  CHECK(Config(R"({"port":"1400","verbose":"1","javascriptKey":null})").load().port == 1400);
  CHECK(Config(R"({"port":1400.0})").load().port == 1400);
  CHECK(Config(R"({"masterKeyIps":"::1,10.0.0.0/8"})").load().master_key_ips == std::vector<std::string>{"::1", "10.0.0.0/8"});
  CHECK(Config(R"({"pages":{"customRoutes":[{"method":"GET"}]}})").load().warnings.size() == 1);
  CHECK(Config(R"({"rateLimit":[{"requestPath":"/a","requestCount":1,"requestTimeWindow":"9"}]})").load().rate_limits.size() == 1);
  CHECK_THAT(error_of_config(R"({"apps":[{},{}]})"), Contains("exactly one app"));
  CHECK_THAT(error_of_config("[]"), Contains("must hold a JSON object"));
  CHECK_THAT(error_of_config("{\n  \"port\": }"), Contains("config.json:2:"));
  CHECK_THAT(error_of([] { Config("{}", "config.js").load(); }), Contains("is JavaScript"));
}

TEST_CASE("a config file that is not there") {
  OptionInput input = input_of({});
  input.config_file = "/nonexistent/config.json";
  CHECK_THAT(error_of([&] { load_options(input); }), Contains("cannot read the config file /nonexistent/config.json"));
}

TEST_CASE("unknown keys of the config file name the nearest") {
  CHECK_THAT(error_of_config(R"({"appIdd":"x"})"), Contains("unknown option \"appIdd\" in") && Contains("nearest known one is \"appId\""));
  CHECK_THAT(error_of_config(R"({"schema":{"lockSchema":true}})"), Contains("\"schema.lockSchema\"") && Contains("\"schema.lockSchemas\""));
  CHECK_THAT(error_of_config(R"({"rateLimit":[{"requestPth":"*"}]})"),
             Contains("\"rateLimit[].requestPth\"") && Contains("\"rateLimit[].requestPath\""));
  CHECK_THAT(error_of_config(R"({"databaseOptions":{"maxPolSize":1}})"), Contains("\"databaseOptions.maxPoolSize\""));
  CHECK_THAT(error_of_config(R"({"schema.lockSchemas":true,"nonsense":1})"), Contains("nonsense"));
}

TEST_CASE("auth providers have names of their own") {
  CHECK(Config(R"({"auth":{"myAuth":{"enabled":true}}})").load().warnings.size() == 1);
}

TEST_CASE("wrong types end the start and name the option") {
  CHECK(error_of({{"port", "abc"}}) == "option \"port\" (--port) must be a whole number, not \"abc\"");
  CHECK(error_of({}, {{"PORT", "1.5"}}) == "option \"port\" (variable PORT) must be a whole number, not \"1.5\"");
  CHECK(error_of({{"verbose", "yes"}}) == "option \"verbose\" (--verbose) must be true or false, not \"yes\"");
  CHECK_THAT(error_of({{"requestKeywordDenylist", "[{"}}),
             Contains("\"requestKeywordDenylist\" (--requestKeywordDenylist) is not JSON at line 1"));
  CHECK_THAT(error_of({{"requestKeywordDenylist", "[1]"}}), Contains("list of objects with key, value or both"));
  CHECK_THAT(error_of_config(R"({"appId":5})"), Contains("\"appId\"") && Contains("must be a text, not number"));
  CHECK_THAT(error_of_config(R"({"masterKeyIps":[1]})"), Contains("must be a list of texts, not an array"));
  CHECK_THAT(error_of_config(R"({"allowCustomObjectId":[]})"), Contains("must be true or false"));
  CHECK_THAT(error_of_config(R"({"port":1e300})"), Contains("\"port\""));
  CHECK_THAT(error_of_config(R"({"rateLimit":[{"requestCount":"many"}]})"), Contains("\"rateLimit[].requestCount\""));
  CHECK_THAT(error_of_config(R"({"schema":[{"className":"A"}]})"), Contains("must be paths of files or folders, or an object"));
}

TEST_CASE("an unknown PARSE_SERVER_ variable is a warning with the nearest name") {
  const Options options = options_of({}, {{"PARSE_SERVER_APP_ID", "x"}, {"PATH", "/bin"}});
  REQUIRE(options.warnings.size() == 1);
  CHECK_THAT(options.warnings[0], Contains("PARSE_SERVER_APP_ID is no option") && Contains("PARSE_SERVER_APPLICATION_ID"));
}

TEST_CASE("an empty variable is unset") {
  const Options options = options_of({}, {{"PARSE_SERVER_APPLICATION_ID", ""}, {"PORT", ""}});
  CHECK(options.port == 1337);
  CHECK(options.profile.profile == Profile::dev);
}

TEST_CASE("options without effect warn once each; active ones do not") {
  const Options options = options_of({{"appName", "Shop"}, {"cluster", "2"}, {"appId", "a"}, {"schema.lockSchemas", "true"}});
  REQUIRE(options.warnings.size() == 2);
  CHECK_THAT(options.warnings[0], Contains("\"appName\" (--appName) has no effect yet"));
  CHECK_THAT(options.warnings[1], Contains("\"cluster\" (--cluster) has no effect here. Worker processes"));
}

TEST_CASE("values out of range are refused") {
  CHECK_THAT(error_of({{"defaultLimit", "0"}}), Contains("\"defaultLimit\" must be from 1"));
  CHECK_THAT(error_of({{"maxLimit", "-1"}}), Contains("\"maxLimit\" must be from 1"));
  CHECK_THAT(error_of({{"objectIdSize", "0"}}), Contains("\"objectIdSize\" must be from 1"));
  CHECK_THAT(error_of({{"port", "65536"}}), Contains("\"port\" must be from 0 to 65535, not 65536"));
  CHECK_THAT(error_of({{"defaultLimit", "99999999999999"}, {"port", "-1"}}), Contains("\"port\""));
  CHECK_THAT(error_of({{"publicServerURL", "ftp://x"}}), Contains("\"publicServerURL\" must start with http:// or https://"));
  CHECK_THAT(error_of({{"masterKey", "k"}, {"readOnlyMasterKey", "k"}}), Contains("\"masterKey\" must differ from readOnlyMasterKey"));
  CHECK_THAT(error_of({{"masterKey", "k"}, {"maintenanceKey", "k"}}), Contains("\"masterKey\" must differ from maintenanceKey"));
  CHECK_THAT(error_of({{"logLevel", "wran"}}), Contains("\"logLevel\" has the unknown value \"wran\"") && Contains("\"warn\""));
  CHECK_THAT(error_of({{"durability", "ful"}}), Contains("nearest known one is \"full\""));
  CHECK_THAT(error_of({{"profile", "develop"}}), Contains("unknown profile \"develop\" (--profile)") && Contains("\"dev\""));
  CHECK_THAT(error_of_config(R"({"schema":{"definitions":[{"name":"A"}]}})"), Contains("className"));
}

TEST_CASE("addresses and networks of the master key") {
  CHECK(options_of({{"masterKeyIps", "0.0.0.0/0, ::0,192.168.0.0/16,fe80::/10"}}).master_key_ips.size() == 4);
  for (const char* bad : {"1.2.3", "localhost", "10.0.0.0/33", "::1/129", "10.0.0.0/", "10.0.0.0/8x", "10.0.0.0/-1"}) {
    INFO(bad);
    CHECK_THAT(error_of({{"masterKeyIps", bad}}), Contains("\"masterKeyIps\" has \"" + std::string(bad) + "\""));
  }
}

TEST_CASE("sizes of maxUploadSize") {
  const auto bytes = [](const char* text) { return options_of({{"maxUploadSize", text}}).max_upload_bytes; };
  CHECK(bytes("100") == 100);
  CHECK(bytes("10b") == 10);
  CHECK(bytes("500kb") == 500 * 1024);
  CHECK(bytes("1.5MB") == 1'572'864);
  CHECK(bytes("2 gb") == 2'147'483'648);
  for (const char* bad : {"20 apples", "mb", "-1mb", "0", "1e3", "1.2.3kb", "99999999gb"}) {
    INFO(bad);
    CHECK_THAT(error_of({{"maxUploadSize", bad}}), Contains("\"maxUploadSize\" must be a size such as"));
  }
}

TEST_CASE("forms of databaseURI") {
  CHECK(options_of({}).database_kind == DatabaseKind::data_folder);
  CHECK(options_of({{"databaseURI", ":memory:"}}).database_kind == DatabaseKind::memory);
  CHECK(options_of({{"databaseURI", "sqlite::memory:"}}).database_kind == DatabaseKind::memory);
  CHECK(options_of({{"databaseURI", "sqlite://:memory:"}}).database_kind == DatabaseKind::memory);
  const auto file = [](const char* uri) { return options_of({{"databaseURI", uri}}).database_file.string(); };
  CHECK(file("app.db") == "app.db");
  CHECK(file("./a b/app.db") == "./a b/app.db");
  CHECK(file("sqlite:///var/app.db") == "/var/app.db");
  CHECK(file("sqlite://app.db") == "app.db");
  CHECK(options_of({{"databaseURI", "app.db"}}).database_kind == DatabaseKind::file);
}

TEST_CASE("a server for tests: data in memory, a free port of this machine, test controls") {
  const Options options = options_of({{"profile", "parse-server"}, {"ephemeral", "true"}});
  CHECK(options.ephemeral);
  CHECK(options.test_controls);
  CHECK(options.database_kind == DatabaseKind::memory);
  CHECK(options.port == 0);
  CHECK(options.host == "127.0.0.1");

  const Options set = options_of({{"ephemeral", "true"}, {"port", "5000"}, {"host", "0.0.0.0"}, {"testControls", "false"}});
  CHECK(set.port == 5000);
  CHECK(set.host == "0.0.0.0");
  CHECK_FALSE(set.test_controls);

  const Options lasting = options_of({{"testControls", "true"}});
  CHECK(lasting.test_controls);
  CHECK_FALSE(lasting.ephemeral);
  CHECK(lasting.port == 1337);
  CHECK_FALSE(options_of({}).test_controls);
}

TEST_CASE("data of a server for tests lie nowhere else") {
  CHECK_THAT(error_of({{"ephemeral", "true"}, {"data", "x"}}), Contains("--data"));
  CHECK_THAT(error_of({{"ephemeral", "true"}, {"databaseURI", "x.db"}}), Contains("--databaseURI"));
  const Options options =
      Config(R"({"databaseURI":"x.db","appId":"a"})").load({{"ephemeral", "true"}}, {{"PARSIMONY_DATA", "/nonexistent"}});
  CHECK(options.database_kind == DatabaseKind::memory);
  CHECK(options.database_file.empty());
  CHECK_FALSE(options.sources.contains("data"));
}

TEST_CASE("databases of Parse Server are refused without showing their password") {
  for (const char* uri : {"mongodb://u:secret@h/parse", "postgres://u:secret@h/parse", "mongodb+srv://u:secret@h/x"}) {
    const std::string error = error_of({{"databaseURI", uri}});
    CHECK_THAT(error, Contains("\"databaseURI\"") && Contains("SQLite") && Contains("parsimony import"));
    CHECK_THAT(error, !Contains("secret"));
  }
  CHECK_THAT(error_of({{"databaseURI", "/tmp"}}), Contains("must name a file, not a folder"));
  CHECK_THAT(error_of({{"databaseURI", "sqlite:///a.db?mode=ro"}}), Contains("no settings after a question mark"));
}

TEST_CASE("class definitions: paths on the command line, an object or paths in the file") {
  using Paths = std::vector<std::filesystem::path>;
  CHECK(options_of({{"schema", "a.json"}, {"schema", "b.json,c"}}).schema_paths == Paths{"a.json", "b.json", "c"});
  CHECK(Config(R"({"schema":"a.json"})").load().schema_paths == Paths{"a.json"});
  CHECK(Config(R"({"schema":["a.json","b"]})").load().schema_paths == Paths{"a.json", "b"});
  const Options inline_form = Config(R"({"schema":{"definitions":[{"className":"A"}],"strict":true,"afterMigration":"f"}})").load();
  CHECK(inline_form.schema_paths.empty());
  CHECK(inline_form.schema_definitions.size() == 1);
  CHECK(inline_form.warnings.size() == 1);
  CHECK(options_of({{"schema", R"({"lockSchemas":true})"}}).lock_schemas);
}

TEST_CASE("the log") {
  CHECK(options_of({{"verbose", "true"}}).log.level == log::Level::debug);
  CHECK(options_of({{"logLevel", "silly"}}).log.level == log::Level::debug);
  CHECK(options_of({{"logLevel", "error"}}).log.level == log::Level::error);
  CHECK(options_of({{"silent", "1"}, {"verbose", "1"}}).log.printed == log::Level::off);
  CHECK(options_of({{"logFormat", "json"}}).log.format == log::Format::json);
  CHECK(options_of({}, {{"JSON_LOGS", "1"}}).log.format == log::Format::json);
}

TEST_CASE("the mount path has one form") {
  CHECK(options_of({{"mountPath", "/api/"}}).mount_path == "/api");
  CHECK(options_of({{"mountPath", "api"}}).mount_path == "/api");
  CHECK(options_of({{"mountPath", "/"}}).mount_path.empty());
}

TEST_CASE("client keys and lists") {
  const Options options = options_of({{"javascriptKey", "js"}, {"restAPIKey", ""}, {"allowHeaders", "X-A, X-B"}, {"allowHeaders", "X-C"}});
  CHECK(options.javascript_key == "js");
  CHECK_FALSE(options.rest_api_key);
  CHECK(options.allow_headers == std::vector<std::string>{"X-A", "X-B", "X-C"});
}

TEST_CASE("the e-mail addresses of users stay protected") {
  const auto merged = [](const char* given, const char* owner_exempt) {
    return to_json_text(options_of({{"protectedFields", given}, {"protectedFieldsOwnerExempt", owner_exempt}}).protection.classes);
  };
  CHECK(to_json_text(options_of({}).protection.classes) == R"({"_User":{"*":["email"]}})");
  CHECK(merged(R"({})", "true") == R"({"_User":{"*":["email"]}})");
  CHECK(merged(R"({"C":{"role:R":["a"]}})", "true") == R"({"C":{"role:R":["a"]},"_User":{"*":["email"]}})");
  CHECK(merged(R"({"_User":{"*":["phone"]}})", "true") == R"({"_User":{"*":["phone","email"]}})");
  CHECK(merged(R"({"_User":{"*":["phone"]}})", "false") == R"({"_User":{"*":["phone"]}})");
  CHECK(merged(R"({"_User":{"authenticated":[]}})", "false") == R"({"_User":{"authenticated":[],"*":["email"]}})");
  for (const char* bad : {R"([])", R"({"C":[]})", R"({"C":{"*":"a"}})", R"({"C":{"*":[5]}})"}) {
    CHECK_THAT(error_of([&] { merged(bad, "true"); }), Contains("protectedFields"));
  }
}

}  // namespace
}  // namespace parsimony
