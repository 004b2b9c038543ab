#include "operator/reconcile/make_items.hpp"

#include <utility>

#include "operator/reconcile/answers.hpp"
#include "operator/reconcile/kinds.hpp"

namespace ork::reconcile {
namespace {

using Answer = Result<kube::Response, kube::Error>;

}  // namespace

void make_items(kube::Transport& transport, const std::string& ns, const std::string& owner_uid,
                const run::NewItems& items, ItemsMade told) {
  auto request = kube::create_request(config_maps(), ns, items.body);
  transport.call(std::move(request),
                 [&transport, ns, owner_uid, name = items.name, told = std::move(told)](const Answer& answer) {
                   if (answer) return told(true);
                   const bool exists = answer.error().code == kube::Errc::AlreadyExists;
                   if (!exists && !answer.error().may_have_applied()) return told(Err(answer.error()));
                   auto look = kube::get_request(config_maps(), ns, name);
                   look.accept = kube::accept_metadata_only;
                   transport.call(std::move(look), [owner_uid, name, told](const Answer& found) {
                     if (!found) return told(Err(found.error()));
                     const auto controller = read_controller_answer(found->body);
                     if (!controller) return told(Err(unreadable_answer("ConfigMap " + name)));
                     told(*controller == owner_uid);
                   });
                 });
}

}  // namespace ork::reconcile
