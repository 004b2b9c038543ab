// What one API call costs us: CPU and requests per second of operator/kube against a real server.
//
//   kube_calls [count] [in_flight] [shape]      (KUBECONFIG says which cluster)
//
// shape: version (GET /version), configmaps or jobs (create and then delete `count` of them in a
// namespace of its own, removed in the end), watch (open, and count events meanwhile).
// Jobs are suspended, so that only the API server works.

#include <sys/resource.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "operator/kube/curl_transport.hpp"

namespace {

using namespace ork::kube;
using Clock = std::chrono::steady_clock;
using Answer = ork::Result<Response, Error>;

const std::string bench_ns = "kube-calls-" + std::to_string(getpid());  // a namespace takes a while to go
const Resource namespaces{"", "v1", "namespaces", "Namespace"};
const Resource config_maps{"", "v1", "configmaps", "ConfigMap"};
const Resource jobs{"batch", "v1", "jobs", "Job"};

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) { return double(t.tv_sec) + double(t.tv_usec) / 1e6; };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

long peak_kib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

// What a small task's Job looks like on the wire.
std::string job_body(const std::string& name) {
  return R"({"apiVersion":"batch/v1","kind":"Job","metadata":{"name":")" + name +
         R"(","labels":{"ork.dev/run":"bench","ork.dev/task":"bench","ork.dev/attempt":"1"}},"spec":{"suspend":true,)"
         R"("backoffLimit":0,"completions":1,"parallelism":1,"podReplacementPolicy":"Failed","template":{"metadata":)"
         R"({"labels":{"ork.dev/run":"bench","ork.dev/task":"bench"}},"spec":{"restartPolicy":"Never","containers":)"
         R"([{"name":"task","image":"busybox:1.36","command":["sh","-c","echo done"],"env":[{"name":"ORK_RUN",)"
         R"("value":"bench"},{"name":"ORK_TASK","value":"bench"},{"name":"ORK_ATTEMPT","value":"1"}]}]}}}})";
}

class Bench {
 public:
  Bench(boost::asio::io_context& io, ClientConfig config) : io_(io) {
    CurlTransport::Options options;
    options.observer = [this](const CallInfo& info) {
      ++seen_[std::string(info.verb) + " " + std::string(info.resource) + " " + std::to_string(info.status)];
    };
    transport_ = std::make_unique<CurlTransport>(io, std::move(config), std::move(options));
  }

  bool once(Request request) {
    bool good = false;
    run("", 1, 1, [&](int) { return request; }, [&](const Answer& answer) { good = answer.ok(); });
    return good;
  }

  // Sends `count` requests, `window` at a time, and prints what they cost.
  void run(const char* title, int count, int window, std::function<Request(int)> make,
           std::function<void(const Answer&)> look = {}) {
    int sent = 0;
    int done = 0;
    int failed = 0;
    const double cpu = cpu_seconds();
    const auto start = Clock::now();
    std::function<void()> next = [&] {
      if (sent >= count) return;
      transport_->call(make(sent++), [&](Answer answer) {
        ++done;
        if (!answer.ok() && ++failed <= 3 && *title != '\0') std::printf("  %s\n", answer.error().message.c_str());
        if (look) look(answer);
        next();
      });
    };
    for (int i = 0; i < window; ++i) next();
    while (done < count) io_.run_one();
    const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
    if (*title == '\0') return;
    std::printf("%-20s %6d calls %4d in flight %8.0f /s %7.1f us CPU a call %5d failed %6ld KiB peak\n", title, count,
                window, count / seconds, (cpu_seconds() - cpu) / count * 1e6, failed, peak_kib());
  }

  CurlTransport& transport() { return *transport_; }
  const std::map<std::string, int>& seen() const { return seen_; }

 private:
  boost::asio::io_context& io_;
  std::map<std::string, int> seen_;
  std::unique_ptr<CurlTransport> transport_;
};

void create_and_delete(Bench& bench, const std::string& shape, int count, int window) {
  const Resource& resource = shape == "jobs" ? jobs : config_maps;
  bench.once(create_request(namespaces, "",
                            R"({"apiVersion":"v1","kind":"Namespace","metadata":{"name":")" + bench_ns + "\"}}"));
  const auto name = [](int i) { return "b" + std::to_string(i); };
  bench.run(("create " + shape).c_str(), count, window, [&](int i) {
    return create_request(resource, bench_ns,
                          shape == "jobs"
                              ? job_body(name(i))
                              : R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":")" + name(i) + "\"}}");
  });
  bench.run(("list " + shape).c_str(), 4, 1, [&](int) { return list_request(resource, bench_ns, {}); });
  bench.run(("delete " + shape).c_str(), count, window,
            [&](int i) { return delete_request(resource, bench_ns, name(i), ""); });
  bench.once(delete_request(namespaces, "", bench_ns, ""));
}

void watch_beside_creates(boost::asio::io_context& io, Bench& bench, int count, int window) {
  std::size_t bytes = 0;
  std::size_t lines = 0;
  bool ended = false;
  const auto stream = bench.transport().open_stream(
      watch_request(config_maps, "", {.resource_version = "0", .timeout = std::chrono::seconds(20)}),
      {[&](std::string_view data) {
         bytes += data.size();
         for (const char c : data) lines += c == '\n';
       },
       [&](std::optional<Error> error) {
         ended = true;
         std::printf("watch ended: %s\n", error ? error->message.c_str() : "cleanly");
       }});
  create_and_delete(bench, "configmaps", count, window);
  while (!ended) io.run_one();
  std::printf("watch: %zu events, %zu bytes\n", lines, bytes);
}

}  // namespace

int main(int argc, char** argv) {
  const int count = argc > 1 ? std::atoi(argv[1]) : 2000;
  const int window = argc > 2 ? std::atoi(argv[2]) : 50;
  const std::string shape = argc > 3 ? argv[3] : "version";
  auto config = find_config();
  if (!config) {
    std::fprintf(stderr, "%s\n", config.error().message.c_str());
    return 1;
  }
  boost::asio::io_context io(1);
  Bench bench(io, *config);
  if (shape == "version") {
    Request request;
    request.path = "/version";
    bench.once(request);  // the handshake is not a call's cost
    bench.run("GET /version", count, window, [&](int) { return request; });
  } else if (shape == "watch") {
    watch_beside_creates(io, bench, count, window);
  } else {
    create_and_delete(bench, shape, count, window);
  }
  for (const auto& [what, times] : bench.seen()) std::printf("  %6d %s\n", times, what.c_str());
  return 0;
}
