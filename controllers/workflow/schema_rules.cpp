#include "controllers/workflow/schema_rules.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <string>

#include "controllers/expr/quote.hpp"
#include "controllers/schema/check.hpp"
#include "controllers/schema/parse.hpp"
#include "controllers/schema/words.hpp"
#include "controllers/workflow/limits.hpp"
#include "controllers/workflow/names.hpp"
#include "controllers/workflow/task_rules.hpp"

namespace ork::workflow {
namespace {

// Beside the keywords, in a param.
constexpr std::string_view own_fields_of_param[] = {"name", "secret"};
// Of the keywords, what may stand in a secret one.
constexpr std::array<std::string_view, 4> fields_of_secret{"name", "secret", "description", "default"};

// What a secret param is given: where its value is kept.
const api::Json& reference_to_secret() {
  static const api::Json schema = api::Json::parse(R"({"type": "object", "required": ["secretKeyRef"],
    "additionalProperties": false, "properties": {"secretKeyRef": {"type": "object", "required": ["name", "key"],
    "additionalProperties": false, "properties": {
      "name": {"type": "string", "maxLength": 253, "pattern": "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$"},
      "key": {"type": "string", "maxLength": 253, "pattern": "^[-._a-zA-Z0-9]+$"}}}}})");
  return schema;
}

class SchemaCompiler {
 public:
  SchemaCompiler(const api::Json& types, const std::string& path, ProblemList& problems) : problems_(problems) {
    std::vector<schema::Problem> found;
    types_ = schema::parse_types(types, found);
    tell(path, found);
  }

  schema::SchemaPtr compile(const api::Json& json, const schema::ParseOptions& options, const std::string& path) {
    std::vector<schema::Problem> found;
    schema::SchemaPtr out = schema::parse(json, types_, options, found);
    tell(path, found);
    return out;
  }

 private:
  void tell(const std::string& path, const std::vector<schema::Problem>& found) {
    for (const schema::Problem& problem : found) problems_.add(path + problem.path, problem.message);
  }

  schema::Types types_;
  ProblemList& problems_;
};

// Its schema is ork's. What is given as its default may be the secret itself, by mistake: no message repeats it.
api::Json schema_of_secret(const api::Json& param, const std::string& path, ProblemList& problems) {
  for (const auto& [field, value] : param.items()) {
    if (std::find(fields_of_secret.begin(), fields_of_secret.end(), field) != fields_of_secret.end()) continue;
    // Who says nothing gets it from the API server.
    if (field == "type" && value == "string") continue;
    problems.add(path + schema::field(field),
                 "can't stand beside secret: true, for nothing is known of the value: remove one of them");
  }
  api::Json schema = reference_to_secret();
  if (param.contains("description")) schema["description"] = param["description"];
  if (!param.contains("default") || param["default"].is_null()) return schema;
  std::vector<schema::Problem> none;
  if (schema::check(param["default"], *schema::parse(schema, {}, {}, none)).empty()) {
    schema["default"] = param["default"];
  } else {
    problems.add(path + ".default", std::string(not_a_reference));
  }
  return schema;
}

bool is_secret(const api::Json& param, const std::string& path, ProblemList& problems) {
  const auto secret = param.find("secret");
  if (secret == param.end() || secret->is_null()) return false;
  if (secret->is_boolean()) return secret->get<bool>();
  problems.add(path + ".secret", schema::type_mismatch(*secret, "boolean"));
  return false;
}

void check_name(const std::string& name, const std::string& path, ProblemList& problems) {
  if (name.empty() || is_identifier(name)) return;
  problems.add(path, expr::in_quotes(name) + " must be at most 63 letters, digits and '_', and not begin with a digit");
}

}  // namespace

Schemas compile_schemas(const api::WorkflowSpec& spec, std::string_view path, ProblemList& problems) {
  const std::string root(path);
  SchemaCompiler compiler(spec.types, root + ".types", problems);
  Schemas out;
  std::map<std::string_view, std::size_t> first;
  for (std::size_t i = 0; i < spec.params.size() && !problems.full(); ++i) {
    const api::Param& param = spec.params[i];
    const std::string here = item(root + ".params", i);
    check_name(param.name, here + ".name", problems);
    const auto [found, added] = first.emplace(param.name, i);
    if (!added && !param.name.empty()) {
      problems.add(here + ".name", expr::in_quotes(param.name) + " is the name of " +
                                       item(root + ".params", found->second) + " already: rename one of them");
    }
    // One that is no object was told of already.
    const api::Json& json = param.schema.is_null() ? api::Json::object() : param.schema;
    if (is_secret(json, here, problems)) {
      out.params.push_back({param.name, compiler.compile(schema_of_secret(json, here, problems), {}, here), true});
    } else {
      out.params.push_back({param.name, compiler.compile(json, {schema::Type::String, own_fields_of_param}, here)});
    }
  }
  for (std::size_t i = 0; i < spec.tasks.size(); ++i) {
    const api::Json& output = spec.tasks[i].output;
    const std::string here = path_of_task(spec, path, i) + ".output";
    out.outputs.push_back(output.is_null() ? nullptr : compiler.compile(output, {}, here));
  }
  return out;
}

}  // namespace ork::workflow
