#pragma once

// For tests: a schema with one field for each thing that a structural schema can say. The expected
// answers of the tests that use it were taken from a real API server that served it.

namespace ork::embedded {

// clang-format off
inline constexpr const char* sample_schema = R"~({"type": "object", "required": ["spec"], "properties": {
"spec": {"type": "object", "required": ["name"], "properties": {
  "name": {"type": "string", "minLength": 2, "maxLength": 5, "pattern": "^[a-z]+$"},
  "kind": {"type": "string", "enum": ["Big", "Small"]},
  "level": {"type": "integer", "enum": [1, 2]},
  "count": {"type": "integer", "minimum": 1, "maximum": 10, "default": 3},
  "ratio": {"type": "number", "minimum": 0, "exclusiveMinimum": true, "maximum": 1.5, "exclusiveMaximum": true, "multipleOf": 0.25},
  "step": {"type": "integer", "multipleOf": 3},
  "flag": {"type": "boolean"},
  "maybe": {"type": "string", "nullable": true, "default": "x"},
  "at": {"type": "string", "format": "date-time"},
  "every": {"type": "string", "format": "duration"},
  "day": {"type": "string", "format": "date"},
  "data": {"type": "string", "format": "byte"},
  "amount": {"x-kubernetes-int-or-string": true, "anyOf": [{"type": "integer"}, {"type": "string"}], "pattern": "^[0-9]+m?$"},
  "tags": {"type": "array", "x-kubernetes-list-type": "set", "minItems": 1, "maxItems": 3, "items": {"type": "string", "maxLength": 3}},
  "nums": {"type": "array", "items": {"type": "integer"}},
  "ports": {"type": "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["port", "protocol"], "items": {"type": "object", "required": ["port"], "properties": {"port": {"type": "integer"}, "protocol": {"type": "string", "default": "TCP"}, "note": {"type": "string", "maxLength": 4}}}},
  "steps": {"type": "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name"], "items": {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}, "deep": {"type": "object", "default": {}, "properties": {"size": {"type": "integer", "default": 7}}}}}},
  "labels": {"type": "object", "minProperties": 1, "maxProperties": 2, "additionalProperties": {"type": "string", "maxLength": 3}},
  "free": {"type": "object", "x-kubernetes-preserve-unknown-fields": true, "properties": {"known": {"type": "object", "properties": {"a": {"type": "integer"}}}}},
  "any": {"x-kubernetes-preserve-unknown-fields": true},
  "one": {"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "string"}}, "oneOf": [{"required": ["a"]}, {"required": ["b"]}]},
  "all": {"type": "string", "allOf": [{"minLength": 3}, {"pattern": "^x"}], "not": {"enum": ["xxx"]}}}},
"status": {"type": "object", "properties": {"phase": {"type": "string", "enum": ["Good", "Bad"]}, 
  "list": {"type": "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["k"], "items": {"type": "object", "required": ["k"], "properties": {"k": {"type": "string"}}}}}}}})~";
// clang-format on

}  // namespace ork::embedded
