// What the tests of one file tell as they run (javascript/testing), as lines for people.
#pragma once
#include <cstddef>
#include <filesystem>
#include <iosfwd>
#include <string>

#include "types/json.h"

namespace parsimony {

struct CloudTestCounts {
  std::size_t passed = 0;
  std::size_t failed = 0;
  std::size_t skipped = 0;
};

class CloudTestReport {
 public:
  // Paths in the folder are shown as relative ones.
  CloudTestReport(std::ostream& out, std::filesystem::path folder) : out_(out), folder_(std::move(folder)) {}

  // One event, as JSON: {"type": "suite|begin|pass|fail|skip|note", "depth", "name", "place", "ms", "text"}.
  void take(const std::string& event);
  // The file could not be loaded, or had to be stopped: the test that was running has failed, and those behind it do not run.
  void fail(const std::string& text);

  const CloudTestCounts& counts() const { return counts_; }

 private:
  struct Row {
    std::string_view type;
    void (CloudTestReport::*act)(const Json&);
  };
  static const Row kRows[6];

  void line(std::size_t depth, const std::string& text);
  void lines(std::size_t depth, const std::string& text);
  void suite(const Json& event);
  void note(const Json& event);
  void begin(const Json& event);
  void pass(const Json& event);
  void fail_test(const Json& event);
  void skip(const Json& event);

  std::ostream& out_;
  const std::filesystem::path folder_;
  CloudTestCounts counts_;
  std::string running_;  // the test that has begun and not ended, and where it stands
};

}  // namespace parsimony
