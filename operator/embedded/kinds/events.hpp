#pragma once

// Events in the words of core/v1, in which they are stored, and of events.k8s.io/v1.

#include <vector>

#include "operator/embedded/schema/schema.hpp"

namespace ork::embedded {

void event_to_stored(Json& event);
void event_from_stored(Json& event);

// Of an Event in the words of core/v1, which asks for little, and of events.k8s.io/v1.
std::vector<FieldProblem> core_event_problems(const Json& event, const Json* old);
std::vector<FieldProblem> event_problems(const Json& event, const Json* old);

}  // namespace ork::embedded
