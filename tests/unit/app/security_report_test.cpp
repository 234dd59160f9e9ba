#include "app/security_report.h"

#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <set>

#include "unit/app/temporary_folder.h"

namespace parsimony {
namespace {

namespace fs = std::filesystem;

std::set<std::string> failed_checks(const Options& options) {
  std::set<std::string> titles;
  const Json report = security_report(options);
  for (const Json& group : report["report"]["groups"]) {
    for (const Json& check : group["checks"]) {
      if (check["state"] == "fail") titles.insert(check["title"].get<std::string>());
    }
  }
  return titles;
}

bool fails(const Options& options, const std::string& title) { return failed_checks(options).contains(title); }

TEST_CASE("a master key is 14 characters or more of three kinds") {
  const auto is_weak = [](const char* key) {
    Options options;
    options.master_key = key;
    return fails(options, "Secure master key");
  };
  for (const char* strong : {"aB3aB3aB3aB3aB", "aaaaaaaaaaaB-_", "aaaaaaaaaaa3. ", "AAAAAAAAAAAA3!", "aB3$aB3$aB3$aB3$"})
    CHECK_FALSE(is_weak(strong));
  for (const char* weak : {"", "master", "aB3$aB3$aB3$a", "aaaaaaaaaaaaaaaa", "aaaaaaa1111111", "aaaaaaa_111111", "AAAAAAAbbbbbbb"}) {
    INFO(weak);
    CHECK(is_weak(weak));
  }
}

TEST_CASE("the read-only master key is not for every address") {
  const auto is_open = [](std::vector<std::string> networks, const char* key = "readonly") {
    Options options;
    options.read_only_master_key = key;
    options.read_only_master_key_ips = std::move(networks);
    return fails(options, "Read-only master key IP range restricted");
  };
  CHECK_FALSE(is_open({"127.0.0.1", "::1", "10.0.0.0/8", "0.0.0.0/32"}));
  CHECK_FALSE(is_open({}));
  for (const char* everywhere : {"0.0.0.0/0", "0.0.0.0", "::/0", "::", "::0"}) {
    INFO(everywhere);
    CHECK(is_open({"127.0.0.1", everywhere}));
    CHECK_FALSE(is_open({everywhere}, ""));
  }
}

TEST_CASE("each limit of the complexity of requests counts") {
  Options options;
  options.complexity.include_depth = options.complexity.include_count = 10;
  options.complexity.subquery_depth = options.complexity.query_depth = 0;
  options.batch_request_limit = 100;
  CHECK_FALSE(fails(options, "Request complexity limits enabled"));
  for (auto* limit : {&options.complexity.include_depth, &options.complexity.include_count, &options.complexity.subquery_depth,
                      &options.complexity.query_depth, &options.batch_request_limit}) {
    const auto kept = *limit;
    limit->reset();
    CHECK(fails(options, "Request complexity limits enabled"));
    *limit = kept;
  }
}

TEST_CASE("database and files are closed to other users, in themselves or by their folder") {
  const TemporaryFolder base;
  Options options;
  options.database_file = base.write("app.db", "");
  options.files_folder = base.path() / "files";
  fs::create_directory(options.files_folder);
  const auto is_open_with = [&](mode_t folder, mode_t database, mode_t files) {
    REQUIRE(::chmod(base.path().c_str(), folder) == 0);
    REQUIRE(::chmod(options.database_file.c_str(), database) == 0);
    REQUIRE(::chmod(options.files_folder.c_str(), files) == 0);
    return fails(options, "Data folder closed to other users");
  };
  CHECK_FALSE(is_open_with(0700, 0644, 0755));
  CHECK_FALSE(is_open_with(0755, 0600, 0700));
  CHECK(is_open_with(0755, 0640, 0700));
  CHECK(is_open_with(0755, 0604, 0700));
  CHECK(is_open_with(0755, 0600, 0710));
  CHECK(is_open_with(0777, 0600, 0700));
  CHECK_FALSE(is_open_with(0700, 0600, 0700));
}

}  // namespace
}  // namespace parsimony
