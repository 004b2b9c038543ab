// Replays what testdata/record.py recorded of a real API server: the same writes must give the same
// managedFields, objects and messages.

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>

#include "operator/embedded/fields/field_rules.hpp"
#include "operator/embedded/fields/patch.hpp"
#include "operator/embedded/kinds/kind.hpp"

namespace ork::embedded {
namespace {

const std::filesystem::path folder = std::filesystem::path(ORK_FIELDS_TESTDATA);

Json read_json(const std::filesystem::path& path) {
  std::ifstream file(path);
  return Json::parse(file);
}

struct TestedKind {
  Schema schema;
  FieldRules rules;
  const Kind* kind;  // null: one of the tests' own
  bool custom() const { return rules.parsed().traits.custom; }
};

const Kinds& kinds() {
  static const std::shared_ptr<const Kinds> loaded = *Kinds::load();
  return *loaded;
}

// Kinds that ork does not serve, but where a recording sees more: a PodTemplate is changed by nobody,
// a Sample has every way to merge.
Schema schema_of(const std::string& kind) {
  Json document;
  if (kind == "Sample") {
    document = read_json(folder / "sample_schema.json");
  } else {
    auto reference = [](const std::string& name) {
      return Json{{"default", Json::object()}, {"allOf", {{{"$ref", "#/components/schemas/" + name}}}}};
    };
    document = {{"type", "object"},
                {"properties",
                 {{"metadata", reference("io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta")},
                  {"template", reference("io.k8s.api.core.v1.PodTemplateSpec")}}}};
  }
  auto schema = Schema::parse(document, kinds().definitions());
  EXPECT_TRUE(schema) << (schema ? "" : schema.error());
  return *schema;
}

TestedKind kind_named(const std::string& api_version, const std::string& name) {
  const Kind* kind = kinds().find_kind(api_version, name);
  FieldTraits traits{.kind = name, .custom = name == "Sample", .has_status = name == "Sample"};
  if (name == "Pod") traits.kept_from_status = {"metadata.deletionTimestamp", "metadata.ownerReferences"};
  if (kind != nullptr) {
    traits.custom = kind->custom;
    traits.has_status = kind->has_status;
  }
  Schema schema = kind != nullptr ? *kind->schema : schema_of(name);
  return {schema, FieldRules(schema, traits), kind};
}

Json edited(Json object, const Json& changes) {
  for (const Json& change : changes) {
    Json* holder = &object;
    const Json& path = change[0];
    for (std::size_t i = 0; i + 1 < path.size(); ++i) {
      holder = path[i].is_number() ? &(*holder)[path[i].get<std::size_t>()] : &(*holder)[path[i].get<std::string>()];
    }
    if (path.back().is_number()) {
      (*holder)[path.back().get<std::size_t>()] = change[1];
    } else if (change[1].is_null()) {
      holder->erase(path.back().get<std::string>());
    } else {
      (*holder)[path.back().get<std::string>()] = change[1];
    }
  }
  return object;
}

Json managed_fields(const Json& object) { return object["metadata"].value("managedFields", Json()); }

std::string latest(const Json& object) {
  std::string time;
  for (const Json& entry : managed_fields(object)) time = std::max(time, entry.value("time", ""));
  return time;
}

// What differs from write to write whoever writes.
Json content(Json object) {
  if (!object.contains("metadata")) return object;
  for (const char* name : {"managedFields", "resourceVersion", "generation", "uid", "creationTimestamp", "namespace"}) {
    object["metadata"].erase(name);
  }
  return object;
}

// What Go leaves out of a struct's JSON.
bool is_empty_to_go(const Json& value) { return value.empty() || value == "" || value == false || value == 0; }

// All that `part` says is in `whole`, lists in the same order; `whole` may have defaults beside.
void expect_within(const Json& part, const Json& whole, const std::string& path) {
  if (part.is_object() && whole.is_object()) {
    for (const auto& [name, inner] : part.items()) {
      if (whole.contains(name)) {
        expect_within(inner, whole.at(name), path + "." + name);
      } else {
        EXPECT_TRUE(is_empty_to_go(inner)) << path << "." << name << " is " << inner << ", and not there in the answer";
      }
    }
  } else if (part.is_array() && whole.is_array() && part.size() == whole.size()) {
    for (std::size_t i = 0; i < part.size(); ++i)
      expect_within(part[i], whole[i], path + "[" + std::to_string(i) + "]");
  } else if (!part.is_null() || !is_empty_to_go(whole)) {
    EXPECT_EQ(part, whole) << path;
  }
}

class Replay {
 public:
  explicit Replay(const std::string& title)
      : golden_(read_json(folder / (title + ".golden.json"))),
        api_version_(golden_["steps"][0]["answer"]["apiVersion"]),
        kind_(kind_named(api_version_, golden_["kind"])) {}

