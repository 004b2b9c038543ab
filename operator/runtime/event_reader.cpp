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

// True for errors after which simdjson's document is still good: the field is absent, or another type.
bool is_mild(simdjson::error_code error) {
  return error == simdjson::SUCCESS || error == simdjson::NO_SUCH_FIELD || error == simdjson::INCORRECT_TYPE;
}

// The string in `field`, or "" where it is absent or something else. After an error that is not
// mild the document must not be read any further, or simdjson reads beyond what it owns.
simdjson::error_code string_in(od::object& object, std::string_view field, std::string& into) {
  std::string_view found;
  const auto error = object.find_field_unordered(field).get_string().get(found);
  if (error == simdjson::SUCCESS) into = found;
  return is_mild(error) ? simdjson::SUCCESS : error;
}

// Whether all that is opened in `object`, the document's root, is closed again at its very end. A cut
// line often ends with some inner brace: without this it would be acted upon before the end is missed.
bool is_whole(od::document& document, od::object& object) {
  std::string_view raw;
  if (object.raw_json().get(raw) != simdjson::SUCCESS) return false;
  if (document.current_location().error() != simdjson::OUT_OF_BOUNDS) return false;
  return object.reset().error() == simdjson::SUCCESS;
}

struct Failure {
  Unreadable object;
  std::string resource_version;
  bool broken_json = false;  // the document can not be read any further
};

// Names an object that the sink did not understand, as far as it has a name. Reads a copy with a
// parser of its own: the sink may have left this one anywhere, and used up its room for strings.
// No whole parse: it would fail for what is wrong elsewhere in the object.
void identify(od::object& object, Failure& failure) {
  std::string_view raw;
  if (object.reset().error() != simdjson::SUCCESS || object.raw_json().get(raw) != simdjson::SUCCESS) return;
  const simdjson::padded_string copy{raw};
  od::parser parser;
  od::document document;
  od::object metadata;
  if (parser.iterate(copy).get(document) != simdjson::SUCCESS) return;
  if (document["metadata"].get_object().get(metadata) != simdjson::SUCCESS) return;
  const std::pair<const char*, std::string*> fields[] = {{"namespace", &failure.object.ns},
                                                         {"name", &failure.object.name},
                                                         {"uid", &failure.object.uid},
                                                         {"resourceVersion", &failure.resource_version}};
  for (const auto& [field, into] : fields) {
    if (string_in(metadata, field, *into) != simdjson::SUCCESS) return;
  }
}

// The boundary of one object: whatever is wrong with it stays here.
Result<ObjectRef, Failure> hand_over(Sink& sink, ChangeType change, od::document& document, od::object& object) {
  Failure failure;
  try {
    auto seen = sink.object_seen(change, object);
    if (seen) return std::move(*seen);
    failure.object.reason = std::move(seen).error().message;
  } catch (const std::exception& thrown) {
    failure.object.reason = thrown.what();
  }
  // A document that simdjson has given up must not be touched again.
  failure.broken_json = !document.is_alive();
  if (failure.broken_json) return Err(std::move(failure));
  identify(object, failure);
  sink.object_unreadable(change, failure.object);
  return Err(std::move(failure));
}

WatchLine malformed(std::string_view line, std::string_view why) {
  WatchLine read;
  read.message = "a watch line of " + std::to_string(line.size()) + " bytes is no event: " + std::string{why};
  return read;
}

WatchLine read_object(std::string_view line, ChangeType change, od::document& document, od::object& object,
                      Sink& sink) {
  WatchLine read;
  read.change = change;
  auto seen = hand_over(sink, change, document, object);
  if (seen) {
    read.kind = WatchLine::Kind::Object;
    read.ns = std::move(seen->ns);
    read.name = std::move(seen->name);
    read.resource_version = std::move(seen->resource_version);
    return read;
  }
  auto failure = std::move(seen).error();
  if (failure.broken_json) return malformed(line, failure.object.reason);
  read.kind = WatchLine::Kind::Unreadable;
  read.resource_version = std::move(failure.resource_version);
  read.unreadable = std::move(failure.object);
  return read;
}

WatchLine read_bookmark(std::string_view line, od::object& object) {
  WatchLine read;
  od::object metadata;
  if (auto error = object.find_field_unordered("metadata").get_object().get(metadata)) {
    return malformed(line, simdjson::error_message(error));
  }
  if (auto error = string_in(metadata, "resourceVersion", read.resource_version)) {
    return malformed(line, simdjson::error_message(error));
  }
  if (read.resource_version.empty()) return malformed(line, "a bookmark without resourceVersion");
  read.kind = WatchLine::Kind::Bookmark;
  return read;
}

