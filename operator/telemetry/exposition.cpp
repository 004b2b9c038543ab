#include "operator/telemetry/exposition.hpp"

#include <fmt/format.h>

#include <cmath>

namespace ork::telemetry {
namespace {

// The shortest text that reads back as the same number; OpenMetrics wants bounds as floats ("1.0").
std::string number(double value) {
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  if (std::isnan(value)) return "NaN";
  if (value == std::floor(value) && std::abs(value) < 1e15) return fmt::format("{:.0f}", value);
  return fmt::format("{}", value);
}

std::string bound(double value) {
  std::string text = number(value);
  if (text.find_first_of(".eI") == std::string::npos) text += ".0";
  return text;
}

std::string escaped(std::string_view text, bool quotes) {
  std::string out;
  for (const char c : text) {
    if (c == '\\') {
      out += "\\\\";
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '"' && quotes) {
      out += "\\\"";
    } else {
      out += c;
    }
  }
  return out;
}

const char* word_of(Type type) {
  switch (type) {
    case Type::Counter: return "counter";
    case Type::Gauge: return "gauge";
    case Type::Histogram: break;
  }
  return "histogram";
}

class Writer {
 public:
  explicit Writer(Exposition exposition) : open_metrics_(exposition == Exposition::OpenMetrics) {}

  void add(const Family& family) {
    const Description& about = family.description();
    // Classic text knows no families: a counter is called by its sample's name.
    const std::string total = about.type == Type::Counter ? about.name + "_total" : about.name;
    const std::string& title = open_metrics_ ? about.name : total;
    out_ += "# HELP " + title + " " + escaped(about.help, open_metrics_) + "\n";
    out_ += "# TYPE " + title + " " + word_of(about.type) + "\n";
    if (open_metrics_ && !about.unit.empty()) out_ += "# UNIT " + title + " " + about.unit + "\n";
    for (const auto& [values, series] : family.series()) {
      const std::string labels = labels_of(about, values);
      if (about.type == Type::Histogram) {
        add_histogram(about, labels, series);
      } else {
        out_ += total + braced(labels) + " " + number(series.value) + "\n";
      }
    }
  }

  std::string text() {
    if (open_metrics_) out_ += "# EOF\n";
    return std::move(out_);
  }

 private:
  static std::string labels_of(const Description& about, const Family::Values& values) {
    std::string out;
    for (std::size_t i = 0; i < values.size(); ++i) {
      out += (i == 0 ? "" : ",") + about.labels[i].name + "=\"" + escaped(values[i], true) + "\"";
    }
    return out;
  }

  static std::string braced(const std::string& labels) { return labels.empty() ? "" : "{" + labels + "}"; }

  void add_histogram(const Description& about, const std::string& labels, const Series& series) {
    std::uint64_t count = 0;
    for (std::size_t i = 0; i < series.counts.size(); ++i) {
      count += series.counts[i];
      const std::string le = i < about.buckets.size() ? bound(about.buckets[i]) : "+Inf";
      out_ += about.name + "_bucket{" + labels + (labels.empty() ? "" : ",") + "le=\"" + le + "\"} " +
              std::to_string(count);
      if (open_metrics_ && series.exemplars[i]) add_exemplar(*series.exemplars[i]);
      out_ += "\n";
    }
    out_ += about.name + "_sum" + braced(labels) + " " + number(series.value) + "\n";
    out_ += about.name + "_count" + braced(labels) + " " + std::to_string(count) + "\n";
  }

  void add_exemplar(const Exemplar& exemplar) {
    out_ += " # {trace_id=\"" + escaped(exemplar.trace_id, true) + "\"} " + number(exemplar.value) + " " +
            fmt::format("{:.3f}", exemplar.unix_seconds);
  }

  bool open_metrics_;
  std::string out_;
};

}  // namespace

Exposition exposition_for(std::string_view accept) {
  return accept.find("application/openmetrics-text") != std::string_view::npos ? Exposition::OpenMetrics
                                                                               : Exposition::Classic;
}

std::string_view content_type(Exposition exposition) {
  return exposition == Exposition::OpenMetrics ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
                                               : "text/plain; version=0.0.4; charset=utf-8";
}

std::string write_metrics(const Registry& registry, Exposition exposition) {
  Writer writer(exposition);
  for (const Family& family : registry.families()) writer.add(family);
  return writer.text();
}

}  // namespace ork::telemetry
