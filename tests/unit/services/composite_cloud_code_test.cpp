#include "services/cloud/composite_cloud_code.h"

#include <algorithm>
#include <catch2/catch.hpp>

using namespace parsimony;

namespace {

using Names = std::vector<std::string>;

bool has(const Names& names, std::string_view name) { return std::find(names.begin(), names.end(), name) != names.end(); }

// Answers with its own name.
class TestCode final : public CloudCode {
 public:
  TestCode(std::string name, Names functions, Names triggers)
      : name_(std::move(name)), functions_(std::move(functions)), triggers_(std::move(triggers)) {}

  bool is_empty() const override { return functions_.empty() && triggers_.empty(); }
  bool has_trigger(std::string_view name, std::string_view class_name) const override {
    return has(triggers_, std::string(name) + " " + std::string(class_name));
  }
  bool has_trigger_anywhere(std::string_view name) const override {
    return std::any_of(triggers_.begin(), triggers_.end(), [&](const std::string& each) { return each.starts_with(name); });
  }
  bool has_function(std::string_view name) const override { return has(functions_, name); }
  bool has_job(std::string_view name) const override { return has(functions_, name); }
  Names function_names() const override { return functions_; }
  Names job_names() const override { return functions_; }
  Json run(const CloudCall&) override { return name_; }

 private:
  const std::string name_;
  const Names functions_;
  const Names triggers_;
};

}  // namespace

TEST_CASE("the first code replaces what the second one has under the same name") {
  TestCode first("first", {"a", "b"}, {"beforeSave C"});
  TestCode second("second", {"b", "c"}, {"beforeSave C", "afterSave C"});
  CompositeCloudCode both(first, second);
  const auto answer = [&](CloudKind kind, const char* name, const char* class_name = "") {
    return both.run({kind, name, class_name}).get<std::string>();
  };
  CHECK(answer(CloudKind::Function, "a") == "first");
  CHECK(answer(CloudKind::Function, "b") == "first");
  CHECK(answer(CloudKind::Function, "c") == "second");
  CHECK(answer(CloudKind::Job, "b") == "first");
  CHECK(answer(CloudKind::Job, "c") == "second");
  CHECK(answer(CloudKind::Trigger, "beforeSave", "C") == "first");
  CHECK(answer(CloudKind::Trigger, "afterSave", "C") == "second");
  CHECK(both.function_names() == Names{"a", "b", "c"});
  CHECK(both.job_names() == Names{"a", "b", "c"});
}

TEST_CASE("what either has, both have") {
  TestCode none("none", {}, {});
  TestCode some("some", {"a"}, {"beforeSave C"});
  CHECK(CompositeCloudCode(none, none).is_empty());
  for (const auto& [first, second] : {std::pair(&none, &some), std::pair(&some, &none)}) {
    const CompositeCloudCode both(*first, *second);
    CHECK_FALSE(both.is_empty());
    CHECK(both.has_function("a"));
    CHECK_FALSE(both.has_function("b"));
    CHECK(both.has_job("a"));
    CHECK(both.has_trigger("beforeSave", "C"));
    CHECK_FALSE(both.has_trigger("beforeSave", "D"));
    CHECK(both.has_trigger_anywhere("beforeSave"));
    CHECK_FALSE(both.has_trigger_anywhere("afterSave"));
  }
}
