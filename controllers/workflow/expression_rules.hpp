#pragma once

// What an expression of a Workflow may refer to. Every place where one can stand goes through here.

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "controllers/api/workflow.hpp"
#include "controllers/expr/check.hpp"
#include "controllers/expr/expression.hpp"
#include "controllers/workflow/item_types.hpp"
#include "controllers/workflow/problem.hpp"
#include "controllers/workflow/schema_rules.hpp"

namespace ork::workflow {

// What an expression has to give.
enum class Wanted { Anything, Bool, Int, Elements, List, Timestamp, Text };

// Whether the run has a result when the expression is evaluated: then run.phase, reason and message tell of it.
enum class ResultIs { Open, Known };

class ExpressionCompiler {
 public:
  ExpressionCompiler(const api::WorkflowSpec& spec, const Schemas& schemas, ProblemList& problems,
                     ResultIs result = ResultIs::Open);

  // The expression at `path`, or nullopt with its problem told. It is evaluated for each index of its task, if that has
  // any. That a task exists is left to the graph. What is wrong with its types is told only where its names are right.
  std::optional<expr::Expression> compile(std::string_view text, const std::string& path, const LocalVariables& local);
  // The same of one that is evaluated once, and has to give something in particular.
  std::optional<expr::Expression> compile_of(Wanted wanted, std::string_view text, const std::string& path);
  // The same of a condition on a Kubernetes object.
  std::optional<expr::Expression> compile_about_object(std::string_view text, const std::string& path);
  // The same of one that stands outside the graph: the tasks that it names have to be there.
  std::optional<expr::Expression> compile_at_end(std::string_view text, const std::string& path);
  // Of one that was compiled here, what is known of its value.
  expr::Type type_of(const expr::Expression& expression) const;
  // The secret param that the text is, and nothing else; not read by an expression, but passed on as it is.
  bool is_secret_param(const expr::Expression& expression) const;
  // A condition on how an attempt failed: it may ask for exitCode, cause, message and attempt, and nothing else.
  std::optional<expr::Expression> compile_retry_condition(std::string_view text, const std::string& path);

 private:
  // `local`: null where there are none, as it is evaluated once for all indexes.
  std::optional<expr::Expression> compile_as(std::string_view text, const std::string& path,
                                             const LocalVariables* local, Wanted wanted);
  void check(const expr::Mention& mention, const expr::Expression& expression, const std::string& path,
             const LocalVariables* local);
  bool check_variable(std::string_view variable, std::span<const std::string_view> known, const Sentence& told,
                      const std::string& path, std::string_view instead_of_it = {});
  void check_task(const expr::Mention& mention, const Sentence& told, const std::string& path);

  bool tell_hyphen(const expr::Expression& expression, const std::string& path);
  void check_types(const expr::Expression& expression, const expr::Types& types, const std::string& path,
                   Wanted wanted);

  void check_run(const std::string& field, const Sentence& told, const std::string& path);

  std::vector<std::string_view> params_;
  std::vector<std::string_view> tasks_;
  std::vector<std::string_view> hooks_;
  std::vector<std::string_view> secrets_;
  expr::Type params_type_;
  expr::Type tasks_type_;
  ProblemList& problems_;
  ResultIs result_;
};

}  // namespace ork::workflow
