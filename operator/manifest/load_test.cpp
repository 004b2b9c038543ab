#include "operator/manifest/load.hpp"

#include <gtest/gtest.h>

#include <unistd.h>
#include <filesystem>

#include <fstream>
#include <sstream>

namespace ork::manifest {
namespace {

namespace fs = std::filesystem;

class Load : public ::testing::Test {
 protected:
  Load() : folder_(fs::temp_directory_path() / ("ork-load-" + std::to_string(::getpid()))) {
    fs::create_directories(folder_ / "inner");
  }
  ~Load() override { fs::remove_all(folder_); }

  std::string write(const std::string& name, const std::string& text) {
    std::ofstream(folder_ / name) << text;
    return (folder_ / name).string();
  }
  Loaded load_from(const std::vector<std::string>& paths, bool recursive = false, const std::string& input = "") {
    std::istringstream in(input);
    return load(paths, recursive, in);
  }
  // The values of field "id", in the order they were read.
  static std::string numbers(const Loaded& loaded) {
    std::string out;
    for (const Manifest& manifest : loaded.manifests) out += manifest.value.at("id").dump();
    return out;
  }

  fs::path folder_;
};

TEST_F(Load, TakesTheManifestsOfAFolderByName) {
  write("b.yml", "id: 2\n");
  write("a.yaml", "id: 1\n---\nid: 9\n");
  write("c.json", R"({"id": 3})");
  write("d.txt", "id: 4\n");
  write("inner/e.yaml", "id: 5\n");
  EXPECT_EQ(numbers(load_from({folder_.string()})), "1923");
  EXPECT_EQ(numbers(load_from({folder_.string()}, /*recursive=*/true)), "19235");
}

TEST_F(Load, TakesStandardInputForADash) {
  const Loaded loaded = load_from({"-"}, false, "id: 7\n");
  EXPECT_EQ(numbers(loaded), "7");
  EXPECT_EQ(loaded.manifests.at(0).source->name, "-");
}

TEST_F(Load, TakesTheItemsOfAList) {
  const Loaded loaded = load_from({write("l.yaml", "apiVersion: v1\nkind: List\nitems:\n- id: 1\n- id: 2\n")});
  EXPECT_EQ(numbers(loaded), "12");
  EXPECT_EQ(loaded.manifests.at(1).place.value, (Position{5, 3}));
}

TEST_F(Load, ReadsTheOtherFilesWhereOneIsNoYaml) {
  const std::string bad = write("a.yaml", "id: [\n");
  const Loaded loaded = load_from({bad, write("b.yaml", "id: 2\n")});
  EXPECT_EQ(numbers(loaded), "2");
  ASSERT_EQ(loaded.problems.size(), 1U);
  EXPECT_EQ(loaded.problems[0].file, bad);
  EXPECT_TRUE(loaded.errors.empty());
}

TEST_F(Load, SaysWhatCanNotBeRead) {
  const Loaded loaded = load_from({"/no/such/file.yaml", (folder_ / "inner").string()});
  EXPECT_EQ(loaded.errors, (std::vector<std::string>{
                               "there is no file or folder /no/such/file.yaml",
                               (folder_ / "inner").string() + " holds no *.yaml, *.yml or *.json (its folders: -R)"}));
}

TEST_F(Load, RefusesAFileThatIsTooLarge) {
  const Loaded loaded = load_from({write("a.yaml", std::string(9U << 20U, '#'))});
  ASSERT_EQ(loaded.problems.size(), 1U);
  EXPECT_EQ(loaded.problems[0].message, "the file is larger than 8 MiB");
}

}  // namespace
}  // namespace ork::manifest
