#include "operator/cli/verbs/revisions.hpp"

#include <algorithm>
#include <utility>

#include "operator/cli/cluster/lists.hpp"
#include "operator/cli/cluster/resources.hpp"
#include "operator/cli/verbs/objects.hpp"
#include "operator/manifest/manifest.hpp"

namespace ork::cli {
namespace {

std::string numbers_of(const Revisions& revisions) {
  std::string out;
  for (const KnownRevision& one : revisions.known) {
    out += (out.empty() ? "" : ", ") + std::to_string(one.revision.revision);
  }
  return out;
}

Failure not_found(const Revisions& revisions, const std::string& what) {
  return {ExitCode::NotFound, "Workflow " + std::string(manifest::name_of(revisions.workflow)) + " has no " + what +
                                  "; its revisions are " + numbers_of(revisions)};
}

const KnownRevision* find_named(const Revisions& revisions, const std::string& name) {
  const auto found = std::find_if(revisions.known.begin(), revisions.known.end(),
                                  [&](const KnownRevision& one) { return one.revision.meta.name == name; });
  return found == revisions.known.end() ? nullptr : &*found;
}

// nullptr: the present one is the first that there is.
const KnownRevision* before(const Revisions& revisions, const KnownRevision& present) {
  const auto place = &present - revisions.known.data();
  return place == 0 ? nullptr : &revisions.known[static_cast<std::size_t>(place - 1)];
}

}  // namespace

Result<Revisions, Failure> get_revisions(Context& context, const std::string& workflow) {
  auto object = get_object(context, workflows, workflow);
  if (!object) return Err(object.error());
  std::string labels(api::label_managed_by);
  labels.append("=ork,").append(api::label_workflow).append("=").append(workflow);
  auto listed = list_objects(context.session, controller_revisions, {.ns = context.ns, .labels = labels, .fields = {}});
  if (!listed) return Err(listed.error());
  Revisions out;
  if (auto decoded = api::decode_workflow(*object)) out.current = decoded->status.revision;
  out.workflow = *std::move(object);
  for (Json& item : listed->items) {
    auto revision = api::decode_revision(item);
    if (!revision || revision->spec == nullptr) continue;
    out.known.push_back({std::move(item), *std::move(revision)});
  }
  std::sort(out.known.begin(), out.known.end(),
            [](const KnownRevision& a, const KnownRevision& b) { return a.revision.revision < b.revision.revision; });
  if (out.known.empty()) {
    return Err(
        Failure{ExitCode::NotFound, "Workflow " + workflow +
                                        " has no revision: no operator has looked at it yet, or it is not valid; "
                                        "ork workflow status " +
                                        workflow + context.flags + " says which"});
  }
  return out;
}

Result<const KnownRevision*, Failure> current_revision(const Revisions& revisions) {
  if (const KnownRevision* found = find_named(revisions, revisions.current)) return found;
  return Err(not_found(revisions, "present revision: what it says now is not valid, or was not looked at yet"));
}

Result<const KnownRevision*, Failure> choose_revision(const Revisions& revisions, const std::string& text) {
  if (!text.empty()) {
    if (const KnownRevision* named = find_named(revisions, text)) return named;
    for (const KnownRevision& one : revisions.known) {
      if (std::to_string(one.revision.revision) == text) return &one;
    }
    return Err(not_found(revisions, "revision " + text));
  }
  const auto present = current_revision(revisions);
  if (!present) return Err(present.error());
  if (const KnownRevision* found = before(revisions, **present)) return found;
  return Err(not_found(revisions, "revision before the present one"));
}

}  // namespace ork::cli
