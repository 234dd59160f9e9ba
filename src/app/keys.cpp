#include "app/keys.h"

#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "common/file_write.h"
#include "common/random.h"

namespace parsimony {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kAppIdLength = 20;
constexpr std::size_t kMasterKeyLength = 40;  // about 238 bits

std::string random_keys_text() {
  const Json keys = {{"appId", random_alphanumeric(kAppIdLength)}, {"masterKey", random_alphanumeric(kMasterKeyLength)}};
  return to_json_text(keys) + "\n";
}

void tighten(const fs::path& file, std::vector<std::string>& warnings) {
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0 || (status.st_mode & 077) == 0) return;
  if (::chmod(file.c_str(), 0600) != 0) throw std::runtime_error("cannot close " + file.string() + " to others: " + std::strerror(errno));
  warnings.push_back("the key file " + file.string() +
                     " was open to others and is now closed to them (mode 0600); if someone else may have "
                     "read it, delete it to get new keys");
}

Keys parse_keys(const fs::path& file, const std::string& text) {
  const auto damaged = [&] {
    return std::runtime_error("the key file " + file.string() +
                              " does not hold appId and masterKey; restore it, or delete it to get new keys");
  };
  try {
    const Json keys = parse_json(text);
    const std::string* app_id = find_string(keys, "appId");
    const std::string* master_key = find_string(keys, "masterKey");
    if (app_id == nullptr || master_key == nullptr || app_id->empty() || master_key->empty()) throw damaged();
    return {*app_id, *master_key};
  } catch (const JsonSyntaxError&) {
    throw damaged();
  }
}

}  // namespace

Keys read_or_make_keys(const fs::path& file, std::vector<std::string>& warnings) {
  if (!fs::exists(file)) create_private_file(file, random_keys_text());  // whoever is first wins; everybody reads
  tighten(file, warnings);
  return read_keys(file);
}

Keys read_keys(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read the key file " + file.string() + ": " + std::strerror(errno));
  return parse_keys(file, {std::istreambuf_iterator<char>(in), {}});
}

bool lacks_keys(const Options& options) { return options.app_id.empty() || options.master_key.empty(); }

void fill_missing_keys(Options& options, const fs::path& file) {
  if (!lacks_keys(options)) return;
  Keys keys = read_or_make_keys(file, options.warnings);
  if (options.app_id.empty()) options.app_id = std::move(keys.app_id);
  if (options.master_key.empty()) options.master_key = std::move(keys.master_key);
}

}  // namespace parsimony
