#include "operator/embedded/kinds/events.hpp"

#include <array>
#include <initializer_list>
#include <utility>

#include "operator/embedded/kinds/object_meta.hpp"
#include "operator/embedded/schema/problems.hpp"

namespace ork::embedded {
namespace {

// What core/v1 calls a field, and what events.k8s.io/v1 does; the others have one name.
constexpr std::array<std::pair<const char*, const char*>, 7> renamed = {{
    {"involvedObject", "regarding"},
    {"message", "note"},
    {"reportingComponent", "reportingController"},
    {"source", "deprecatedSource"},
    {"firstTimestamp", "deprecatedFirstTimestamp"},
    {"lastTimestamp", "deprecatedLastTimestamp"},
    {"count", "deprecatedCount"},
}};

void rename(Json& event, const char* from, const char* to) {
  auto field = event.find(from);
  if (field == event.end()) return;
  Json value = std::move(*field);
  event.erase(from);
  event[to] = std::move(value);
}

bool is_empty(const Json& event, const char* name) {
  auto field = event.find(name);
  return field == event.end() || field->is_null() || *field == "" || (field->is_object() && field->empty());
}

// Fields that Go writes though they are empty in one of the two forms only.
void write_always(Json& event, std::initializer_list<const char*> texts, std::initializer_list<const char*> objects,
                  std::initializer_list<const char*> times) {
  for (const char* name : texts) {
    if (is_empty(event, name)) event[name] = "";
  }
  for (const char* name : objects) {
    if (is_empty(event, name)) event[name] = Json::object();
  }
  for (const char* name : times) {
    if (is_empty(event, name)) event[name] = nullptr;
  }
}

// The fields of a new Event that must be there, with as many characters as they may have.
void append_text_problems(Problems& out, const Place& text, std::size_t most, bool required) {
  if (required && text.text().empty()) out.push_back(problems::required(text.path(), ""));
  if (text.text().size() > most) {
    out.push_back(problems::invalid(text.path(), "", "can have at most " + std::to_string(most) + " characters"));
  }
}

// What is asked of a stored Event whoever writes it. One without an eventTime is of the old kind.
Problems stored_event_problems(const Place& event, const std::string& controller_field) {
  Problems out;
  std::string ns = event["metadata"]["namespace"].text();
  Place about = event["involvedObject"]["namespace"];
  bool old_kind = !event["eventTime"].present();
  bool anywhere = ns == "default" || (old_kind ? ns.empty() : ns == "kube-system");
  bool agrees = about.text().empty() ? anywhere : !old_kind || about.text() == ns;
  if (!agrees) out.push_back(problems::invalid(about.path(), about.text(), "does not match event.namespace"));
  if (old_kind) return out;
  constexpr std::size_t short_text = 128, note = 1024;
  Place controller(event["reportingComponent"].value(), controller_field);
  if (controller.text().empty()) out.push_back(problems::required(controller.path(), ""));
  append_wrong(out, controller, names::qualified_name(controller.text()));
  append_text_problems(out, event["reportingInstance"], short_text, true);
  append_text_problems(out, event["action"], short_text, true);
  append_text_problems(out, event["reason"], short_text, true);
  append_text_problems(out, event["message"], note, false);
  return out;
}

Problems series_problems(const Place& series) {
  Problems out;
  if (!series.present()) return out;
  if (series["count"].number() < 2) out.push_back(problems::invalid("series.count", "", "should be at least 2"));
  if (!series["lastObservedTime"].present()) out.push_back(problems::required("series.lastObservedTime", ""));
  return out;
}

Problems new_event_problems(const Json& event) {
  Place now(event, "");
  Problems out = core_meta_problems(event, true, names::subdomain_name);
  append(out, series_problems(now["series"]));
  if (!now["eventTime"].present()) out.push_back(problems::required("eventTime", ""));
  std::string type = now["type"].text();
  if (type != "Normal" && type != "Warning") {
    out.push_back(problems::invalid("type", "", "has invalid value: " + type));
  }
  for (const char* field : {"firstTimestamp", "lastTimestamp", "count"}) {
    if (now[field].present()) out.push_back(problems::invalid(field, "", "needs to be unset"));
  }
  if (now["source"].size() > 0) out.push_back(problems::invalid("source", "", "needs to be unset"));
  return out;
}

// A text that is not there is an empty one.
void append_if_text_changed(Problems& out, const Place& now, const Place& before) {
  if (now.text() != before.text()) out.push_back(problems::invalid(now.path(), now.text(), "field is immutable"));
}

// As is a number: 0.
void append_if_number_changed(Problems& out, const Place& now, const Place& before) {
  if (now.number() != before.number()) out.push_back(problems::invalid(now.path(), now.number(), "field is immutable"));
}

Problems changed_event_problems(const Json& event, const Json& old) {
  Place now(event, ""), before(old, "");
  Problems out = core_meta_update_problems(event, old);
  if (now["series"].value() != before["series"].value()) append(out, series_problems(now["series"]));
  const auto same = [&](std::initializer_list<const char*> fields) {
    for (const char* field : fields) append_if_changed(out, now[field], before[field]);
  };
  const auto same_text = [&](std::initializer_list<const char*> fields) {
    for (const char* field : fields) append_if_text_changed(out, now[field], before[field]);
  };
  same({"involvedObject"});
  same_text({"reason", "message"});
  same({"source", "firstTimestamp", "lastTimestamp"});
  append_if_number_changed(out, now["count"], before["count"]);
  same_text({"reason", "type"});
  same({"eventTime"});
  same_text({"action"});
  same({"related"});
  append_if_text_changed(out, Place(now["reportingComponent"].value(), "reportingController"),
                         before["reportingComponent"]);
  same_text({"reportingInstance"});
  return out;
}

void drop_empty(Json& event, std::initializer_list<const char*> fields) {
  for (const char* name : fields) {
    if (is_empty(event, name)) event.erase(name);
  }
}

}  // namespace

void event_to_stored(Json& event) {
  if (!event.is_object()) return;
  for (const auto& [stored, other] : renamed) rename(event, other, stored);
  event["apiVersion"] = "v1";
  if (auto series = event.find("series"); series != event.end() && series->is_object() && (*series)["count"] == 0) {
    series->erase("count");
  }
  write_always(event, {"reportingComponent", "reportingInstance"}, {"involvedObject", "source"},
               {"eventTime", "firstTimestamp", "lastTimestamp"});
}

void event_from_stored(Json& event) {
  if (!event.is_object()) return;
  for (const auto& [stored, other] : renamed) rename(event, stored, other);
  event["apiVersion"] = "events.k8s.io/v1";
  if (auto series = event.find("series"); series != event.end() && series->is_object() && !series->contains("count")) {
    (*series)["count"] = 0;
  }
  drop_empty(event, {"reportingController", "reportingInstance"});
  write_always(event, {}, {"regarding", "deprecatedSource"},
               {"eventTime", "deprecatedFirstTimestamp", "deprecatedLastTimestamp"});
}

Problems core_event_problems(const Json& event, const Json*) {
  return stored_event_problems(Place(event, ""), "reportingComponent");
}

Problems event_problems(const Json& event, const Json* old) {
  Json stored = event;
  event_to_stored(stored);
  Problems out = stored_event_problems(Place(stored, ""), "reportingController");
  if (old == nullptr) {
    append(out, new_event_problems(stored));
  } else {
    Json before = *old;
    event_to_stored(before);
    append(out, changed_event_problems(stored, before));
  }
  return out;
}

}  // namespace ork::embedded
