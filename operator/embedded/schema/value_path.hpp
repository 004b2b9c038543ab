#pragma once

// Where a value stands within the whole that is walked: steps that know what is around them, each on the walk's own
// stack. Written out only for what is wrong, which is next to nothing of what is looked at.

#include <cstddef>
#include <string>
#include <string_view>

namespace ork::embedded {

class ValuePath {
 public:
  ValuePath() = default;

  // "spec" within "", "spec.tasks" within "spec".
  ValuePath field(std::string_view name) const { return {this, Step::Field, name, 0}; }
  // ".labels" within "": as Kubernetes names what stands under a key that no schema names.
  ValuePath dotted(std::string_view name) const { return {this, Step::Dotted, name, 0}; }
  // "labels[app]"
  ValuePath key(std::string_view name) const { return {this, Step::Key, name, 0}; }
  // "tasks[3]"
  ValuePath item(std::size_t index) const { return {this, Step::Index, {}, index}; }

  std::string text() const {
    if (outer_ == nullptr) return {};
    std::string out = outer_->text();
    if (step_ == Step::Index) return out + "[" + std::to_string(index_) + "]";
    if (step_ == Step::Key) return out.append("[").append(name_).append("]");
    if (step_ == Step::Dotted || !out.empty()) out += '.';
    return out.append(name_);
  }

 private:
  enum class Step { Field, Dotted, Key, Index };
  ValuePath(const ValuePath* outer, Step step, std::string_view name, std::size_t index)
      : outer_(outer), step_(step), name_(name), index_(index) {}

  const ValuePath* outer_ = nullptr;
  Step step_ = Step::Field;
  std::string_view name_;
  std::size_t index_ = 0;
};

}  // namespace ork::embedded
