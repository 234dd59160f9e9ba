// The running server: it knows all rooms and puts them together.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "app/options.h"

namespace parsimony {

struct StartSummary {
  std::string url;
  int port = 0;
  std::size_t classes = 0;
  std::uint64_t rows = 0;
  std::string cloud_code;          // what of it serves; empty: nothing
  std::vector<std::string> notes;  // one line each, for the person who started it
};

class App {
 public:
  // `options` are complete: keys filled (keys.h), database_file set (data_folder.h). Does nothing yet.
  explicit App(Options options);
  ~App();  // as stop()
  App(const App&) = delete;
  App& operator=(const App&) = delete;

  // Opens the database, imports, serves. Throws std::exception with a line for the person who started it.
  StartSummary start();
  // Finishes running requests, refuses new ones, closes the database. Idempotent.
  void stop();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace parsimony
