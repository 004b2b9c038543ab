#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

#include "operator/embedded/kinds/kind.hpp"
#include "operator/embedded/kinds/place.hpp"
#include "operator/embedded/schema/go_text.hpp"

// What golden/cases.yaml asks was asked of a real API server; golden/answers.json has its answers.

namespace ork::embedded {
namespace {

const std::string now = "2026-01-01T00:00:00Z";
const std::string uid = "00000000-0000-0000-0000-000000000000";

const Kinds& kinds() {
  static const std::shared_ptr<const Kinds> loaded = *Kinds::load();
  return *loaded;
}

// `reason` of a Status' cause.
std::string reason_of(ProblemType type) {
  static const char* const reasons[] = {"FieldValueRequired",  "FieldValueNotSupported", "FieldValueInvalid",
                                        "FieldValueDuplicate", "FieldValueForbidden",    "FieldValueTooLong",
                                        "FieldValueTooMany",   "FieldValueTypeInvalid",  "FieldValueNotFound",
                                        "InternalError"};
  return reasons[static_cast<int>(type)];
}

void drop_what_depends_on_the_hour(Json& object) {
  for (const char* field : {"creationTimestamp", "managedFields", "resourceVersion", "generation"}) {
    object["metadata"].erase(field);
  }
}

// As api/ does it: decoded, named, prepared and checked.
class Request {
 public:
  explicit Request(const Json& answer)
      : object_(answer["sent"]),
        kind_(*kinds().find_kind(object_["apiVersion"].get<std::string>(), object_["kind"].get<std::string>())),
        part_(answer.value("status", false) ? Part::Status : Part::Whole) {
    if (answer.contains("old")) old_ = answer["old"];
  }

  Json answer() {
    auto unknown = kind_.decode(object_);
    if (!unknown) return {{"code", 400}, {"message", handled_as(unknown.error())}};
    fill_in();
    const Json* old = old_.is_null() ? nullptr : &old_;
    if (kind_.prepare != nullptr && part_ == Part::Whole) kind_.prepare(object_, old);
    Json causes = Json::array();
    for (const FieldProblem& problem : kind_.problems(object_, old, part_)) {
      causes.push_back(reason_of(problem.type) + " " + problem.field + ": " + problem.message);
    }
    if (!causes.empty()) return {{"code", 422}, {"causes", causes}};
    drop_what_depends_on_the_hour(object_);
    if (old == nullptr && !kind_.custom) (void)kind_.decode(object_);  // as it is read back
    for (const char* list : {"conditions"}) {
      if (kind_.kind != "Pod" || !object_["status"].contains(list)) continue;
      for (Json& condition : object_["status"][list]) condition["lastTransitionTime"] = now;
    }
    return {{"code", old == nullptr ? 201 : 200}, {"object", object_}};
  }

 private:
  std::string handled_as(const std::string& error) const {
    return kind_.kind + " in version \"" + kind_.version + "\" cannot be handled as a " + kind_.kind + ": " + error;
  }

  void fill_in() {
    Json& metadata = object_["metadata"];
    metadata["uid"] = uid;
    metadata["creationTimestamp"] = now;
    if (!old_.is_null()) old_["metadata"]["creationTimestamp"] = now;
    if (kind_.namespaced) metadata["namespace"] = "golden";
    if (old_.is_null()) {
      std::string prefix = Place(metadata, "")["generateName"].text();
      if (!prefix.empty() && Place(metadata, "")["name"].text().empty()) metadata["name"] = prefix + "xxxxx";
      if (!kind_.custom) return;
      object_.erase("status");
      kind_.schema->apply_defaults(object_);
      return;
    }
    metadata["resourceVersion"] = "1";
    old_["metadata"]["resourceVersion"] = "1";
    // A write of the status keeps the rest, and any other write keeps the status.
    if (part_ == Part::Status) {
      Json status = object_.contains("status") ? object_["status"] : Json();
      object_ = old_;
      if (!status.is_null()) object_["status"] = status;
    } else if (kind_.has_status) {
      object_.erase("status");
      if (old_.contains("status")) object_["status"] = old_["status"];
    }
  }

  Json object_;
  const Kind& kind_;
  Part part_;
  Json old_;
};

// Causes come in any order where they are of the keys of a map. A value that is an object, and a diff,
// are left out of them: a real API server shows the form that objects have inside the server.
Json comparable(Json answer) {
  auto causes = answer.find("causes");
  if (causes == answer.end()) return answer;
  for (Json& cause : *causes) {
    std::string text = cause.get<std::string>();
    text = text.substr(0, text.find("\n@@"));  // a diff of Go structs
    cause = text;
    std::size_t begin = text.find("value: {"), end = text.rfind("}: ");
    bool has_object = begin != std::string::npos && end != std::string::npos;
    if (has_object) cause = text.substr(0, begin + 7) + "..." + text.substr(end + 1);
  }
  std::sort(causes->begin(), causes->end());
  return answer;
}

TEST(Replay, AnswersAsTheApiServerDid) {
  std::ifstream file(ORK_KINDS_GOLDEN "/answers.json");
  Json answers = Json::parse(file);
  ASSERT_GT(answers.size(), 300u);
  for (const Json& recorded : answers) {
    Json expected = {{"code", recorded["code"]}};
    for (const char* part : {"causes", "object", "message"}) {
      if (recorded.contains(part)) expected[part] = recorded[part];
    }
    Json answered = comparable(Request(recorded).answer());
    expected = comparable(expected);
    EXPECT_EQ(answered, expected) << recorded["name"] << "\n  " << recorded["asked"] << "\n  got      "
                                  << answered.dump() << "\n  expected " << expected.dump();
  }
}

}  // namespace
}  // namespace ork::embedded
