#include "tests/sim/workers.hpp"

#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <nlohmann/json.hpp>

namespace ork::sim {
namespace {

using Clock = std::chrono::steady_clock;
using Json = nlohmann::json;

void send(int pipe, const Json& message) {
  const std::string line = message.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
  std::size_t sent = 0;
  while (sent < line.size()) {
    const ssize_t wrote = write(pipe, line.data() + sent, line.size() - sent);
    if (wrote <= 0) _exit(3);
    sent += static_cast<std::size_t>(wrote);
  }
}

// In the child: every workers-th item. What it says: {"at":item} before each, {"reports":[...]} after it, and
// {"counts":...} at its end.
void work_as(std::size_t number, const Work& work, Clock::time_point end, int pipe) {
  Tally tally;
  for (std::uint64_t i = number; i < work.count && Clock::now() < end; i += work.workers) {
    if (tally.failures.size() >= work.failures_kept) break;
    send(pipe, {{"at", work.first + i}});
    const std::size_t before = tally.failures.size();
    work.do_one(work.first + i, tally);
    const std::vector<std::string> reports(tally.failures.begin() + static_cast<std::ptrdiff_t>(before),
                                           tally.failures.end());
    send(pipe, {{"reports", reports}});
  }
  send(pipe, {{"counts", tally.counts}});
}

struct Worker {
  pid_t pid = 0;
  int pipe = -1;
  std::string unread;
  std::uint64_t at = 0;
  bool ended_well = false;
};

void read_message(const Json& message, Worker& worker, WorkDone& done) {
  if (message.contains("at")) worker.at = message["at"];
  if (message.contains("reports")) {
    ++done.items;
    for (const Json& report : message["reports"]) done.tally.failures.push_back(report);
  }
  if (!message.contains("counts")) return;
  worker.ended_well = true;
  for (const auto& [name, count] : message["counts"].items()) {
    done.tally.counts[name] += count.get<std::uint64_t>();
  }
}

// False: it has ended.
bool read_on(Worker& worker, WorkDone& done) {
  std::array<char, 65536> bytes{};
  const ssize_t got = read(worker.pipe, bytes.data(), bytes.size());
  if (got <= 0) return false;
  worker.unread.append(bytes.data(), static_cast<std::size_t>(got));
  std::size_t begin = 0;
  for (std::size_t end = worker.unread.find('\n'); end != std::string::npos; end = worker.unread.find('\n', begin)) {
    read_message(Json::parse(worker.unread.substr(begin, end - begin)), worker, done);
    begin = end + 1;
  }
  worker.unread.erase(0, begin);
  return true;
}

std::vector<Worker> start(const Work& work, Clock::time_point end) {
  std::vector<Worker> workers;
  for (std::size_t number = 0; number < work.workers; ++number) {
    std::array<int, 2> ends{};
    if (pipe(ends.data()) != 0) break;
    const pid_t pid = fork();
    if (pid == 0) {
      close(ends[0]);
      work_as(number, work, end, ends[1]);
      _exit(0);
    }
    close(ends[1]);
    workers.push_back({.pid = pid, .pipe = ends[0]});
  }
  return workers;
}

}  // namespace

WorkDone carry_out(const Work& work, const std::function<void(const WorkDone&)>& progress) {
  const Clock::time_point begin = Clock::now();
  std::vector<Worker> workers = start(work, work.time ? begin + *work.time : Clock::time_point::max());
  WorkDone done;
  std::size_t failures_told = 0;
  Clock::time_point told = begin;
  std::vector<pollfd> waiting;
  for (const Worker& worker : workers) waiting.push_back({worker.pipe, POLLIN, 0});
  std::size_t open = workers.size();
  while (open > 0) {
    poll(waiting.data(), waiting.size(), 500);
    for (std::size_t i = 0; i < workers.size(); ++i) {
      if (waiting[i].fd < 0 || waiting[i].revents == 0 || read_on(workers[i], done)) continue;
      waiting[i].fd = -1;
      --open;
    }
    if (Clock::now() - told > std::chrono::seconds(2) || done.tally.failures.size() > failures_told) {
      told = Clock::now();
      failures_told = done.tally.failures.size();
      progress(done);
    }
  }
  for (const Worker& worker : workers) {
    int status = 0;
    waitpid(worker.pid, &status, 0);
    close(worker.pipe);
    if (!worker.ended_well) {
      done.tally.failures.push_back("the process ended in the midst of item " + std::to_string(worker.at) +
                                    (WIFSIGNALED(status) ? ", by signal " + std::to_string(WTERMSIG(status)) : "") +
                                    "\n");
    }
  }
  done.took = Clock::now() - begin;
  return done;
}

}  // namespace ork::sim
