#include "common/worker_pool.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <set>
#include <thread>

using parsimony::WaitingScope;
using parsimony::WorkerPool;

namespace {

// A count that tests wait for; fails after a time that no passing test comes near.
class Counter {
 public:
  void add() {
    const std::lock_guard lock(mutex_);
    ++count_;
    changed_.notify_all();
  }
  bool reaches(int wanted) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(20), [&] { return count_ >= wanted; });
  }
  int now() {
    const std::lock_guard lock(mutex_);
    return count_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int count_ = 0;
};

}  // namespace

TEST_CASE("At most `running` tasks run at the same time") {
  std::atomic<int> inside{0};
  std::atomic<int> most{0};
  Counter done;
  {
    WorkerPool pool({.running = 3, .max_waiting = 50});
    for (int i = 0; i < 200; ++i) {
      REQUIRE(pool.submit([&] {
        const int now = ++inside;
        int seen = most;
        while (now > seen && !most.compare_exchange_weak(seen, now)) {
        }
        std::this_thread::yield();
        --inside;
        done.add();
      }));
    }
    REQUIRE(done.reaches(200));
  }
  CHECK(most <= 3);
}

TEST_CASE("A worker that waits lets another run") {
  Counter waiting;
  Counter release;
  Counter third;
  WorkerPool pool({.running = 2, .max_waiting = 4});
  for (int i = 0; i < 2; ++i) {
    REQUIRE(pool.submit([&] {
      const WaitingScope scope;
      const WaitingScope nested;
      waiting.add();
      release.reaches(1);
    }));
  }
  REQUIRE(waiting.reaches(2));
  REQUIRE(pool.submit([&] { third.add(); }));
  CHECK(third.reaches(1));
  release.add();
}

TEST_CASE("Without a waiting scope a third task has to wait") {
  Counter started;
  Counter release;
  Counter third;
  {
    WorkerPool pool({.running = 2, .max_waiting = 4});
    for (int i = 0; i < 2; ++i) {
      REQUIRE(pool.submit([&] {
        started.add();
        release.reaches(1);
      }));
    }
    REQUIRE(started.reaches(2));
    REQUIRE(pool.submit([&] { third.add(); }));
    CHECK(third.now() == 0);
    release.add();
    CHECK(third.reaches(1));
  }
}

TEST_CASE("A pool whose threads all wait refuses, and accepts again when one comes back") {
  Counter waiting;
  Counter release;
  Counter back;
  WorkerPool pool({.running = 1, .max_waiting = 2});
  for (int i = 0; i < 3; ++i) {
    REQUIRE(pool.submit([&] {
      {
        const WaitingScope scope;
        waiting.add();
        release.reaches(1);
      }
      back.add();
    }));
    REQUIRE(waiting.reaches(i + 1));
  }
  CHECK_FALSE(pool.submit([] {}));
  release.add();
  REQUIRE(back.reaches(3));
  Counter later;
  REQUIRE(pool.submit([&] { later.add(); }));
  CHECK(later.reaches(1));
}

TEST_CASE("The queue is bounded") {
  Counter started;
  Counter release;
  WorkerPool pool({.running = 1, .max_waiting = 1});
  REQUIRE(pool.submit([&] {
    started.add();
    release.reaches(1);
  }));
  REQUIRE(started.reaches(1));
  int accepted = 0;
  while (accepted < 1000 && pool.submit([] {})) ++accepted;
  CHECK(accepted == 8);  // four for each thread that may exist
  release.add();
}

TEST_CASE("A worker that comes back is served before new tasks") {
  Counter scope_open;
  Counter may_return;
  Counter back;
  WorkerPool pool({.running = 1, .max_waiting = 4});
  REQUIRE(pool.submit([&] {
    {
      const WaitingScope scope;
      scope_open.add();
      may_return.reaches(1);
    }
    back.add();
  }));
  REQUIRE(scope_open.reaches(1));
  // Each task leaves a new one in the queue, so that the queue is never empty until the worker is back.
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  std::function<void()> link = [&] {
    may_return.add();
    const bool go_on = back.now() == 0 && std::chrono::steady_clock::now() < deadline;
    if (go_on && !pool.submit(link)) back.add();
  };
  REQUIRE(pool.submit(link));
  CHECK(back.reaches(1));
  CHECK(std::chrono::steady_clock::now() < deadline);
}

TEST_CASE("Threads live on from task to task") {
  std::mutex mutex;
  std::set<std::thread::id> threads;
  Counter done;
  WorkerPool pool({.running = 2, .max_waiting = 50});
  for (int i = 0; i < 100; ++i) {
    REQUIRE(pool.submit([&] {
      {
        const std::lock_guard lock(mutex);
        threads.insert(std::this_thread::get_id());
      }
      done.add();
    }));
    REQUIRE(done.reaches(i + 1));
  }
  CHECK(threads.size() <= 2);
}

TEST_CASE("The destructor runs what was accepted, waiting workers included") {
  Counter done;
  Counter waiting;
  Counter release;
  std::thread releaser;
  {
    WorkerPool pool({.running = 1, .max_waiting = 2});
    REQUIRE(pool.submit([&] {
      const WaitingScope scope;
      waiting.add();
      release.reaches(1);
    }));
    REQUIRE(waiting.reaches(1));
    for (int i = 0; i < 10; ++i) REQUIRE(pool.submit([&] { done.add(); }));
    releaser = std::thread([&] {
      done.reaches(10);
      release.add();
    });
  }
  releaser.join();
  CHECK(done.now() == 10);
}

TEST_CASE("A waiting scope outside of a pool does nothing") { const WaitingScope scope; }

TEST_CASE("Many short waits lose no permit") {
  Counter done;
  WorkerPool pool({.running = 2, .max_waiting = 16});
  std::atomic<int> inside{0};
  std::atomic<bool> too_many{false};
  for (int i = 0; i < 2000; ++i) {
    while (!pool.submit([&] {
      if (++inside > 2) too_many = true;
      --inside;
      {
        const WaitingScope scope;
        std::this_thread::yield();
      }
      if (++inside > 2) too_many = true;
      --inside;
      done.add();
    })) {
      std::this_thread::yield();
    }
  }
  REQUIRE(done.reaches(2000));
  CHECK_FALSE(too_many);
}
