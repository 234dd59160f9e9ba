// Makes the condition of a WHERE from a filter.
#pragma once
#include "query/filter.h"
#include "storage/sql/statement.h"
#include "types/class_schema.h"

namespace parsimony {

// Appends a condition that is true for exactly the rows of `of` that the filter matches; it may be NULL for others, so put no NOT
// before it. A field that the class does not have counts as unset in every row. Throws 102 for a regular expression that is none.
//
// `open` is what the engine's parser holds on its stack before the condition: how deep it lies in other parts of the statement.
// Throws 102 where the filter is nested deeper than the engine can read.
//
// Uses these functions, which the engine's room supplies (storage/sqlite/functions.h):
//   parse_matches(json, spec)        value_matches() of query/value_matcher.h; `spec` is made by matcher_spec()
//   parse_regex(text, spec)          Regex::matches()
//   parse_text(text, spec)           whether the text holds the words of a Text constraint, by the words of the full-text indexes
//   parse_text_score(text, spec)     how well it does
//   parse_geo(lat, lon, spec)        GeoArea::contains()
//   parse_permits(principals, spec)  whether two JSON arrays of strings share a member
void compile_filter(const Filter& filter, const ClassSchema& of, const SchemaSnapshot& classes, SqlStatement& out, int open = 0);

// The second argument of parse_matches and parse_regex: {"way":[...],"comparison":n,"operand":...,"options":"..."}.
std::string matcher_spec(const Constraint& constraint);

}  // namespace parsimony
