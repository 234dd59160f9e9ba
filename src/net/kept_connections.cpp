#include "net/kept_connections.h"

#include <algorithm>
#include <utility>

namespace parsimony::net {
namespace {

constexpr std::size_t kMaxKept = 64;
constexpr std::ptrdiff_t kMaxOfOrigin = 32;
constexpr auto kKeepTime = std::chrono::seconds(4);  // Node ends an idle connection after 5

}  // namespace

std::optional<Connection> KeptConnections::take(const Url& url) {
  const std::lock_guard lock(mutex_);
  drop_old();
  for (auto entry = entries_.begin(); entry != entries_.end();) {
    if (!entry->url.same_origin(url)) {
      ++entry;
      continue;
    }
    Connection connection = std::move(entry->connection);
    entry = entries_.erase(entry);
    if (connection.is_idle()) return connection;
  }
  return std::nullopt;
}

void KeptConnections::put(const Url& url, Connection connection) {
  const std::lock_guard lock(mutex_);
  drop_old();
  const auto of_origin = std::count_if(entries_.begin(), entries_.end(), [&](const Entry& entry) { return entry.url.same_origin(url); });
  if (entries_.size() >= kMaxKept || of_origin >= kMaxOfOrigin) return;
  entries_.push_front({url, std::move(connection), Clock::now() + kKeepTime});
}

void KeptConnections::drop_old() {
  const auto now = Clock::now();
  std::erase_if(entries_, [&](const Entry& entry) { return entry.until <= now; });
}

}  // namespace parsimony::net
