#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>

#include "operator/embedded/kinds/builtin_kinds.hpp"
#include "operator/embedded/kinds/custom_kinds.hpp"
#include "operator/embedded/kinds/documents.hpp"
#include "operator/embedded/kinds/go_decode.hpp"
#include "operator/embedded/kinds/kind.hpp"
#include "operator/embedded/kinds/object_meta.hpp"
#include "operator/embedded/schema/limits.hpp"
#include "operator/embedded/schema/number_checks.hpp"
#include "operator/embedded/schema/schema_node.hpp"

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

// Numbers as they are read back once stored: a whole float is an integer, and an integer beyond 64
// bits is a float.
void settle_numbers(Json& value, std::size_t depth) {
  if (value.is_structured()) {
    if (depth > limits::value_depth) return;
    for (Json& inner : value) settle_numbers(inner, depth + 1);
  } else if (value.is_number_float()) {
    double number = value.get<double>();
    constexpr double bound = 1e15;  // from here on Go may write an exponent, and reads a float again
    bool whole = number == std::trunc(number) && std::fabs(number) < bound;
    bool minus_zero = number == 0 && std::signbit(number);
    if (whole && !minus_zero) value = static_cast<std::int64_t>(number);
  } else if (value.is_number_unsigned() && !is_int64(value)) {
    value = value.get<double>();
  }
}

// In whatever version.
bool is_of_kind(const Json& object, const Kind& kind) {
  auto name = object.find("kind"), version = object.find("apiVersion");
  return name != object.end() && *name == kind.kind && version != object.end() && version->is_string() &&
         version->get_ref<const std::string&>().starts_with(kind.group + "/");
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
    kind->blank = {{"kind", kind->kind}, {"apiVersion", kind->group_version()}, {"metadata", Json::object()}};
    if (!kind->custom) (void)go_decode(kind->blank, kind->schema->root(), "v1." + kind->kind, "");
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

Result<std::vector<std::string>, std::string> Kind::decode(Json& object, Nulls nulls) const {
  if (!object.is_object()) return std::vector<std::string>();
  if (!custom) {
    Decoded decoded = go_decode(object, schema->root(), "v1." + kind, "");
    if (!decoded.error.empty()) return Err(decoded.error);
    if (defaults != nullptr) defaults(object);
    return std::move(decoded.unknown);
  }
  std::vector<std::string> unknown;
  const SchemaNode* meta_schema = schema->root().property("metadata");
  if (auto metadata = object.find("metadata"); metadata != object.end() && meta_schema != nullptr) {
    Decoded decoded = go_decode(*metadata, *meta_schema, "v1.ObjectMeta", "metadata");
    if (!decoded.error.empty()) return Err(decoded.error);
    unknown = std::move(decoded.unknown);
  }
  settle_numbers(object, 0);
  // What calls itself another kind is refused later, as it is.
  if (!is_of_kind(object, *this)) return unknown;
  std::vector<std::string> more = schema->prune(object);
  std::move(more.begin(), more.end(), std::back_inserter(unknown));
  schema->apply_defaults(object, nulls);
  return unknown;
}

std::vector<FieldProblem> Kind::problems(const Json& object, const Json* old, Part part) const {
  Problems common = old == nullptr ? Problems{} : common_update_problems(object, *old, namespaced);
  auto own = part == Part::Whole ? check : check_status;
  if (custom) {
    // What is wrong with metadata may keep the rules from being asked; what every update is asked, not.
    Problems meta =
        old == nullptr ? meta_problems(object, namespaced, names::subdomain_name) : meta_update_problems(object, *old);
    append(common, schema->validate(object, old, part, std::move(meta)));
  } else if (own != nullptr) {
    append(common, own(object, old));
  }
  if (!common.empty() || old != nullptr) return common;
  return meta_problems(object, namespaced, names::path_segment);
}

}  // namespace ork::embedded
