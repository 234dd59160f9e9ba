#include "rest/stored_file_answer.h"

#include <optional>
#include <string>
#include <utility>

#include "rest/byte_range.h"
#include "services/files/media_types.h"

namespace parsimony {
namespace {

bool names_version(const std::optional<std::string_view>& header, std::string_view tag) {
  return header && (*header == "*" || header->find(tag) != std::string_view::npos);
}

std::optional<ByteRange> wanted_range(const http::Request& request, std::uint64_t size, std::string_view tag) {
  const auto range = request.header("Range");
  const auto condition = request.header("If-Range");
  if (!range || (condition && *condition != tag)) return std::nullopt;
  return parse_range(*range, size);
}

std::string content_range(const ByteRange& range, std::uint64_t size) {
  const std::string of_size = "/" + std::to_string(size);
  if (range.length == 0) return "bytes *" + of_size;
  return "bytes " + std::to_string(range.first) + "-" + std::to_string(range.first + range.length - 1) + of_size;
}

}  // namespace

http::Response stored_file_answer(const http::Request& request, std::shared_ptr<const StoredFile> file, std::string_view name) {
  const std::string tag = "\"" + file->version() + "\"";
  http::Response response;
  response.content_type = content_type_of_file(name);
  response.set_header("X-Content-Type-Options", "nosniff");
  response.set_header("Accept-Ranges", "bytes");
  response.set_header("ETag", tag);
  if (names_version(request.header("If-None-Match"), tag)) {
    response.status = 304;
    return response;
  }
  const auto range = wanted_range(request, file->size(), tag);
  if (range) {
    response.set_header("Content-Range", content_range(*range, file->size()));
    response.status = range->length > 0 ? 206 : 416;
  }
  const ByteRange sent = range.value_or(ByteRange{0, file->size()});
  response.stream = {sent.length, [file = std::move(file), first = sent.first](std::uint64_t offset, std::uint64_t length) {
                       return file->read(first + offset, length);
                     }};
  return response;
}

}  // namespace parsimony
