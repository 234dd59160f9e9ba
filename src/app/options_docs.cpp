#include "app/options_docs.h"

#include <algorithm>
#include <vector>

#include "app/option_table.h"
#include "app/profile.h"

namespace parsimony {
namespace {

constexpr std::size_t kHelpColumn = 32;
constexpr std::size_t kWidth = 100;

std::string value_hint(const OptionRow& row) {
  switch (row.type) {
    case OptionType::boolean: return "";
    case OptionType::integer:
    case OptionType::number: return " N";
    case OptionType::list: return " A,B";
    case OptionType::object: return " JSON";
    case OptionType::path: return " PATH";
    case OptionType::any: return " FILE…";
    case OptionType::string: return " TEXT";
  }
  return "";
}

// Parse Server's names as Parse Server spells them; ours as command lines usually do. Both spellings are read.
std::string shown_flag(const OptionRow& row) {
  return row.environment.starts_with("PARSIMONY_") ? kebab_case(row.name) : std::string(row.name);
}

std::size_t columns_of(std::string_view text) {
  std::size_t columns = 0;
  for (char c : text) columns += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  return columns;
}

// Appends `text` in lines that start at kHelpColumn; the cursor is at `column`.
void append_wrapped(std::string& out, std::size_t column, const std::string& text) {
  const auto new_line = [&] {
    out += '\n';
    out.append(kHelpColumn, ' ');
    column = kHelpColumn;
  };
  if (column + 1 < kHelpColumn) {
    out.append(kHelpColumn - column, ' ');
    column = kHelpColumn;
  } else {
    new_line();
  }
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = std::min(text.find(' ', start), text.size());
    const std::string word = text.substr(start, end - start);
    if (column > kHelpColumn && column + 1 + columns_of(word) > kWidth) new_line();
    if (column > kHelpColumn) out += ' ', ++column;
    out += word;
    column += columns_of(word);
    start = end + 1;
  }
  out += '\n';
}

// Parse Server's default and those of the profiles that have another one; a name or a value stands between two marks.
std::string defaults_text(const OptionRow& row, const std::string& mark) {
  const auto marked = [&](std::string_view text) { return text.empty() ? std::string() : mark + std::string(text) + mark; };
  std::string text = marked(row.default_text);
  for (const Profile profile : {Profile::dev, Profile::strict}) {
    const std::string_view own = own_default(profile, row);
    if (!own.empty()) text += (text.empty() ? "" : "; ") + marked(own) + " in profile " + marked(profile_name(profile));
  }
  return text;
}

// A default that fits no line is left to docs/options.md.
std::string origin_text(const OptionRow& row) {
  std::string defaults = defaults_text(row, "");
  if (defaults.size() > kWidth - kHelpColumn) defaults = "in docs/options.md";
  return "[" + std::string(row.environment) + (defaults.empty() ? "" : ", default " + defaults) + "]";
}

std::vector<std::string_view> active_groups() {
  std::vector<std::string_view> groups;
  for (const OptionRow& row : option_table()) {
    const bool is_new = std::find(groups.begin(), groups.end(), row.group) == groups.end();
    if (row.status == OptionStatus::active && is_new) groups.push_back(row.group);
  }
  return groups;
}

template <typename Row>
void for_each_in_group(std::string_view group, Row each) {
  for (const OptionRow& row : option_table()) {
    if (row.status == OptionStatus::active && row.group == group) each(row);
  }
}

std::string code(std::string_view text) { return text.empty() ? std::string() : "`" + std::string(text) + "`"; }

// A bar would end the cell of the table.
std::string cell(const std::string& text) {
  std::string safe;
  for (char c : text) safe += c == '|' ? "\\|" : std::string(1, c);
  return safe;
}

void append_row(std::string& out, std::initializer_list<std::string> cells) {
  for (const std::string& text : cells) out += "| " + cell(text) + " ";
  out += "|\n";
}

void append_active(std::string& out) {
  for (std::string_view group : active_groups()) {
    out += "\n### " + std::string(group) + "\n\n| Option | Variable | Value | Default | Meaning |\n|---|---|---|---|---|\n";
    for_each_in_group(group, [&](const OptionRow& row) {
      append_row(out,
                 {code(row.name), code(row.environment), std::string(type_name(row.type)), defaults_text(row, "`"), std::string(row.help)});
    });
  }
}

void append_inactive(std::string& out, OptionStatus status, const std::string& heading) {
  out += "\n## " + heading + "\n\n| Option | Variable | Value | Parse Server's default | Meaning |\n|---|---|---|---|---|\n";
  for (const OptionRow& row : option_table()) {
    if (row.status != status) continue;
    append_row(out,
               {code(row.name), code(row.environment), std::string(type_name(row.type)), code(row.default_text), std::string(row.help)});
  }
}

constexpr const char* kIntroduction = R"(# Options

This page is written by `parsimony help options`, from the same table that reads the options.

Names, variables, defaults and meaning are those of Parse Server 9 wherever it has the option. An option is given

- as a flag of `parsimony serve`, in either spelling: `--masterKeyIps ::1` or `--master-key-ips ::1`;
- as an environment variable;
- in a JSON file, named by `--config FILE` or as the one argument of `serve`: `{"masterKeyIps": ["::1"]}`. The form
  `{"apps": [{…}]}` with one app is read too. When none is named, `parsimony.json` of the working folder is read if it is there;
  `parsimony init` writes one.

Flags win over variables, variables over the file, the file over defaults. Lists are comma separated or JSON; objects are JSON. A
boolean flag without a value is true. Nested options are dotted as flags (`--schema.lockSchemas`) and nested in the file. An
unknown option or a value of the wrong type ends the start; an unknown `PARSE_SERVER_*` variable is a warning. Other users of the
machine can see flags in the process list: give keys by variable or file.

Defaults depend on the profile. `parse-server` has Parse Server's; it is used when a config file, a `PARSE_SERVER_*` variable,
`--appId` or `--masterKey` is given. Else `dev` is used: it listens on this machine only, lets clients make classes, and uses
`./schema` and `./fixtures` of the working folder when they are there. `strict` has the tighter defaults that are announced for Parse
Server's next major version. `--profile` names one and wins.

## Options with an effect
)";

}  // namespace

std::string options_help() {
  std::string out;
  for (std::string_view group : active_groups()) {
    out += "\n" + std::string(group) + "\n";
    for_each_in_group(group, [&](const OptionRow& row) {
      if (!has_flag(row)) return;
      const std::string flag = "  --" + shown_flag(row) + value_hint(row);
      out += flag;
      append_wrapped(out, columns_of(flag), std::string(row.help) + " " + origin_text(row));
    });
  }
  return out;
}

std::string options_markdown() {
  std::string out = kIntroduction;
  append_active(out);
  append_inactive(out, OptionStatus::later, "Known, without effect yet");
  append_inactive(out, OptionStatus::never, "Accepted, with nothing to do here");
  return out;
}

}  // namespace parsimony
