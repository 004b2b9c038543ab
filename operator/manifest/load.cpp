#include "operator/manifest/load.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <system_error>
#include <utility>

#include "operator/manifest/limits.hpp"
#include "operator/manifest/yaml_reader.hpp"

namespace ork::manifest {
namespace {

namespace fs = std::filesystem;

// One byte beyond the bound is enough for the reader to refuse it.
std::string read_all(std::istream& in) {
  std::string text;
  std::array<char, 1 << 16> part;
  while (in && text.size() <= limits::file_bytes) {
    in.read(part.data(), part.size());
    text.append(part.data(), static_cast<std::size_t>(in.gcount()));
  }
  return text;
}

bool is_manifest_file(const fs::path& path) {
  const std::string extension = path.extension().string();
  return extension == ".yaml" || extension == ".yml" || extension == ".json";
}

template <typename Iterator>
std::vector<std::string> files_of(const fs::path& folder, std::error_code& error) {
  std::vector<std::string> files;
  for (Iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    std::error_code ignored;
    if (it->is_regular_file(ignored) && is_manifest_file(it->path())) files.push_back(it->path().string());
    if (files.size() > limits::files) break;
  }
  std::sort(files.begin(), files.end());
  return files;
}

// A v1 List (as `kubectl get -o yaml` writes) stands for its items.
bool is_list(const Json& value) {
  const auto items = value.is_object() ? value.find("items") : value.end();
  return kind_of(value) == "List" && items != value.end() && items->is_array();
}

void add_document(Loaded& out, const std::shared_ptr<const Source>& source, Document document) {
  if (!is_list(document.value)) {
    out.manifests.push_back({source, std::move(document.value), std::move(document.place)});
    return;
  }
  const Place* items = document.place.field("items");
  Json& values = document.value["items"];
  for (std::size_t i = 0; i < values.size(); ++i) {
    const bool known = items != nullptr && i < items->children.size();
    out.manifests.push_back({source, std::move(values[i]), known ? items->children[i] : document.place});
  }
}

// One document of a text, as far as lines that begin with "---" tell.
struct Part {
  std::string_view text;
  int line = 0;  // of its first line, from 0
};

std::vector<Part> parts_of(std::string_view text) {
  std::vector<Part> parts = {{text, 0}};
  int line = 0;
  for (std::size_t at = 0; (at = text.find('\n', at)) != std::string_view::npos;) {
    ++at;
    ++line;
    if (text.substr(at, 3) != "---" || parts.size() >= limits::documents) continue;
    parts.back().text.remove_suffix(text.size() - at);
    parts.push_back({text.substr(at), line});
  }
  return parts;
}

// As deep as the document is, which limits::depth bounds.
void move_down(Place& place, int lines) {
  place.key.line += lines;
  place.value.line += lines;
  for (Place& child : place.children) move_down(child, lines);
}

void add_part(Loaded& out, const std::shared_ptr<const Source>& source, const Part& part) {
  auto documents = read_yaml(part.text);
  if (!documents) {
    Position at = documents.error().at;
    at.line += part.line;
    out.problems.push_back(problem_at(*source, at, documents.error().message));
    return;
  }
  for (Document& document : *documents) {
    move_down(document.place, part.line);
    add_document(out, source, std::move(document));
  }
}

class Loader {
 public:
  explicit Loader(bool recursive) : recursive_(recursive) {}

  void error(std::string sentence) { out_.errors.push_back(std::move(sentence)); }

  void text(std::string name, std::string text) {
    bytes_ += text.size();
    if (bytes_ > limits::all_bytes) {
      if (bytes_ - text.size() <= limits::all_bytes) error("the files are too large together, from " + name + " on");
      return;
    }
    out_.files.push_back(name);
    Loaded more = load_text(std::move(name), std::move(text));
    std::move(more.manifests.begin(), more.manifests.end(), std::back_inserter(out_.manifests));
    std::move(more.problems.begin(), more.problems.end(), std::back_inserter(out_.problems));
  }

  void file(const std::string& name) {
    std::ifstream in(name, std::ios::binary);
    std::string all = in ? read_all(in) : std::string();
    if (!in.is_open() || in.bad()) return error(name + " can't be read");
    text(name, std::move(all));
  }

  void folder(const std::string& name) {
    std::error_code failed;
    const std::vector<std::string> files = recursive_ ? files_of<fs::recursive_directory_iterator>(name, failed)
                                                      : files_of<fs::directory_iterator>(name, failed);
    if (failed) return error(name + " can't be read: " + failed.message());
    if (files.size() > limits::files) {
      return error(name + " holds more than " + std::to_string(limits::files) + " manifests: name the files");
    }
    if (files.empty()) error(name + " holds no *.yaml, *.yml or *.json" + (recursive_ ? "" : " (its folders: -R)"));
    for (const std::string& each : files) file(each);
  }

  Loaded take() && { return std::move(out_); }

 private:
  bool recursive_;
  std::size_t bytes_ = 0;
  Loaded out_;
};

}  // namespace

Loaded load_text(std::string name, std::string text) {
  Loaded out;
  out.files.push_back(name);
  const auto source = std::make_shared<const Source>(Source{std::move(name), std::move(text)});
  auto documents = read_yaml(source->text);
  if (!documents) {
    const std::vector<Part> parts = parts_of(source->text);
    if (parts.size() == 1 || documents.error().at.line == 0) {
      out.problems.push_back(problem_at(*source, documents.error().at, documents.error().message));
    } else {
      for (const Part& part : parts) {
        if (out.problems.size() < limits::problems) add_part(out, source, part);
      }
    }
    return out;
  }
  for (Document& document : *documents) add_document(out, source, std::move(document));
  return out;
}

Loaded load(std::span<const std::string> paths, bool recursive, std::istream& standard_input) {
  Loader loader(recursive);
  for (const std::string& path : paths) {
    std::error_code ignored;
    if (path == "-") {
      loader.text(path, read_all(standard_input));
    } else if (fs::is_directory(path, ignored)) {
      loader.folder(path);
    } else if (!fs::exists(path, ignored)) {
      loader.error("there is no file or folder " + path);
    } else {
      loader.file(path);
    }
  }
  return std::move(loader).take();
}

}  // namespace ork::manifest
