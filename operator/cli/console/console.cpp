#include "operator/cli/console/console.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>

namespace ork::cli {
namespace {

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

int descriptor(Channel channel) { return channel == Channel::Out ? STDOUT_FILENO : STDERR_FILENO; }

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return text;
}

}  // namespace

Environment read_environment() {
  Environment out{variable("NO_COLOR"), variable("CI"), variable("TERM"), {}};
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    if (out.locale.empty()) out.locale = variable(name);
  }
  return out;
}

bool draws_unicode(const Environment& environment) {
  const std::string locale = lower(environment.locale);
  return locale.empty() || locale.find("utf-8") != std::string::npos || locale.find("utf8") != std::string::npos;
}

bool wants_colour(const Environment& environment, bool terminal) {
  return wants_painting(environment, terminal) && environment.no_color.empty();
}

bool wants_painting(const Environment& environment, bool terminal) {
  const bool ci = !environment.ci.empty() && environment.ci != "false" && environment.ci != "0";
  return terminal && !ci && environment.term != "dumb";
}

StandardConsole::StandardConsole() : environment_(read_environment()) {}

// Unbuffered, so that the two channels keep their order; lines are put together before they come here.
void StandardConsole::write(Channel channel, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor(channel), text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;  // nobody reads any more, or the disk is full: there is nobody to tell
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

show::Screen StandardConsole::screen(Channel channel) const {
  show::Screen screen;
  const bool terminal = isatty(descriptor(channel)) == 1;
  screen.colour = wants_colour(environment_, terminal);
  screen.unicode = draws_unicode(environment_);
  winsize size{};
  if (terminal && ioctl(descriptor(channel), TIOCGWINSZ, &size) == 0) {
    screen.width = size.ws_col;
    screen.height = size.ws_row;
  }
  return screen;
}

bool StandardConsole::can_paint(Channel channel) const {
  return wants_painting(environment_, isatty(descriptor(channel)) == 1);
}

}  // namespace ork::cli
