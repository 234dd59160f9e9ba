// Tells others that the server serves, and how to reach it: a file that is there while it does, and not before or after.
//
//   {"url":"http://127.0.0.1:41234/parse","port":41234,"pid":4711,"appId":"…","keys":{"master":"…","javascript":"…"}}
//
// "keys" only with test controls: those that are set, of master, readOnlyMaster, maintenance, client, javascript, rest and dotNet.
#pragma once
#include <filesystem>
#include <optional>
#include <string>

#include "app/app.h"
#include "app/options.h"

namespace parsimony {

// One line of JSON.
std::string ready_text(const Options& options, const StartSummary& summary);

class ReadyFile {
 public:
  // Removes what an earlier server left there. Nothing: no file at all.
  explicit ReadyFile(std::optional<std::filesystem::path> file);
  ~ReadyFile();
  ReadyFile(const ReadyFile&) = delete;
  ReadyFile& operator=(const ReadyFile&) = delete;

  // Appears whole, for its owner alone. Throws std::runtime_error.
  void write(const std::string& text) const;

 private:
  void remove() const;

  std::optional<std::filesystem::path> file_;
};

}  // namespace parsimony
