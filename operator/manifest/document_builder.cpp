#include "operator/manifest/document_builder.hpp"

#include <algorithm>
#include <utility>

#include "controllers/expr/quote.hpp"
#include "operator/manifest/limits.hpp"
#include "operator/manifest/scalar.hpp"
#include "operator/manifest/source_text.hpp"

namespace ork::manifest {

void DocumentBuilder::fail(Position at, std::string message) {
  if (!error_) error_ = ReadError{at, std::move(message)};
}

void DocumentBuilder::fail(const YAML::Mark& mark, std::string message) {
  fail(source_.position(mark), std::move(message));
}

bool DocumentBuilder::afford(std::size_t bytes, Position at) {
  spent_ += bytes;
  if (spent_ <= limits::expanded_bytes) return true;
  fail(at, "the file is too large with all of its aliases written out: at most " +
               std::to_string(limits::expanded_bytes >> 20U) + " MiB");
  return false;
}

void DocumentBuilder::OnDocumentStart(const YAML::Mark& mark) {
  if (error_) return;
  root_.reset();
  anchored_.clear();
  open_.clear();
  // yaml-cpp reads nothing of a document that begins with a ',', and would find the next one there without end.
  if (begun_ == source_.offset(mark)) {
    return fail(mark, "a document can't begin with this character: a line before it is missing, or it is one too many");
  }
  begun_ = source_.offset(mark);
  if (!documents_.empty() && !source_.may_begin_document(mark)) {
    return fail(mark, "the document has ended before this line: check its indentation, or put --- between documents");
  }
  if (documents_.size() >= limits::documents) {
    fail(mark, "a file may hold at most " + std::to_string(limits::documents) + " documents");
  }
}

void DocumentBuilder::OnDocumentEnd() {
  if (error_ || !root_ || root_->value.is_null()) return;
  documents_.push_back({std::move(root_->value), std::move(root_->place)});
  root_.reset();
}

bool DocumentBuilder::awaits_name() const {
  return !open_.empty() && open_.back().built.value.is_object() && !open_.back().name;
}

void DocumentBuilder::set_name(const YAML::Mark& mark, const std::string& tag, const std::string& text) {
  Open& parent = open_.back();
  parent.merge = tag == "?" && text == "<<";
  parent.name_at = source_.position(mark);
  auto name = scalar_key(tag, text);
  if (!name) return fail(mark, name.error());
  const std::size_t bytes = limits::node_bytes + name->size();
  if (!afford(bytes, parent.name_at)) return;
  parent.built.bytes += bytes;
  if (!parent.merge) {
    const auto [first, added] = parent.lines.emplace(*name, parent.name_at.line);
    if (!added) {
      return fail(mark, "the field " + expr::in_quotes(*name) + " is there already, in line " +
                            std::to_string(first->second) + ": remove one of them");
    }
  }
  parent.name = *std::move(name);
}

void DocumentBuilder::OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) {
  if (error_) return;
  if (awaits_name()) return set_name(mark, "?", "");
  Built built;
  built.bytes = limits::node_bytes;
  built.place.value = source_.position(mark);
  // An empty value is reported where the parser found out: on the next line.
  if (!open_.empty() && open_.back().name && built.place.value.line > open_.back().name_at.line) {
    built.place.value = open_.back().name_at;
  }
  if (afford(built.bytes, built.place.value)) add(std::move(built), anchor);
}

void DocumentBuilder::OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) {
  if (error_) return;
  if (awaits_name()) return fail(mark, "an alias can't be the name of a field");
  const auto it = anchored_.find(anchor);
  if (it == anchored_.end()) return fail(mark, "the alias stands inside of what it refers to");
  if (it->second.depth + open_.size() > limits::depth) {
    return fail(mark, "is nested more than " + std::to_string(limits::depth) + " deep with its aliases written out");
  }
  if (!afford(it->second.bytes, source_.position(mark))) return;
  Built built{it->second.value, {}, it->second.bytes, it->second.depth};
  built.place.value = source_.position(mark);
  add(std::move(built), 0);
}

