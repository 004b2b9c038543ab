#include "controllers/workflow/schema_rules.hpp"

#include <map>
#include <string>

#include "controllers/expr/quote.hpp"
#include "controllers/schema/parse.hpp"
#include "controllers/workflow/limits.hpp"
#include "controllers/workflow/names.hpp"

namespace ork::workflow {
namespace {

// Beside the keywords, in a param.
constexpr std::string_view own_fields_of_param[] = {"name"};

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
    out.params.push_back({param.name, compiler.compile(json, {schema::Type::String, own_fields_of_param}, here)});
  }
  for (std::size_t i = 0; i < spec.tasks.size(); ++i) {
    const api::Json& output = spec.tasks[i].output;
    const std::string here = item(root + ".tasks", i) + ".output";
    out.outputs.push_back(output.is_null() ? nullptr : compiler.compile(output, {}, here));
  }
  return out;
}

}  // namespace ork::workflow
