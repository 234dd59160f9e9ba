#include "rest/multipart.h"

#include <catch2/catch.hpp>

#include "common/error.h"

namespace parsimony {
namespace {

constexpr const char* kType = "Multipart/Form-Data; charset=utf-8; boundary=\"a b\"";

// The parts as "name[file type]=content", or the refusal.
std::string parts_of(std::string_view type, std::string_view body) {
  std::string text;
  try {
    for (const FormPart& part : read_form_parts(type, body)) {
      text += part.name;
      if (part.is_file()) text += "[" + part.file_name.value_or("-") + " " + part.content_type + "]";
      text += "=" + std::string(part.content) + ";";
    }
  } catch (const Error& error) {
    return std::to_string(error.code().value_or(0)) + " " + error.message();
  }
  return text;
}

std::string part(const std::string& head, const std::string& content) { return "--a b\r\n" + head + "\r\n\r\n" + content + "\r\n"; }
std::string disposition(const std::string& parameters) { return "Content-Disposition: form-data; " + parameters; }

TEST_CASE("parts of a form") {
  const std::string text = part(disposition("name=\"first\""), "one\r\n\r\n--a\r\ntwo");
  const std::string file = part(disposition("name=f; filename=\"C:\\dir\\x.png\"") + "\r\nContent-Type: IMAGE/png; q=1", "\x89PNG");
  CHECK(parts_of(kType, text + file + "--a b--\r\n") == "first=one\r\n\r\n--a\r\ntwo;f[x.png image/png]=\x89PNG;");
  CHECK(parts_of(kType, "preamble\r\n" + text + "--a b--epilogue") == "first=one\r\n\r\n--a\r\ntwo;");
  CHECK(parts_of(kType, "--a b--") == "");
  CHECK(parts_of(kType, part(disposition("name=e"), "") + "--a b--") == "e=;");
}

TEST_CASE("names of parts and of files") {
  struct Case {
    const char* head;
    const char* expected;
  };
  const Case cases[] = {
      {R"(name="a\"b;c=d"; filename="x; name=\"y\"")", R"(a"b;c=d[x; name="y" text/plain]=;)"},
      {R"(name=a; filename="../../etc/passwd")", "a[passwd text/plain]=;"},
      {R"(name=a; filename="..")", "a[ text/plain]=;"},
      {R"(name=a; filename="")", "a[ text/plain]=;"},
      {"filename=x", ""},
      {"name=\"\"", "=;"},
  };
  for (const Case& each : cases) {
    INFO(each.head);
    CHECK(parts_of(kType, part(disposition(each.head), "") + "--a b--") == each.expected);
  }
  CHECK(parts_of(kType, part("content-disposition: attachment; name=a", "x") + part("X: y", "z") + "--a b--") == "");
  CHECK(parts_of(kType, part(disposition("name=b") + "\r\nContent-Type: application/octet-stream", "x") + "--a b--") ==
        "b[- application/octet-stream]=x;");
}

TEST_CASE("what is no form") {
  CHECK(parts_of("multipart/form-data", "") == "107 Invalid multipart request: Multipart: Boundary not found");
  CHECK(parts_of("multipart/form-data; boundary=" + std::string(71, 'x'), "") ==
        "107 Invalid multipart request: Multipart: Boundary not found");
  for (const char* body : {"", "--a b", "--a b\r\n", "--a b\r\nname: x\r\n\r\nend is missing", "--a bx\r\n\r\n--a b--", "plain"}) {
    INFO(body);
    CHECK(parts_of(kType, body) == "107 Invalid multipart request: Unexpected end of multipart data");
  }
  CHECK(parts_of(kType, "--a b\r\nno end of the head\r\n--a b--") == "107 Invalid multipart request: a part has no head");
  std::string many;
  for (std::size_t i = 0; i <= kMaxFormParts; ++i) many += part(disposition("name=x"), "");
  CHECK(parts_of(kType, many + "--a b--") == "107 Invalid multipart request: more than 1000 parts");
}

TEST_CASE("which content types are forms with parts") {
  CHECK(is_multipart("multipart/form-data; boundary=x"));
  CHECK(is_multipart("MULTIPART/FORM-DATA"));
  CHECK_FALSE(is_multipart("multipart/form-datax"));
  CHECK_FALSE(is_multipart("multipart/mixed; boundary=x"));
  CHECK_FALSE(is_multipart(""));
}

}  // namespace
}  // namespace parsimony
