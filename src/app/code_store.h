// The folder in which the versions of Cloud Code lie that were deployed.
//
//   state.json         {"serves": 3, "last": 4}      which version serves, null for the code of the options; the last number given
//   3/version.json     {"main","createdAt","files","bytes"}, written last: a folder without it is what a crash left behind
//   3/code/...         the files
//
// Folders and files are for their owner alone. A number is never given twice.
#pragma once
#include <filesystem>
#include <optional>
#include <vector>

#include "services/cloud/deployments.h"

namespace parsimony {

// One thread at a time may change it, and one process: the lock of the data is held. Throws std::runtime_error with path and reason.
class CodeStore {
 public:
  explicit CodeStore(std::filesystem::path folder) : folder_(std::move(folder)) {}

  // Removes what a crash left behind.
  void clean() const;

  std::vector<CodeVersion> versions() const;  // newest first
  std::optional<CodeVersion> find(int number) const;
  std::optional<int> serving() const;
  void set_serving(std::optional<int> number) const;

  // Writes the files under the next number. It is no version before complete() has been called.
  CodeVersion add(const CodePackage& package) const;
  void complete(const CodeVersion& version) const;
  void remove(int number) const;
  // Keeps so many of the newest versions, and the one that serves.
  void prune(std::size_t keep) const;

  // Where the files of a version lie.
  std::filesystem::path code_folder(int number) const;

 private:
  struct State {
    std::optional<int> serves;
    int last = 0;
  };
  State read_state() const;
  void write_state(const State& state) const;
  std::filesystem::path folder_of(int number) const { return folder_ / std::to_string(number); }

  const std::filesystem::path folder_;
};

}  // namespace parsimony
