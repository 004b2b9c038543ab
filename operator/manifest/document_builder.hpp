#pragma once

// Builds JSON values from the events of yaml-cpp's parser, for yaml_reader.cpp. Keeps no call stack:
// what is open stands on a stack of its own, at most limits::depth high.

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/mark.h>

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "operator/manifest/yaml_reader.hpp"

namespace ork::manifest {

class SourceText;

class DocumentBuilder final : public YAML::EventHandler {
 public:
  explicit DocumentBuilder(const SourceText& source) : source_(source) {}

  // The first thing that was wrong; nothing more is built after it.
  const std::optional<ReadError>& error() const { return error_; }
  std::vector<Document> take() && { return std::move(documents_); }

  void OnDocumentStart(const YAML::Mark& mark) override;
  void OnDocumentEnd() override;
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override;
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value style) override;
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override;
  void OnMapEnd() override { close(); }

 private:
  // A value that is whole, and what it costs.
  struct Built {
    Json value;
    Place place;
    std::size_t bytes = 0;
    std::size_t depth = 0;
  };
  // An object or list whose end has not come.
  struct Open {
    Built built;
    YAML::anchor_t anchor = 0;
    std::optional<std::string> name;  // of the field whose value comes next
    Position name_at;
    bool merge = false;                             // that field is a plain <<
    std::map<std::string, int, std::less<>> lines;  // of the fields so far
  };

  void fail(Position at, std::string message);
  void fail(const YAML::Mark& mark, std::string message);
  void fail_name(const YAML::Mark& mark);
  void open(const YAML::Mark& mark, YAML::anchor_t anchor, Json empty);
  void close();
  void add(Built built, YAML::anchor_t anchor);
  void add_field(Open& parent, Built built);
  // True where the next node is the name of a field.
  bool awaits_name() const;
  void set_name(const YAML::Mark& mark, const std::string& tag, const std::string& text);
  // yaml.v2's way: what is merged in wins over what stood before it, and loses to what follows.
  void merge(Open& parent, const Json& from);
  void merge_object(Open& parent, const Json& from);
  bool afford(std::size_t bytes, Position at);

  const SourceText& source_;
  std::optional<ReadError> error_;
  std::vector<Document> documents_;
  std::optional<std::size_t> begun_;  // where the last document began
  std::vector<Open> open_;
  std::optional<Built> root_;
  std::map<YAML::anchor_t, Built> anchored_;
  std::size_t spent_ = 0;  // of limits::expanded_bytes
};

}  // namespace ork::manifest
