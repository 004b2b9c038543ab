#pragma once

// What names, labels and keys may look like, in the words of k8s.io/apimachinery/pkg/util/validation.
// Each function returns what is wrong with the text; empty: nothing.

#include <string>
#include <string_view>
#include <vector>

namespace ork::embedded::names {

using Wrong = std::vector<std::string>;

Wrong dns_label(std::string_view text);
Wrong dns_subdomain(std::string_view text);
// "example.com/MyName": an optional subdomain before the slash.
Wrong qualified_name(std::string_view text);
Wrong label_value(std::string_view text);
Wrong config_key(std::string_view text);
Wrong environment_name(std::string_view text);
Wrong port_name(std::string_view text);
Wrong http_header(std::string_view text);
// What can be part of a URL's path.
Wrong path_segment(std::string_view text, bool prefix);

std::string lowered(std::string_view text);
// `must be between 1 and 65535, inclusive`
std::string between(long long least, long long most);

// How a kind names its objects; `prefix`: of generateName, to which something is appended.
using NameRule = Wrong (*)(std::string_view text, bool prefix);
Wrong subdomain_name(std::string_view text, bool prefix);
Wrong label_name(std::string_view text, bool prefix);

}  // namespace ork::embedded::names
