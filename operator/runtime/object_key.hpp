#pragma once

// "namespace/name": how stores and queues name an object. Neither part can hold a '/'.

#include <string>
#include <string_view>

namespace ork::runtime {

struct ObjectKey {
  std::string_view ns;
  std::string_view name;
  friend auto operator<=>(const ObjectKey&, const ObjectKey&) = default;

  std::string text() const {
    std::string text;
    text.reserve(ns.size() + 1 + name.size());
    return text.append(ns).append("/").append(name);
  }
  // The views point into `text`. Without a '/' it is the name of a cluster-scoped object.
  static ObjectKey parse(std::string_view text) {
    const auto slash = text.find('/');
    if (slash == std::string_view::npos) return {{}, text};
    return {text.substr(0, slash), text.substr(slash + 1)};
  }
};

}  // namespace ork::runtime
