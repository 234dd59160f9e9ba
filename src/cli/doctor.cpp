#include "cli/doctor.h"

#include <algorithm>
#include <iostream>

#include "types/json.h"

namespace parsimony {
namespace {

constexpr std::size_t kHealthColumn = 6;
constexpr std::size_t kCheckColumn = 10;

const char* name_of(Health health) {
  switch (health) {
    case Health::ok: return "ok";
    case Health::warn: return "warn";
    case Health::fail: return "fail";
  }
  return "";
}

std::string padded(std::string text, std::size_t width) {
  text.resize(std::max(width, text.size() + 1), ' ');
  return text;
}

bool has_failure(const std::vector<Finding>& findings) {
  return std::any_of(findings.begin(), findings.end(), [](const Finding& finding) { return finding.health == Health::fail; });
}

}  // namespace

std::string findings_text(const std::vector<Finding>& findings) {
  std::string out;
  for (const Finding& finding : findings) {
    out += padded(name_of(finding.health), kHealthColumn) + padded(finding.check, kCheckColumn) + finding.text;
    out += (finding.advice.empty() ? "" : "; " + finding.advice) + "\n";
  }
  return out;
}

std::string findings_json(const std::vector<Finding>& findings) {
  Json checks = Json::array();
  for (const Finding& finding : findings) {
    Json check = {{"check", finding.check}, {"health", name_of(finding.health)}, {"text", finding.text}};
    if (!finding.advice.empty()) check["advice"] = finding.advice;
    checks.push_back(std::move(check));
  }
  return to_json_text(Json{{"ok", !has_failure(findings)}, {"checks", std::move(checks)}}) + "\n";
}

int run_doctor(const CommandLine& line) {
  std::vector<Finding> findings = {{"version", Health::ok, "parsimony " PARSIMONY_VERSION}};
  for (Finding& finding : examine(line.input)) findings.push_back(std::move(finding));
  std::cout << (line.switches.contains("--json") ? findings_json(findings) : findings_text(findings));
  return has_failure(findings) ? 1 : 0;
}

}  // namespace parsimony
