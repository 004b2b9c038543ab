#pragma once

// `x-proto`, as kinds/go_types writes it: "3 string", "2 []message", "4 map bytes", "2.1 message" (field 1
// of a message in field 2 that JSON has as one with what is around it).

#include <optional>
#include <string_view>

#include "operator/embedded/schema/schema_node.hpp"

namespace ork::embedded {

// nullopt: not of that form, or a type that is not known here.
std::optional<ProtoField> parse_proto_fact(std::string_view text);

}  // namespace ork::embedded
