#pragma once

// Reads the JSON of lists and watch lines: one simdjson pass, objects handed to the Sink where they
// stand. Knows nothing of connections or time.

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "controllers/result/result.hpp"
#include "operator/runtime/sink.hpp"

namespace ork::runtime {

// One line of a watch.
struct WatchLine {
  enum class Kind { Object, Unreadable, Bookmark, Error, Malformed };
  Kind kind = Kind::Malformed;
  ChangeType change = ChangeType::Applied;  // Object, Unreadable
  std::string resource_version;             // Object, Bookmark; for Unreadable where it could be read
  std::string ns;                           // Object
  std::string name;                         // Object
  std::optional<Unreadable> unreadable;
  int error_code = 0;                                    // Error: the Status object's code, e.g. 410
  std::string message;                                   // Error, Malformed: one sentence
  std::optional<std::chrono::milliseconds> retry_after;  // Error: the server's own wish
};

// One page of a list.
struct ListPage {
  std::string resource_version;
  std::string continue_token;  // empty: this was the last page
  std::size_t objects = 0;     // including unreadable ones
  std::vector<Unreadable> unreadable;
};

class EventReader {
 public:
  EventReader();
  ~EventReader();
  EventReader(const EventReader&) = delete;
  EventReader& operator=(const EventReader&) = delete;

  // `line` must be readable LineBuffer::padding bytes beyond its end.
  WatchLine read_line(std::string_view line, Sink& sink);
  // The error says why the body is no list; objects before the fault have been handed on.
  Result<ListPage, std::string> read_page(std::string body, Sink& sink);

 private:
  void reserve(std::size_t line_bytes);

  // Pages are far larger than lines and rare, so they get a parser of their own, which is
  // destroyed with the page.
  std::unique_ptr<simdjson::ondemand::parser> line_parser_;
};

}  // namespace ork::runtime
