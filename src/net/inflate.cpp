#include "net/inflate.h"

#include <zlib.h>

#include <algorithm>
#include <limits>

#include "net/answer_reader.h"
#include "net/net_error.h"

namespace parsimony::net {
namespace {

constexpr int kGzipOrZlib = 32 + MAX_WBITS;
constexpr std::size_t kStepBytes = 64 * 1024;

[[noreturn]] void damaged() { throw NetError(Fault::BadAnswer, "the compressed answer is damaged"); }

class Stream {
 public:
  explicit Stream(std::string_view input) {
    if (input.size() > std::numeric_limits<uInt>::max()) throw NetError(Fault::TooLarge, "the compressed answer is too large");
    state_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(input.data()));
    state_.avail_in = static_cast<uInt>(input.size());
    if (inflateInit2(&state_, kGzipOrZlib) != Z_OK) damaged();
  }
  ~Stream() { inflateEnd(&state_); }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  // Appends at most `most` bytes; true at the end.
  bool step(std::string& out, std::size_t most) {
    const std::size_t before = out.size();
    out.resize(before + most);
    state_.next_out = reinterpret_cast<Bytef*>(out.data() + before);
    state_.avail_out = static_cast<uInt>(most);
    const int result = ::inflate(&state_, Z_NO_FLUSH);
    out.resize(before + most - state_.avail_out);
    if (result != Z_OK && result != Z_STREAM_END) damaged();
    if (result == Z_OK && out.size() == before) damaged();  // no end, and nothing more to come
    return result == Z_STREAM_END;
  }

 private:
  z_stream state_{};
};

}  // namespace

bool can_inflate(std::string_view content_encoding) {
  constexpr std::string_view kKnown[] = {"gzip", "x-gzip", "deflate"};
  return std::any_of(std::begin(kKnown), std::end(kKnown),
                     [&](std::string_view known) { return equal_ignoring_case(known, content_encoding); });
}

std::string inflate(std::string_view compressed, std::size_t max_bytes) {
  std::string out;
  if (compressed.empty()) return out;
  Stream stream(compressed);
  while (!stream.step(out, std::min(kStepBytes, max_bytes + 1 - out.size()))) {
    if (out.size() > max_bytes) throw NetError(Fault::TooLarge, "the answer has more than " + std::to_string(max_bytes) + " bytes");
  }
  if (out.size() > max_bytes) throw NetError(Fault::TooLarge, "the answer has more than " + std::to_string(max_bytes) + " bytes");
  return out;
}

}  // namespace parsimony::net
