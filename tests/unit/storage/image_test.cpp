// Images of a whole store, and going back to them.
#include <atomic>
#include <stdexcept>
#include <thread>

#include "common/error.h"
#include "unit/storage/test_store.h"

namespace parsimony {
namespace {

const Field kNumber = field("n", FieldType::Number);
constexpr std::uint64_t kAnySize = std::uint64_t{1} << 30;

std::unique_ptr<StoreImage> image_of(Store& store) {
  return store.take_image(kAnySize, [] {});
}

void restore(Store& store, StoreImage& image) {
  store.restore(image, [] {});
}

std::string note_of(Store& store) {
  std::string text;
  store.read([&](Reads& reads) { text = reads.note("x").value_or("none"); });
  return text;
}

std::string classes_of(Store& store) {
  std::string names;
  store.read([&](Reads& reads) {
    for (const auto& [name, of] : reads.schema().classes) names += name + " ";
  });
  return names;
}

TEST_CASE("a restored store holds what the image does, and nothing else") {
  TemporaryStore store;
  create_class(*store, "C", {kNumber, field("others", FieldType::Relation, "C")});
  insert(*store, "C", "a", {{"n", 1}});
  store->write([](Transaction& transaction) {
    transaction.add_join_row(*transaction.schema().find("C")->find("others"), "a", "b");
    transaction.set_note("x", "old");
  });
  const auto image = image_of(*store);
  CHECK(image->bytes() > 0);

  for (int round = 0; round < 3; ++round) {
    INFO(round);
    insert(*store, "C", "b", {{"n", 2}});
    create_class(*store, "D", {kNumber});
    insert(*store, "D", "d");
    store->write([](Transaction& transaction) {
      const ClassSchema& of = *transaction.schema().find("C");
      transaction.remove(of, "a");
      transaction.remove_join_rows(*of.find("others"), JoinSide::Owning, "a");
      transaction.drop_field(*transaction.schema().find("C"), "n");
      transaction.set_note("x", "new");
    });
    CHECK(ids(*store, "C") == "b ");

    restore(*store, *image);
    CHECK(ids(*store, "C") == "a ");
    CHECK(ids(*store, "C", equals("n", 1)) == "a ");
    CHECK(classes_of(*store) == "C ");
    CHECK(note_of(*store) == "old");
    store->read([](Reads& reads) { CHECK(reads.join_rows(*reads.schema().find("C")->find("others"), {}, 10).size() == 1); });
  }
  store.reopen();
  CHECK(ids(*store, "C") == "a ");
}

TEST_CASE("rows come in the same order as the first time after going back") {
  TemporaryStore store;
  create_class(*store, "C", {kNumber});
  for (const char* id : {"c", "a"}) insert(*store, "C", id);
  const auto image = image_of(*store);
  insert(*store, "C", "z");
  restore(*store, *image);
  insert(*store, "C", "b");
  std::string rows;
  store->read([&](Reads& reads) {
    const ClassSchema& of = *reads.schema().find("C");
    const auto last = reads.scan(of, {of.find("objectId")}, 0, 10, [&](const Row& row) { rows.append(row.text(0)); });
    CHECK(last == 3);
  });
  CHECK(rows == "cab");
}

TEST_CASE("two classes of one name, before and behind a restore, are told apart") {
  TemporaryStore store;
  const auto empty = image_of(*store);
  create_class(*store, "C", {kNumber});
  insert(*store, "C", "a", {{"n", 1}});
  restore(*store, *empty);
  create_class(*store, "C", {field("text", FieldType::String)});  // as many changes of classes as before
  insert(*store, "C", "a", {{"text", "x"}});
  CHECK(ids(*store, "C", equals("text", "x")) == "a ");
  store->read([](Reads& reads) { CHECK(reads.schema().find("C")->find("n") == nullptr); });
}

TEST_CASE("several images live side by side") {
  TemporaryStore store;
  create_class(*store, "C", {kNumber});
  const auto none = image_of(*store);
  insert(*store, "C", "a");
  const auto one = image_of(*store);
  insert(*store, "C", "b");
  const auto two = image_of(*store);
  restore(*store, *one);
  CHECK(ids(*store, "C") == "a ");
  restore(*store, *two);
  CHECK(ids(*store, "C") == "a b ");
  restore(*store, *none);
  CHECK(ids(*store, "C").empty());
  CHECK(two->bytes() >= one->bytes());
}

TEST_CASE("a store that is too large has no image") {
  TemporaryStore store;
  bool ran = false;
  CHECK(store->take_image(100, [&] { ran = true; }) == nullptr);
  CHECK_FALSE(ran);
  const auto image = image_of(*store);
  CHECK(store->take_image(image->bytes(), [&] { ran = true; }) != nullptr);
  CHECK(ran);
}

TEST_CASE("a read that has begun sees one moment, whatever is restored") {
  TemporaryStore store;
  create_class(*store, "C", {kNumber});
  insert(*store, "C", "a");
  const auto image = image_of(*store);
  insert(*store, "C", "b");
  store->read([&](Reads& reads) {
    CHECK(ids(reads, "C") == "a b ");
    restore(*store, *image);
    CHECK(ids(reads, "C") == "a b ");
    CHECK(ids(*store, "C") == "a ");
  });
}

TEST_CASE("what throws while a store is restored is passed on, and writes go on") {
  TemporaryStore store;
  create_class(*store, "C", {kNumber});
  const auto image = image_of(*store);
  CHECK_THROWS_WITH(store->restore(*image, [] { throw std::runtime_error("meanwhile"); }), "meanwhile");
  insert(*store, "C", "a");
  CHECK(ids(*store, "C") == "a ");
}

// Each writer adds pairs in one write; a restore between the two of a pair would leave half of one.
TEST_CASE("writers and readers at the same time see whole writes and whole images only") {
  TemporaryStore store;
  create_class(*store, "C", {kNumber});
  insert(*store, "C", "base");
  const auto image = image_of(*store);
  std::atomic<bool> over = false;
  std::atomic<int> torn = 0, failures = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; !over; ++i) {
        const std::string id = std::to_string(t) + "-" + std::to_string(i);
        try {
          store->write([&](Transaction& transaction) {
            insert(transaction, "C", id + "x", {{"n", i}});
            insert(transaction, "C", id + "y", {{"n", i}});
          });
          if (count(*store, "C") % 2 != 1) ++torn;
        } catch (const std::exception&) {
          ++failures;
        }
      }
    });
  }
  for (int i = 0; i < 100; ++i) restore(*store, *image);
  over = true;
  for (std::thread& thread : threads) thread.join();
  CHECK(torn == 0);
  CHECK(failures == 0);
  restore(*store, *image);
  CHECK(ids(*store, "C") == "base ");
}

