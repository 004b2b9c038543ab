#include "tests/sim/moot_events.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace ork::sim {

void MootEvents::add(std::string_view bytes) {
  while (!bytes.empty()) {
    const std::size_t end = std::min(bytes.find('\n'), bytes.size() - 1);
    add_line(bytes.substr(0, end + 1));
    bytes.remove_prefix(end + 1);
  }
}

void MootEvents::add_line(std::string_view text) {
  const auto event = nlohmann::json::parse(text);
  Line line{.type = event.value("type", ""), .text = std::string(text)};
  if (line.type == "ADDED" || line.type == "MODIFIED" || line.type == "DELETED") {
    line.uid = event.at("object").at("metadata").value("uid", "");
  }
  const auto earlier = std::find_if(lines_.begin(), lines_.end(),
                                    [&](const Line& held) { return !line.uid.empty() && held.uid == line.uid; });
  if (earlier != lines_.end()) lines_.erase(earlier);
  lines_.push_back(std::move(line));
}

std::string MootEvents::take() {
  std::string out;
  for (const Line& line : lines_) out += line.text;
  lines_.clear();
  return out;
}

}  // namespace ork::sim
