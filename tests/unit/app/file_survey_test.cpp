#include "app/file_survey.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <set>

#include "unit/app/temporary_folder.h"

namespace parsimony {
namespace {

namespace fs = std::filesystem;

void write(const fs::path& file) {
  fs::create_directories(file.parent_path());
  std::ofstream(file) << "1";
}

std::set<std::string> names_in(const fs::path& folder, const FileSurvey& survey) {
  std::set<std::string> names;
  for (const auto& [file, stamp] : survey.stamps) names.insert(file.lexically_relative(folder).string());
  return names;
}

bool takes_js(const fs::path& file) { return file.extension() == ".js"; }
bool enters_all(const fs::path&) { return true; }

}  // namespace

TEST_CASE("a survey goes into the folders that it should, and announces each before") {
  const TemporaryFolder home;
  const fs::path folder = home.path() / "code";
  for (const char* name : {"a.js", "b.txt", "in/c.js", "in/deep/d.js", "out/e.js"}) write(folder / name);
  fs::create_directory_symlink(folder / "in", folder / "link");
  const auto enters = [](const fs::path& each) { return each.filename() != "out"; };
  std::set<fs::path> announced;
  const FileSurvey survey = survey_files({{folder, takes_js, enters}}, [&](const fs::path& each) { announced.insert(each); });
  CHECK(names_in(folder, survey) == std::set<std::string>{"a.js", "in/c.js", "in/deep/d.js"});
  CHECK(announced == std::set<fs::path>{home.path(), folder, folder / "in", folder / "in/deep"});
  CHECK(survey.warnings.empty());
  CHECK(names_in(folder, survey_files({{folder, takes_js}})) == std::set<std::string>{"a.js"});
}

TEST_CASE("a survey sees a file that comes, changes and goes") {
  const TemporaryFolder home;
  const fs::path file = home.path() / "a.js";
  const std::vector<WatchedPath> paths = {{file}};
  const FileStamps none = survey_files(paths).stamps;
  CHECK(none.empty());
  write(file);
  const FileStamps one = survey_files(paths).stamps;
  CHECK(one.size() == 1);
  CHECK(survey_files(paths).stamps == one);
  std::ofstream(file) << "longer";
  CHECK(survey_files(paths).stamps != one);
}

TEST_CASE("a survey has a limit of folders, and says so") {
  const TemporaryFolder home;
  for (std::size_t i = 0; i <= FileSurvey::kMaxFolders; ++i) fs::create_directory(home.path() / std::to_string(i));
  const FileSurvey survey = survey_files({{home.path(), takes_js, enters_all}});
  REQUIRE(survey.warnings.size() == 1);
  CHECK(survey.warnings[0].find("only the first 2000 folders in " + home.path().string()) == 0);
}

}  // namespace parsimony
