#include "operator/runtime/event_reader.hpp"

#include <algorithm>
#include <cstdint>
#include <exception>
#include <utility>

#include "operator/runtime/limits.hpp"
#include "operator/runtime/line_buffer.hpp"

namespace ork::runtime {

namespace {

namespace od = simdjson::ondemand;

static_assert(LineBuffer::padding >= simdjson::SIMDJSON_PADDING);

// The string in `field`, or "" where it is absent or something else.
std::string string_in(od::object& object, std::string_view field) {
  std::string_view found;
  if (object.find_field_unordered(field).get_string().get(found) != simdjson::SUCCESS) return {};
  return std::string{found};
}

struct Identity {
  Unreadable object;
  std::string resource_version;
};

// Names an object that the sink did not understand, as far as it has a name. Reads a copy with a
// parser of its own: the sink may have left the document anywhere.
Identity identify(od::object& object, std::string reason) {
  Identity found;
  found.object.reason = std::move(reason);
  std::string_view raw;
  if (object.reset().error() != simdjson::SUCCESS || object.raw_json().get(raw) != simdjson::SUCCESS) return found;
  const simdjson::padded_string copy{raw};
  od::parser parser;
  od::document document;
  od::object metadata;
  if (parser.iterate(copy).get(document) != simdjson::SUCCESS) return found;
  if (document["metadata"].get_object().get(metadata) != simdjson::SUCCESS) return found;
  found.object.ns = string_in(metadata, "namespace");
  found.object.name = string_in(metadata, "name");
  found.object.uid = string_in(metadata, "uid");
  found.resource_version = string_in(metadata, "resourceVersion");
  return found;
}

// The boundary of one object: whatever is wrong with it stays here.
Result<ObjectRef, Identity> hand_over(Sink& sink, ChangeType change, od::object& object) {
  std::string reason;
  try {
    auto seen = sink.object_seen(change, object);
    if (seen) return std::move(*seen);
    reason = std::move(seen).error().message;
  } catch (const std::exception& thrown) {
    reason = thrown.what();
  }
  auto identity = identify(object, std::move(reason));
  sink.object_unreadable(change, identity.object);
  return Err(std::move(identity));
}

WatchLine malformed(std::string_view line, std::string_view why) {
  WatchLine read;
  read.message = "a watch line of " + std::to_string(line.size()) + " bytes is no event: " + std::string{why};
  return read;
}

WatchLine read_object(ChangeType change, od::object& object, Sink& sink) {
  WatchLine read;
  read.change = change;
  auto seen = hand_over(sink, change, object);
  if (seen) {
    read.kind = WatchLine::Kind::Object;
    read.ns = std::move(seen->ns);
    read.name = std::move(seen->name);
    read.resource_version = std::move(seen->resource_version);
  } else {
    auto identity = std::move(seen).error();
    read.kind = WatchLine::Kind::Unreadable;
    read.resource_version = std::move(identity.resource_version);
    read.unreadable = std::move(identity.object);
  }
  return read;
}

WatchLine read_bookmark(std::string_view line, od::object& object) {
  WatchLine read;
  od::object metadata;
  if (object.find_field_unordered("metadata").get_object().get(metadata) == simdjson::SUCCESS) {
    read.resource_version = string_in(metadata, "resourceVersion");
  }
  if (read.resource_version.empty()) return malformed(line, "a bookmark without resourceVersion");
  read.kind = WatchLine::Kind::Bookmark;
  return read;
}

WatchLine read_error(od::object& object) {
  WatchLine read;
  read.kind = WatchLine::Kind::Error;
  std::int64_t number = 0;
  if (object.find_field_unordered("code").get_int64().get(number) == simdjson::SUCCESS) {
    read.error_code = static_cast<int>(number);
  }
  const auto reason = string_in(object, "reason");
  read.message = "the watch ended with error " + std::to_string(read.error_code) + " " + reason + ": " +
                 string_in(object, "message");
  if (reason == "Expired" || reason == "Gone") read.error_code = 410;
  od::object details;
  if (object.find_field_unordered("details").get_object().get(details) == simdjson::SUCCESS &&
      details.find_field_unordered("retryAfterSeconds").get_int64().get(number) == simdjson::SUCCESS && number > 0) {
    read.retry_after = std::chrono::seconds{std::min<std::int64_t>(number, 3600)};
  }
  return read;
}

}  // namespace

EventReader::EventReader() = default;
EventReader::~EventReader() = default;

void EventReader::reserve(std::size_t line_bytes) {
  if (line_parser_ && line_bytes <= limits::idle_buffer_bytes &&
      line_parser_->capacity() > limits::idle_buffer_bytes) {
    line_parser_.reset();
  }
  if (line_parser_) return;
  line_parser_ = std::make_unique<od::parser>();
  // In one go: growing line by line would allocate anew for each slightly longer line. Should it
  // fail, the parser has no capacity and tries again with the line itself.
  [[maybe_unused]] const auto error = line_parser_->allocate(std::max(limits::first_buffer_bytes, line_bytes));
}

WatchLine EventReader::read_line(std::string_view line, Sink& sink) {
  reserve(line.size());
  od::document document;
  od::object event;
  if (auto error = line_parser_->iterate(line.data(), line.size(), line.size() + LineBuffer::padding).get(document)) {
    return malformed(line, simdjson::error_message(error));
  }
  if (auto error = document.get_object().get(event)) return malformed(line, simdjson::error_message(error));
  // The server writes type first, which makes this one pass; any other order costs a second one.
  std::string_view type;
  if (auto error = event.find_field_unordered("type").get_string().get(type)) {
    return malformed(line, "no type: " + std::string{simdjson::error_message(error)});
  }
  od::object object;
  if (auto error = event.find_field_unordered("object").get_object().get(object)) {
    return malformed(line, "no object: " + std::string{simdjson::error_message(error)});
  }
  if (type == "ADDED" || type == "MODIFIED") return read_object(ChangeType::Applied, object, sink);
  if (type == "DELETED") return read_object(ChangeType::Deleted, object, sink);
  if (type == "BOOKMARK") return read_bookmark(line, object);
  if (type == "ERROR") return read_error(object);
  return malformed(line, "unknown type " + std::string{type.substr(0, 32)});
}

Result<ListPage, std::string> EventReader::read_page(std::string body, Sink& sink) {
  const auto no_list = [](std::string_view why) { return Err(std::string{"the answer is no list: "} + std::string{why}); };
  ListPage page;
  od::parser parser;
  od::document document;
  od::object list;
  body.reserve(body.size() + simdjson::SIMDJSON_PADDING);
  if (auto error = parser.iterate(body).get(document)) return no_list(simdjson::error_message(error));
  if (auto error = document.get_object().get(list)) return no_list(simdjson::error_message(error));
  od::object metadata;
  if (auto error = list.find_field_unordered("metadata").get_object().get(metadata)) {
    return no_list("metadata: " + std::string{simdjson::error_message(error)});
  }
  page.resource_version = string_in(metadata, "resourceVersion");
  page.continue_token = string_in(metadata, "continue");
  if (page.resource_version.empty()) return no_list("metadata.resourceVersion is missing");
  od::value items;
  if (auto error = list.find_field_unordered("items").get(items)) {
    return no_list("items: " + std::string{simdjson::error_message(error)});
  }
  if (items.is_null()) return page;  // how Go writes an empty slice that was never made
  od::array array;
  if (auto error = items.get_array().get(array)) return no_list("items: " + std::string{simdjson::error_message(error)});
  for (auto item : array) {
    od::object object;
    ++page.objects;
    if (auto error = item.get_object().get(object)) {
      if (error != simdjson::INCORRECT_TYPE) return no_list(simdjson::error_message(error));
      page.unreadable.push_back({{}, {}, {}, "an item of the list is no object"});
      continue;
    }
    auto seen = hand_over(sink, ChangeType::Applied, object);
    if (!seen) page.unreadable.push_back(std::move(seen).error().object);
  }
  return page;
}

}  // namespace ork::runtime
