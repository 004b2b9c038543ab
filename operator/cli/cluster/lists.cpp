#include "operator/cli/cluster/lists.hpp"

#include <iterator>
#include <utility>

#include "operator/cli/cluster/limits.hpp"

namespace ork::cli {
namespace {

std::string list_text(const Json& list, const char* field) {
  const auto metadata = list.is_object() ? list.find("metadata") : list.end();
  if (metadata == list.end() || !metadata->is_object()) return {};
  const auto it = metadata->find(field);
  return it != metadata->end() && it->is_string() ? it->get<std::string>() : std::string();
}

// Calls `on_page` for each page; gives the list's resourceVersion. `accept` empty: objects.
Result<std::string, Failure> each_page(Session& session, const kube::Resource& resource, const Selection& selection,
                                       std::string_view accept, const std::function<bool(Json&)>& on_page) {
  kube::ListOptions options{.label_selector = selection.labels, .field_selector = selection.fields};
  for (;;) {
    kube::Request request = kube::list_request(resource, selection.ns, options);
    if (!accept.empty()) request.accept = accept;
    auto answer = ask(session, std::move(request));
    if (!answer) return Err(answer.error());
    Json& page = answer->object;
    if (!page.is_object()) return Err(Failure{ExitCode::Error, "the API server's answer is no list"});
    if (!on_page(page)) {
      return Err(Failure{ExitCode::Error, "there are more than " + std::to_string(limits::listed_objects) + " " +
                                              resource.plural + ": choose some with -l or --field-selector"});
    }
    options.continue_token = continue_token_of(page);
    if (options.continue_token.empty()) return list_text(page, "resourceVersion");
  }
}

}  // namespace

std::string continue_token_of(const Json& page) { return list_text(page, "continue"); }

Result<Listed, Failure> list_objects(Session& session, const kube::Resource& resource, const Selection& selection) {
  Listed out;
  auto version = each_page(session, resource, selection, "", [&](Json& page) {
    const auto items = page.find("items");
    if (items == page.end() || !items->is_array()) return true;
    for (Json& item : *items) {
      // Items of a list do not repeat what they are; alone they must say it.
      if (!item.is_object()) continue;
      item.emplace("apiVersion", resource.group.empty() ? resource.version : resource.group + "/" + resource.version);
      item.emplace("kind", resource.kind);
      out.items.push_back(std::move(item));
    }
    return out.items.size() <= limits::listed_objects;
  });
  if (!version) return Err(version.error());
  out.resource_version = *std::move(version);
  return out;
}

Result<std::string, Failure> list_tables(Session& session, const kube::Resource& resource, const Selection& selection,
                                         const std::function<void(const Json&)>& on_table) {
  return each_page(session, resource, selection, kube::accept_table, [&](Json& page) {
    on_table(page);
    return true;
  });
}

}  // namespace ork::cli
