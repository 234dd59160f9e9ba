// The SQL functions that aggregation needs and SQLite lacks. JSON is text in Parse's encoding; NULL is unset.
//
//   agg_json(type, extra, columns...)   the JSON of a stored value; `extra` is the class of a pointer or where files are found
//   agg_path(json, way)                 the value at the end of a way (JSON list of names); through lists, a list of values
//   agg_set(json, way, json)            with a value placed there
//   agg_pick(json, ways), agg_without(json, ways)
//   agg_number, agg_text, agg_date      the value as a column holds it, NULL when it is of another type
//   agg_truth(json)                     0 or 1
//   agg_order(json)                     a blob by which values compare: unset, numbers, text, objects, lists, booleans, dates
//   agg_shown(json)                     as text
//   agg_object(name, json, ...), agg_merge(json...), agg_list(json...), agg_join(json...)
//   agg_list_of(json)                   a list as it is, another value as a list of one
//   agg_each(type, value)               JSON of an element that json_each() found
//   agg_in(json, list), agg_size(list), agg_element(list, index), agg_meets(json, json)
//   agg_math(function, number[, number]), agg_date_part(part, date), agg_date_text(format, date), agg_date_ms(date), agg_ms_date(ms)
// Of the rows of a group:
//   agg_first(value, position), agg_last(value, position), agg_push(json, position), agg_add_to_set(json, position),
//   agg_min(json), agg_max(json)
#pragma once
#include <sqlite3.h>

namespace parsimony {

void register_aggregate_functions(sqlite3* database);

}  // namespace parsimony
