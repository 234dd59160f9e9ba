#include <catch2/catch.hpp>

#include "common/error.h"
#include "services/cloud/deployments.h"

namespace parsimony {
namespace {

CodePackage package_with(const std::string& path) { return {"main.js", {{"main.js", ""}, {path, "1"}}}; }

// The error's code; 0: none.
int refusal_of(const CodePackage& package) {
  try {
    check_package(package);
    return 0;
  } catch (const Error& error) {
    return error.code().value_or(-1);
  }
}

CodeVersion version(int number) {
  CodeVersion version;
  version.number = number;
  return version;
}

int meant(const CodeRollback& target, const CodeStatus& status) {
  try {
    const auto found = version_for(target, status);
    return found ? found->number : 0;
  } catch (const Error& error) {
    return -error.code().value_or(-1);
  }
}

}  // namespace

TEST_CASE("paths of deployed files are relative, plain and apart from each other") {
  for (const char* path :
       {"a.js", "a/b/c.json", "caf\u00e9.js", "a b.js", "a..b/c.js", "main.jsx/a", "node_modules/@scope/p/index.js", "_/-.js"}) {
    INFO(path);
    CHECK(refusal_of(package_with(path)) == 0);
  }
  std::vector<std::string> bad = {"",          ".",       "..",        "/a.js",    "a/",   "a//b", "../a.js",
                                  "a/../../b", "a/./b",   ".env",      "a/.git/x", "a\\b", "c:x",  "a\tb",
                                  "a\x7f",     "MAIN.JS", "main.js/a", "a.",       "a /b", " a",   "a/b."};
  for (const auto& [text, times] : {std::pair("a", 256), {"a/", 300}, {"a/", 40}}) {
    bad.emplace_back();
    for (int i = 0; i < times; ++i) bad.back() += text;
    bad.back() += "b";
  }
  for (const std::string& path : bad) {
    INFO(path);
    CHECK(refusal_of(package_with(path)) == error_code::kInvalidFileName);
  }
  CHECK(refusal_of({"a/b", {{"a/b", ""}, {"A", ""}}}) == error_code::kInvalidFileName);
  CHECK(refusal_of({"A", {{"A", ""}, {"a/b", ""}}}) == error_code::kInvalidFileName);
  CHECK(refusal_of({"caf\u00e9.js", {{"caf\u00e9.js", ""}, {"CAFE\u0301.js", ""}}}) == error_code::kInvalidFileName);
}

TEST_CASE("a deployed package has its main file, and limits") {
  CHECK(refusal_of({"other.js", {{"main.js", ""}}}) == error_code::kInvalidJson);
  CHECK(refusal_of({"main.js", {}}) == error_code::kInvalidJson);
  CodePackage package{"main.js", {{"main.js", std::string(CodePackage::kMaxFileBytes, ' ')}}};
  CHECK(refusal_of(package) == 0);
  package.files[0].content += ' ';
  CHECK(refusal_of(package) == error_code::kExceededQuota);
  package.files.assign(CodePackage::kMaxFiles + 1, {"main.js", ""});
  CHECK(refusal_of(package) == error_code::kExceededQuota);
  const std::string half(CodePackage::kMaxBytes / 2, ' ');
  CHECK(refusal_of({"main.js", {{"main.js", half}, {"a.js", half}, {"b.js", "1"}}}) == error_code::kExceededQuota);
}

TEST_CASE("a rollback means the version that is named, else the one before that which serves") {
  const CodeStatus status{{version(7), version(5), version(2)}, 5, ""};
  CHECK(meant({}, status) == 2);
  CHECK(meant({false, 7}, status) == 7);
  CHECK(meant({true, {}}, status) == 0);
  CHECK(meant({false, 6}, status) == -error_code::kObjectNotFound);
  CHECK(meant({}, {{version(7)}, 7, ""}) == -error_code::kObjectNotFound);
  CHECK(meant({}, {{version(7)}, std::nullopt, "main.js"}) == -error_code::kObjectNotFound);
  CHECK(meant({}, {{version(7), version(3)}, 4, ""}) == 3);
}

}  // namespace parsimony