  void run() {
    int number = 0;
    for (const Json& step : golden_["steps"]) {
      SCOPED_TRACE("step " + std::to_string(number++) + ": " +
                   Json(step.value("body", step.value("edit", Json()))).dump().substr(0, 300));
      if (step["do"] == "apply") {
        apply_step(step);
      } else {
        write_step(step);
      }
      if (step["code"] < 300) live_ = step["answer"];
    }
  }

 private:
  Writer writer_of(const Json& step) const {
    std::string before = live_.is_null() ? "" : latest(live_);
    std::string time = latest(step["answer"]);
    // A write that changes no time must not have set any.
    if (time == before && step.value("pause", 0.0) > 0) time = "2099-01-01T00:00:00Z";
    return {step["manager"], api_version_, step.value("subresource", ""), time};
  }

  const Json* live() const { return live_.is_null() ? nullptr : &live_; }

  Result<Json, PatchError> sent(const Json& step) const {
    if (step["do"] == "create") return step["body"];
    if (step["do"] == "update") return edited(live_, step["edit"]);
    if (step["do"] == "json-patch") return json_patch(live_, step["body"]);
    if (step["do"] == "merge-patch") return merge_patch(live_, step["body"]);
    return strategic_merge_patch(live_, step["body"], kind_.schema);
  }

  void write_step(const Json& step) {
    auto object = sent(step);
    int code = step["code"];
    if (!object) {
      EXPECT_EQ(object.error().status, code) << object.error().detail;
      EXPECT_EQ(object.error().message, step["answer"]["message"]);
      return;
    }
    if (code >= 300) {
      // Refused later, as an object.
      EXPECT_TRUE(code == 422 || code == 415 || code == 404 || code == 409 ||
                  step["body"].value("metadata", Json(1)).is_null())
          << step["answer"]["message"];
      return;
    }
    Json decoded = decode(std::move(*object), step);
    bool tracked = step["answer"]["metadata"].contains("managedFields") || step["do"] != "create";
    if (!tracked) return;
    track_update(live(), decoded, kind_.rules, writer_of(step));
    if (records_managed_fields()) {
      EXPECT_EQ(managed_fields(decoded), managed_fields(step["answer"]));
    }
    expect_written(std::move(decoded), step);
  }

  // What a write through this path writes must be as it was answered: exactly, where nothing is filled in.
  void expect_written(Json object, const Json& step) const {
    Json answer = step["answer"];
    bool exactly = kind_.custom() || golden_["kind"] == "ConfigMap";
    if (step.value("subresource", "") == "status") {
      object = {{"status", object.value("status", Json::object())}};
      answer = {{"status", answer.value("status", Json::object())}};
    } else {
      object.erase("status");
      answer.erase("status");
      drop_empty(object["metadata"]);
    }
    if (exactly) {
      EXPECT_EQ(content(object), content(answer));
    }
    expect_within(content(object), content(answer), "");
  }

  // Metadata is decoded into Go's struct, whatever the kind.
  static void drop_empty(Json& metadata) {
    for (const char* name : {"labels", "annotations", "finalizers"}) {
      if (metadata.contains(name) && metadata[name].empty()) metadata.erase(name);
    }
  }

  bool records_managed_fields() const { return golden_["steps"][0]["answer"]["metadata"].contains("managedFields"); }

