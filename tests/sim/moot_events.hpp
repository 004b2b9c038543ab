#pragma once

// Lines of a watch without those that a later one makes moot: what somebody sees who looks now and then.

#include <list>
#include <string>
#include <string_view>

namespace ork::sim {

class MootEvents {
 public:
  // Whole lines. Of an object that is made and deleted meanwhile its end is told: its maker knows it.
  void add(std::string_view bytes);
  bool empty() const { return lines_.empty(); }
  // What is left, in the order of the last events; then it is empty.
  std::string take();

 private:
  struct Line {
    std::string type;
    std::string uid;  // of its object; empty: a bookmark or an error, kept as it is
    std::string text;
  };
  void add_line(std::string_view text);

  std::list<Line> lines_;
};

}  // namespace ork::sim
