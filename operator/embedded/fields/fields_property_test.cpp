// What holds for all sets, objects and patches.

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "operator/embedded/fields/compare.hpp"
#include "operator/embedded/fields/patch.hpp"
#include "operator/embedded/fields/sample_fields.hpp"
#include "operator/embedded/fields/typed_merge.hpp"

namespace ork::embedded {
namespace {

FieldSet any_set() {
  FieldSet set;
  static const std::vector<std::string> elements = {
      "f:a", "f:b", "f:c d", R"(k:{"name":"x"})", R"(k:{"name":"y","port":1})", "v:1", R"(v:"x")", "i:0"};
  for (const auto& path : *rc::gen::container<std::vector<std::vector<int>>>(
           rc::gen::resize(4, rc::gen::nonEmpty(rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 8)))))) {
    std::vector<std::string> names;
    for (int i : path) names.push_back(elements[static_cast<std::size_t>(i)]);
    set.insert(names);
  }
  return set;
}

Json any_value(int depth) {
  switch (*rc::gen::inRange(0, depth > 0 ? 7 : 4)) {
    case 0: return *rc::gen::inRange(0, 3);
    case 1: return *rc::gen::element<std::string>("a", "b", "");
    case 2: return *rc::gen::arbitrary<bool>();
    case 3: return *rc::gen::element(1.5, 2.0);
    case 4: {
      Json list = Json::array();
      for (int i = *rc::gen::inRange(0, 3); i > 0; --i) list.push_back(any_value(depth - 1));
      return list;
    }
    default: {
      Json map = Json::object();
      for (int i = *rc::gen::inRange(0, 4); i > 0; --i)
        map[*rc::gen::element<std::string>("a", "b", "c")] = any_value(depth - 1);
      return map;
    }
  }
}

bool maybe() { return *rc::gen::inRange(0, 2) == 1; }
std::string letter() { return *rc::gen::element<std::string>("a", "b", "c"); }

template <typename Make>
Json some_items(Make make) {
  Json list = Json::array();
  for (const std::string& name :
       *rc::gen::unique<std::vector<std::string>>(rc::gen::element<std::string>("a", "b", "c", "d d"))) {
    list.push_back(make(name));
  }
  return list;
}

// A Sample's spec that the API server would take.
Json any_spec() {
  Json spec = Json::object();
  if (maybe()) spec["text"] = letter();
  if (maybe()) spec["number"] = *rc::gen::inRange(0, 3);
  if (maybe()) spec["names"] = some_items([](const std::string& name) { return Json(name); });
  if (maybe()) {
    spec["things"] = some_items([](const std::string& name) {
      Json item = {{"name", name}};
      if (maybe()) item["value"] = letter();
      if (maybe())
        item["sub"] =
            some_items([](const std::string& id) { return Json{{"id", id}, {"x", *rc::gen::inRange(0, 2)}}; });
      return item;
    });
  }
  if (maybe()) {
    for (int i = *rc::gen::inRange(0, 3); i > 0; --i) spec["granular"][letter()] = letter();
  }
  if (maybe()) spec["sealed"] = {{"a", letter()}};
  if (maybe()) spec["plain"] = Json::array({letter()});
  if (maybe()) spec["free"] = Json{{"x", any_value(2)}};
  if (maybe()) spec["any"] = any_value(2);
  return spec;
}

RC_GTEST_PROP(FieldSet, SurvivesFieldsV1, ()) {
  FieldSet set = any_set();
  Json text = write_fields(set);
  RC_ASSERT(read_fields(text, FieldsSource::Ours) == set);
  RC_ASSERT(read_fields(Json::parse(text.dump()), FieldsSource::Foreign) == set);
}

RC_GTEST_PROP(FieldSet, FollowsTheLawsOfSets, ()) {
  FieldSet a = any_set();
  FieldSet b = any_set();
  auto united = [](FieldSet x, const FieldSet& y) {
    x.unite(y);
    return x;
  };
  auto less = [](FieldSet x, const FieldSet& y) {
    x.subtract(y);
    return x;
  };
  RC_ASSERT(united(a, b) == united(b, a));
  RC_ASSERT(united(a, a) == a);
  RC_ASSERT(intersection(a, b) == intersection(b, a));
  RC_ASSERT(less(a, b) == less(a, intersection(a, b)));
  RC_ASSERT(united(less(a, b), intersection(a, b)) == a);
  RC_ASSERT(intersection(less(a, b), b).empty());
  RC_ASSERT(less(united(a, b), b) == less(a, b));
}

