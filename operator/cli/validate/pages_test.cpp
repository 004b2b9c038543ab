// The pages of docs/language hold manifests: those that show a mistake say what ork prints of it, and the others are
// right. ORK_REWRITE=1 writes what it prints now into them.

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <vector>

#include "operator/manifest/check.hpp"

namespace ork::cli {
namespace {

namespace fs = std::filesystem;

// What stands between two fences, and where.
struct Block {
  std::string language;
  std::string text;
  std::size_t begin = 0;  // bytes of the page, [begin, end)
  std::size_t end = 0;
};

std::string read(const fs::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<Block> blocks_of(const std::string& page) {
  std::vector<Block> out;
  const std::string fence = "\n```";
  for (std::size_t at = 0; (at = page.find(fence, at)) != std::string::npos;) {
    const std::size_t begin = page.find('\n', at + 1) + 1;
    const std::size_t end = page.find(fence, begin - 1) + 1;
    out.push_back({page.substr(at + 4, begin - at - 5), page.substr(begin, end - begin), begin, end});
    at = end + 3;
  }
  return out;
}

bool is_orks(const Block& block) {
  return block.language == "yaml" && block.text.find("apiVersion: ork.dev/") != std::string::npos;
}

std::vector<manifest::Problem> problems_of(const Block& block) {
  return manifest::check_all(manifest::load_text("etl.yaml", block.text), manifest::Others::PassedOver);
}

TEST(Pages, ShowEachMistakeWithTheOneMessageThatOrkPrints) {
  const fs::path path = ORK_SOURCE_DIR "/docs/language/errors.md";
  const std::string page = read(path);
  const std::vector<Block> blocks = blocks_of(page);
  std::string now = page;
  std::size_t mistakes = 0;
  // From the back, so that places stay true.
  for (std::size_t i = blocks.size(); i-- > 1;) {
    if (blocks[i - 1].language != "yaml" || blocks[i].language != "text") continue;
    ++mistakes;
    const auto problems = problems_of(blocks[i - 1]);
    EXPECT_EQ(problems.size(), 1U) << blocks[i - 1].text;
    std::string said;
    for (const auto& problem : problems) said += manifest::show(problem);
    now.replace(blocks[i].begin, blocks[i].end - blocks[i].begin, said);
  }
  EXPECT_GE(mistakes, 20U);
  EXPECT_EQ(mistakes * 2, blocks.size()) << "a mistake without its message";
  if (std::getenv("ORK_REWRITE") != nullptr) {
    std::ofstream(path) << now;
  } else {
    EXPECT_EQ(page, now) << "ORK_REWRITE=1 rewrites the page";
  }
}

TEST(Pages, HoldManifestsThatAreRight) {
  std::size_t seen = 0;
  for (const auto& entry : fs::directory_iterator(ORK_SOURCE_DIR "/docs/language")) {
    if (entry.path().extension() != ".md" || entry.path().filename() == "errors.md") continue;
    for (const Block& block : blocks_of(read(entry.path()))) {
      if (!is_orks(block)) continue;
      ++seen;
      for (const auto& problem : problems_of(block)) ADD_FAILURE() << entry.path() << "\n" << manifest::show(problem);
    }
  }
  EXPECT_GE(seen, 5U);
}

}  // namespace
}  // namespace ork::cli
