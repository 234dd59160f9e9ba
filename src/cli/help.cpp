#include "cli/help.h"

#include <iostream>

#include "app/option_error.h"
#include "app/option_table.h"
#include "app/options_docs.h"

namespace parsimony {
namespace {

constexpr std::size_t kNameColumn = 16;

struct Detail {
  std::string_view command;
  const char* text;
};

constexpr Detail kDetails[] = {
    {"serve", R"(
Without any option the profile "dev" is used: the server listens on 127.0.0.1:1337, makes an app id and a
master key on the first start and keeps them in ./parsimony-data, and uses ./schema and ./fixtures when they
are there. With a config file, PARSE_SERVER_* variables, --appId or --masterKey the defaults are Parse
Server's (profile "parse-server"). Flags win over variables, variables over the config file. Flags may be
written --masterKeyIps or --master-key-ips. Give keys by variable or file: others can see flags.
With --watch, class definitions, fixtures and Cloud Code follow their files while the server runs.

  parsimony serve
  parsimony serve --schema schema/shop.json --fixtures fixtures
  parsimony serve config.json
  PARSE_SERVER_APPLICATION_ID=shop PARSE_SERVER_MASTER_KEY=… parsimony serve --port 0 --ready-file url.txt

  --config FILE                 JSON file with options, also as the one argument. When none is named,
                                ./parsimony.json is read if it is there.
)"},
    {"init", R"(
Writes parsimony.json, .gitignore, a first class with two rows (schema/Task.json, fixtures/Task.json), Cloud
Code with a test (cloud/main.js, cloud/main.test.js) and a page (public/index.html) into DIR, else into the
working folder. Files that are there are left as they are, and a project with classes, code or pages of its own
gets no sample of them. "parsimony serve" in that folder runs the project.

  parsimony init shop && cd shop && parsimony serve --watch
)"},
    {"import", R"(
Reads files in the export form of Parse ({"results":[…]}) or bare arrays; the class comes from the name of
the file, relations from files such as _Join:categories:Product.json. A folder is one transaction, and the
same content again changes nothing.

  parsimony import fixtures
  parsimony import --schema schema/shop.json --data ./parsimony-data fixtures

  --schema FILE                 Class definitions; again for more files.
  --data DIR, --databaseURI FILE
                                The data to work on; no server may have them open.
  --config FILE                 JSON file with options.

Every other option of "parsimony serve" is taken too.
)"},
    {"export", R"(
Writes one file for each class and relation, in the form that "parsimony import" reads.

  parsimony export backup

  --data DIR, --databaseURI FILE
                                The data to read; no server may have them open.
  --config FILE                 JSON file with options.

Every other option of "parsimony serve" is taken too.
)"},
    {"logs", R"(
Prints the last lines that a server on these data has logged, the newest last. docs/logs.md tells more.

  parsimony logs -f
  parsimony logs --level error --since 1d
  parsimony logs --search calculateSales --json --lines 1000

  -f, --follow                  Go on printing what comes, until the command is stopped.
  --level LEVEL                 This level and graver ones: error, warn, info or debug.
  --since TIME                  10s, 15m, 2h, 7d, "2 hours ago", or a time such as 2026-01-31T12:00:00Z.
  --search TEXT                 Only lines with this text, in small or capital letters.
  --lines N                     The last N lines; 100 when neither this nor --since is given.
  --json                        A JSON object for each line.
  --data DIR, --databaseURI FILE, --logsFolder DIR
                                The data, or the log, of the server.
  --config FILE                 JSON file with options.

Every other option of "parsimony serve" is taken too.
)"},
    {"deploy", R"(
Sends the Cloud Code in DIR to a server, which loads it beside the code that serves and lets it serve when it
loads well; code that does not load is refused with file, line and column, and nothing changes. DIR has main.js
or cloud/main.js; without DIR it is the folder of option "cloud", else the working folder. Packages that
package.json names as dependencies come along; hidden files and *.test.js stay. docs/deploy.md tells more.

  parsimony deploy cloud
  PARSE_SERVER_APPLICATION_ID=shop PARSE_SERVER_MASTER_KEY=… parsimony deploy --server https://example.com/parse

  --server URL                  The server, with its mount path. When missing: the one that runs on the data
                                folder, else the one of --serverURL.
  --main FILE                   The main file, below DIR.
  --list                        Show what has been deployed, and send nothing.
  --appId ID, --masterKey KEY   The keys of the server; better by variable or config file: others can see flags.
                                For a server of this machine those in the data folder are used when missing.
  --data DIR                    The data folder of the server.
  --config FILE                 JSON file with options.

Every other option of "parsimony serve" is taken too.
)"},
    {"rollback", R"(
Lets VERSION serve again, else the one before that which serves. Nothing changes when it does not load. While
no server runs on the data folder, the choice counts from the next start on.

  parsimony rollback
  parsimony rollback 3
  parsimony rollback --to-config

  --to-config                   Let the code serve that option "cloud" names, as before the first deploy.
  --server URL, --appId ID, --masterKey KEY, --data DIR, --config FILE
                                As in: parsimony help deploy

Every other option of "parsimony serve" is taken too.
)"},
    {"cloud", R"(
Starts a server with the project's options, class definitions, fixtures and Cloud Code, whose data go with it,
and runs the files *.test.js, *.test.mjs and *.test.cjs of DIR, else of the working folder, against it. They
find describe, it, before, after, beforeEach and afterEach as in node:test, node:assert, and Parse, which calls
that server; each file starts with the data as they were at the start. The exit code is 0 when all tests have
passed, 1 when one has failed, 2 when none could be run. No Node is needed. docs/cloud-tests.md tells more.

  parsimony cloud test
  parsimony cloud test cloud --filter "empty orders"

  --filter TEXT                 Only tests whose name, with the suites around it, has TEXT in it.
  --timeout SECONDS             For one test or hook; 10 when missing.
  --config FILE                 JSON file with options.

Every other option of "parsimony serve" is taken too.
)"},
    {"explain-access", R"(
Goes through the rules one by one: class permission, pointer permission, ACL, the roles that the user holds,
and the fields that it would not see. docs/permissions.md explains them.

  parsimony explain-access Product x7Ab12cd34 --user u1Ef56gh78
  parsimony explain-access Product x7Ab12cd34 --operation update

  --user ID                     The objectId of the user; without it, somebody who is not signed in.
  --operation NAME              get (when missing), find, count, update, delete or addField.
  --data DIR, --databaseURI FILE
                                The data to read; no server may have them open. A running server answers
                                GET /explainAccess/CLASS/OBJECT?user=ID to its master key.
  --config FILE                 JSON file with options.

Every other option of "parsimony serve" is taken too.
)"},
    {"doctor", R"(
Looks at what "parsimony serve" with the same options and variables would use, and changes nothing: options,
keys, who may use the master key, the port, the data folder, the database and the clock. Each line begins with
ok, warn or fail and says what to do; no key is printed. The exit code is 1 when a line begins with fail.

  parsimony doctor
  parsimony doctor --config config.json --json

  --json                        One line of JSON: {"ok":…,"checks":[{"check","health","text","advice"}]}.

Every option of "parsimony serve" is taken too.
)"},
};

}  // namespace

std::string general_help() {
  std::string out = "parsimony: the whole Parse backend in one executable.\n\nUsage: parsimony COMMAND [options]\n\n";
  for (const CommandInfo& command : commands()) {
    out += "  " + std::string(command.name) + std::string(kNameColumn - command.name.size(), ' ') + std::string(command.summary) + "\n";
  }
  return out + "\nStart with: parsimony serve\nMore: parsimony help COMMAND, parsimony help options\n";
}

std::string command_help(const CommandInfo& command) {
  std::string out = "Usage: parsimony " + std::string(command.name) + (command.takes_options ? " [options]" : "");
  if (!command.arguments.empty()) out += " " + std::string(command.arguments);
  out += "\n\n" + std::string(command.summary) + "\n";
  for (const Detail& detail : kDetails) {
    if (detail.command == command.name) out += detail.text;
  }
  if (command.name == "serve") out += options_help() + "\nAll options, also those without effect: parsimony help options\n";
  return out;
}

std::string help_on(const std::string& topic) {
  if (topic.empty()) return general_help();
  if (topic == "options") return options_markdown();
  if (const CommandInfo* command = find_command(topic)) return command_help(*command);
  std::vector<std::string> known = {"options"};
  for (const CommandInfo& command : commands()) known.emplace_back(command.name);
  throw OptionError("there is no help on \"" + topic + "\"; the nearest topic is \"" + nearest(topic, known) + "\"");
}

int run_help(const CommandLine& line) {
  std::cout << help_on(line.arguments.empty() ? std::string() : line.arguments.front());
  return 0;
}

}  // namespace parsimony
