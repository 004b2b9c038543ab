#pragma once

// Where lines are shown.

namespace ork::show {

struct Screen {
  int width = 0;   // columns; 0: lines are not cut
  int height = 0;  // lines; 0: as many as there are
  bool colour = false;
  bool unicode = true;  // false: only ASCII is drawn with
};

}  // namespace ork::show
