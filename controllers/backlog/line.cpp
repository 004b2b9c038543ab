#include "controllers/backlog/line.hpp"

#include <algorithm>

namespace ork::backlog {

bool Line::has_room(std::size_t unplaced_of_namespace, std::size_t namespaces) const {
  return unplaced_ < limit() || unplaced_of_namespace < std::max<std::size_t>(1, limit() / namespaces);
}

bool Line::is_open(std::string_view ns) const {
  const auto own = namespaces_.find(ns);
  if (own == namespaces_.end()) return has_room(0, namespaces_.size() + 1);
  return own->second.waiting.empty() && has_room(own->second.unplaced, namespaces_.size());
}

Line::Namespace& Line::take_out(const std::string& ns) {
  Namespace& found = namespaces_[ns];
  if (!found.waiting.empty()) ranks_.erase({found.unplaced, *found.waiting.begin(), ns});
  return found;
}

void Line::put_back(const std::string& ns) {
  const auto found = namespaces_.find(ns);
  if (!found->second.waiting.empty()) {
    ranks_.emplace(found->second.unplaced, *found->second.waiting.begin(), ns);
  } else if (found->second.unplaced == 0) {
    namespaces_.erase(found);
  }
}

void Line::join(const Run& run) {
  const auto [place, is_new] = places_.try_emplace(run.key, Place{.run = run});
  if (!is_new) return;
  take_out(run.ns).waiting.emplace(run.made_ms, run.key);
  put_back(run.ns);
  ++waiting_;
}

std::vector<std::string> Line::let_in() {
  std::vector<std::string> out;
  // Whoever comes first in rank has the fewest tasks: where it has no room, nobody has.
  while (!ranks_.empty() && has_room(std::get<0>(*ranks_.begin()), namespaces_.size())) {
    const Run next = places_.at(std::get<1>(*ranks_.begin()).second).run;
    note(next, 1);
    out.push_back(next.key);
  }
  return out;
}

bool Line::is_let_in(const std::string& key) const {
  const auto place = places_.find(key);
  return place != places_.end() && !place->second.waits();
}

void Line::note(const Run& run, std::size_t unplaced, std::size_t without_room) {
  leave(run.key);
  if (unplaced == 0) return;
  places_.emplace(run.key, Place{run, unplaced, without_room});
  take_out(run.ns).unplaced += unplaced;
  put_back(run.ns);
  unplaced_ += unplaced;
  without_room_ += without_room;
}

void Line::leave(const std::string& key) {
  const auto found = places_.find(key);
  if (found == places_.end()) return;
  const Place place = std::move(found->second);
  places_.erase(found);
  Namespace& own = take_out(place.run.ns);
  if (place.waits()) {
    own.waiting.erase({place.run.made_ms, place.run.key});
    --waiting_;
  }
  own.unplaced -= place.unplaced;
  unplaced_ -= place.unplaced;
  without_room_ -= place.without_room;
  put_back(place.run.ns);
}

}  // namespace ork::backlog