  void decode_as_kind(Json& object) const {
    if (kind_.kind != nullptr) {
      Json managed = managed_fields(object);
      object["metadata"].erase("managedFields");
      auto decoded = kind_.kind->decode(object);
      if (!managed.is_null()) object["metadata"]["managedFields"] = std::move(managed);
      EXPECT_TRUE(decoded) << (decoded ? "" : decoded.error());
    } else if (kind_.custom()) {
      kind_.schema.apply_defaults(object);
      drop_empty(object["metadata"]);
    }
  }

  // As the API server decodes; of a kind without defaults of its own, they are taken from the answer.
  Json decode(Json object, const Json& step) const {
    decode_as_kind(object);
    if (!kind_.custom() && (kind_.kind == nullptr || kind_.kind->defaults == nullptr)) {
      fill(object, step["answer"], step.value("subresource", "") == "status" ? "spec" : "status");
    }
    return object;
  }

  // What plugins of the API server put into a new Pod: after its fields were given to its writer.
  bool from_admission(const std::string& field) const {
    static const std::set<std::string> names = {"priority",       "preemptionPolicy",   "tolerations", "volumes",
                                                "serviceAccount", "serviceAccountName", "volumeMounts"};
    return golden_["kind"] == "Pod" && names.contains(field);
  }

  void fill(Json& object, const Json& answer, const std::string& but = "") const {
    if (object.is_object() && answer.is_object()) {
      for (const auto& [name, inner] : answer.items()) {
        if (name == but || name == "managedFields" || from_admission(name)) continue;
        if (!object.contains(name)) {
          object[name] = inner;
        } else {
          fill(object[name], inner);
        }
      }
      for (auto it = object.begin(); it != object.end();) {
        bool left_out = is_empty_to_go(*it) && !answer.contains(it.key()) && it.key() != "managedFields";
        left_out ? it = object.erase(it) : ++it;
      }
    } else if (object.is_array() && answer.is_array() && object.size() == answer.size()) {
      for (std::size_t i = 0; i < object.size(); ++i) fill(object[i], answer[i]);
    }
  }

  void apply_step(const Json& step) {
    auto applied = apply(live(), step["body"], kind_.rules, writer_of(step), step.value("force", "") == "true");
    int code = step["code"];
    const Json& answer = step["answer"];
    if (!applied) {
      EXPECT_EQ(applied.error().status, code);
      EXPECT_EQ(applied.error().message, answer["message"]);
      Json causes = Json::array();
      for (const FieldConflict& conflict : applied.error().conflicts) {
        causes.push_back({{"reason", "FieldManagerConflict"},
                          {"field", conflict.field},
                          {"message", "conflict with " + conflict.manager}});
      }
      Json expected = answer.value("details", Json::object()).value("causes", Json::array());
      EXPECT_EQ(sorted(causes), sorted(expected));
      return;
    }
    if (code == 422) return;
    ASSERT_LT(code, 300) << answer["message"];
    Json object = std::move(*applied);
    decode_as_kind(object);
    expect_written(object, step);
    // What is stored: the answer's content with the entries that apply made.
    Json stored = answer;
    stored["metadata"]["managedFields"] = managed_fields(object);
    if (live() != nullptr) keep_times_if_unchanged(live_, stored);
    EXPECT_EQ(managed_fields(stored), managed_fields(answer));
  }

  static Json sorted(Json list) {
    std::sort(list.begin(), list.end());
    return list;
  }

  Json golden_;
  std::string api_version_;
  TestedKind kind_;
  Json live_;
};

std::vector<std::string> titles() {
  std::vector<std::string> out;
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    std::string name = file.path().filename();
    if (auto end = name.find(".golden.json"); end != std::string::npos) out.push_back(name.substr(0, end));
  }
  std::sort(out.begin(), out.end());
  return out;
}

class Golden : public testing::TestWithParam<std::string> {};

TEST_P(Golden, AgreesWithARealApiServer) { Replay(GetParam()).run(); }

INSTANTIATE_TEST_SUITE_P(Recorded, Golden, testing::ValuesIn(titles()),
                         [](const auto& scenario) { return scenario.param; });

}  // namespace
}  // namespace ork::embedded