// Readers map the file into memory, which must not become shorter under them.
TEST_CASE("readers stand a database that shrinks to a fraction") {
  TemporaryStore store;
  create_class(*store, "C", {kNumber, field("text", FieldType::String)});
  insert(*store, "C", "base");
  const auto image = image_of(*store);
  constexpr int kRows = 2'000;
  std::atomic<bool> over = false;
  std::atomic<int> odd = 0, reads = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 3; ++t) {
    threads.emplace_back([&] {
      while (!over) {
        std::int64_t rows = 0;
        store->read([&](Reads& seen) {
          const ClassSchema& of = *seen.schema().find("C");
          seen.scan(of, all_fields(of), 0, 2 * kRows, [&](const Row&) { ++rows; });
        });
        ++reads;
        if (rows != 1 && rows != 1 + kRows) ++odd;
      }
    });
  }
  for (int round = 0; round < 20; ++round) {
    store->write([&](Transaction& transaction) {
      for (int i = 0; i < kRows; ++i) insert(transaction, "C", std::to_string(i), {{"text", std::string(500, 'x')}});
    });
    restore(*store, *image);
  }
  over = true;
  for (std::thread& thread : threads) thread.join();
  CHECK(odd == 0);
  CHECK(reads > 0);
  CHECK(count(*store, "C") == 1);
}

TEST_CASE("going back again and again leaves the files as large as they were") {
  TemporaryStore store;
  create_class(*store, "C", {kNumber});
  store->write([](Transaction& transaction) {
    for (int i = 0; i < 5'000; ++i) insert(transaction, "C", std::to_string(i), {{"n", i}});
  });
  const auto image = image_of(*store);
  const auto bytes_after = [&](int restores) {
    for (int i = 0; i < restores; ++i) restore(*store, *image);
    return std::filesystem::file_size(store.path()) + store.log_bytes();
  };
  const auto limit = 6 * image->bytes();  // the file, and a log of a few images where the checkpointer was in the way
  CHECK(bytes_after(20) < limit);
  CHECK(bytes_after(400) < limit);
  CHECK(count(*store, "C") == 5'000);
}

}  // namespace
}  // namespace parsimony
