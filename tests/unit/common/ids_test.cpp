#include "common/ids.h"

#include <catch2/catch.hpp>
#include <set>
#include <thread>
#include <vector>

namespace parsimony {
namespace {

// Random again at the end, whatever becomes of the test.
struct Seeding {
  Seeding() = default;
  ~Seeding() { seed_ids(std::nullopt); }
  Seeding(const Seeding&) = delete;
  Seeding& operator=(const Seeding&) = delete;
};

TEST_CASE("equal seeds make equal series, other seeds others") {
  SeededIds one("a", SeededIds::Tokens::Seeded), same("a", SeededIds::Tokens::Seeded), other("b", SeededIds::Tokens::Seeded);
  const std::string first = one.next_object_id(10);
  CHECK(first.size() == 10);
  CHECK(same.next_object_id(10) == first);
  CHECK(other.next_object_id(10) != first);
  CHECK(one.next_object_id(10) != first);
  CHECK(one.next_token(16).size() == 32);
}

TEST_CASE("ids do not depend on how many tokens were made between them") {
  SeededIds one("a", SeededIds::Tokens::Seeded), other("a", SeededIds::Tokens::Seeded);
  one.next_token(16);
  CHECK(one.next_object_id(10) == other.next_object_id(10));
}

TEST_CASE("the process goes by the seed until it is taken away") {
  const Seeding seeding;
  seed_ids(SeededIds("a", SeededIds::Tokens::Random));
  const std::string first = new_object_id(10);
  CHECK(new_token(16) != SeededIds("a", SeededIds::Tokens::Seeded).next_token(16));
  const auto here = seeded_ids();
  REQUIRE(here);
  const std::string second = new_object_id(10);
  seed_ids(here);
  CHECK(new_object_id(10) == second);
  seed_ids(SeededIds("a", SeededIds::Tokens::Seeded));
  CHECK(new_object_id(10) == first);
  CHECK(new_token(16) == SeededIds("a", SeededIds::Tokens::Seeded).next_token(16));
  seed_ids(std::nullopt);
  CHECK_FALSE(seeded_ids());
  CHECK(new_object_id(10) != second);
  CHECK(new_object_id(32).size() == 32);
}

TEST_CASE("threads that share a series never get the same id") {
  const Seeding seeding;
  seed_ids(SeededIds("a", SeededIds::Tokens::Random));
  std::vector<std::vector<std::string>> made(4);
  std::vector<std::thread> threads;
  for (auto& mine : made) {
    threads.emplace_back([&mine] {
      for (int i = 0; i < 500; ++i) mine.push_back(new_object_id(10));
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::set<std::string> all;
  for (const auto& mine : made) all.insert(mine.begin(), mine.end());
  CHECK(all.size() == 2000);
}

}  // namespace
}  // namespace parsimony
