// Runs the test files of a project, *.test.js, against a server that was started for them (docs/cloud-tests.md).
#pragma once
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <iosfwd>
#include <string>
#include <vector>

#include "app/cloud_test_report.h"
#include "app/options.h"

namespace parsimony {

struct CloudTestPlan {
  std::vector<std::filesystem::path> files;
  std::string filter;              // part of the names of the tests to run; empty: all
  std::chrono::milliseconds time;  // for one test or hook
};

// The *.test.js, *.test.mjs and *.test.cjs in a folder and those below it, without packages, hidden folders and `without`; sorted.
std::vector<std::filesystem::path> find_test_files(const std::filesystem::path& folder, const std::filesystem::path& without);

// Each file runs on an engine of its own, whose `Parse` calls the server at `url` over HTTP, and after the data were put back to how they
// were when the server began. Writes what comes of each test as it ends. `options` are those of the server, with test controls; a file
// that does not load, and one that had to be stopped, are failures.
CloudTestCounts run_cloud_tests(const Options& options, const std::string& url, const CloudTestPlan& plan, std::ostream& out);

}  // namespace parsimony
