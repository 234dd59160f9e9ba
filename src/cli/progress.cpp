#include "cli/progress.h"

#include <unistd.h>

#include <iostream>

namespace parsimony {
namespace {

using std::chrono::steady_clock;
constexpr auto kBarInterval = std::chrono::milliseconds(100);
constexpr auto kLineInterval = std::chrono::seconds(2);
constexpr std::uintmax_t kCells = 30;
constexpr const char* kClearLine = "\r\x1b[K";

std::uintmax_t share(std::uintmax_t of, std::uintmax_t done, std::uintmax_t total) {
  if (done >= total) return of;
  return static_cast<std::uintmax_t>(static_cast<double>(of) * static_cast<double>(done) / static_cast<double>(total));
}

std::string percent_text(std::uintmax_t done, std::uintmax_t total) {
  std::string text = std::to_string(share(100, done, total)) + " %";
  return std::string(5 - text.size(), ' ') + text;
}

}  // namespace

std::string progress_bar(std::uintmax_t done, std::uintmax_t total, const std::string& text) {
  if (total == 0) return text;
  const std::uintmax_t full = share(kCells, done, total);
  std::string bar;
  for (std::uintmax_t i = 0; i < kCells; ++i) bar += i < full ? "\u2588" : "\u2591";
  return bar + " " + percent_text(done, total) + "  " + text;
}

Progress::Progress(bool is_silent)
    : kind_(is_silent                      ? Kind::None
            : ::isatty(STDERR_FILENO) == 1 ? Kind::Bar
                                           : Kind::Lines),
      next_(steady_clock::now() + (kind_ == Kind::Lines ? kLineInterval : kBarInterval)) {}

Progress::~Progress() {
  if (has_bar_) std::cerr << kClearLine << std::flush;
}

void Progress::show(std::uintmax_t done, std::uintmax_t total, const std::string& text) {
  const auto now = steady_clock::now();
  if (kind_ == Kind::None || now < next_) return;
  next_ = now + (kind_ == Kind::Lines ? std::chrono::milliseconds(kLineInterval) : kBarInterval);
  if (kind_ == Kind::Bar) {
    has_bar_ = true;
    std::cerr << kClearLine << progress_bar(done, total, text) << std::flush;
  } else {
    std::cerr << (total == 0 ? text : percent_text(done, total) + "  " + text) << std::endl;
  }
}

}  // namespace parsimony
