#include "http/server.h"

#include <pthread.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <exception>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <vector>

#include "common/log.h"
#include "http/connection.h"
#include "http/gate.h"
#include "http/listener.h"

namespace parsimony::http {
namespace {

constexpr std::chrono::milliseconds kTick{250};  // deadlines are kept to this exactness
constexpr std::chrono::milliseconds kTickOfStop{20};
constexpr std::chrono::milliseconds kPauseWithoutFiles{250};  // before the next accept when no descriptor is left
constexpr std::size_t kRefusedAtATime = 128;                  // connections beyond the limit that are told so
constexpr rlim_t kFilesBesides = 512;                         // descriptors that are no connections
constexpr Refusal kTooManyConnections{503, "The server has too many connections."};

// Each connection is a descriptor; the usual limit of 1024 is far below ours, and the system lets us raise it.
void raise_file_limit(std::size_t connections) {
  rlimit limit{};
  const rlim_t wanted = connections + kRefusedAtATime + kFilesBesides;
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted) return;
  limit.rlim_cur = std::min(wanted, limit.rlim_max);
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

// epoll gives back 64 bits: a connection's address, or a descriptor marked as such by the lowest bit, which no address has.
std::uint64_t tag_of(int descriptor) { return (static_cast<std::uint64_t>(descriptor) << 1) | 1; }
std::uint64_t tag_of(Connection* connection) { return reinterpret_cast<std::uintptr_t>(connection); }

int checked(int descriptor, const char* what) {
  if (descriptor < 0) throw std::system_error(errno, std::generic_category(), what);
  return descriptor;
}

}  // namespace

// The hub's thread owns the table of connections and everything that is not marked otherwise.
class Server::Impl {
 public:
  Impl(Handler handler, WorkerPool& workers, ServerLimits limits) : gate_(std::move(handler), limits), workers_(workers) {}
  ~Impl();

  int bind(const std::string& host, int port);
  void serve();
  void stop(std::chrono::milliseconds grace);

 private:
  void run();
  int timeout_ms() const;
  void take_event(const epoll_event& event);
  void accept_all(int listener);
  void add_connection(int socket, const sockaddr_storage& address);
  void watch(int descriptor, std::uint32_t events, std::uint64_t tag) const;
  void watch_listeners(bool on);
  void give_to_worker(Connection* connection);
  void take_turns(Connection* connection);
  void settle(Connection* connection, Connection::After after);
  void pause_accepting();
  void retire(Connection* connection);
  void reap();
  void look_at_deadlines();
  void look_while_stopping();
  void close_unowned();
  Clock::duration shortest_limit() const;
  bool has_room();

  Gate gate_;
  WorkerPool& workers_;
  std::mutex control_;  // bind, serve and stop
  std::optional<Listener> listener_;
  int wake_ = -1;
  std::thread hub_;
  std::atomic<Clock::rep> stop_deadline_{0};
  bool listening_ = false;
  std::vector<std::unique_ptr<Connection>> connections_;
  Clock::time_point next_look_ = Clock::time_point::max();
  Clock::time_point accept_again_ = Clock::time_point::max();
  std::mutex retired_mutex_;
  std::vector<Connection*> retired_;  // guarded by retired_mutex_; closed, to be deleted when no event can name them any more
};

int Server::Impl::bind(const std::string& host, int port) {
  const std::lock_guard lock(control_);
  listener_.emplace(host, port);
  return listener_->port();
}

void Server::Impl::serve() {
  const std::lock_guard lock(control_);
  raise_file_limit(gate_.limits.connections);
  gate_.epoll = checked(::epoll_create1(EPOLL_CLOEXEC), "epoll_create1");
  wake_ = checked(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), "eventfd");
  watch(wake_, EPOLLIN, tag_of(wake_));
  watch_listeners(true);
  hub_ = std::thread([this] { run(); });
}

