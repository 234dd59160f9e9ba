// A short run of a fuzzer without libFuzzer, for the quick tests: its seeds, then a fixed number of inputs made from them.
// usage: fuzz_NAME SEEDS [SEED]. The seed of a run is printed, and given again it makes the same inputs.
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

constexpr int kInputs = 100'000;
constexpr std::size_t kMaxBytes = 8 * 1024;

using Random = std::mt19937_64;

std::size_t below(Random& random, std::size_t limit) { return limit == 0 ? 0 : random() % limit; }

std::vector<std::string> read_seeds(const std::filesystem::path& folder) {
  std::vector<std::string> seeds;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    std::ifstream file(entry.path(), std::ios::binary);
    seeds.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  return seeds;
}

// One change: a byte, a part left out, a part doubled, or a part of another seed put in.
void mutate(std::string& input, const std::vector<std::string>& seeds, Random& random) {
  constexpr std::string_view kMarks = "{}[]\",:$._0\\-e";
  const std::size_t at = below(random, input.size() + 1);
  const std::size_t length = below(random, 16) + 1;
  const std::string& other = seeds[below(random, seeds.size())];
  switch (random() % 5) {
    case 0:
      if (at < input.size()) input[at] = static_cast<char>(random());
      return;
    case 1:
      if (at < input.size()) input[at] = kMarks[below(random, kMarks.size())];
      return;
    case 2: input.erase(at, length); return;
    case 3: input.insert(at, input.substr(below(random, input.size() + 1), length)); return;
    default: input.insert(at, other.substr(below(random, other.size() + 1), length * 4)); return;
  }
}

void run(const std::string& input) { LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size()); }

}  // namespace

int main(int count, char** arguments) {
  if (count < 2) {
    std::cerr << "usage: " << arguments[0] << " SEEDS [SEED]\n";
    return 2;
  }
  const std::vector<std::string> seeds = read_seeds(arguments[1]);
  const std::uint64_t seed = count > 2 ? std::strtoull(arguments[2], nullptr, 10) : std::random_device()();
  std::cout << seeds.size() << " seeds, " << kInputs << " inputs made with seed " << seed << std::endl;
  for (const std::string& input : seeds) run(input);
  Random random(seed);
  for (int i = 0; i < kInputs && !seeds.empty(); ++i) {
    std::string input = seeds[below(random, seeds.size())];
    for (std::size_t changes = below(random, 6) + 1; changes > 0; --changes) mutate(input, seeds, random);
    if (input.size() > kMaxBytes) input.resize(kMaxBytes);
    run(input);
  }
  return seeds.empty() ? 1 : 0;
}
