#pragma once

// Where a verb's words go: data to stdout, progress and errors to stderr. And what the user sees there: a terminal
// that can be painted, or a pipe that wants lines.

#include <string>
#include <string_view>

#include "operator/cli/show/screen.hpp"

namespace ork::cli {

enum class Channel { Out, Err };

class Console {
 public:
  virtual ~Console() = default;
  virtual void write(Channel channel, std::string_view text) = 0;
  // The size is that of this moment: 0 columns where it is no terminal, so that nothing is cut.
  virtual show::Screen screen(Channel channel) const = 0;
  // True for a terminal whose user watches: not in CI, not a dumb one.
  virtual bool can_paint(Channel channel) const = 0;

  void out(std::string_view text) { write(Channel::Out, text); }
  void err(std::string_view text) { write(Channel::Err, text); }
  void err_line(std::string_view line) {
    std::string text(line);
    text += '\n';
    write(Channel::Err, text);
  }
};

// What the environment says of the user's wishes; values as in the environment, empty where not set.
struct Environment {
  std::string no_color;  // NO_COLOR: any value switches colours off
  std::string ci;        // CI: set and not "false" on build machines
  std::string term;      // TERM: "dumb" can't be painted
  std::string locale;    // the first set of LC_ALL, LC_CTYPE, LANG
};
Environment read_environment();

// True where the locale's characters are UTF-8, so that lines can be drawn. An unset one is taken as such.
bool draws_unicode(const Environment& environment);
bool wants_colour(const Environment& environment, bool terminal);
bool wants_painting(const Environment& environment, bool terminal);

// The process' own stdout and stderr.
class StandardConsole final : public Console {
 public:
  StandardConsole();
  void write(Channel channel, std::string_view text) override;
  show::Screen screen(Channel channel) const override;
  bool can_paint(Channel channel) const override;

 private:
  Environment environment_;
};

}  // namespace ork::cli
