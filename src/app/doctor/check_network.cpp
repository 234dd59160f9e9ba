#include <algorithm>
#include <cerrno>
#include <charconv>
#include <fstream>
#include <sstream>
#include <system_error>

#include "app/data_folder.h"
#include "app/doctor/checks.h"
#include "http/listener.h"

namespace parsimony {
namespace {

namespace fs = std::filesystem;

constexpr const char* kListening = "0A";  // a state in /proc/net/tcp

bool takes_everyone(const std::vector<std::string>& networks) {
  const auto is_all = [](const std::string& network) { return network.ends_with("/0") || network == "::0" || network == "::"; };
  return std::any_of(networks.begin(), networks.end(), is_all);
}

// A line: number, local address:port, remote address:port, state, queues, timer, retransmits, user, timeout, inode.
std::string inode_of_listener(const char* table, int port) {
  std::ifstream in(table);
  std::string line;
  while (std::getline(in, line)) {
    std::istringstream words(line);
    std::string number, local, remote, state, other, inode;
    words >> number >> local >> remote >> state >> other >> other >> other >> other >> other >> inode;
    const std::size_t colon = local.find(':');
    int local_port = -1;
    if (colon == std::string::npos || state != kListening) continue;
    std::from_chars(local.data() + colon + 1, local.data() + local.size(), local_port, 16);
    if (local_port == port) return inode;
  }
  return {};
}

bool has_open(const fs::path& process, const std::string& target) {
  std::error_code error;
  for (fs::directory_iterator at(process / "fd", error), end; !error && at != end; at.increment(error)) {
    std::error_code gone;
    if (fs::read_symlink(at->path(), gone) == target) return true;
  }
  return false;
}

// "python3 (pid 4711)"; empty when this user may not see it.
std::string process_with_socket(const std::string& inode) {
  std::error_code error;
  for (fs::directory_iterator at("/proc", error), end; !error && at != end; at.increment(error)) {
    const std::string pid = at->path().filename().string();
    if (pid.find_first_not_of("0123456789") != std::string::npos || !has_open(at->path(), "socket:[" + inode + "]")) continue;
    std::ifstream in(at->path() / "comm");
    std::string name;
    std::getline(in, name);
    return name + " (pid " + pid + ")";
  }
  return {};
}

std::string holder_of_port(int port) {
  for (const char* table : {"/proc/net/tcp", "/proc/net/tcp6"}) {
    const std::string inode = inode_of_listener(table, port);
    if (inode.empty()) continue;
    const std::string process = process_with_socket(inode);
    if (!process.empty()) return process;
  }
  return "another process, which only root may see";
}

// The server that runs on these data, where it is the one that has the port.
bool is_held_by_own_server(const Options& options) {
  const auto holder = FileLock::find_holder(data_paths(options).lock);
  return holder && holder->url.find(":" + std::to_string(options.port) + "/") != std::string::npos;
}

Finding finding_about(const std::system_error& error, const Options& options) {
  const std::string port = std::to_string(options.port);
  switch (error.code().value()) {
    case EADDRINUSE:
      if (is_held_by_own_server(options)) return {"port", Health::ok, port + " is held by the server of this project, which runs"};
      return {"port", Health::fail, port + " is held by " + holder_of_port(options.port), "end that, or name another with --port"};
    case EACCES: return {"port", Health::fail, port + " is for root alone", "name one above 1023 with --port, or put a proxy before it"};
    default: return {"port", Health::fail, error.what(), "check the option host"};
  }
}

}  // namespace

bool is_reachable(const Options& options) {
  return !options.host.starts_with("127.") && options.host != "localhost" && options.host != "::1";
}

void check_access(const Options& options, Findings& findings) {
  const bool is_reachable_in_dev = is_reachable(options) && options.profile.profile == Profile::dev;
  if (is_reachable_in_dev) {
    findings.push_back({"access", Health::warn, "profile dev, in which clients may make classes, listens on " + options.host,
                        "name --profile parse-server or strict, or --host 127.0.0.1"});
  }
  if (takes_everyone(options.master_key_ips)) {
    findings.push_back({"access", is_reachable(options) ? Health::warn : Health::ok, "masterKeyIps lets every address use the master key",
                        "name the addresses that need it"});
  } else if (!is_reachable_in_dev) {
    findings.push_back({"access", Health::ok,
                        "the master key works from " + std::to_string(options.master_key_ips.size()) +
                            " addresses or networks (masterKeyIps); listening on " + options.host});
  }
}

void check_port(const Options& options, Findings& findings) {
  try {
    const http::Listener listener(options.host, options.port);
    findings.push_back({"port", Health::ok, options.port == 0 ? "a free one is picked" : std::to_string(options.port) + " is free"});
  } catch (const std::system_error& error) {
    findings.push_back(finding_about(error, options));
  }
}

}  // namespace parsimony