// Errors are rare: a whole parse, and then no order of reading to care about.
WatchLine read_error(std::string_view line) {
  simdjson::dom::parser parser;
  simdjson::dom::element event;
  if (auto error = parser.parse(line).get(event)) return malformed(line, simdjson::error_message(error));
  const auto text = [&event](const char* pointer) {
    std::string_view found;
    return event.at_pointer(pointer).get(found) == simdjson::SUCCESS ? std::string{found} : std::string{};
  };
  const auto number = [&event](const char* pointer) {
    std::int64_t found = 0;
    return event.at_pointer(pointer).get(found) == simdjson::SUCCESS ? found : 0;
  };
  WatchLine read;
  read.kind = WatchLine::Kind::Error;
  read.error_code = static_cast<int>(number("/object/code"));
  const auto reason = text("/object/reason");
  if (reason == "Expired" || reason == "Gone") read.error_code = 410;
  read.message =
      "the watch ended with error " + std::to_string(read.error_code) + " " + reason + ": " + text("/object/message");
  const auto seconds = number("/object/details/retryAfterSeconds");
  if (seconds > 0) read.retry_after = std::min(std::chrono::seconds{seconds}, limits::longest_wish);
  return read;
}

}  // namespace

EventReader::EventReader() = default;
EventReader::~EventReader() = default;

void EventReader::reserve(std::size_t line_bytes) {
  if (line_parser_ && line_bytes <= limits::idle_buffer_bytes && line_parser_->capacity() > limits::idle_buffer_bytes) {
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
  if (!is_whole(document, event)) return malformed(line, "what it opens it does not close");
  // The server writes type first, which makes this one pass; any other order costs a second one.
  std::string_view type;
  if (auto error = event.find_field_unordered("type").get_string().get(type)) {
    return malformed(line, "no type: " + std::string{simdjson::error_message(error)});
  }
  od::object object;
  if (auto error = event.find_field_unordered("object").get_object().get(object)) {
    return malformed(line, "no object: " + std::string{simdjson::error_message(error)});
  }
  if (type == "ADDED" || type == "MODIFIED") return read_object(line, ChangeType::Applied, document, object, sink);
  if (type == "DELETED") return read_object(line, ChangeType::Deleted, document, object, sink);
  if (type == "BOOKMARK") return read_bookmark(line, object);
  if (type == "ERROR") return read_error(line);
  return malformed(line, "unknown type " + std::string{type.substr(0, 32)});
}

Result<ListPage, std::string> EventReader::read_page(std::string body, Sink& sink) {
  const auto no_list = [](std::string_view why) {
    return Err(std::string{"the answer is no list: "} + std::string{why});
  };
  const auto no_list_at = [&](std::string_view where, simdjson::error_code error) {
    return no_list(std::string{where} + ": " + simdjson::error_message(error));
  };
  ListPage page;
  od::parser parser;
  od::document document;
  od::object list;
  body.reserve(body.size() + simdjson::SIMDJSON_PADDING);
  if (auto error = parser.iterate(body).get(document)) return no_list_at("body", error);
  if (auto error = document.get_object().get(list)) return no_list_at("body", error);
  if (!is_whole(document, list)) return no_list("what it opens it does not close");
  od::object metadata;
  if (auto error = list.find_field_unordered("metadata").get_object().get(metadata))
    return no_list_at("metadata", error);
  if (auto error = string_in(metadata, "resourceVersion", page.resource_version)) return no_list_at("metadata", error);
  if (auto error = string_in(metadata, "continue", page.continue_token)) return no_list_at("metadata", error);
  if (page.resource_version.empty()) return no_list("metadata.resourceVersion is missing");
  od::value items;
  if (auto error = list.find_field_unordered("items").get(items)) return no_list_at("items", error);
  if (items.is_null()) return page;  // how Go writes an empty slice that was never made
  od::array array;
  if (auto error = items.get_array().get(array)) return no_list_at("items", error);
  for (auto item : array) {
    od::object object;
    ++page.objects;
    if (auto error = item.get_object().get(object)) {
      if (!is_mild(error)) return no_list_at("items", error);
      page.unreadable.push_back({{}, {}, {}, "an item of the list is no object"});
      continue;
    }
    auto seen = hand_over(sink, ChangeType::Applied, document, object);
    if (seen) continue;
    auto failure = std::move(seen).error();
    if (failure.broken_json) return no_list(failure.object.reason);
    page.unreadable.push_back(std::move(failure.object));
  }
  return page;
}

}  // namespace ork::runtime
