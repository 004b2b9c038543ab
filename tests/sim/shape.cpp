#include "tests/sim/shape.hpp"

#include <algorithm>

#include "tests/sim/shape_parts.hpp"

namespace ork::sim {

std::string_view to_string(Wish::Kind kind) {
  switch (kind) {
    case Wish::Kind::Cancel: return "cancel the run";
    case Wish::Kind::Suspend: return "suspend the run";
    case Wish::Kind::Resume: return "resume the run";
    case Wish::Kind::DeleteRun: return "delete the run";
    case Wish::Kind::DeleteJobs: return "delete all Jobs";
    case Wish::Kind::DeletePods: return "delete all Pods";
    case Wish::Kind::Make: return "make another object";
    case Wish::Kind::EditWorkflow: return "edit the Workflow";
    case Wish::Kind::DeleteWorkflows: return "delete the Workflow";
    case Wish::Kind::Act: return "act on the run";
  }
  return "";
}

bool mentions(const Shape& shape, std::string_view field) {
  const std::string quoted = "\"" + std::string(field) + "\"";
  return std::any_of(shape.objects.begin(), shape.objects.end(),
                     [&](const nlohmann::json& object) { return object.dump().find(quoted) != std::string::npos; });
}

const std::vector<Shape>& named_shapes() {
  static const std::vector<Shape> shapes = [] {
    std::vector<Shape> all;
    for (std::vector<Shape> (*some)() :
         {plain_shapes, failing_shapes, flow_shapes, retrying_shapes, timed_shapes, waiting_shapes, stopped_shapes,
          acted_shapes, calling_shapes, reuse_shapes, scheduled_shapes, cached_shapes, suspended_shapes, queued_shapes,
          by_name_shapes, hooked_shapes}) {
      for (Shape& shape : some()) all.push_back(std::move(shape));
    }
    return all;
  }();
  return shapes;
}

const Shape* find_shape(std::string_view name) {
  const auto& shapes = named_shapes();
  const auto it = std::find_if(shapes.begin(), shapes.end(), [&](const Shape& shape) { return shape.name == name; });
  return it == shapes.end() ? nullptr : &*it;
}

}  // namespace ork::sim
