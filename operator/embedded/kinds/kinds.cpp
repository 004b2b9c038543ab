#include <algorithm>
#include <array>

#include "operator/embedded/kinds/builtin_kinds.hpp"
#include "operator/embedded/kinds/custom_kinds.hpp"
#include "operator/embedded/kinds/documents.hpp"
#include "operator/embedded/kinds/kind.hpp"

namespace ork::embedded {
namespace {

// Facts for this program only: nobody else is shown them.
void drop_go_facts(Json& definitions) {
  for (Json& definition : definitions) {
    auto properties = definition.find("properties");
    if (properties == definition.end()) continue;
    for (Json& property : *properties) {
      property.erase("x-go");
      property.erase("x-proto");
    }
  }
}

}  // namespace

Result<std::shared_ptr<const Kinds>, std::string> Kinds::load() {
  auto loaded = std::make_shared<Kinds>();
  loaded->definitions_ = Json::parse(documents::builtin, nullptr, false);
  Json crds = Json::parse(documents::crds, nullptr, false);
  if (!loaded->definitions_.is_object() || !crds.is_array())
    return Err(std::string("the embedded documents are no JSON"));

  loaded->kinds_ = builtin_kinds();
  for (auto& kind : loaded->kinds_) {
    auto definition = loaded->definitions_.find(kind->definition);
    if (definition == loaded->definitions_.end()) return Err(kind->plural + ": no definition " + kind->definition);
    auto schema = Schema::parse(*definition, loaded->definitions_);
    if (!schema) return Err(kind->plural + ": " + schema.error());
    kind->schema = *std::move(schema);
  }
  for (const Json& crd : crds) {
    auto kinds = custom_kinds(crd, loaded->definitions_);
    if (!kinds) return Err(kinds.error());
    std::move(kinds->begin(), kinds->end(), std::back_inserter(loaded->kinds_));
    loaded->crds_.push_back(served_crd(crd));
  }
  if (auto messages = loaded->load_messages(); !messages) return Err(messages.error());
  drop_go_facts(loaded->definitions_);
  for (auto& kind : loaded->kinds_) {
    if (!kind->custom) kind->openapi = loaded->definitions_[kind->definition];
  }
  return std::shared_ptr<const Kinds>(std::move(loaded));
}

Result<bool, std::string> Kinds::load_messages() {
  struct Source {
    const char* api_version;
    const char* kind;
    const char* definition;
  };
  // DeleteOptions belong to every group.
  static constexpr std::array<Source, 5> sources = {{
      {"", "DeleteOptions", "io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions"},
      {"authorization.k8s.io/v1", "SelfSubjectAccessReview", "io.k8s.api.authorization.v1.SelfSubjectAccessReview"},
      {"authorization.k8s.io/v1", "SelfSubjectRulesReview", "io.k8s.api.authorization.v1.SelfSubjectRulesReview"},
      {"policy/v1", "Eviction", "io.k8s.api.policy.v1.Eviction"},
      {"v1", "Binding", "io.k8s.api.core.v1.Binding"},
  }};
  for (const Source& source : sources) {
    auto definition = definitions_.find(source.definition);
    if (definition == definitions_.end()) return Err(std::string("no definition ") + source.definition);
    auto schema = Schema::parse(*definition, definitions_);
    if (!schema) return Err(std::string(source.kind) + ": " + schema.error());
    messages_.push_back({source.api_version, source.kind, *std::move(schema)});
  }
  return true;
}

const Schema* Kinds::message(std::string_view api_version, std::string_view kind) const {
  auto found = std::find_if(messages_.begin(), messages_.end(), [&](const Message& message) {
    return message.kind == kind && (message.api_version.empty() || message.api_version == api_version);
  });
  return found == messages_.end() ? nullptr : &found->schema;
}

const Kind* Kinds::find(std::string_view group, std::string_view version, std::string_view plural) const {
  auto found = std::find_if(kinds_.begin(), kinds_.end(), [&](const auto& kind) {
    return kind->plural == plural && kind->group == group && kind->version == version;
  });
  return found == kinds_.end() ? nullptr : found->get();
}

const Kind* Kinds::find_kind(std::string_view api_version, std::string_view name) const {
  auto found = std::find_if(kinds_.begin(), kinds_.end(), [&](const auto& kind) {
    return kind->kind == name && kind->group_version() == api_version;
  });
  return found == kinds_.end() ? nullptr : found->get();
}

Result<std::vector<std::string>, std::string> Kind::decode(Json& object) const {
  std::vector<std::string> unknown = schema->prune(object);
  schema->apply_defaults(object);
  return unknown;
}

std::vector<FieldProblem> Kind::problems(const Json& object, const Json* old, Part part) const {
  std::vector<FieldProblem> problems;
  if (custom) problems = schema->validate(object, old, part);
  if (check != nullptr) {
    std::vector<FieldProblem> more = check(object, old);
    std::move(more.begin(), more.end(), std::back_inserter(problems));
  }
  return problems;
}

}  // namespace ork::embedded