void Server::Impl::stop(std::chrono::milliseconds grace) {
  const std::lock_guard lock(control_);
  if (!hub_.joinable()) return;
  stop_deadline_ = (Clock::now() + grace).time_since_epoch().count();
  gate_.stopping = true;
  ::eventfd_write(wake_, 1);
  hub_.join();
  close_unowned();
}

// Handlers that outlive the grace hold connections: their memory must wait for them.
Server::Impl::~Impl() {
  stop(std::chrono::seconds(30));
  while (!connections_.empty()) {
    std::this_thread::sleep_for(kTickOfStop);
    close_unowned();
  }
  if (wake_ >= 0) ::close(wake_);
  if (gate_.epoll >= 0) ::close(gate_.epoll);
}

void Server::Impl::watch(int descriptor, std::uint32_t events, std::uint64_t tag) const {
  epoll_event event{};
  event.events = events;
  event.data.u64 = tag;
  checked(::epoll_ctl(gate_.epoll, EPOLL_CTL_ADD, descriptor, &event), "epoll_ctl");
}

void Server::Impl::watch_listeners(bool on) {
  if (listening_ == on) return;
  for (const int socket : listener_->sockets()) {
    if (on) {
      watch(socket, EPOLLIN, tag_of(socket));
    } else {
      ::epoll_ctl(gate_.epoll, EPOLL_CTL_DEL, socket, nullptr);
    }
  }
  listening_ = on;
}

void Server::Impl::run() {
  pthread_setname_np(pthread_self(), "http");
  std::array<epoll_event, 256> events{};
  for (;;) {
    const int count = ::epoll_wait(gate_.epoll, events.data(), static_cast<int>(events.size()), timeout_ms());
    for (int i = 0; i < count; ++i) take_event(events[static_cast<std::size_t>(i)]);
    reap();
    if (gate_.stopping) {
      look_while_stopping();
      if (connections_.empty() || Clock::now().time_since_epoch().count() >= stop_deadline_) return;
    } else {
      look_at_deadlines();
    }
  }
}

// In milliseconds until something is due, or -1 for never.
int Server::Impl::timeout_ms() const {
  if (gate_.stopping) return static_cast<int>(kTickOfStop.count());
  const Clock::time_point due = std::min(next_look_, accept_again_);
  if (due == Clock::time_point::max()) return -1;
  return static_cast<int>(std::max<Clock::rep>(0, std::chrono::ceil<std::chrono::milliseconds>(due - Clock::now()).count()));
}

void Server::Impl::take_event(const epoll_event& event) {
  if (event.data.u64 == tag_of(wake_)) {
    eventfd_t value = 0;
    ::eventfd_read(wake_, &value);
  } else if ((event.data.u64 & 1) != 0) {
    accept_all(static_cast<int>(event.data.u64 >> 1));
  } else {
    auto* connection = static_cast<Connection*>(event.data.ptr);
    const bool hung_up = (event.events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0;
    if (connection->claim_for_event(hung_up)) give_to_worker(connection);
  }
}

void Server::Impl::accept_all(int listener) {
  for (;;) {
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    const int socket = ::accept4(listener, reinterpret_cast<sockaddr*>(&address), &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (socket >= 0) {
      add_connection(socket, address);
    } else if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EBADF) {
      return;
    } else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
      return pause_accepting();
    }
  }
}

void Server::Impl::pause_accepting() {
  log::warn("No file descriptor is left for a new connection: raise the limit (ulimit -n)");
  watch_listeners(false);
  accept_again_ = Clock::now() + kPauseWithoutFiles;
}

void Server::Impl::add_connection(int socket, const sockaddr_storage& address) {
  auto owned = std::make_unique<Connection>(socket, address_text(address), gate_);
  if (connections_.size() >= gate_.limits.connections + kRefusedAtATime) return;
  Connection* const connection = owned.get();
  const bool room = has_room();
  if (!room) connection->claim();
  watch(socket, EPOLLIN | EPOLLRDHUP | EPOLLET, tag_of(connection));
  connection->place = connections_.size();
  connections_.push_back(std::move(owned));
  next_look_ = std::min(next_look_, Clock::now() + shortest_limit());
  if (room) return;
  connection->refuse(kTooManyConnections);
  settle(connection, connection->turn(Connection::Answers::busy));
}

