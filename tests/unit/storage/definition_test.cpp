// Physical names, and classes and fields that come and go.
#include "storage/sql/definition.h"

#include "common/error.h"
#include "unit/storage/test_store.h"

namespace parsimony {
namespace {

ClassSchema named(const std::string& name, const std::vector<Field>& own, const SchemaSnapshot& beside = {}) {
  std::vector<Field> fields = base_fields();
  fields.insert(fields.end(), own.begin(), own.end());
  return with_physical_names(ClassSchema(name, fields), beside);
}

SchemaSnapshot with(SchemaSnapshot classes, ClassSchema definition) {
  const std::string name = definition.name();
  classes.classes[name] = std::make_shared<const ClassSchema>(std::move(definition));
  return classes;
}

TEST_CASE("names stay as the user wrote them") {
  const ClassSchema product = named("Product", {field("Price", FieldType::Number), field("order", FieldType::String),
                                                field("categories", FieldType::Relation, "Category")});
  CHECK(product.table == "Product");
  CHECK(product.find("Price")->column == "Price");
  CHECK(product.find("order")->column == "order");
  CHECK(product.find("categories")->column == "_Join:categories:Product");
  CHECK(product.find("ACL")->column.empty());
}

TEST_CASE("names that differ only in case get a suffix") {
  SchemaSnapshot classes = with({}, named("Product", {field("tags", FieldType::Relation, "Tag")}));
  const ClassSchema second =
      named("product", {field("tags", FieldType::Relation, "Tag"), field("TAGS", FieldType::Relation, "Tag")}, classes);
  CHECK(second.table == "product$2");
  CHECK(second.find("tags")->column == "_Join:tags:product$2");
  CHECK(second.find("TAGS")->column == "_Join:TAGS:product$3");
  classes = with(classes, second);
  CHECK(named("PRODUCT", {}, classes).table == "PRODUCT$3");

  const ClassSchema fields =
      named("C", {field("a", FieldType::String), field("A", FieldType::Number), field("ObjectId", FieldType::String)});
  CHECK(fields.find("a")->column == "a");
  CHECK(fields.find("A")->column == "A$2");
  CHECK(fields.find("objectId")->column == "objectId");
  CHECK(fields.find("ObjectId")->column == "ObjectId$2");

  std::vector<Field> more = {field("CREATEDAT", FieldType::Date), field("B", FieldType::String), field("b", FieldType::String)};
  choose_physical_names(more, fields, classes);
  CHECK(more[0].column == "CREATEDAT$2");
  CHECK(more[1].column == "B");
  CHECK(more[2].column == "b$2");
}

TEST_CASE("names that the engine keeps for itself get a prefix") {
  CHECK(named("sqlite_master", {}).table == "$2sqlite_master");
  CHECK(named("SQLite_x", {}).table == "$2SQLite_x");
  CHECK(named("json_each", {}).table == "$2json_each");
  const SchemaSnapshot classes = with({}, named("sqlite_x", {}));
  CHECK(named("SQLITE_X", {}, classes).table == "$3SQLITE_X");
}

TEST_CASE("quotes in a name are doubled") { CHECK(quoted_name("a\"; DROP TABLE b; --") == "\"a\"\"; DROP TABLE b; --\""); }

TEST_CASE("classes and fields of every odd name hold data") {
  TemporaryStore store;
  const std::vector<std::string> names = {"rowid",     "oid",  "_rowid_x", "order",    "group", "select", "value", "key",
                                          "json",      "a",    "A",        "ObjectId", "index", "table",  "where", "owningId",
                                          "relatedId", "null", "TRUE",     "seq",      "Rowid", "main",   "temp",  "sqlite_x"};
  std::vector<Field> fields;
  Json object = Json::object();
  for (const std::string& name : names) {
    if (name.starts_with('_')) continue;
    fields.push_back(field(name, FieldType::String));
    object[name] = "the " + name;
  }
  for (const std::string class_name : {"C", "c", "json_each", "Select", "sqlite_sequence", "SQLITE_SEQUENCE", "main", "Group", "rowid"}) {
    INFO(class_name);
    create_class(*store, class_name, fields);
    insert(*store, class_name, "x", object);
    insert(*store, class_name, "y");
    for (const auto& [name, value] : object.items()) {
      INFO(name);
      CHECK(ids(*store, class_name, equals(name, value)) == "x ");
      CHECK(ids(*store, class_name, Filter{Constraint{{name, {}}, Comparison::In, Json::array({value}), {}}}) == "x ");
      CHECK(ids(*store, class_name, {}, {SortKey{{name, {}}, true}}) == "x y ");
    }
  }
  store.reopen();
  CHECK(ids(*store, "c", equals("A", "the A")) == "x ");
}

TEST_CASE("a class comes back from the database as it was defined") {
  TemporaryStore store;
  std::vector<Field> fields = base_fields();
  Field number = field("n", FieldType::Number);
  number.required = true;
  number.default_value = 0;
  fields.push_back(number);
  fields.push_back(field("to", FieldType::Pointer, "Other"));
  ClassSchema definition("C", fields);
  definition.permissions = Json{{"find", {{"*", true}}}};
  store->write([&](Transaction& t) { t.create_class(definition); });
  store.reopen();
  const auto snapshot = store->schema();
  const ClassSchema& read = *snapshot->find("C");
  CHECK(read.table == "C");
  CHECK(read.permissions == definition.permissions);
  REQUIRE(read.fields().size() == 6);
  CHECK(read.find("n")->required);
  CHECK(read.find("n")->default_value == Json(0));
  CHECK_FALSE(read.find("to")->required);
  CHECK(read.find("to")->spec == FieldSpec{FieldType::Pointer, "Other"});
}

TEST_CASE("a dropped field takes its data with it, and its name is free for another type") {
  TemporaryStore store;
  for (const FieldType type : {FieldType::String, FieldType::File, FieldType::GeoPoint, FieldType::Pointer, FieldType::Relation}) {
    INFO(to_text(type));
    const std::string name(to_text(type));
    create_class(*store, name, {field("f", type, "C"), field("kept", FieldType::Number)});
    insert(*store, name, "x", {{"kept", 5}});
    store->write([&](Transaction& t) { t.drop_field(*t.schema().find(name), "f"); });
    CHECK(store->schema()->find(name)->find("f") == nullptr);
    store->write([&](Transaction& t) { t.add_field(*t.schema().find(name), field("f", FieldType::Number)); });
    CHECK(ids(*store, name, equals("f", nullptr)) == "x ");
    CHECK(ids(*store, name, equals("kept", 5)) == "x ");
  }
}

TEST_CASE("a dropped class takes its join tables with it") {
  TemporaryStore store;
  for (int round = 0; round < 2; ++round) {
    create_class(*store, "C", {field("r", FieldType::Relation, "C"), field("p", FieldType::Pointer, "C")});
    store->write([](Transaction& t) {
      const Field& relation = *t.schema().find("C")->find("r");
      CHECK(t.join_rows(relation, {}, 10).empty());
      CHECK(t.add_join_row(relation, "a", "b"));
      CHECK_FALSE(t.add_join_row(relation, "a", "b"));
      CHECK(t.remove_join_row(relation, "a", "b"));
      CHECK_FALSE(t.remove_join_row(relation, "a", "b"));
      t.add_join_row(relation, "a", "b");
    });
    store->write([](Transaction& t) { t.drop_class("C"); });
    CHECK(store->schema()->find("C") == nullptr);
  }
}

TEST_CASE("join rows come by owner, page by page") {
  TemporaryStore store;
  create_class(*store, "C", {field("r", FieldType::Relation, "C")});
  store->write([](Transaction& t) {
    const Field& relation = *t.schema().find("C")->find("r");
    for (const char* owner : {"b", "a"}) {
      for (const char* related : {"2", "1", "3"}) t.add_join_row(relation, owner, related);
    }
  });
  std::string all;
  store->read([&](Reads& reads) {
    const Field& relation = *reads.schema().find("C")->find("r");
    JoinRow after;
    for (auto page = reads.join_rows(relation, after, 2); !page.empty(); page = reads.join_rows(relation, after, 2)) {
      for (const JoinRow& row : page) all += row.owning_id + row.related_id + " ";
      after = page.back();
    }
  });
  CHECK(all == "a1 a2 a3 b1 b2 b3 ");
}

TEST_CASE("a class has as many fields as the services allow") {
  TemporaryStore store;
  std::vector<Field> files;
  for (int i = 0; i < 995; ++i) files.push_back(field("file_" + std::to_string(i), FieldType::File));
  create_class(*store, "C", files);
  store->write([](Transaction& t) { t.add_field(*t.schema().find("C"), field("place", FieldType::GeoPoint)); });
  Json object = Json::object();
  for (const Field& each : files) object[each.name] = Json{{"__type", "File"}, {"name", "f"}, {"url", "u"}};
  insert(*store, "C", "x", object);
  store->read([](Reads& reads) {
    const ClassSchema& of = *reads.schema().find("C");
    const RowLayout layout(all_fields(of));
    const Filter everything;
    int rows = 0;
    reads.find(Select{&of, layout.fields(), &everything, {}, std::nullopt, 0}, [&](const Row& row) {
      CHECK(decode_object(layout, row, {}).size() == 998);
      ++rows;
    });
    CHECK(rows == 1);
  });
}

}  // namespace
}  // namespace parsimony
