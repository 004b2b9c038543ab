#include "operator/dev/applier.hpp"

#include <utility>

namespace ork::dev {
namespace {

using manifest::Json;

std::string version_in(const std::string& body) {
  const Json object = Json::parse(body, nullptr, false);
  static const Json::json_pointer path("/metadata/resourceVersion");
  return object.is_object() && object.contains(path) && object[path].is_string() ? object[path].get<std::string>() : "";
}

std::string described(const Json& object, const embedded::Kind* kind) {
  const std::string name(manifest::name_of(object));
  if (kind == nullptr) return std::string(manifest::kind_of(object)) + "/" + name;
  return kind->singular + (kind->group.empty() ? "" : "." + kind->group) + "/" + name;
}

kube::Request apply_request(const kube::Resource& resource, const std::string& ns, const std::string& name,
                            std::string body) {
  kube::Request request;
  request.method = kube::Method::Patch;
  request.path = kube::resource_path(resource, ns, name) + "?fieldManager=ork-dev&force=true&fieldValidation=Strict";
  request.body = std::move(body);
  request.content_type = "application/apply-patch+yaml";
  request.accept = std::string(kube::accept_metadata_only);
  return request;
}

}  // namespace

struct Applier::Work {
  std::vector<manifest::Manifest> manifests;
  std::size_t at = 0;
  std::vector<ApplyResult> results;
  Told told;

  void tell(Applied outcome, std::string what, std::string message = {}) {
    results.push_back({std::move(what), outcome, std::move(message)});
    ++at;
  }
};

void Applier::apply(std::vector<manifest::Manifest> manifests, Told told) {
  auto work = std::make_shared<Work>();
  work->manifests = std::move(manifests);
  work->told = std::move(told);
  next(work);
}

void Applier::next(const std::shared_ptr<Work>& work) {
  while (work->at < work->manifests.size()) {
    const Json& object = work->manifests[work->at].value;
    const embedded::Kind* kind = kinds_.find_kind(manifest::api_version_of(object), manifest::kind_of(object));
    if (kind == nullptr) {
      work->tell(Applied::Refused, described(object, nullptr),
                 "this cluster has no kind " + std::string(manifest::kind_of(object)) + " in " +
                     std::string(manifest::api_version_of(object)));
    } else if (manifest::name_of(object).empty()) {
      work->tell(Applied::Skipped, described(object, kind),
                 "it has no name of its own: start it with ork run start -f");
    } else {
      return apply_one(work, object, *kind);
    }
  }
  // Moved out first: whoever is told may apply again.
  const Told told = std::move(work->told);
  told(std::move(work->results));
}

void Applier::apply_one(const std::shared_ptr<Work>& work, const Json& object, const embedded::Kind& kind) {
  const kube::Resource resource{kind.group, kind.version, kind.plural, kind.kind};
  const std::string ns(kind.namespaced
                           ? manifest::namespace_of(object).empty() ? "default" : manifest::namespace_of(object)
                           : std::string_view());
  auto get = kube::get_request(resource, ns, manifest::name_of(object));
  get.accept = std::string(kube::accept_metadata_only);
  transport_.call(
      std::move(get), [this, work, resource, &object, &kind](const Result<kube::Response, kube::Error>& answer) {
        if (answer && manifest::is_workflow_run(object)) {
          work->tell(Applied::Skipped, described(object, &kind), "it is there already: delete it to run it again");
          return next(work);
        }
        send(work, object, resource, answer ? version_in(answer->body) : std::string());
      });
}

void Applier::send(const std::shared_ptr<Work>& work, const Json& object, const kube::Resource& resource,
                   std::string known_version) {
  const embedded::Kind* kind = kinds_.find_kind(manifest::api_version_of(object), manifest::kind_of(object));
  const std::string what = described(object, kind);
  const std::string ns(kind->namespaced
                           ? manifest::namespace_of(object).empty() ? "default" : manifest::namespace_of(object)
                           : std::string_view());
  auto request = apply_request(resource, ns, std::string(manifest::name_of(object)),
                               object.dump(-1, ' ', false, Json::error_handler_t::replace));
  transport_.call(std::move(request), [this, work, what, known_version = std::move(known_version)](
                                          const Result<kube::Response, kube::Error>& answer) {
    if (!answer) {
      work->tell(Applied::Refused, what, answer.error().message);
    } else if (known_version.empty()) {
      work->tell(Applied::Created, what);
    } else {
      work->tell(version_in(answer->body) == known_version ? Applied::Unchanged : Applied::Configured, what);
    }
    next(work);
  });
}

}  // namespace ork::dev
