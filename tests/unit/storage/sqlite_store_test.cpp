// Writes in groups, what readers see of them, and what becomes of a write when the disk is full.
#include <sys/mount.h>

#include <atomic>
#include <chrono>
#include <stdexcept>
#include <thread>

#include "common/error.h"
#include "unit/storage/test_store.h"

namespace parsimony {
namespace {

const Field kNumber = field("n", FieldType::Number);

std::string text_of(const std::exception_ptr& error) {
  if (!error) return "done";
  try {
    std::rethrow_exception(error);
  } catch (const std::exception& thrown) {
    return thrown.what();
  }
}

TEST_CASE("many threads write at once; each error undoes its own write, and an answered write is seen at once") {
  TemporaryStore store;
  create_class(*store, "C", {kNumber});
  constexpr int kThreads = 8, kWrites = 50;
  std::atomic<int> failures = 0, unseen = 0, refused = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kWrites; ++i) {
        const std::string id = std::to_string(t) + "-" + std::to_string(i);
        const bool fails = i % 3 == 2;
        try {
          store->write([&](Transaction& transaction) {
            insert(transaction, "C", id, {{"n", i}});
            if (fails) throw Error(error_code::kValidationError, id);
          });
        } catch (const Error& error) {
          ++refused;
          if (!fails || error.message() != id) ++failures;
        }
        const std::int64_t expected = fails ? 0 : 1;
        if (count(*store, "C", equals("objectId", id)) != expected) ++unseen;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(failures == 0);
  CHECK(unseen == 0);
  CHECK(refused == kThreads * (kWrites / 3));
  CHECK(count(*store, "C") == kThreads * (kWrites - kWrites / 3));
  store.reopen();
  CHECK(count(*store, "C") == kThreads * (kWrites - kWrites / 3));
}

TEST_CASE("write_each says what became of each, in order, and undoes those that failed") {
  TemporaryStore store;
  create_class(*store, "C", {kNumber});
  const auto add = [](const char* id) {
    return [id](Transaction& t) { insert(t, "C", id, {{"n", t.count(*t.schema().find("C"), Filter{})}}); };
  };
  const auto outcomes = store->write_each({
      add("a"),
      [](Transaction& t) {
        insert(t, "C", "lost");
        throw std::runtime_error("no");
      },
      add("b"),
      add("a"),
      [](Transaction&) { throw 5; },
      add("c"),
  });
  REQUIRE(outcomes.size() == 6);
  CHECK(text_of(outcomes[0]) == "done");
  CHECK(text_of(outcomes[1]) == "no");
  CHECK(text_of(outcomes[2]) == "done");
  CHECK(text_of(outcomes[3]) == "A duplicate value for a field with unique values was provided");
  CHECK_THROWS_AS(std::rethrow_exception(outcomes[4]), int);
  CHECK(text_of(outcomes[5]) == "done");
  CHECK(ids(*store, "C", {}, {SortKey{{"n", {}}, false}}) == "a b c ");
  CHECK(store->write_each({}).empty());
}

TEST_CASE("a change of classes is seen after its commit, by the writes behind it before, and never when it was undone") {
  TemporaryStore store;
  create_class(*store, "C", {kNumber});
  const auto before = store->schema();
  const auto outcomes = store->write_each({
      [](Transaction& t) {
        const ClassSchema& old = *t.schema().find("C");
        const ClassSchema& now = t.add_field(old, field("lost", FieldType::String));
        CHECK(now.find("lost") != nullptr);
        CHECK(old.find("lost") == nullptr);  // stays valid until the closure ends
        t.create_class(ClassSchema("Lost", base_fields()));
        throw std::runtime_error("no");
      },
      [](Transaction& t) {
        CHECK(t.schema().find("C")->find("lost") == nullptr);
        CHECK(t.schema().find("Lost") == nullptr);
        t.add_field(*t.schema().find("C"), field("kept", FieldType::Boolean));
      },
      [](Transaction& t) {
        insert(t, "C", "x", {{"kept", true}});
      },
  });
  CHECK(text_of(outcomes[0]) == "no");
  CHECK(text_of(outcomes[1]) == "done");
  CHECK(text_of(outcomes[2]) == "done");
  const auto after = store->schema();
  CHECK(before->find("C")->find("kept") == nullptr);
  CHECK(after->find("C")->find("kept") != nullptr);
  CHECK(after->find("C")->find("lost") == nullptr);
  CHECK(after->version == before->version + 1);
  CHECK(ids(*store, "C", equals("kept", true)) == "x ");
  store.reopen();
  CHECK(store->schema()->version == after->version);
  CHECK(store->schema()->find("Lost") == nullptr);
}

TEST_CASE("an update, a removal and a note") {
  TemporaryStore store;
  create_class(*store, "C", {kNumber});
  insert(*store, "C", "x", {{"n", 1}});
  store->write([](Transaction& t) {
    const ClassSchema& of = *t.schema().find("C");
    CHECK(t.update(of, "x", {{of.find("n"), 2}}));
    CHECK_FALSE(t.update(of, "y", {{of.find("n"), 2}}));
    CHECK_FALSE(t.remove(of, "y"));
    CHECK(ids(t, "C", equals("n", 2)) == "x ");
    CHECK_FALSE(t.note("word").has_value());
    t.set_note("word", "one");
    t.set_note("word", "two");
  });
  store.reopen();
  store->read([](Reads& reads) { CHECK(reads.note("word") == "two"); });
  store->write([](Transaction& t) { CHECK(t.remove(*t.schema().find("C"), "x")); });
  CHECK(count(*store, "C") == 0);
}

TEST_CASE("readers see classes and rows of one moment while fields come and go") {
  TemporaryStore store;
  create_class(*store, "C", {kNumber});
  for (int i = 0; i < 20; ++i) insert(*store, "C", std::to_string(i), {{"n", i}});
  std::atomic<bool> ending = false;
  std::atomic<int> reads_done = 0, wrong = 0;
  std::vector<std::thread> readers;
  for (int t = 0; t < 4; ++t) {
    readers.emplace_back([&] {
      while (!ending) {
        try {
          store->read([&](Reads& reads) {
            const ClassSchema& of = *reads.schema().find("C");
            const RowLayout layout(all_fields(of));
            const Filter everything;
            int rows = 0;
            reads.find(Select{&of, layout.fields(), &everything, {}, std::nullopt, 0}, [&](const Row& row) {
              ++rows;
              const Json object = decode_object(layout, row, {});
              // The writer fills the new field of all rows in the transaction that makes it.
              if ((of.find("extra") != nullptr) != (find_member(object, "extra") != nullptr)) ++wrong;
            });
            if (rows != 20) ++wrong;
          });
        } catch (const std::exception&) {
          ++wrong;
        }
        ++reads_done;
      }
    });
  }
  for (int round = 0; round < 40 || reads_done < 100; ++round) {
    const FieldType type = round % 2 == 0 ? FieldType::String : FieldType::Pointer;
    const Json value = round % 2 == 0 ? Json("text") : encode_pointer("C", "1");
    store->write([&](Transaction& t) {
      const ClassSchema& of = t.add_field(*t.schema().find("C"), field("extra", type, type == FieldType::Pointer ? "C" : ""));
      for (int i = 0; i < 20; ++i) t.update(of, std::to_string(i), {{of.find("extra"), value}});
    });
    store->write([](Transaction& t) { t.drop_field(*t.schema().find("C"), "extra"); });
  }
  ending = true;
  for (std::thread& reader : readers) reader.join();
  CHECK(wrong == 0);
}

TEST_CASE("a read sees nothing of what is written after it began") {
  TemporaryStore store;
  create_class(*store, "C", {kNumber});
  store->read([&](Reads& reads) {
    CHECK(ids(reads, "C").empty());
    insert(*store, "C", "x");
    store->write([](Transaction& t) { t.add_field(*t.schema().find("C"), field("later", FieldType::String)); });
    CHECK(ids(reads, "C").empty());
    CHECK(reads.schema().find("C")->find("later") == nullptr);
  });
  CHECK(ids(*store, "C") == "x ");
}

TEST_CASE("a read that takes too long ends with 124, and the connection is good for the next") {
  TemporaryStore store;
  create_class(*store, "C", {kNumber, field("s", FieldType::String)});
  for (int i = 0; i < 50; ++i) insert(*store, "C", std::to_string(i), {{"s", std::string(1000, 'a')}});
  const auto start = std::chrono::steady_clock::now();
  try {
    store->read([&](Reads& reads) {
      for (;;)
        reads.count(*reads.schema().find("C"),
                    Filter{AnyOf{{equals("n", 1), Filter{Constraint{{"s", {}}, Comparison::Regex, "a*b", {}}}}}});
    });
    FAIL("the read did not end");
  } catch (const Error& error) {
    CHECK(error.code() == error_code::kTimeout);
  }
  const auto taken = std::chrono::steady_clock::now() - start;
  CHECK(taken > std::chrono::milliseconds(4900));
  CHECK(taken < std::chrono::milliseconds(8000));
  CHECK(count(*store, "C") == 50);
}

TEST_CASE("a log of more than 64 MB is emptied") {
  TemporaryStore store;
  create_class(*store, "C", {field("s", FieldType::String)});
  const std::string megabyte(1024 * 1024, 'x');
  store->write([&](Transaction& t) {
    for (int i = 0; i < 70; ++i) insert(t, "C", std::to_string(i), {{"s", megabyte}});
  });
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (store.log_bytes() > 1024 * 1024 && std::chrono::steady_clock::now() < end) {
    CHECK(count(*store, "C") == 70);  // readers go on meanwhile
  }
  CHECK(store.log_bytes() <= 1024 * 1024);
  CHECK(std::filesystem::file_size(store.path()) > 70 * megabyte.size());
  insert(*store, "C", "more");
  CHECK(count(*store, "C") == 71);
}

// A file system of a few megabytes; only root may make one.
class SmallDisk {
 public:
  SmallDisk() {
    std::string name = (std::filesystem::temp_directory_path() / "parsimony-disk-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path_ = name;
    mounted_ = ::mount("tmpfs", path_.c_str(), "tmpfs", 0, "size=6m") == 0;
  }
  ~SmallDisk() {
    if (mounted_) ::umount2(path_.c_str(), MNT_DETACH);
    std::filesystem::remove_all(path_);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

  bool is_mounted() const { return mounted_; }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
  bool mounted_ = false;
};

TEST_CASE("on a full disk every write of the group is answered with an error, and no answered write is lost") {
  const SmallDisk disk;
  if (!disk.is_mounted()) {
    WARN("skipped: making a small file system needs root");
    return;
  }
  TemporaryStore store(disk.path());
  create_class(*store, "C", {field("s", FieldType::String)});
  const std::string large(200 * 1024, 'x');
  std::string stored;
  int refused = 0;
  for (int i = 0; i < 60 && refused < 3; ++i) {
    const std::string id = std::to_string(100 + i);
    const std::string field_name = "late" + id;
    const auto outcomes = store->write_each({
        [&](Transaction& t) { insert(t, "C", id); },
        [&](Transaction& t) {
          insert(t, "C", id + "-large", {{"s", large}});
        },
        [&](Transaction& t) { t.add_field(*t.schema().find("C"), field(field_name, FieldType::String)); },
    });
    REQUIRE(outcomes.size() == 3);
    const bool is_stored = !outcomes[0];
    // The disk may be full at the commit or within a closure; either way the transaction is gone for all.
    CHECK(!outcomes[1] == is_stored);
    CHECK(!outcomes[2] == is_stored);
    CHECK((store->schema()->find("C")->find(field_name) != nullptr) == is_stored);
    if (is_stored) {
      stored += id + " " + id + "-large ";
    } else {
      ++refused;
      CHECK_THROWS_AS(std::rethrow_exception(outcomes[0]), std::runtime_error);
    }
  }
  CHECK(refused == 3);
  CHECK_FALSE(stored.empty());
  CHECK(ids(*store, "C") == stored);
  store.reopen();
  CHECK(ids(*store, "C") == stored);
}

TEST_CASE("a disk that fills within a write: whoever is told that it was stored finds it, and nobody else") {
  const SmallDisk disk;
  if (!disk.is_mounted()) {
    WARN("skipped: making a small file system needs root");
    return;
  }
  TemporaryStore store(disk.path());
  create_class(*store, "C", {field("s", FieldType::String)});
  const std::string large(1024 * 1024, 'x');
  const auto outcomes = store->write_each({
      [&](Transaction& t) { insert(t, "C", "before"); },
      [&](Transaction& t) {
        for (int i = 0; i < 20; ++i) insert(t, "C", "large" + std::to_string(i), {{"s", large}});
      },
      [&](Transaction& t) { insert(t, "C", "behind"); },
  });
  CHECK(outcomes[1]);
  const std::string expected = (outcomes[0] ? "" : "before ") + std::string(outcomes[2] ? "" : "behind ");
  CHECK(ids(*store, "C") == expected);
  insert(*store, "C", "later");
  store.reopen();
  CHECK(ids(*store, "C") == expected + "later ");
}

}  // namespace
}  // namespace parsimony
