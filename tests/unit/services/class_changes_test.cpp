// Definitions against a database that differs, indexes that are asked for, and what deletions reach.
#include <catch2/catch.hpp>

#include "common/error.h"
#include "services/builtin_classes.h"
#include "services/definitions.h"
#include "services/index_definitions.h"
#include "services/objects/object_removal.h"
#include "unit/services/transfer_support.h"

namespace parsimony {
namespace {

void define(Store& store, const char* text, const DefinitionOptions& options = {}) {
  store.write([&](Transaction& transaction) { apply_definitions(transaction, parse_definitions(text), options); });
}

constexpr const char* kNow = "2020-01-01T00:00:00.000Z";

void insert(Store& store, const std::string& class_name, const std::string& id, const std::string& parent = {}) {
  store.write([&](Transaction& transaction) {
    const ClassSchema& of = *transaction.schema().find(class_name);
    FieldValues values = {{of.find("objectId"), id}, {of.find("createdAt"), kNow}, {of.find("updatedAt"), kNow}};
    if (!parent.empty()) values.push_back({of.find("parent"), encode_pointer(class_name, parent)});
    transaction.insert(of, values);
  });
}

void remove(Store& store, const std::string& class_name, const std::string& id) {
  store.write([&](Transaction& transaction) { ObjectRemoval(transaction).remove(*transaction.schema().find(class_name), id); });
}

}  // namespace

TEST_CASE("a database that differs from its definitions is changed or refused as the options say") {
  TestDatabase database;
  define(database.store(), R"([{"className":"A","fields":{"text":{"type":"String"},"extra":{"type":"Date"}}}])");
  constexpr const char* kOther = R"([{"className":"A","fields":{"text":{"type":"Number"}}}])";
  CHECK_THROWS_WITH(define(database.store(), kOther, {.strict = true}),
                    Catch::Contains("A.text is defined as Number") && Catch::Contains("A.extra is in the database"));
  define(database.store(), kOther);
  CHECK(database.find_class("A")->find("text")->spec.type == FieldType::String);
  define(database.store(), kOther, {.delete_extra_fields = true, .recreate_modified_fields = true});
  CHECK(database.find_class("A")->find("text")->spec.type == FieldType::Number);
  CHECK(database.find_class("A")->find("extra") == nullptr);
  define(database.store(), kOther, {.strict = true});
}

TEST_CASE("indexes of a definition are the whole list; a definition without any leaves them") {
  TestDatabase database;
  const auto names = [&] {
    std::vector<std::string> found;
    for (const auto& [name, index] : database.find_class("A")->indexes.items()) found.push_back(name);
    return found;
  };
  define(database.store(), R"({"className":"A","fields":{"n":{"type":"Number"}},"indexes":{"x":{"n":1},"y":{"n":-1}}})");
  define(database.store(), R"({"className":"A","fields":{"n":{"type":"Number"}}})");
  CHECK(names() == std::vector<std::string>{"x", "y", "_id_"});
  define(database.store(), R"({"className":"A","fields":{"n":{"type":"Number"}},"indexes":{"y":{"n":1}}})");
  CHECK(names() == std::vector<std::string>{"y", "_id_"});
}

TEST_CASE("a request for indexes is held against the class") {
  ClassSchema of("A", base_fields());
  CHECK(indexes_after(of, Json::object()).is_null());
  of.indexes = indexes_after(of, {{"x", {{"createdAt", 1}}}});
  CHECK(of.indexes == Json{{"x", {{"createdAt", 1}}}, {"_id_", {{"_id", 1}}}});
  CHECK_THROWS_WITH(indexes_after(of, {{"x", {{"createdAt", 1}}}}), "Index x exists, cannot update.");
  CHECK_THROWS_WITH(indexes_after(of, {{"y", {{"nope", 1}}}}), "Field nope does not exist, cannot add index.");
  CHECK_THROWS_WITH(indexes_after(of, {{"y", {{"__op", "Delete"}}}}), "Index y does not exist, cannot delete.");
  CHECK_THROWS_WITH(indexes_after(of, {{"_id_", {{"__op", "Delete"}}}}), "Index _id_ cannot be deleted.");
}

TEST_CASE("the classes of Parse are made once, with their columns") {
  TestDatabase database;
  ensure_builtin_classes(database.store());
  const auto version = database.store().schema()->version;
  ensure_builtin_classes(database.store());
  CHECK(database.store().schema()->version == version);
  REQUIRE(database.find_class("_Role"));
  CHECK(database.find_class("_Role")->find("users")->spec == FieldSpec{FieldType::Relation, "_User"});
  CHECK(database.find_class("_Session") == nullptr);
  CHECK(is_default_field("_Session", "sessionToken"));
  CHECK_FALSE(is_default_field("Product", "sessionToken"));
  CHECK(is_internal_class("_Hooks"));
  CHECK_FALSE(is_internal_class("_User"));
}

TEST_CASE("a deletion goes on as the fields say, within limits") {
  TestDatabase database;
  const auto define_tree = [&](const std::string& action) {
    define(database.store(),
           (R"({"className":"Tree","fields":{"parent":{"type":"Pointer","targetClass":"Tree","onDelete":")" + action + R"("}}})").c_str());
  };
  define_tree("cascade");
  insert(database.store(), "Tree", "0");
  for (int i = 1; i <= kMaxCascadeDepth + 1; ++i) insert(database.store(), "Tree", std::to_string(i), std::to_string(i - 1));
  const std::size_t all = database.count("Tree");
  CHECK_THROWS_WITH(remove(database.store(), "Tree", "0"), Catch::Contains("reaches more than"));
  CHECK(database.count("Tree") == all);

  define_tree("restrict");
  CHECK_THROWS_WITH(remove(database.store(), "Tree", "5"), Catch::Contains("Tree.parent"));
  define_tree("clear");
  remove(database.store(), "Tree", "5");
  CHECK(database.count("Tree") == all - 1);
  CHECK_THAT(database.object("Tree", "6"), !Catch::Contains("parent"));
  define_tree("cascade");
  remove(database.store(), "Tree", "6");
  CHECK(database.count("Tree") == 5);
}

}  // namespace parsimony
