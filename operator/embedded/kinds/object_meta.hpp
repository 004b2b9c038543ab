#pragma once

// What is wrong with metadata, of any kind.

#include <vector>

#include "operator/embedded/kinds/names.hpp"
#include "operator/embedded/kinds/place.hpp"
#include "operator/embedded/schema/schema.hpp"

namespace ork::embedded {

using Problems = std::vector<FieldProblem>;

void append(Problems& to, Problems more);
// One problem for each message about the text at a place.
void append_wrong(Problems& to, const Place& place, const names::Wrong& wrong);
// The new value differs from the old one.
void append_if_changed(Problems& to, const Place& now, const Place& before);
void append_if_not_standard(Problems& to, const Place& finalizer);
void append_if_negative(Problems& to, const Place& number);

// Of a new object; `name_rule` is the kind's.
Problems meta_problems(const Json& object, bool namespaced, names::NameRule name_rule);
// The same for most built-in kinds: their finalizers are Kubernetes' own or have a domain.
Problems core_meta_problems(const Json& object, bool namespaced, names::NameRule name_rule);
// Of one that replaces `old`.
Problems meta_update_problems(const Json& object, const Json& old);
Problems core_meta_update_problems(const Json& object, const Json& old);
// What is asked of every object that replaces another, before anything of its kind.
Problems common_update_problems(const Json& object, const Json& old, bool namespaced);

// Of a new object (it has no resourceVersion) whose name is none for a host: a warning that begins with `about`.
std::vector<std::string> new_name_warnings(const Json& object, const std::string& about);

Problems label_problems(const Place& labels);
Problems annotation_problems(const Place& annotations);
Problems selector_problems(const Place& selector);

}  // namespace ork::embedded
