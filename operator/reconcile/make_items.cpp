#include "operator/reconcile/make_items.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "operator/kube/answer.hpp"
#include "operator/reconcile/kinds.hpp"

namespace ork::reconcile {
namespace {

using Answer = Result<kube::Response, kube::Error>;
using Json = nlohmann::json;

// Whether this object's controller has that uid.
bool is_controlled_by(const Json& object, const std::string& uid) {
  const Json::json_pointer place("/metadata/ownerReferences");
  if (!object.contains(place) || !object.at(place).is_array()) return false;
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
                   const kube::Request sent = look;
                   transport.call(std::move(look), [owner_uid, sent, told](const Answer& found) {
                     if (!found) return told(Err(found.error()));
                     const Json object = Json::parse(found->body, nullptr, false);
                     if (object.is_object()) return told(is_controlled_by(object, owner_uid));
                     told(Err(kube::error_about(sent, kube::Errc::Malformed, "was not answered by an object")));
                   });
                 });
}

}  // namespace ork::reconcile
