// Turns rows into the text of objects, following includes.
//
// Rows are written straight into text, one SELECT a class and include level. Where an included object takes the place of a pointer
// the text has a hole, which is filled when the objects of the next level are there.
//
// A field that is protected from the caller in every row is not read; one that only some rows hide is dropped from those.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "access/caller.h"
#include "access/protected_fields.h"
#include "query/find_options.h"
#include "services/objects/included_values.h"
#include "services/settings.h"
#include "storage/store.h"

namespace parsimony {

// The text of some objects, separated by commas.
struct RenderedObjects {
  std::string text;
  std::int64_t count = 0;
};

class ObjectRenderer {
 public:
  ObjectRenderer(Reads& reads, const Caller& caller, const ServiceSettings& settings)
      : reads_(reads), caller_(caller), settings_(settings) {}

  // `where` holds the access rules already; order, limit and skip are those of `options`. With `score`, a search for words, each
  // object also tells how well it answers it.
  RenderedObjects render(const ClassSchema& of, const Filter& where, const FindOptions& options, const Constraint* score = nullptr);

 private:
  struct Level;
  struct Hole;
  struct Texts;

  Level level_of(const ClassSchema& of, const FieldSelection& selection, const IncludeTree* include, std::string prefix) const;
  HiddenFields::RowKind kind_of(const Level& level, const RowLayout& layout, const Row& row) const;
  Texts render_level(const Level& level, const Select& select);
  void append_row(Texts& out, const Level& level, const RowLayout& layout, const Row& row) const;
  IncludedByNode fetch_holes(const Level& level, const std::vector<Hole>& holes);
  void fetch_class(const std::string& class_name, std::vector<std::string> ids, const IncludeTree& include, IncludedTexts& into);
  void require_space(std::size_t bytes);

  Reads& reads_;
  const Caller& caller_;
  const ServiceSettings& settings_;
  std::size_t bytes_ = 0;  // of all levels so far
};

}  // namespace parsimony
