#include "services/files/folder_store.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <set>
#include <thread>
#include <vector>

#include "unit/app/temporary_folder.h"

namespace parsimony {
namespace {

namespace fs = std::filesystem;

std::set<std::string> names_in(const fs::path& folder) {
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) names.insert(entry.path().filename().string());
  return names;
}

std::string content(const FileStore& store, std::string_view name) {
  const auto file = store.open(name);
  return file ? file->read(0, file->size()) : "none";
}

TEST_CASE("names on disk are safe, differ in more than case, and never clash with ours") {
  CHECK(file_name_on_disk("0a_photo-1.jpg") == "0a_photo-1.jpg");
  CHECK(file_name_on_disk("Photo.JPG") == "%50hoto.%4a%50%47");
  CHECK(file_name_on_disk("a/b") == "a%2fb");
  CHECK(file_name_on_disk("..") == "%2e%2e");
  CHECK(file_name_on_disk(".a.") == "%2ea%2e");
  CHECK(file_name_on_disk(std::string("a\0b", 3)) == "a%00b");
  CHECK(file_name_on_disk("a.%notes") == "a.%25notes");
  CHECK(file_name_on_disk("%h") == "%25h");
  CHECK(file_name_on_disk("") == "");

  const std::string longest = file_name_on_disk(std::string(100, 'A'));
  CHECK(longest.size() == 66);
  CHECK(longest.starts_with("%h"));
  CHECK(longest != file_name_on_disk(std::string(100, 'B')));
  CHECK(file_name_on_disk(std::string(200, 'a')) == std::string(200, 'a'));
}

TEST_CASE("a file comes back with its notes until it is removed") {
  const TemporaryFolder temporary;
  const fs::path folder = temporary.path() / "files";
  FolderStore store(folder);
  CHECK_FALSE(fs::exists(folder));
  CHECK(store.open("a.txt") == nullptr);
  CHECK_FALSE(store.notes("a.txt").has_value());
  CHECK_FALSE(store.remove("a.txt"));

  const std::string bytes("\0\1\r\n\xff", 5);
  store.put("a.txt", bytes, {{"metadata", {{"k", 1}}}});
  CHECK(content(store, "a.txt") == bytes);
  CHECK(store.open("a.txt")->read(1, 2) == "\1\r");
  CHECK(to_json_text(store.notes("a.txt").value()) == R"({"metadata":{"k":1}})");
  CHECK(names_in(folder) == std::set<std::string>{"a.txt", "a.txt.%notes"});

  store.put("a.txt", "", Json::object());
  CHECK(content(store, "a.txt").empty());
  CHECK(store.notes("a.txt").value().empty());
  CHECK(names_in(folder) == std::set<std::string>{"a.txt"});

  CHECK(store.remove("a.txt"));
  CHECK(names_in(folder).empty());
}

TEST_CASE("an open file keeps its content while the name gets another") {
  const TemporaryFolder temporary;
  FolderStore store(temporary.path() / "files");
  store.put("a", "old", Json::object());
  const auto old = store.open("a");
  store.put("a", "newer", Json::object());
  CHECK(old->read(0, old->size()) == "old");
  CHECK(content(store, "a") == "newer");
  CHECK(old->version() != store.open("a")->version());
  CHECK_THROWS_AS(old->read(0, 4), std::runtime_error);
}

TEST_CASE("what a crash left half-written goes at the next start, files stay") {
  const TemporaryFolder temporary;
  const fs::path folder = temporary.path() / "files";
  FolderStore(folder).put("a", "x", Json::object());
  temporary.write("files/abc.%new", "half");
  const FolderStore again(folder);
  CHECK(names_in(folder) == std::set<std::string>{"a"});
}

TEST_CASE("the files of an image come back, with their notes, and no others") {
  const TemporaryFolder home;
  const fs::path folder = home.path() / "files";
  FolderStore store(folder);
  const auto none = store.take_image();
  CHECK_FALSE(fs::exists(folder));
  store.restore(*none);

  store.put("kept", "1", {{"metadata", {{"n", 1}}}});
  store.put("Replaced.txt", "2", Json::object());
  store.put("removed", "3", Json::object());
  const auto image = store.take_image();
  const auto version = store.open("kept")->version();
  for (int round = 0; round < 3; ++round) {
    INFO(round);
    store.put("Replaced.txt", "other", {{"metadata", {{"n", 2}}}});
    store.remove("removed");
    store.put("added", "4", Json::object());
    store.restore(*image);
    CHECK(content(store, "kept") == "1");
    CHECK(store.open("kept")->version() == version);
    CHECK(store.notes("kept") == Json{{"metadata", {{"n", 1}}}});
    CHECK(content(store, "Replaced.txt") == "2");
    CHECK(store.notes("Replaced.txt") == Json::object());
    CHECK(content(store, "removed") == "3");
    CHECK(content(store, "added") == "none");
  }
  store.restore(*none);
  CHECK(names_in(folder) == std::set<std::string>{"%images"});
  store.restore(*image);
  CHECK(content(store, "kept") == "1");
}

TEST_CASE("images go with their objects, and at the next start") {
  const TemporaryFolder home;
  const fs::path folder = home.path() / "files";
  {
    FolderStore store(folder);
    store.put("a", "1", Json::object());
    { const auto image = store.take_image(); }
    CHECK(names_in(folder) == std::set<std::string>{"a"});
  }
  fs::create_directories(folder / "%images/7");
  const FolderStore store(folder);
  CHECK(names_in(folder) == std::set<std::string>{"a"});
}

TEST_CASE("an upload that runs while the files of an image come back is not disturbed") {
  const TemporaryFolder home;
  const fs::path folder = home.path() / "files";
  FolderStore store(folder);
  store.put("base", "0", Json::object());
  const auto image = store.take_image();
  std::thread writer([&] {
    for (int i = 0; i < 200; ++i) store.put(std::to_string(i % 5), std::string(1000, 'x'), Json::object());
  });
  for (int i = 0; i < 200; ++i) {
    store.restore(*image);
    CHECK(content(store, "base") == "0");
  }
  writer.join();
  store.restore(*image);
  CHECK(names_in(folder) == std::set<std::string>{"%images", "base"});
}

TEST_CASE("a file that cannot be written leaves nothing") {
  const TemporaryFolder temporary;
  const fs::path folder = temporary.path() / "files";
  FolderStore store(folder);
  store.put("b", "x", Json::object());
  fs::create_directory(folder / "a");
  CHECK_THROWS_AS(store.put("a", "x", Json::object()), std::runtime_error);
  CHECK(names_in(folder) == std::set<std::string>{"a", "b"});
}

TEST_CASE("writers of one name at the same time leave one version whole") {
  const TemporaryFolder temporary;
  FolderStore store(temporary.path() / "files");
  std::vector<std::thread> writers;
  for (const char letter : {'a', 'b', 'c'}) {
    writers.emplace_back([&store, letter] {
      for (int i = 0; i < 20; ++i) store.put("busy", std::string(5000, letter), {{"letter", std::string(1, letter)}});
    });
  }
  for (std::thread& writer : writers) writer.join();
  const std::string text = content(store, "busy");
  REQUIRE(text.size() == 5000);
  CHECK(std::count(text.begin(), text.end(), text.front()) == 5000);
  CHECK(store.notes("busy").value().at("letter") == std::string(1, text.front()));
}

}  // namespace
}  // namespace parsimony
