#include "services/objects/object_renderer.h"

#include <algorithm>
#include <set>

#include "types/pointer.h"

namespace parsimony {

// One class at one depth of the include tree.
struct ObjectRenderer::Level {
  const ClassSchema* of;
  std::vector<const Field*> fields;  // those that are shown, then those that only decide what a row hides
  std::size_t shown;                 // how many of the fields
  const IncludeTree* include;
  std::string prefix;  // of each object: empty, or "__type" and "className" of an included one
  HiddenFields hidden;
  bool has_score = false;
};

// A place in the text where a field with included objects belongs.
struct ObjectRenderer::Hole {
  std::size_t at;
  const Field* field;
  std::string value;  // as stored: an objectId, or the JSON of an array or an object
};

struct ObjectRenderer::Texts {
  std::string text;
  std::vector<Hole> holes;
  std::vector<std::string> ids;   // of the objects, in the order of the text; only for included ones
  std::vector<std::size_t> ends;  // where each object ends in the text
};

namespace {

// The ACL comes last, as Parse writes it.
std::vector<const Field*> shown_fields(const ClassSchema& of, const FieldSelection& selection, const HiddenFields& hidden,
                                       bool with_internal) {
  std::vector<const Field*> fields;
  const auto show = [&](const Field& field) {
    const bool is_closed = hidden.always_hides(field.name) || (is_internal_field(field.name) && !with_internal);
    if (!is_closed && (is_base_field(field.name) || selection.shows(field.name))) fields.push_back(&field);
  };
  for (const Field& field : of.fields()) {
    if (field.spec.type != FieldType::Acl) show(field);
  }
  show(*of.find("ACL"));
  return fields;
}

std::size_t position_of(const std::vector<const Field*>& fields, std::string_view name) {
  const auto found = std::find_if(fields.begin(), fields.end(), [&](const Field* field) { return field->name == name; });
  return static_cast<std::size_t>(found - fields.begin());
}

bool is_pointer_to(const Json& value, const Pointer& target) {
  const auto pointer = decode_pointer(value);
  return pointer && *pointer == target;
}

// Whether the field of a row is a pointer to the user, or an array that holds one.
bool points_to(const Field& field, const Row& row, int column, const std::string& user_id) {
  if (is_unset(field, row, column)) return false;
  if (field.spec == FieldSpec{FieldType::Pointer, "_User"}) return row.text(column) == user_id;
  if (field.spec.type != FieldType::Array || row.text(column).find(user_id) == std::string_view::npos) return false;
  const Json array = parse_json(row.text(column));
  return std::any_of(array.begin(), array.end(), [&](const Json& element) { return is_pointer_to(element, {"_User", user_id}); });
}

bool can_be_included(const Field& field) { return field.spec.type == FieldType::Pointer || field.spec.type == FieldType::Array; }

// An object is no pointer, but may hold some where the path goes on.
bool is_followed(const Field& field, const IncludeTree& node) {
  return can_be_included(field) || (field.spec.type == FieldType::Object && !node.empty());
}

const IncludeTree* include_of(const IncludeTree* include, const Field& field) {
  if (!include) return nullptr;
  const auto found = include->children.find(field.name);
  return found == include->children.end() || !is_followed(field, found->second) ? nullptr : &found->second;
}

// includeAll: every pointer and array of the class.
IncludeTree with_all_included(IncludeTree include, const ClassSchema& of) {
  for (const Field& field : of.fields()) {
    if (can_be_included(field)) include.children.try_emplace(field.name);
  }
  return include;
}

void append_key(std::string& out, const std::string& name) {
  if (out.back() != '{') out += ',';
  append_json_string(out, name);
  out += ':';
}

}  // namespace

RenderedObjects ObjectRenderer::render(const ClassSchema& of, const Filter& where, const FindOptions& options, const Constraint* score) {
  const IncludeTree include = options.include_all ? with_all_included(options.include, of) : options.include;
  std::string prefix;
  if (!options.redirect_key.empty()) {
    prefix = R"("className":)";
    append_json_string(prefix, of.name());
  }
  Level level = level_of(of, options.selection, &include, std::move(prefix));
  level.has_score = score != nullptr;
  const Select select{&of, level.fields, &where, options.order, options.limit, options.skip, score};
  Texts texts = render_level(level, select);
  return {std::move(texts.text), static_cast<std::int64_t>(texts.ends.size())};
}

ObjectRenderer::Level ObjectRenderer::level_of(const ClassSchema& of, const FieldSelection& selection, const IncludeTree* include,
                                               std::string prefix) const {
  HiddenFields hidden(caller_, of, settings_.protection);
  std::vector<const Field*> fields = shown_fields(of, selection, hidden, caller_.is_maintenance);
  const std::size_t shown = fields.size();
  for (const HiddenFields::RowRule& rule : hidden.rules()) {
    if (position_of(fields, rule.pointer) == fields.size()) fields.push_back(of.find(rule.pointer));
  }
  return {&of, std::move(fields), shown, include, std::move(prefix), std::move(hidden)};
}

HiddenFields::RowKind ObjectRenderer::kind_of(const Level& level, const RowLayout& layout, const Row& row) const {
  HiddenFields::RowKind kind;
  if (!level.hidden.depends_on_row()) return kind;
  kind.is_own = !level.hidden.own_row().empty() && row.text(0) == level.hidden.own_row();  // objectId is every class's first field
  for (const HiddenFields::RowRule& rule : level.hidden.rules()) {
    const std::size_t at = position_of(level.fields, rule.pointer);
    if (points_to(*level.fields[at], row, layout.first_column(at), caller_.user_id)) kind.applying.push_back(&rule);
  }
  return kind;
}

ObjectRenderer::Texts ObjectRenderer::render_level(const Level& level, const Select& select) {
  Texts raw;
  const RowLayout layout(level.fields);
  reads_.find(select, [&](const Row& row) {
    append_row(raw, level, layout, row);
    require_space(raw.text.size());
  });
  bytes_ += raw.text.size();
  if (raw.holes.empty()) return raw;

  const auto included = fetch_holes(level, raw.holes);
  Texts filled;
  filled.ids = std::move(raw.ids);
  std::size_t copied = 0, object = 0;
  const auto copy_to = [&](std::size_t end) {
    while (object < raw.ends.size() && raw.ends[object] <= end) {
      filled.text.append(raw.text, copied, raw.ends[object] - copied);
      copied = raw.ends[object++];
      filled.ends.push_back(filled.text.size());
    }
    filled.text.append(raw.text, copied, end - copied);
    copied = end;
  };
  for (const Hole& hole : raw.holes) {
    copy_to(hole.at);
    const IncludeTree& node = level.include->children.at(hole.field->name);
    if (hole.field->spec.type != FieldType::Pointer) {
      append_key(filled.text, hole.field->name);
      append_included(filled.text, parse_json(hole.value), node, included, kMaxAnswerBytes - bytes_);
    } else if (const std::string* object_text = text_of(included.at(&node), {hole.field->spec.target_class, hole.value})) {
      append_key(filled.text, hole.field->name);
      filled.text += *object_text;
    }
    require_space(filled.text.size());
  }
  copy_to(raw.text.size());
  bytes_ += filled.text.size() - std::min(filled.text.size(), raw.text.size());
  return filled;
}

void ObjectRenderer::append_row(Texts& out, const Level& level, const RowLayout& layout, const Row& row) const {
  std::string& text = out.text;
  if (!text.empty()) text += ',';
  text += '{';
  text += level.prefix;
  const HiddenFields::RowKind kind = kind_of(level, layout, row);
  for (std::size_t i = 0; i < level.shown; ++i) {
    const Field& field = *layout.fields()[i];
    const int column = layout.first_column(i);
    if (is_unset(field, row, column) || (level.hidden.depends_on_row() && level.hidden.hides(field.name, kind))) continue;
    if (include_of(level.include, field)) {
      out.holes.push_back({text.size(), &field, std::string(row.text(column))});
      continue;
    }
    append_key(text, field.name);
    append_field_json(text, field, row, column, settings_.files);
  }
  if (level.has_score) {
    append_key(text, "score");
    append_json_number(text, row.real(layout.column_count()));
  }
  text += '}';
  out.ends.push_back(text.size());
  if (!level.prefix.empty()) out.ids.emplace_back(row.text(0));  // objectId is every class's first field
}

IncludedByNode ObjectRenderer::fetch_holes(const Level& level, const std::vector<Hole>& holes) {
  std::map<const IncludeTree*, std::map<std::string, std::set<std::string>>> wanted;  // node → class → ids
  const auto want = [&](const Pointer& pointer, const IncludeTree& node) { wanted[&node][pointer.class_name].insert(pointer.object_id); };
  for (const Hole& hole : holes) {
    const IncludeTree& node = level.include->children.at(hole.field->name);
    if (hole.field->spec.type == FieldType::Pointer) {
      want({hole.field->spec.target_class, hole.value}, node);
    } else {
      visit_pointers(parse_json(hole.value), node, want);
    }
  }
  IncludedByNode included;
  for (const auto& [node, by_class] : wanted) {
    for (const auto& [class_name, ids] : by_class) fetch_class(class_name, {ids.begin(), ids.end()}, *node, included[node]);
  }
  return included;
}

void ObjectRenderer::fetch_class(const std::string& class_name, std::vector<std::string> ids, const IncludeTree& include,
                                 IncludedTexts& into) {
  const ClassSchema* of = reads_.schema().find(class_name);
  if (!of) return;
  const Filter permitted = require_class_permission(caller_, *of, Operation::Get, settings_.refusals);
  Filter wanted{Constraint{FieldPath{"objectId", {}}, Comparison::In, Json(std::move(ids)), {}}};
  const Filter where = all_of({std::move(wanted), permitted, row_filter(caller_, *of, Permits::Right::Read)});

  std::string prefix = R"("__type":"Object","className":)";
  append_json_string(prefix, class_name);
  const Level level = level_of(*of, include.selection, &include, std::move(prefix));
  Texts texts = render_level(level, Select{of, level.fields, &where, {}, std::nullopt, 0});
  std::size_t start = 0;
  for (std::size_t i = 0; i < texts.ids.size(); ++i) {
    into[class_name].emplace(std::move(texts.ids[i]), texts.text.substr(start, texts.ends[i] - start));
    start = texts.ends[i] + 1;  // behind the comma
  }
}

void ObjectRenderer::require_space(std::size_t bytes) {
  if (bytes_ + bytes > kMaxAnswerBytes) refuse_answer_size();
}

}  // namespace parsimony
