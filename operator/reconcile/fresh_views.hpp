#pragma once

// Whether what is held of an object is at least as new as the moment at which its share was taken on. Watches may lag
// behind: what the share's last holder did, and then tidied away, would be done again by who has not seen it. A name of
// a Job is used once, unless somebody makes it again after the Job was deleted.

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "controllers/api/meta.hpp"
#include "operator/kube/transport.hpp"
#include "operator/runtime/loop.hpp"

namespace ork::reconcile {

class FreshViews {
 public:
  // `taken_at`: the version of the Lease by which the share was taken on, of one count with all objects' versions; 0:
  // there are no shares. May be empty, too.
  FreshViews(kube::Transport& transport, const runtime::Loop& loop,
             std::function<std::uint64_t(std::string_view share_key)> taken_at)
      : transport_(transport), loop_(loop), taken_at_(std::move(taken_at)) {}

  // False: the API server is asked for its version, and `again` is called, from the loop, when it has answered; or at
  // once, with how long to wait, while it may not be asked. Where the watch is behind that it has to come up first,
  // which brings the object back by itself.
  bool is_fresh(const kube::Resource& resource, const api::ObjectMeta& held, std::string_view share_key,
                const std::function<void(runtime::Duration)>& again);
  void forget(const std::string& uid) { asked_.erase(uid); }

 private:
  struct Asked {
    std::uint64_t taken_at = 0;
    std::uint64_t version = 0;  // as the API server has answered; 0: it has not
    bool under_way = false;
    runtime::Instant not_before{};  // as the API server wished when it refused
  };

  kube::Transport& transport_;
  const runtime::Loop& loop_;
  std::function<std::uint64_t(std::string_view)> taken_at_;
  std::map<std::string, Asked> asked_;  // by uid; of those that are held as they were before
};

}  // namespace ork::reconcile
