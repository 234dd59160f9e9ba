#include <utility>
#include <vector>

#include "cli/serve.h"

namespace parsimony {
namespace {

using Lines = std::vector<std::pair<std::string, std::string>>;

std::string database_text(const Options& options) {
  if (options.database_kind == DatabaseKind::memory) return "in memory, gone when the server stops";
  return options.database_file.string();
}

std::string profile_text(const Options& options) {
  return std::string(profile_name(options.profile.profile)) + ", " + options.profile.reason;
}

std::string counts_text(const StartSummary& summary) {
  const auto count_of = [](std::uint64_t count, const char* one, const char* many) {
    return std::to_string(count) + " " + (count == 1 ? one : many);
  };
  return count_of(summary.classes, "class", "classes") + ", " + count_of(summary.rows, "row", "rows");
}

std::string aligned(const Lines& lines) {
  std::size_t width = 0;
  for (const auto& [name, text] : lines) width = std::max(width, name.size());
  std::string out;
  for (const auto& [name, text] : lines) out += "  " + name + std::string(width + 2 - name.size(), ' ') + text + "\n";
  return out;
}

std::string text_summary(const Options& options, const StartSummary& summary, const std::string& key_file) {
  Lines lines = {{"URL", summary.url}, {"App id", options.app_id}};
  lines.emplace_back("Master key", key_file.empty() ? "as given" : "in " + key_file);
  if (options.config_file) lines.emplace_back("Config", options.config_file->string());
  lines.emplace_back("Profile", profile_text(options));
  lines.emplace_back("Data", counts_text(summary));
  lines.emplace_back("Database", database_text(options));
  if (!summary.cloud_code.empty()) lines.emplace_back("Cloud Code", summary.cloud_code);
  if (options.public_folder) lines.emplace_back("Pages", options.public_folder->string());
  for (const std::string& note : summary.notes) lines.emplace_back("Note", note);
  return "Parsimony is serving.\n" + aligned(lines) + "Stop with Ctrl-C.\n";
}

std::string json_summary(const Options& options, const StartSummary& summary, const std::string& key_file) {
  Json line = {{"event", "serving"}, {"url", summary.url}, {"appId", options.app_id}};
  if (!key_file.empty()) line["keyFile"] = key_file;
  if (options.config_file) line["config"] = options.config_file->string();
  line["profile"] = profile_name(options.profile.profile);
  line["profileReason"] = options.profile.reason;
  line["classes"] = summary.classes;
  line["rows"] = summary.rows;
  line["database"] = options.database_file.string();
  if (!summary.cloud_code.empty()) line["cloud"] = summary.cloud_code;
  if (options.public_folder) line["publicFolder"] = options.public_folder->string();
  line["notes"] = summary.notes;
  return to_json_text(line) + "\n";
}

}  // namespace

std::string summary_text(const Options& options, const StartSummary& summary, const std::string& key_file) {
  return (options.log.format == log::Format::json ? json_summary : text_summary)(options, summary, key_file);
}

}  // namespace parsimony