RC_GTEST_PROP(Compare, IsItsOwnMirror, ()) {
  Json a = sample(any_spec());
  Json b = sample(any_spec());
  auto there = compare(sample_type(), a, b, {});
  auto back = compare(sample_type(), b, a, {});
  RC_ASSERT(there && back);
  RC_ASSERT(there->modified == back->modified);
  RC_ASSERT(there->added == back->removed);
  RC_ASSERT(compare(sample_type(), a, a, {})->empty());
}

RC_GTEST_PROP(TrackUpdate, GivesEachFieldThatDiffersToItsWriterAlone, ()) {
  Json live = sample(any_spec());
  track_update(nullptr, live, sample_rules(), writer("one"));
  Json object = sample(any_spec());
  auto changes = compare(sample_type(), live, object, {"apiVersion", "kind"});
  track_update(&live, object, sample_rules(), writer("two"));
  FieldSet written = changes->modified;
  written.unite(changes->added);
  FieldSet by_two;
  for (const Json& entry : object["metadata"].value("managedFields", Json::array())) {
    FieldSet set = *read_fields(entry["fieldsV1"], FieldsSource::Ours);
    RC_ASSERT(intersection(set, changes->removed).empty());
    if (entry["manager"] == "two") {
      by_two = set;
    } else {
      RC_ASSERT(intersection(set, written).empty());
    }
  }
  RC_ASSERT(by_two == written);
}

RC_GTEST_PROP(Apply, IsTheSameTwice, ()) {
  Json live = sample(any_spec());
  track_update(nullptr, live, sample_rules(), writer("one"));
  live["metadata"]["uid"] = "1";
  Json config = sample(any_spec());
  auto once = apply(&live, config, sample_rules(), writer("two"), true);
  RC_ASSERT(once.ok());
  auto twice = apply(&*once, config, sample_rules(), writer("two", "2026-01-01T00:00:09Z"), false);
  RC_ASSERT(twice.ok());
  RC_ASSERT(*once == *twice);
}

RC_GTEST_PROP(Apply, MakesTheObjectSayWhatTheConfigSays, ()) {
  Json live = sample(any_spec());
  track_update(nullptr, live, sample_rules(), writer("one"));
  live["metadata"]["uid"] = "1";
  Json config = sample(any_spec());
  auto object = apply(&live, config, sample_rules(), writer("two"), true);
  RC_ASSERT(object.ok());
  auto again = merged(sample_type(), *object, config);
  RC_ASSERT(again.ok());
  RC_ASSERT(*again == *object);
}

RC_GTEST_PROP(Apply, TakesBackAllThatOneManagerGave, ()) {
  Json spec = any_spec();
  // A list that merges is nobody's while it is empty: it stays.
  for (const char* name : {"names", "things"}) {
    if (spec.contains(name) && spec[name].empty()) spec.erase(name);
  }
  auto first = apply(nullptr, sample(std::move(spec)), sample_rules(), writer("one"), false);
  RC_ASSERT(first.ok());
  (*first)["metadata"]["uid"] = "1";
  Json config = sample(Json::object());
  config.erase("spec");
  auto nothing = apply(&*first, config, sample_rules(), writer("one"), false);
  RC_ASSERT(nothing.ok());
  RC_ASSERT(nothing->value("spec", Json::object()).empty());
}

// The patch that makes `to` of `from`; null where a merge patch can't, for it can't set a null.
Json difference(const Json& from, const Json& to) {
  Json patch = Json::object();
  for (const auto& [name, value] : from.items()) {
    if (!to.contains(name)) patch[name] = nullptr;
  }
  for (const auto& [name, value] : to.items()) {
    if (!from.contains(name) || from[name] != value) {
      bool both = from.contains(name) && from[name].is_object() && value.is_object();
      patch[name] = both ? difference(from[name], value) : value;
    }
  }
  return patch;
}

RC_GTEST_PROP(MergePatch, OfADifferenceMakesTheOther, ()) {
  Json a = {{"v", any_value(3)}};
  Json b = {{"v", any_value(3)}};
  auto patched = merge_patch(a, difference(a, b));
  RC_ASSERT(patched.ok());
  RC_ASSERT(*patched == b);
}

RC_GTEST_PROP(JsonPatch, NeverThrows, ()) {
  auto path = [] {
    std::string text;
    for (int i = *rc::gen::inRange(0, 4); i > 0; --i)
      text += "/" + *rc::gen::element<std::string>("v", "a", "b", "0", "1", "-1", "-", "~1", "");
    return text;
  };
  Json operations = Json::array();
  for (int i = *rc::gen::inRange(0, 8); i > 0; --i) {
    operations.push_back({{"op", *rc::gen::element<std::string>("add", "remove", "replace", "move", "copy", "test")},
                          {"path", path()},
                          {"from", path()},
                          {"value", any_value(2)}});
  }
  Json object = {{"v", any_value(3)}};
  (void)json_patch(object, operations);
}

}  // namespace
}  // namespace ork::embedded
