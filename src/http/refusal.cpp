#include "http/refusal.h"

namespace parsimony::http {
namespace {

std::string_view reason_of(int status) {
  switch (status) {
    case 400: return "Bad Request";
    case 408: return "Request Timeout";
    case 413: return "Payload Too Large";
    case 431: return "Request Header Fields Too Large";
    default: return "Service Unavailable";
  }
}

}  // namespace

std::string refusal_bytes(Refusal refusal) {
  std::string body;
  body.append("{\"error\":\"").append(refusal.message).append("\"}");
  std::string bytes = "HTTP/1.1 " + std::to_string(refusal.status) + " ";
  bytes.append(reason_of(refusal.status)).append("\r\nContent-Type: application/json; charset=utf-8\r\nConnection: close\r\n");
  if (refusal.status == 503) bytes += "Retry-After: 1\r\n";
  bytes.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n\r\n").append(body);
  return bytes;
}

}  // namespace parsimony::http
