#pragma once

// For tests: the schema and the object that the rules of evaluate_test.cpp were asked about on a real
// API server, and those of ask_test.cpp.

namespace ork::embedded::rules::sample {

// clang-format off
inline constexpr const char* schema = R"~({"type": "object", "properties": {
  "s": {"type": "string", "maxLength": 10},
  "u": {"type": "string", "maxLength": 10},
  "t": {"type": "string", "maxLength": 20},
  "n": {"type": "integer"},
  "big": {"type": "integer"},
  "d": {"type": "number"},
  "missing": {"type": "string", "maxLength": 10},
  "o": {"type": "object", "properties": {"a": {"type": "integer"}}},
  "m": {"type": "object", "maxProperties": 5, "additionalProperties": {"type": "string", "maxLength": 5}},
  "l": {"type": "array", "maxItems": 5, "items": {"type": "integer"}},
  "set": {"type": "array", "maxItems": 5, "x-kubernetes-list-type": "set", "items": {"type": "string", "maxLength": 5}},
  "items": {"type": "array", "maxItems": 5, "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["k"], "items": {"type": "object", "required": ["k"], "properties": {"k": {"type": "string", "maxLength": 5}, "v": {"type": "integer"}}}},
  "keep": {"x-kubernetes-preserve-unknown-fields": true, "type": "object"},
  "ios": {"x-kubernetes-int-or-string": true},
  "ios2": {"x-kubernetes-int-or-string": true},
  "dur": {"type": "string", "maxLength": 10},
  "durf": {"type": "string", "format": "duration", "maxLength": 10},
  "maybe": {"type": "string", "nullable": true, "maxLength": 10},
  "namespace": {"type": "string", "maxLength": 10},
  "a-b": {"type": "string", "maxLength": 10},
  "a.b": {"type": "string", "maxLength": 10},
  "deep": {"type": "array", "maxItems": 3, "items": {"type": "object", "properties": {"in": {"type": "array", "maxItems": 3, "items": {"type": "string", "maxLength": 3}}}}},
  "items2": {"type": "array", "maxItems": 5, "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["k"], "items": {"type": "object", "required": ["k"], "properties": {"k": {"type": "string", "maxLength": 5}, "v": {"type": "integer"}}}},
  "keep2": {"x-kubernetes-preserve-unknown-fields": true, "type": "object"},
  "keep3": {"x-kubernetes-preserve-unknown-fields": true, "type": "object"}}})~";

inline constexpr const char* object = R"~({
  "s": "abc",
  "u": "é世x",
  "t": "a\\b\n'\"AéA",
  "n": 5,
  "big": 9223372036854775807,
  "d": 1.5,
  "o": {"a": 1},
  "m": {"x": "y"},
  "l": [1, 2, 3],
  "set": ["a", "b"],
  "items": [{"k": "a", "v": 1}, {"k": "b"}],
  "items2": [{"k": "b"}, {"k": "a", "v": 1}],
  "keep": {"a": [1, {"b": "c"}]},
  "keep2": {"a": [1, {"b": "c"}]},
  "keep3": {"a": [1, {"b": "d"}]},
  "ios": 5,
  "ios2": "5m",
  "dur": "90m",
  "durf": "1m30s",
  "maybe": null,
  "namespace": "ns",
  "a-b": "dash",
  "a.b": "dot",
  "deep": [{"in": ["x"]}, {"in": ["z"]}]})~";

inline constexpr const char* ruled_schema = R"~({"type": "object", "x-kubernetes-validations": [{"rule": "self.metadata.name.startsWith('a')", "message": " root "}],
"properties": {"metadata": {"type": "object", "properties": {"name": {"type": "string"}}},
"spec": {"type": "object", "x-kubernetes-validations": [
  {"rule": "self.a == oldSelf.a", "message": "a is fixed", "fieldPath": ".a"},
  {"rule": "!has(self.n) || self.n < 10"},
  {"rule": "!has(self.n) || self.n < 20", "messageExpression": "'n of ' + self.a", "fieldPath": ".n", "reason": "FieldValueForbidden"},
  {"rule": "!has(self.n) || self.n < 30", "message": "plain", "messageExpression": "'x: ' + self.x"},
  {"rule": "!has(self.n) || self.n < 40", "reason": "FieldValueRequired", "message": "r"},
  {"rule": "!has(self.n) || self.n < 50", "reason": "FieldValueDuplicate", "message": "d"},
  {"rule": "!has(self.x) || self.x != 'bad'", "fieldPath": ".deep['a.b']['k']", "message": "x"},
  {"rule": "!has(self.n) || oldSelf.hasValue() || self.n != 5", "optionalOldSelf": true, "message": "new n"},
  {"rule": "!has(self.n) || !oldSelf.hasValue() || oldSelf.value().n <= self.n", "optionalOldSelf": true, "message": "n grows"}],
"properties": {
  "a": {"type": "string", "maxLength": 10},
  "n": {"type": "integer"},
  "x": {"type": "string", "maxLength": 10},
  "deep": {"type": "object", "properties": {"a.b": {"type": "object", "maxProperties": 4, "additionalProperties": {"type": "string", "maxLength": 5, "x-kubernetes-validations": [{"rule": "self != 'no'", "message": "no no"}]}}}},
  "m": {"type": "object", "maxProperties": 4, "additionalProperties": {"type": "string", "maxLength": 5, "x-kubernetes-validations": [{"rule": "self != 'no'", "message": "no no"}, {"rule": "self == oldSelf", "message": "m fixed"}]}},
  "items": {"type": "array", "maxItems": 5, "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["k"], "items": {"type": "object", "required": ["k"], "x-kubernetes-validations": [{"rule": "!has(self.v) || self.v > 0", "message": "v > 0"}], "properties": {"k": {"type": "string", "maxLength": 5}, "v": {"type": "integer", "x-kubernetes-validations": [{"rule": "self >= oldSelf", "message": "v grows"}, {"rule": "self < 100", "message": "v < 100"}]}}}},
  "plain": {"type": "array", "maxItems": 5, "items": {"type": "integer", "x-kubernetes-validations": [{"rule": "self > 0", "message": "plain > 0"}]}},
  "ios": {"x-kubernetes-int-or-string": true, "x-kubernetes-validations": [{"rule": "self != 'no'", "message": "ios"}]},
  "null": {"type": "string", "nullable": true, "maxLength": 5, "x-kubernetes-validations": [{"rule": "self != 'no'", "message": "null"}]}}}}})~";

// Written while the schema had no rules.
inline constexpr const char* ruled_spec = R"~({"a": "x", "n": 35, "items": [{"k": "a", "v": -5}, {"k": "b", "v": 200}, {"k": "c"}], "plain": [0, 1], "m": {"p": "no", "q": "ok"}, "ios": "no", "deep": {"a.b": {"k": "no"}}})~";
// clang-format on

}  // namespace ork::embedded::rules::sample
