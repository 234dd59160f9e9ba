#include "unit/http/raw_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

namespace parsimony::http::test {
namespace {

constexpr std::chrono::seconds kPatience{20};

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

void parse_headers(std::string_view head, Answer& answer) {
  std::size_t start = head.find("\r\n") + 2;
  while (start < head.size()) {
    const std::size_t end = head.find("\r\n", start);
    const std::string_view line = head.substr(start, end - start);
    const std::size_t colon = line.find(": ");
    if (colon != std::string_view::npos) answer.headers[lower(std::string(line.substr(0, colon)))] = line.substr(colon + 2);
    if (end == std::string_view::npos) break;
    start = end + 2;
  }
}

}  // namespace

RawClient::RawClient(int port, int receive_buffer_bytes) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
  const int on = 1;
  ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (receive_buffer_bytes > 0) ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_buffer_bytes, sizeof receive_buffer_bytes);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    ::close(socket_);
    throw std::runtime_error("cannot connect");
  }
}

RawClient::RawClient(RawClient&& from) noexcept
    : socket_(std::exchange(from.socket_, -1)), buffer_(std::move(from.buffer_)), ended_(from.ended_) {}

RawClient::~RawClient() {
  if (socket_ >= 0) ::close(socket_);
}

bool RawClient::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

void RawClient::end_sending() { ::shutdown(socket_, SHUT_WR); }

bool RawClient::receive(std::chrono::milliseconds within) {
  if (ended_) return false;
  pollfd wanted{socket_, POLLIN, 0};
  if (::poll(&wanted, 1, static_cast<int>(within.count())) <= 0) return false;
  std::array<char, 65536> bytes{};
  const ssize_t n = ::recv(socket_, bytes.data(), bytes.size(), 0);
  ended_ = n <= 0;
  if (n > 0) buffer_.append(bytes.data(), static_cast<std::size_t>(n));
  return n > 0;
}

Answer RawClient::read_answer(bool head_only) {
  std::size_t head_end = 0;
  while ((head_end = buffer_.find("\r\n\r\n")) == std::string::npos) {
    if (!receive(kPatience)) return {};
  }
  Answer answer;
  const std::string head = buffer_.substr(0, head_end);
  buffer_.erase(0, head_end + 4);
  answer.status = std::stoi(head.substr(9, 3));
  parse_headers(head, answer);
  if (head_only || !answer.headers.contains("content-length")) return answer;
  const std::size_t length = std::stoul(answer.headers["content-length"]);
  while (buffer_.size() < length) {
    if (!receive(kPatience)) return {};
  }
  answer.body = buffer_.substr(0, length);
  buffer_.erase(0, length);
  return answer;
}

bool RawClient::has_bytes(std::chrono::milliseconds within) { return !buffer_.empty() || receive(within); }

bool RawClient::ends(std::chrono::milliseconds within) {
  if (!buffer_.empty() || receive(within)) return false;
  return ended_;
}

std::string get(std::string_view target, std::string_view more_headers) {
  std::string text = "GET ";
  return text.append(target).append(" HTTP/1.1\r\nHost: test\r\n").append(more_headers).append("\r\n");
}

std::string post(std::string_view target, std::string_view body, std::string_view more_headers) {
  std::string text = "POST ";
  text.append(target).append(" HTTP/1.1\r\nHost: test\r\nContent-Length: ").append(std::to_string(body.size())).append("\r\n");
  return text.append(more_headers).append("\r\n").append(body);
}

}  // namespace parsimony::http::test
