// Hearing of the changed rows of a class.
#include <atomic>
#include <stdexcept>
#include <thread>

#include "unit/storage/test_store.h"

namespace parsimony {
namespace {

const Field kNumber = field("n", FieldType::Number);

// What was told of one class, in words.
class Told {
 public:
  Told(Store& store, const std::string& class_name)
      : handle_(store.watch(class_name, [this](const ClassChange& change) {
          for (const std::string& id : change.object_ids) text_ += id + " ";
          if (change.all) text_ += "all ";
        })) {}
  // Since the last time. Commits are told before their writes are answered.
  std::string take() { return std::exchange(text_, {}); }
  void stop() { handle_.reset(); }

 private:
  std::string text_;
  std::shared_ptr<void> handle_;
};

TEST_CASE("each commit tells which rows of a watched class it made, changed or removed") {
  TemporaryStore store;
  create_class(*store, "C", {kNumber});
  create_class(*store, "Other", {kNumber});
  insert(*store, "C", "before");
  Told told(*store, "C");
  CHECK(told.take().empty());
  insert(*store, "C", "a");
  CHECK(told.take() == "a ");
  insert(*store, "Other", "b");
  CHECK(told.take().empty());
  store->write([](Transaction& transaction) {
    const ClassSchema& of = *transaction.schema().find("C");
    transaction.update(of, "a", {{of.find("n"), 1}});
    transaction.remove(of, "before");
    insert(transaction, "C", "c");
  });
  CHECK(told.take() == "a before c ");
  store->write([](Transaction& transaction) { transaction.remove_all(*transaction.schema().find("C")); });
  CHECK(told.take() == "all ");
  store->write([](Transaction& transaction) { transaction.drop_class("C"); });
  CHECK(told.take() == "all ");
}

TEST_CASE("a write that is undone tells nothing, the others of its group do") {
  TemporaryStore store;
  create_class(*store, "C", {kNumber});
  Told told(*store, "C");
  store->write_each({[](Transaction& transaction) { insert(transaction, "C", "a"); },
                     [](Transaction& transaction) {
                       insert(transaction, "C", "b");
                       throw std::runtime_error("undone");
                     },
                     [](Transaction& transaction) { insert(transaction, "C", "c"); }});
  CHECK(told.take() == "a c ");
}

TEST_CASE("who stops listening hears no more, others do") {
  TemporaryStore store;
  create_class(*store, "C", {kNumber});
  Told first(*store, "C"), second(*store, "C");
  insert(*store, "C", "a");
  CHECK(first.take() == "a ");
  first.stop();
  insert(*store, "C", "b");
  CHECK(first.take().empty());
  CHECK(second.take() == "a b ");
}

TEST_CASE("what a read behind the beginning of a watch does not see is told") {
  TemporaryStore store;
  create_class(*store, "C", {kNumber});
  for (int round = 0; round < 20; ++round) {
    std::atomic<int> heard = 0;
    std::thread writer([&] {
      for (int i = 0; i < 20; ++i) insert(*store, "C", std::to_string(round) + "-" + std::to_string(i));
    });
    const auto handle = store->watch("C", [&](const ClassChange& change) { heard += static_cast<int>(change.object_ids.size()); });
    const std::int64_t seen = count(*store, "C") - round * 20;
    writer.join();
    CHECK(seen + heard >= 20);
  }
}

}  // namespace
}  // namespace parsimony
