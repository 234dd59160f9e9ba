#include "app/data_folder.h"

#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "unit/app/temporary_folder.h"

namespace parsimony {
namespace {

namespace fs = std::filesystem;
using Catch::Matchers::Contains;

Options options_in(const fs::path& data) {
  Options options;
  options.data_folder = data;
  return options;
}

std::size_t entries_of(const fs::path& folder) {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

// Runs `action` in a child that then waits to be killed; kills it once the action is done.
pid_t run_and_kill(const std::function<void()>& action) {
  int done[2];
  REQUIRE(::pipe(done) == 0);
  const pid_t child = ::fork();
  if (child == 0) {
    action();
    if (::write(done[1], "x", 1) != 1) ::_exit(1);
    while (true) ::pause();
  }
  char byte = 0;
  CHECK(::read(done[0], &byte, 1) == 1);
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  ::close(done[0]);
  ::close(done[1]);
  return child;
}

TEST_CASE("the data folder is private and holds database, keys and lock") {
  TemporaryFolder base;
  Options options = options_in(base.path() / "deep" / "data");
  const DataFolder folder = DataFolder::open(options);
  CHECK(options.database_file == options.data_folder / "parsimony.db");
  CHECK(folder.key_file() == options.data_folder / "keys.json");
  CHECK(fs::exists(options.data_folder / "lock"));
  CHECK((fs::status(options.data_folder).permissions() & fs::perms::mask) == fs::perms::owner_all);
}

TEST_CASE("a second process is told who has the folder") {
  TemporaryFolder base;
  Options options = options_in(base.path());
  DataFolder first = DataFolder::open(options);
  CHECK_THROWS_WITH(DataFolder::open(options), Contains("is in use by another parsimony (pid " + std::to_string(::getpid()) + ")"));
  first.announce("http://localhost:1/parse", "app");
  try {
    DataFolder::open(options);
    FAIL("opened twice");
  } catch (const FolderInUse& error) {
    CHECK(error.holder().url == "http://localhost:1/parse");
    CHECK(error.holder().pid == ::getpid());
    CHECK_THAT(error.what(), Contains("is in use by the server at http://localhost:1/parse") && Contains("kill"));
  }
  CHECK(fs::exists(base.path() / "lock"));
}

TEST_CASE("the lock ends with its holder and leaves no file") {
  TemporaryFolder base;
  Options options = options_in(base.path());
  { const DataFolder first = DataFolder::open(options); }
  CHECK_FALSE(fs::exists(base.path() / "lock"));
  CHECK_NOTHROW(DataFolder::open(options));
}

TEST_CASE("a killed process leaves a lock that does not hold") {
  TemporaryFolder base;
  Options options = options_in(base.path());
  run_and_kill([&] { new DataFolder(DataFolder::open(options)); });
  CHECK(fs::exists(base.path() / "lock"));
  CHECK_NOTHROW(DataFolder::open(options));
}

TEST_CASE("a lock does not follow a link") {
  TemporaryFolder base;
  const fs::path victim = base.write("victim", "precious");
  fs::create_symlink(victim, base.path() / "lock");
  CHECK_THROWS_WITH(FileLock::try_take(base.path() / "lock"), Contains("cannot open the lock"));
  CHECK(read_text(victim) == "precious");
}

TEST_CASE("a named database file has its lock beside it and needs no data folder when the keys are given") {
  TemporaryFolder base;
  Options options = options_in(base.path() / "data");
  options.app_id = "a";
  options.master_key = "m";
  options.database_kind = DatabaseKind::file;
  options.database_file = base.path() / "shop.db";
  const DataFolder folder = DataFolder::open(options);
  CHECK(fs::exists(base.path() / "shop.db.lock"));
  CHECK_FALSE(fs::exists(base.path() / "data"));
  CHECK_THROWS_AS(DataFolder::open(options), FolderInUse);

  Options other = options;
  other.app_id.clear();
  other.database_file = base.path() / "other.db";
  const DataFolder with_keys = DataFolder::open(other);
  CHECK(fs::is_directory(base.path() / "data"));
  CHECK(with_keys.key_file() == base.path() / "data" / "keys.json");
}

TEST_CASE("an in-memory database lives in a private folder that goes") {
  Options options = options_in("/nonexistent/never-made");
  options.database_kind = DatabaseKind::memory;
  {
    const DataFolder folder = DataFolder::open(options);
    CHECK(fs::is_directory(options.database_file.parent_path()));
    CHECK(folder.key_file().parent_path() == options.database_file.parent_path());
  }
  CHECK_FALSE(fs::exists(options.database_file.parent_path()));
}

TEST_CASE("an in-memory database keeps its keys where --data says") {
  TemporaryFolder base;
  Options options = options_in(base.path() / "data");
  options.database_kind = DatabaseKind::memory;
  options.sources["data"] = OptionSource::argument;
  const DataFolder folder = DataFolder::open(options);
  CHECK(folder.key_file() == base.path() / "data" / "keys.json");
  CHECK(fs::is_directory(base.path() / "data"));
}

TEST_CASE("ephemeral folders: private, beside each other, gone at the end") {
  TemporaryFolder base;
  {
    const EphemeralFolder first(base.path());
    const EphemeralFolder second(base.path());
    CHECK(first.path() != second.path());
    CHECK(entries_of(base.path()) == 2);
    CHECK((fs::status(first.path()).permissions() & fs::perms::mask) == fs::perms::owner_all);
    std::ofstream(first.path() / "parsimony.db") << "x";
  }
  CHECK(entries_of(base.path()) == 0);
}

TEST_CASE("what a killed process left behind is removed by the next start, and nothing else") {
  TemporaryFolder base;
  run_and_kill([&] {
    auto* folder = new EphemeralFolder(base.path());
    std::ofstream(folder->path() / "parsimony.db") << "x";
  });
  const pid_t gone = run_and_kill([] {});
  fs::create_directory(base.path() / ("parsimony-" + std::to_string(gone) + "-abc.new"));
  const std::string unfinished_of_living = "parsimony-" + std::to_string(::getpid()) + "-abc.new";
  fs::create_directory(base.path() / unfinished_of_living);
  fs::create_directory(base.path() / "parsimony-mine");
  fs::create_directory(base.path() / "other");
  REQUIRE(entries_of(base.path()) == 5);
  const EphemeralFolder next(base.path());
  CHECK(entries_of(base.path()) == 4);
  CHECK(fs::exists(base.path() / unfinished_of_living));
  CHECK(fs::exists(base.path() / "parsimony-mine"));
  CHECK(fs::exists(base.path() / "other"));
}

}  // namespace
}  // namespace parsimony
