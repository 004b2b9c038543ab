#include "controllers/workflow/revision.hpp"

#include "controllers/workflow/limits.hpp"

namespace ork::workflow {
namespace {

constexpr std::size_t hash_chars = 10;

// FNV-1a of 64 bits by Fowler, Noll and Vo, with their offset basis and prime.
std::uint64_t fnv1a(std::string_view text) {
  std::uint64_t hash = 14695981039346656037u;
  for (const char c : text) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 1099511628211u;
  }
  return hash;
}

// The alphabet is that of Kubernetes' rand.SafeEncodeString: no vowels and no 0, 1 and 3, so that
// neither words nor look-alikes come out. Ten characters of it are 47 bits.
std::string encode(std::uint64_t hash) {
  constexpr std::string_view alphabet = "bcdfghjklmnpqrstvwxz2456789";
  std::string text;
  for (std::size_t i = 0; i < hash_chars; ++i) {
    text += alphabet[hash % alphabet.size()];
    hash /= alphabet.size();
  }
  return text;
}

}  // namespace

std::string revision_name(std::string_view workflow, const api::Json& spec, int salt) {
  // The whole name goes into the hash: two long names may be the same once they are cut.
  std::string text(workflow);
  text += '\n';
  if (salt != 0) text += std::to_string(salt);
  text += '\n';
  text += spec.dump(-1, ' ', false, api::Json::error_handler_t::replace);

  std::string_view prefix = workflow.substr(0, max_name - 1 - hash_chars);
  while (prefix.ends_with('-')) prefix.remove_suffix(1);
  return std::string(prefix) + "-" + encode(fnv1a(text));
}

api::Json build_revision(const api::Workflow& workflow, std::string_view name, std::int64_t number) {
  return {{"apiVersion", "apps/v1"},
          {"kind", "ControllerRevision"},
          {"metadata",
           {{"name", name},
            {"namespace", workflow.meta.ns},
            {"labels", {{api::label_managed_by, "ork"}, {api::label_workflow, workflow.meta.name}}}}},
          {"revision", number},
          {"data", workflow.spec}};
}

}  // namespace ork::workflow
