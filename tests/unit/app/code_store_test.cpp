#include "app/code_store.h"

#include <catch2/catch.hpp>
#include <fstream>

#include "unit/app/temporary_folder.h"

namespace parsimony {
namespace {

namespace fs = std::filesystem;

CodePackage package(const std::string& content) { return {"main.js", {{"main.js", content}, {"lib/a/b.js", "1"}}}; }

int add(const CodeStore& store) {
  const CodeVersion version = store.add(package("text"));
  store.complete(version);
  return version.number;
}

std::vector<int> numbers(const CodeStore& store) {
  std::vector<int> numbers;
  for (const CodeVersion& version : store.versions()) numbers.push_back(version.number);
  return numbers;
}

}  // namespace

TEST_CASE("a version is there when it is complete, with what was said of it") {
  const TemporaryFolder home;
  const CodeStore store(home.path() / "cloud");
  CHECK(store.versions().empty());
  CHECK_FALSE(store.serving());
  const CodeVersion version = store.add(package("text"));
  CHECK(store.versions().empty());
  store.complete(version);
  REQUIRE(store.versions().size() == 1);
  const CodeVersion found = store.versions()[0];
  CHECK(found.number == 1);
  CHECK(found.main == "main.js");
  CHECK(found.files == 2);
  CHECK(found.bytes == 5);
  CHECK(found.created_ms == version.created_ms);
  CHECK(fs::is_regular_file(store.code_folder(1) / "lib/a/b.js"));
  store.set_serving(1);
  CHECK(store.serving() == 1);
  store.set_serving(std::nullopt);
  CHECK_FALSE(store.serving());
}

TEST_CASE("cleaning removes what a crash left behind, and no number is given twice") {
  const TemporaryFolder home;
  const fs::path folder = home.path() / "cloud";
  const CodeStore store(folder);
  add(store);
  store.add(package("never complete"));
  std::ofstream(folder / "state.json.abc.tmp") << "{";
  store.clean();
  CHECK(numbers(store) == std::vector<int>{1});
  CHECK_FALSE(fs::exists(folder / "2"));
  CHECK_FALSE(fs::exists(folder / "state.json.abc.tmp"));
  store.remove(add(store));
  CHECK(add(store) == 4);
}

TEST_CASE("pruning keeps the newest versions and the one that serves") {
  const TemporaryFolder home;
  const CodeStore store(home.path() / "cloud");
  for (int i = 0; i < 5; ++i) add(store);
  store.set_serving(2);
  store.prune(2);
  CHECK(numbers(store) == std::vector<int>{5, 4, 2});
}

TEST_CASE("a state that cannot be understood is told, with its file") {
  const TemporaryFolder home;
  const CodeStore store(home.path());
  std::ofstream(home.path() / "state.json") << "{";
  CHECK_THROWS_WITH(store.serving(), "cannot understand " + (home.path() / "state.json").string());
}

}  // namespace parsimony
