// How far a long command is: a bar on a terminal, a plain line now and then where stderr is none.
#pragma once
#include <chrono>
#include <cstdint>
#include <string>

namespace parsimony {

// Writes to stderr. One thread at a time.
class Progress {
 public:
  explicit Progress(bool is_silent);
  ~Progress();  // ends the bar's line
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // `total` 0: how much there is to do is not known. Most calls show nothing: a bar is drawn ten times a second, a line written every
  // two seconds.
  void show(std::uintmax_t done, std::uintmax_t total, const std::string& text);

 private:
  enum class Kind { None, Bar, Lines };

  Kind kind_;
  bool has_bar_ = false;
  std::chrono::steady_clock::time_point next_;
};

// "█████░░░░░  50 %  text"; the text alone when the total is not known.
std::string progress_bar(std::uintmax_t done, std::uintmax_t total, const std::string& text);

}  // namespace parsimony
