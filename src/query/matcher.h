// Evaluates a filter on one object in memory, with the meaning that storage/sql gives it on the rows of a class.
//
// tests/unit/shared/filter_cases.json and random trees hold the two to the same answers. Limits of the engine (how deep a statement
// may nest, how long a list of fractions or points may be) are not those of the matcher.
#pragma once
#include <functional>
#include <map>

#include "query/filter.h"
#include "query/regex.h"
#include "types/class_schema.h"

namespace parsimony {

// Immutable: may be used by several threads at once, if `elsewhere` may.
class Matcher {
 public:
  // Decides what the object itself does not tell: $relatedTo, sub-queries, members of a Relation field, the words of a String field
  // ($text). Gets that part of the filter alone, never within a NoneOf or another group, and the object as matches() got it.
  using Elsewhere = std::function<bool(const Filter& part, const Json& object)>;

  // Throws 102 for a regular expression that is none.
  explicit Matcher(Filter filter, Elsewhere elsewhere = nullptr);
  Matcher(const Matcher&) = delete;
  Matcher& operator=(const Matcher&) = delete;

  // Whether the filter can be evaluated on objects of the class. Throws 102 when a part of it needs `elsewhere` and there is none, as
  // LiveQuery must refuse it; 107 for a $relativeTime on a field that is no Date.
  void require_decidable(const ClassSchema& of) const;

  // `object` is in Parse's JSON encoding with all of its set fields, its ACL among them; `createdAt` and `updatedAt` may be bare texts.
  // `of` is its class as it is now: a field that the class does not have counts as unset, whatever the object holds.
  // Throws as require_decidable() when it comes to such a part, and 102 when a regular expression gives up: its steps are counted
  // against the RegexBudget that the caller has opened, or for each match alone where there is none.
  bool matches(const Json& object, const ClassSchema& of) const;

 private:
  void prepare(const Filter& filter);
  void require_decidable(const Filter& filter, const ClassSchema& of) const;
  bool matches(const Filter& filter, const Json& object, const ClassSchema& of) const;
  bool meets(const Filter& part, const Constraint& constraint, const Json& object, const ClassSchema& of) const;
  bool ask_elsewhere(const Filter& part, const Json& object) const;

  const Filter filter_;
  const Elsewhere elsewhere_;
  std::map<const Constraint*, const Regex> regexes_;  // of the constraints within filter_
};

}  // namespace parsimony
