// Connections that wait for another request to the same origin.
//
// Thread-safe. Each is kept for a few seconds, and few of them: the point is a burst of calls to one place.
#pragma once
#include <list>
#include <mutex>
#include <optional>
#include <string>

#include "net/connection.h"
#include "net/url.h"

namespace parsimony::net {

class KeptConnections {
 public:
  // The youngest one that has not ended; nothing when there is none.
  std::optional<Connection> take(const Url& url);
  void put(const Url& url, Connection connection);

 private:
  struct Entry {
    Url url;
    Connection connection;
    Clock::time_point until;
  };

  void drop_old();

  std::mutex mutex_;
  std::list<Entry> entries_;  // under mutex_; the youngest first
};

}  // namespace parsimony::net
