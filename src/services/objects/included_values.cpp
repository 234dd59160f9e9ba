#include "services/objects/included_values.h"

#include "common/error.h"

namespace parsimony {
namespace {

class IncludedWriter {
 public:
  IncludedWriter(std::string& out, const IncludedByNode& included, std::size_t max_size)
      : out_(out), included_(included), max_size_(max_size) {}

  void append(const Json& value, const IncludeTree& node) {
    if (value.is_array()) return append_list(value, node);
    if (const auto pointer = decode_pointer(value)) return append_text(*object_of(*pointer, node));
    if (value.is_object() && !node.empty()) return append_members(value, node);
    append_json(out_, value);
  }

 private:
  const std::string* object_of(const Pointer& pointer, const IncludeTree& node) const {
    const auto at_node = included_.find(&node);
    return at_node == included_.end() ? nullptr : text_of(at_node->second, pointer);
  }

  bool leads_nowhere(const Json& value, const IncludeTree& node) const {
    const auto pointer = decode_pointer(value);
    return pointer && !object_of(*pointer, node);
  }

  void append_text(const std::string& text) {
    out_ += text;
    if (out_.size() > max_size_) refuse_answer_size();
  }

  void append_list(const Json& list, const IncludeTree& node) {
    out_ += '[';
    for (const Json& element : list) {
      if (leads_nowhere(element, node)) continue;
      if (out_.back() != '[') out_ += ',';
      append(element, node);
    }
    out_ += ']';
  }

  void append_members(const Json& object, const IncludeTree& node) {
    out_ += '{';
    for (const auto& [name, member] : object.get_ref<const Json::object_t&>()) {
      const auto child = node.children.find(name);
      const bool is_followed = child != node.children.end();
      if (is_followed && leads_nowhere(member, child->second)) continue;
      if (out_.back() != '{') out_ += ',';
      append_json_string(out_, name);
      out_ += ':';
      is_followed ? append(member, child->second) : append_json(out_, member);
    }
    out_ += '}';
  }

  std::string& out_;
  const IncludedByNode& included_;
  std::size_t max_size_;
};

}  // namespace

const std::string* text_of(const IncludedTexts& included, const Pointer& pointer) {
  const auto of_class = included.find(pointer.class_name);
  if (of_class == included.end()) return nullptr;
  const auto found = of_class->second.find(pointer.object_id);
  return found == of_class->second.end() ? nullptr : &found->second;
}

void visit_pointers(const Json& value, const IncludeTree& node, const PointerVisitor& visit) {
  if (value.is_array()) {
    for (const Json& element : value) visit_pointers(element, node, visit);
  } else if (const auto pointer = decode_pointer(value)) {
    visit(*pointer, node);
  } else if (value.is_object() && !node.empty()) {
    for (const auto& [name, member] : value.get_ref<const Json::object_t&>()) {
      const auto child = node.children.find(name);
      if (child != node.children.end()) visit_pointers(member, child->second, visit);
    }
  }
}

void append_included(std::string& out, const Json& value, const IncludeTree& node, const IncludedByNode& included, std::size_t max_size) {
  IncludedWriter(out, included, max_size).append(value, node);
}

void refuse_answer_size() {
  throw Error(error_code::kInvalidQuery,
              "The answer is larger than " + std::to_string(kMaxAnswerBytes / 1024 / 1024) + " MB; ask for less with limit or keys");
}

}  // namespace parsimony
