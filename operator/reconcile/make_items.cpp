#include "operator/reconcile/make_items.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "operator/reconcile/kinds.hpp"

namespace ork::reconcile {
namespace {

using Answer = Result<kube::Response, kube::Error>;
using Json = nlohmann::json;

// What is no object with an owner of that uid, is not the owner's.
bool is_controlled_by(const std::string& body, const std::string& uid) {
  const Json object = Json::parse(body, nullptr, false);
  const Json::json_pointer place("/metadata/ownerReferences");
  if (!object.is_object() || !object.contains(place) || !object.at(place).is_array()) return false;
  return std::any_of(object.at(place).begin(), object.at(place).end(), [&](const Json& owner) {
    return owner.is_object() && owner.contains("uid") && owner.at("uid") == uid && owner.contains("controller") &&
           owner.at("controller") == true;
  });
}

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
                   transport.call(std::move(look), [owner_uid, told](const Answer& found) {
                     if (!found) return told(Err(found.error()));
                     told(is_controlled_by(found->body, owner_uid));
                   });
                 });
}

}  // namespace ork::reconcile
