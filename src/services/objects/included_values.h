// Values of a field that is included: where the pointers in them are, and their text with the objects in the pointers' places.
#pragma once
#include <functional>
#include <map>
#include <string>

#include "query/find_options.h"
#include "types/json.h"
#include "types/pointer.h"

namespace parsimony {

// The text of included objects by class name and id.
using IncludedTexts = std::map<std::string, std::map<std::string, std::string>>;
// For each node of an include tree the objects to which the pointers at that node lead. Borrows the tree.
using IncludedByNode = std::map<const IncludeTree*, IncludedTexts>;

// The object's text; null where the pointer leads nowhere that the caller may see.
const std::string* text_of(const IncludedTexts& included, const Pointer& pointer);

// Each pointer in `value`, itself one or a list or an object that holds some where `node` leads, with the node that it stands at.
using PointerVisitor = std::function<void(const Pointer& pointer, const IncludeTree& node)>;
void visit_pointers(const Json& value, const IncludeTree& node, const PointerVisitor& visit);

// Appends `value` with the objects in place of those pointers; those that lead nowhere are left out, as Parse does. One pointer may
// stand in a list many times: throws 102 when `out` grows beyond `max_size`.
void append_included(std::string& out, const Json& value, const IncludeTree& node, const IncludedByNode& included, std::size_t max_size);

// An answer beyond this is refused with 102; a client asks for less at a time.
inline constexpr std::size_t kMaxAnswerBytes = 256 * 1024 * 1024;
[[noreturn]] void refuse_answer_size();

}  // namespace parsimony
