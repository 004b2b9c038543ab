#include "operator/embedded/table/rows.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <utility>

#include "operator/embedded/table/human_time.hpp"
#include "operator/embedded/table/reading.hpp"

namespace ork::embedded {
namespace {

using reading::at;
using reading::items;
using reading::text;

std::string name(const Json& object) { return text(object, {"metadata", "name"}); }

std::string age(const Json& object, std::int64_t now_ms) {
  return age_of(at(object, {"metadata", "creationTimestamp"}), now_ms);
}

std::size_t entries(const Json& object, std::string_view field) {
  const Json& map = at(object, field);
  return map.is_object() ? map.size() : 0;
}

constexpr BuiltinColumn name_column = {"Name", "string", "name", "The object's name."};
constexpr BuiltinColumn age_column = {"Age", "string", "", "How long ago it was created."};

RowPrinter namespace_rows() {
  return {{name_column, {"Status", "string", "", "Active, or Terminating."}, age_column},
          [](const Json& object, std::int64_t now_ms, Json& row) {
            row.push_back(name(object));
            row.push_back(text(object, {"status", "phase"}));
            row.push_back(age(object, now_ms));
          }};
}

RowPrinter config_map_rows() {
  return {{name_column, {"Data", "string", "", "How many values it holds."}, age_column},
          [](const Json& object, std::int64_t now_ms, Json& row) {
            row.push_back(name(object));
            row.push_back(entries(object, "data") + entries(object, "binaryData"));
            row.push_back(age(object, now_ms));
          }};
}

RowPrinter secret_rows() {
  return {{name_column,
           {"Type", "string", "", "What kind of secret it is."},
           {"Data", "string", "", "How many values it holds."},
           age_column},
          [](const Json& object, std::int64_t now_ms, Json& row) {
            row.push_back(name(object));
            row.push_back(text(object, "type"));
            row.push_back(entries(object, "data"));
            row.push_back(age(object, now_ms));
          }};
}

RowPrinter lease_rows() {
  return {{name_column, {"Holder", "string", "", "Who holds it."}, age_column},
          [](const Json& object, std::int64_t now_ms, Json& row) {
            row.push_back(name(object));
            row.push_back(text(object, {"spec", "holderIdentity"}));
            row.push_back(age(object, now_ms));
          }};
}

// "workflow.ork.dev/etl", or "<none>".
std::string controller_cell(const Json& object) {
  for (const Json& owner : items(object, {"metadata", "ownerReferences"})) {
    if (!reading::is_true(owner, "controller")) continue;
    std::string kind = text(owner, "kind");
    const std::string version = text(owner, "apiVersion");
    if (const std::size_t slash = version.find('/'); slash != std::string::npos) kind += "." + version.substr(0, slash);
    std::transform(kind.begin(), kind.end(), kind.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return kind + "/" + text(owner, "name");
  }
  return "<none>";
}

RowPrinter controller_revision_rows() {
  return {{name_column,
           {"Controller", "string", "", "Whose state it keeps."},
           {"Revision", "string", "", "Its number among those of the same controller."},
           age_column},
          [](const Json& object, std::int64_t now_ms, Json& row) {
            row.push_back(name(object));
            row.push_back(controller_cell(object));
            row.push_back(reading::whole(object, "revision"));
            row.push_back(age(object, now_ms));
          }};
}

RowPrinter plain_rows() {
  return {{name_column, {"Created At", "date", "", "When it was created."}},
          [](const Json& object, std::int64_t, Json& row) {
            row.push_back(name(object));
            row.push_back(text(object, {"metadata", "creationTimestamp"}));
          }};
}

}  // namespace

const RowPrinter& row_printer(const Kind& kind) {
  static const std::map<std::pair<std::string, std::string>, RowPrinter> printers = {
      {{"", "Pod"}, pod_rows()},
      {{"", "Namespace"}, namespace_rows()},
      {{"", "ConfigMap"}, config_map_rows()},
      {{"", "Secret"}, secret_rows()},
      {{"", "Event"}, event_rows()},
      {{"events.k8s.io", "Event"}, event_k8s_io_rows()},
      {{"batch", "Job"}, job_rows()},
      {{"apps", "ControllerRevision"}, controller_revision_rows()},
      {{"coordination.k8s.io", "Lease"}, lease_rows()},
  };
  static const RowPrinter plain = plain_rows();
  const auto found = printers.find({kind.group, kind.kind});
  return found == printers.end() ? plain : found->second;
}

}  // namespace ork::embedded
