#include "cli/init.h"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <string>
#include <string_view>

#include "app/options_input.h"
#include "common/file_write.h"
#include "embedded/parsimony_project_files.h"

namespace parsimony {
namespace {

namespace fs = std::filesystem;

constexpr unsigned kEveryoneReads = 0644;
constexpr std::string_view kIgnore = ".gitignore";
constexpr std::string_view kIgnoredLine = "/parsimony-data/";
constexpr std::string_view kAppIdMark = "APP_ID";

constexpr const char* kFolders[] = {"schema", "fixtures", "cloud", "public"};  // that the config names

enum class When {
  Always,
  NoData,   // only in a project without classes and rows of its own
  NoCode,   // only where cloud/ is empty
  NoPages,  // only where public/ is empty
};

struct ProjectFile {
  const char* name;
  std::string_view source;  // in src/cli/project
  When when = When::Always;
};

constexpr ProjectFile kFiles[] = {
    {kProjectConfig, "config.json"},
    {kIgnore.data(), "gitignore"},
    {"schema/Task.json", "class.json", When::NoData},
    {"fixtures/Task.json", "rows.json", When::NoData},
    {"cloud/main.js", "main.js"},
    {"cloud/main.test.js", "main.test.js", When::NoCode},
    {"public/index.html", "index.html", When::NoPages},
};

std::string_view text_of_source(std::string_view name) {
  const auto files = parsimony_project_files();
  return std::find_if(files.begin(), files.end(), [&](const EmbeddedFile& file) { return file.name == name; })->bytes;
}

bool has_json(const fs::path& folder) {
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(folder, none)) {
    if (entry.path().extension() == ".json") return true;
  }
  return false;
}

// The folder's name as an app id, which goes into headers and URLs.
std::string app_id_for(const fs::path& folder) {
  std::string id;
  for (const char c : fs::canonical(folder).filename().string()) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_') id += c;
  }
  return id.empty() ? "app" : id;
}

std::string content_for(const ProjectFile& file, const fs::path& folder) {
  std::string content(text_of_source(file.source));
  const std::string app_id = app_id_for(folder);
  for (std::size_t at = content.find(kAppIdMark); at != std::string::npos; at = content.find(kAppIdMark, at + app_id.size())) {
    content.replace(at, kAppIdMark.size(), app_id);
  }
  return content;
}

void make_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (!fs::is_directory(folder)) throw std::runtime_error("cannot make the folder " + folder.string() + ": " + error.message());
}

bool ignores_data(const fs::path& file) {
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    if (line.find("parsimony-data") != std::string::npos) return true;
  }
  return false;
}

// What became of the file.
std::string lay_out(const ProjectFile& file, const fs::path& folder) {
  const fs::path path = folder / file.name;
  if (fs::exists(fs::symlink_status(path))) {
    const bool lacks_line = file.name == kIgnore && !ignores_data(path);
    return lacks_line ? "left as it is; add the line " + std::string(kIgnoredLine) : "left as it is";
  }
  make_folder(path.parent_path());
  write_new_file(path, content_for(file, folder), kEveryoneReads);
  return "written";
}

// The app id that the project has now, or nothing when its config file was there before and names none that can be read.
std::string app_id_of(const fs::path& folder) {
  std::ifstream in(folder / kProjectConfig, std::ios::binary);
  try {
    const Json config = parse_json(std::string(std::istreambuf_iterator<char>(in), {}));
    const std::string* id = find_string(config, "appId");
    return id != nullptr ? *id : std::string();
  } catch (const JsonSyntaxError&) {
    return {};
  }
}

// As one word for a shell.
std::string quoted(const std::string& text) {
  const auto is_plain = [](unsigned char c) {
    return std::isalnum(c) != 0 || std::string_view("/._-~+").find(c) != std::string_view::npos;
  };
  if (std::all_of(text.begin(), text.end(), is_plain)) return text;
  std::string word = "'";
  for (const char c : text) word += c == '\'' ? "'\\''" : std::string(1, c);
  return word + "'";
}

void say_what_next(const fs::path& folder, bool has_sample, std::ostream& out) {
  out << "\nNext:\n";
  if (!fs::equivalent(folder, fs::current_path())) out << "  cd " << quoted(folder.string()) << "\n";
  out << "  parsimony serve --watch\n";
  const std::string app_id = app_id_of(folder);
  if (!has_sample || app_id.empty()) return;
  out << "and in another terminal:\n"
      << "  curl -H 'X-Parse-Application-Id: " << app_id << "' http://127.0.0.1:1337/parse/classes/Task\n"
      << "or open http://127.0.0.1:1337/ in a browser. Then change schema/Task.json, fixtures/Task.json, cloud/main.js and public/\n"
      << "into what your app needs; parsimony cloud test runs cloud/main.test.js.\n";
}

}  // namespace

void lay_out_project(const fs::path& folder, std::ostream& out) {
  make_folder(folder);
  for (const char* name : kFolders) make_folder(folder / name);
  const bool has_data = has_json(folder / "schema") || has_json(folder / "fixtures");
  const bool has_code = !fs::is_empty(folder / "cloud");
  const bool has_pages = !fs::is_empty(folder / "public");
  const auto is_left_out = [&](When when) {
    return (when == When::NoData && has_data) || (when == When::NoCode && has_code) || (when == When::NoPages && has_pages);
  };
  for (const ProjectFile& file : kFiles) {
    if (is_left_out(file.when)) continue;
    const std::string name(file.name);
    out << "  " << name << std::string(20 - name.size(), ' ') << lay_out(file, folder) << "\n";
  }
  say_what_next(folder, !has_data, out);
}

int run_init(const CommandLine& line) {
  lay_out_project(line.arguments.empty() ? fs::path(".") : fs::path(line.arguments.front()), std::cout);
  return 0;
}

}  // namespace parsimony
