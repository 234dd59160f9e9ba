#include "cloud/host/questions.h"

#include <stdexcept>

#include "cloud/host/crypto.h"
#include "common/base64.h"

namespace parsimony {
namespace {

const std::string& text_of(const Json& question, std::string_view name) {
  const std::string* text = find_string(question, name);
  if (!text) throw std::runtime_error("The question has no " + std::string(name) + ".");
  return *text;
}

std::string bytes_of(const Json& question, std::string_view name) {
  auto bytes = decode_base64(text_of(question, name));
  if (!bytes) throw std::runtime_error(std::string(name) + " is no base64.");
  return std::move(*bytes);
}

std::size_t number_of(const Json& question, std::string_view name) {
  const Json* number = find_member(question, name);
  if (!number || !number->is_number_integer() || *number < 0) throw std::runtime_error(std::string(name) + " is no count.");
  return number->get<std::size_t>();
}

Json base64(const std::string& bytes) { return {{"base64", encode_base64(bytes)}}; }

const char* name_of(ProjectFiles::Kind kind) {
  switch (kind) {
    case ProjectFiles::Kind::File: return "file";
    case ProjectFiles::Kind::Directory: return "directory";
    case ProjectFiles::Kind::None: break;
  }
  return "none";
}

Json stat(const ProjectFiles& files, const Json&, const Json& question) {
  return {{"kind", name_of(files.kind(text_of(question, "path")))}};
}

Json readdir(const ProjectFiles& files, const Json&, const Json& question) {
  Json list = Json::array();
  for (const ProjectFiles::Entry& entry : files.entries(text_of(question, "path"))) {
    list.push_back({{"name", entry.name}, {"kind", entry.is_link ? "link" : name_of(entry.kind)}});
  }
  return {{"entries", std::move(list)}};
}

Json read(const ProjectFiles& files, const Json&, const Json& question) { return {{"text", files.read(text_of(question, "path"))}}; }

Json random(const ProjectFiles&, const Json&, const Json& question) { return base64(crypto::random_bytes(number_of(question, "bytes"))); }

Json digest(const ProjectFiles&, const Json&, const Json& question) {
  const std::string data = bytes_of(question, "data");
  const std::string& algorithm = text_of(question, "algorithm");
  if (!find_string(question, "key")) return base64(crypto::digest(algorithm, data));
  return base64(crypto::hmac(algorithm, bytes_of(question, "key"), data));
}

Json pbkdf2(const ProjectFiles&, const Json&, const Json& question) {
  return base64(crypto::pbkdf2(text_of(question, "algorithm"), bytes_of(question, "password"), bytes_of(question, "salt"),
                               number_of(question, "iterations"), number_of(question, "bytes")));
}

Json scrypt(const ProjectFiles&, const Json&, const Json& question) {
  const crypto::ScryptCost cost{number_of(question, "N"), number_of(question, "r"), number_of(question, "p")};
  return base64(crypto::scrypt(bytes_of(question, "password"), bytes_of(question, "salt"), cost, number_of(question, "bytes")));
}

Json env(const ProjectFiles&, const Json& env, const Json&) { return env; }

struct Row {
  std::string_view op;
  Json (*answer)(const ProjectFiles& files, const Json& env, const Json& question);
};

constexpr Row kRows[] = {{"stat", &stat},     {"read", &read},     {"readdir", &readdir}, {"random", &random},
                         {"digest", &digest}, {"pbkdf2", &pbkdf2}, {"scrypt", &scrypt},   {"env", &env}};

}  // namespace

Json Questions::answer(const Json& question) const {
  const std::string& op = text_of(question, "op");
  for (const Row& row : kRows) {
    if (row.op == op) return row.answer(files_, env_, question);
  }
  throw std::runtime_error("The host cannot answer \"" + op + "\".");
}

std::string Questions::answer(const std::string& question) const {
  try {
    return to_json_text(answer(parse_json(question)));
  } catch (const std::exception& error) {
    return to_json_text(Json{{"error", error.what()}});
  }
}

}  // namespace parsimony
