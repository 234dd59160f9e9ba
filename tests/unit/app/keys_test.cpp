#include "app/keys.h"

#include <sys/stat.h>

#include <catch2/catch.hpp>

#include "unit/app/temporary_folder.h"

namespace parsimony {
namespace {

using Catch::Matchers::Contains;

mode_t mode_of(const std::filesystem::path& file) {
  struct stat status {};
  REQUIRE(::stat(file.c_str(), &status) == 0);
  return status.st_mode & 0777;
}

TEST_CASE("the first start makes keys, later ones read them") {
  TemporaryFolder folder;
  const auto file = folder.path() / "keys.json";
  std::vector<std::string> warnings;
  const Keys first = read_or_make_keys(file, warnings);
  CHECK(first.app_id.size() == 20);
  CHECK(first.master_key.size() == 40);
  CHECK(mode_of(file) == 0600);
  const Keys second = read_or_make_keys(file, warnings);
  CHECK(second.app_id == first.app_id);
  CHECK(second.master_key == first.master_key);
  CHECK(warnings.empty());
  CHECK(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 1);
}

TEST_CASE("two folders have different keys") {
  TemporaryFolder a;
  TemporaryFolder b;
  std::vector<std::string> warnings;
  CHECK(read_or_make_keys(a.path() / "k", warnings).master_key != read_or_make_keys(b.path() / "k", warnings).master_key);
}

TEST_CASE("a key file that others can read is closed, with a warning") {
  TemporaryFolder folder;
  const auto file = folder.write("keys.json", R"({"appId":"a","masterKey":"m"})");
  std::filesystem::permissions(file, std::filesystem::perms(0644));
  std::vector<std::string> warnings;
  CHECK(read_or_make_keys(file, warnings).master_key == "m");
  CHECK(mode_of(file) == 0600);
  REQUIRE(warnings.size() == 1);
  CHECK_THAT(warnings[0], Contains("keys.json was open to others"));
}

TEST_CASE("a damaged key file is not replaced") {
  for (const char* text : {"", "{", "[]", R"({"appId":"a"})", R"({"appId":"a","masterKey":""})"}) {
    TemporaryFolder folder;
    const auto file = folder.write("keys.json", text);
    std::vector<std::string> warnings;
    CHECK_THROWS_WITH(read_or_make_keys(file, warnings), Contains("does not hold appId and masterKey"));
    CHECK(read_text(file) == text);
  }
}

TEST_CASE("only missing keys are filled") {
  TemporaryFolder folder;
  const auto file = folder.write("keys.json", R"({"appId":"a","masterKey":"m"})");
  Options options;
  options.app_id = "given";
  fill_missing_keys(options, file);
  CHECK(options.app_id == "given");
  CHECK(options.master_key == "m");

  Options complete;
  complete.app_id = "x";
  complete.master_key = "y";
  fill_missing_keys(complete, folder.path() / "never");
  CHECK_FALSE(std::filesystem::exists(folder.path() / "never"));
}

TEST_CASE("a folder that cannot be written is named") {
  std::vector<std::string> warnings;
  CHECK_THROWS_WITH(read_or_make_keys("/nonexistent/keys.json", warnings), Contains("/nonexistent/keys.json"));
}

}  // namespace
}  // namespace parsimony