bool Server::Impl::has_room() {
  if (connections_.size() < gate_.limits.connections) return true;
  const std::lock_guard lock(retired_mutex_);
  return connections_.size() - retired_.size() < gate_.limits.connections;
}

// The caller owns the connection.
void Server::Impl::give_to_worker(Connection* connection) {
  if (workers_.submit([this, connection] { take_turns(connection); })) return;
  settle(connection, connection->turn(Connection::Answers::busy));
}

// On a worker.
void Server::Impl::take_turns(Connection* connection) {
  try {
    for (;;) {
      const Connection::After after = connection->turn(Connection::Answers::handler);
      if (after == Connection::After::close) return retire(connection);
      if (after == Connection::After::keep && connection->release()) return;
      if (after == Connection::After::again && workers_.submit([this, connection] { take_turns(connection); })) return;
    }
  } catch (const std::exception& accident) {
    log::error("A connection failed", {{"cause", accident.what()}});
    retire(connection);
  }
}

// On the hub, after a turn of its own.
void Server::Impl::settle(Connection* connection, Connection::After after) {
  if (after == Connection::After::close) return retire(connection);
  if (after == Connection::After::keep && connection->release()) return;
  give_to_worker(connection);
}

// By the owner, on any thread. It stays owned, so that an event on its way finds nothing to do.
void Server::Impl::retire(Connection* connection) {
  connection->close_socket();
  const std::lock_guard lock(retired_mutex_);
  retired_.push_back(connection);
}

// Between two rounds of events: nothing names a closed connection then.
void Server::Impl::reap() {
  std::vector<Connection*> retired;
  {
    const std::lock_guard lock(retired_mutex_);
    retired.swap(retired_);
  }
  for (const Connection* connection : retired) {
    const std::size_t place = connection->place;
    std::swap(connections_[place], connections_.back());
    connections_[place]->place = place;
    connections_.pop_back();
  }
}

Clock::duration Server::Impl::shortest_limit() const {
  return std::min({gate_.limits.request_time, gate_.limits.response_time, gate_.limits.idle_time, kDrainTime});
}

// Every deadline set after a look lies at least the shortest limit behind it, so until then only those seen now can pass.
void Server::Impl::look_at_deadlines() {
  const Clock::time_point now = Clock::now();
  if (now >= accept_again_) {
    accept_again_ = Clock::time_point::max();
    watch_listeners(true);
  }
  if (now < next_look_) return;
  Clock::time_point next = now + shortest_limit();
  for (const auto& connection : connections_) {
    if (connection->deadline() > now) {
      next = std::min(next, connection->deadline());
    } else if (connection->claim()) {
      settle(connection.get(), connection->deadline() > now ? Connection::After::keep : connection->time_out());
    } else {
      next = now;  // a worker has it: look again soon
    }
  }
  next_look_ = connections_.empty() ? Clock::time_point::max() : std::max(next, now + kTick);
}

void Server::Impl::look_while_stopping() {
  listener_->close();
  for (const auto& connection : connections_) {
    if (connection->claim()) settle(connection.get(), connection->stop());
  }
  reap();
}

// After the hub's end, in its place.
void Server::Impl::close_unowned() {
  for (const auto& connection : connections_) {
    if (connection->claim()) retire(connection.get());
  }
  reap();
}

Server::Server(Handler handler, WorkerPool& workers, ServerLimits limits)
    : impl_(std::make_unique<Impl>(std::move(handler), workers, limits)) {}
Server::~Server() = default;
int Server::bind(const std::string& host, int port) { return impl_->bind(host, port); }
void Server::serve() { impl_->serve(); }
void Server::stop(std::chrono::milliseconds grace) { impl_->stop(grace); }

}  // namespace parsimony::http
