// Versions of Cloud Code that are sent to a running server (docs/deploy.md).
//
// The newest ones are kept, and one of them serves, or the code that the options name. Only code that loads is ever put in the place of
// what serves.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "types/json.h"

namespace parsimony {

struct CodeFile {
  std::string path;  // below the folder of the version, with "/" between its parts
  std::string content;
};

struct CodePackage {
  static constexpr std::size_t kMaxFiles = 10'000;
  static constexpr std::size_t kMaxBytes = std::size_t{32} << 20;  // of all files
  static constexpr std::size_t kMaxFileBytes = std::size_t{16} << 20;
  static constexpr std::size_t kMaxPathBytes = 512;
  static constexpr std::size_t kMaxNameBytes = 255;
  static constexpr std::size_t kMaxDepth = 32;

  std::string main;  // the path of one of the files
  std::vector<CodeFile> files;

  std::size_t bytes() const;
};

// Throws 122 for a path that leads out of the folder, is hidden, or means the same file as another one on some file system, 140 for
// what is too large or too many, 107 when there is no main file.
void check_package(const CodePackage& package);

struct CodeVersion {
  int number = 0;
  std::string main;
  std::int64_t created_ms = 0;
  std::size_t files = 0;
  std::size_t bytes = 0;
};

// What code has defined.
struct CodeCounts {
  std::size_t functions = 0;
  std::size_t jobs = 0;
  std::size_t triggers = 0;
};

struct CodeDeployed {
  CodeVersion version;
  CodeCounts counts;
};

struct CodeStatus {
  std::vector<CodeVersion> versions;  // newest first
  std::optional<int> serves;          // nothing: the code of the options
  std::string config_main;            // the main file that the options name; empty: none
};

struct CodeRollback {
  bool to_config = false;      // to the code of the options
  std::optional<int> version;  // else, when not given: the one before that which serves
};

// The version that is meant; nothing: the code of the options. Throws 101 where there is none.
std::optional<CodeVersion> version_for(const CodeRollback& target, const CodeStatus& status);

// {"version", "main", "createdAt", "files", "bytes"}
Json encode(const CodeVersion& version);
// {"results": [version,...], "serves": number or null, "config": main file or absent}
Json encode(const CodeStatus& status);

// Thread-safe. The calls that change something wait for the code, so they must not be made with a reader connection or a mutex held;
// they throw 503 while another one is under way, and 141 with file, line and column for code that does not load: then nothing changes.
class Deployments {
 public:
  virtual ~Deployments() = default;

  virtual CodeDeployed deploy(const CodePackage& package) = 0;
  // Returns the version that serves then; nothing for the code of the options. Throws 101 where there is nothing to go back to.
  virtual std::optional<int> roll_back(const CodeRollback& target) = 0;
  virtual CodeStatus status() const = 0;
};

}  // namespace parsimony