void DocumentBuilder::OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                               const std::string& value) {
  if (error_) return;
  if (tag != "?" && source_.is_quote_left_open(mark)) return fail(mark, "this quote is never closed");
  if (awaits_name()) return set_name(mark, tag, value);
  auto scalar = scalar_value(tag, value);
  if (!scalar) return fail(mark, scalar.error());
  Built built{*std::move(scalar), {}, limits::node_bytes + value.size(), 0};
  built.place.value = source_.position(mark);
  if (afford(built.bytes, built.place.value)) add(std::move(built), anchor);
}

void DocumentBuilder::OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                                      YAML::EmitterStyle::value) {
  open(mark, anchor, Json::array());
}

void DocumentBuilder::OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                                 YAML::EmitterStyle::value) {
  open(mark, anchor, Json::object());
}

// {{ x }} is YAML too: an object whose one field's name is an object.
void DocumentBuilder::fail_name(const YAML::Mark& mark) {
  const std::size_t at = source_.offset(mark);
  if (at > 0 && source_.text().substr(at - 1, 2) == "{{") {
    return fail(mark,
                "{{ }} means nothing here, for ork has no templates: write an expression by itself in inputs, as in "
                "{day: params.day}; a Helm chart's file has to be rendered first");
  }
  fail(mark, "a field's name must be plain text, not a list or an object");
}

void DocumentBuilder::open(const YAML::Mark& mark, YAML::anchor_t anchor, Json empty) {
  if (error_) return;
  if (awaits_name()) return fail_name(mark);
  if (open_.size() >= limits::depth) {
    return fail(mark, "is nested more than " + std::to_string(limits::depth) + " deep: make it flatter");
  }
  Open opened;
  opened.built.value = std::move(empty);
  opened.built.bytes = limits::node_bytes;
  opened.built.place.value = source_.position(mark);
  opened.anchor = anchor;
  if (afford(limits::node_bytes, opened.built.place.value)) open_.push_back(std::move(opened));
}

void DocumentBuilder::close() {
  if (error_ || open_.empty()) return;
  Open closed = std::move(open_.back());
  open_.pop_back();
  ++closed.built.depth;
  add(std::move(closed.built), closed.anchor);
}

void DocumentBuilder::add(Built built, YAML::anchor_t anchor) {
  if (built.place.key == Position{}) built.place.key = built.place.value;
  if (anchor != 0) {
    if (!afford(built.bytes, built.place.value)) return;
    anchored_.insert_or_assign(anchor, Built{built.value, {}, built.bytes, built.depth});
  }
  if (open_.empty()) {
    root_ = std::move(built);
    return;
  }
  Open& parent = open_.back();
  parent.built.bytes += built.bytes;
  parent.built.depth = std::max(parent.built.depth, built.depth);
  if (parent.built.value.is_object()) return add_field(parent, std::move(built));
  parent.built.value.push_back(std::move(built.value));
  parent.built.place.children.push_back(std::move(built.place));
}

void DocumentBuilder::add_field(Open& parent, Built built) {
  const std::string name = *std::exchange(parent.name, std::nullopt);
  if (parent.merge) return merge(parent, built.value);
  built.place.key = parent.name_at;
  parent.built.value[name] = std::move(built.value);
  parent.built.place.names.push_back(name);
  parent.built.place.children.push_back(std::move(built.place));
}

void DocumentBuilder::merge(Open& parent, const Json& from) {
  if (from.is_object()) return merge_object(parent, from);
  const bool objects =
      from.is_array() && std::all_of(from.begin(), from.end(), [](const Json& j) { return j.is_object(); });
  if (!objects) return fail(parent.name_at, "<< merges an object, or a list of objects");
  // The first of a list wins.
  for (auto it = from.rbegin(); it != from.rend(); ++it) merge_object(parent, *it);
}

void DocumentBuilder::merge_object(Open& parent, const Json& from) {
  for (const auto& [name, value] : from.items()) parent.built.value[name] = value;
}

}  // namespace ork::manifest
