// run list and workflow list: what there is, as kubectl get shows it.

#include "operator/cli/cluster/event_feed.hpp"
#include "operator/cli/cluster/lists.hpp"
#include "operator/cli/cluster/resources.hpp"
#include "operator/cli/print/objects.hpp"
#include "operator/cli/print/table.hpp"
#include "operator/cli/verbs/verbs.hpp"

namespace ork::cli {
namespace {

class Lister {
 public:
  Lister(const ListFlags& flags, const kube::Resource& resource, Context& context)
      : flags_(flags),
        resource_(resource),
        context_(context),
        selection_{flags.all_namespaces ? "" : context.ns, flags.labels, flags.fields},
        printer_({.wide = flags.output == Format::Wide,
                  .no_headers = flags.no_headers,
                  .with_namespace = flags.all_namespaces}) {}

  ExitCode run() {
    auto version = print::is_object_format(flags_.output) ? objects() : tables();
    if (!version) return fail(context_.console, version.error());
    return flags_.watch ? watch(*std::move(version)) : ExitCode::Ok;
  }

 private:
  Result<std::string, Failure> objects() {
    auto listed = list_objects(context_.session, resource_, selection_);
    if (!listed) return Err(listed.error());
    if (flags_.watch) {
      for (const Json& item : listed->items) context_.console.out(print::object(item, flags_.output));
    } else {
      context_.console.out(print::list(std::move(listed->items), flags_.output));
    }
    return listed->resource_version;
  }

  Result<std::string, Failure> tables() {
    auto version = list_tables(context_.session, resource_, selection_, [this](const Json& table) { show(table); });
    if (version && !shown_ && !flags_.watch) {
      context_.console.err_line(flags_.all_namespaces ? "No resources found"
                                                      : "No resources found in " + context_.ns + " namespace.");
    }
    return version;
  }

  void show(const Json& table) {
    const std::string text = printer_.print(table);
    shown_ = shown_ || !text.empty();
    context_.console.out(text);
  }

  // Until the user ends it.
  ExitCode watch(std::string resource_version) {
    const bool objects = print::is_object_format(flags_.output);
    EventFeed feed(context_.session, resource_, selection_, objects ? std::string_view() : kube::accept_table,
                   [&](std::string_view, const Json& object) {
                     if (objects) {
                       context_.console.out(print::object(object, flags_.output));
                     } else {
                       show(object);
                     }
                   });
    context_.session.on_interrupt([&] {
      interrupted_ = true;
      feed.stop();
    });
    const std::optional<Failure> failure = feed.follow(std::move(resource_version));
    if (interrupted_ || !failure) return ExitCode::Interrupted;
    return fail(context_.console, *failure);
  }

  const ListFlags& flags_;
  const kube::Resource& resource_;
  Context& context_;
  Selection selection_;
  print::TablePrinter printer_;
  bool shown_ = false;
  bool interrupted_ = false;
};

}  // namespace

ExitCode fail(Console& console, const Failure& failure) {
  if (!failure.message.empty()) console.err_line("error: " + failure.message);
  return failure.code;
}

ExitCode run_list(const ListFlags& flags, Context& context) { return Lister(flags, workflow_runs, context).run(); }

ExitCode workflow_list(const ListFlags& flags, Context& context) { return Lister(flags, workflows, context).run(); }

}  // namespace ork::cli
