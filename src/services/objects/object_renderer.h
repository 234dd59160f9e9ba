// Turns rows into the text of objects, following includes.
//
// Rows are written straight into text, one SELECT a class and include level. Where an included object takes the place of a pointer
// the text has a hole, which is filled when the objects of the next level are there.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "access/caller.h"
#include "query/find_options.h"
#include "services/settings.h"
#include "storage/store.h"

namespace parsimony {

// An answer beyond this is refused with 102; a client asks for less at a time.
inline constexpr std::size_t kMaxAnswerBytes = 256 * 1024 * 1024;

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
  // Included objects by class name and id.
  using Included = std::map<std::string, std::map<std::string, std::string>>;

  Texts render_level(const Level& level, const Select& select);
  void append_row(Texts& out, const Level& level, const RowLayout& layout, const Row& row) const;
  std::map<std::string, Included> fetch_holes(const Level& level, const std::vector<Hole>& holes);
  void fetch_class(const std::string& class_name, std::vector<std::string> ids, const IncludeTree& include, Included& into);
  void require_space(std::size_t bytes);

  Reads& reads_;
  const Caller& caller_;
  const ServiceSettings& settings_;
  std::size_t bytes_ = 0;  // of all levels so far
};

}  // namespace parsimony
