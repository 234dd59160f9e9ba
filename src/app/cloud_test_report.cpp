#include "app/cloud_test_report.h"

#include <algorithm>
#include <ostream>

#include "app/cloud_load_text.h"

namespace parsimony {
namespace {

constexpr std::size_t kDeepestIndent = 32;

std::string text_in(const Json& event, std::string_view name) {
  const std::string* text = find_string(event, name);
  return text ? *text : std::string();
}

std::size_t count_in(const Json& event, std::string_view name) {
  const Json* count = find_member(event, name);
  return count && count->is_number_integer() && *count >= 0 ? count->get<std::size_t>() : 0;
}

std::size_t depth_of(const Json& event) { return count_in(event, "depth"); }

std::string timed_name(const Json& event) { return text_in(event, "name") + " (" + std::to_string(count_in(event, "ms")) + " ms)"; }

std::string with_place(const Json& event, std::string text) {
  const std::string place = text_in(event, "place");
  return place.empty() ? text : text + " " + place;
}

}  // namespace

const CloudTestReport::Row CloudTestReport::kRows[6] = {{"suite", &CloudTestReport::suite},    {"note", &CloudTestReport::note},
                                                        {"begin", &CloudTestReport::begin},    {"pass", &CloudTestReport::pass},
                                                        {"fail", &CloudTestReport::fail_test}, {"skip", &CloudTestReport::skip}};

void CloudTestReport::take(const std::string& event) {
  const Json json = parse_json(event);
  const std::string type = text_in(json, "type");
  for (const Row& row : kRows) {
    if (row.type == type) (this->*row.act)(json);
  }
  out_.flush();
}

void CloudTestReport::fail(const std::string& text) {
  ++counts_.failed;
  if (!running_.empty()) line(0, "✗ " + running_);
  lines(2, text);
  if (!running_.empty()) lines(2, "The tests behind it in this file did not run.");
  running_.clear();
}

void CloudTestReport::line(std::size_t depth, const std::string& text) {
  out_ << std::string(2 + 2 * std::min(depth, kDeepestIndent), ' ') << with_relative_paths(text, folder_) << "\n";
}

void CloudTestReport::lines(std::size_t depth, const std::string& text) {
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    line(depth, text.substr(at, end - at));
    at = end + 1;
  }
}

void CloudTestReport::suite(const Json& event) { line(depth_of(event), text_in(event, "name")); }

void CloudTestReport::note(const Json& event) { lines(depth_of(event) + 1, "# " + text_in(event, "text")); }

void CloudTestReport::begin(const Json& event) { running_ = with_place(event, text_in(event, "name")); }

void CloudTestReport::pass(const Json& event) {
  ++counts_.passed;
  line(depth_of(event), "✓ " + timed_name(event));
  running_.clear();
}

void CloudTestReport::fail_test(const Json& event) {
  ++counts_.failed;
  line(depth_of(event), "✗ " + with_place(event, timed_name(event)));
  lines(depth_of(event) + 2, text_in(event, "text"));
  running_.clear();
}

void CloudTestReport::skip(const Json& event) {
  ++counts_.skipped;
  const std::string reason = text_in(event, "text");
  line(depth_of(event), "- " + text_in(event, "name") + ": skipped" + (reason.empty() ? "" : ", " + reason));
  running_.clear();
}

}  // namespace parsimony
