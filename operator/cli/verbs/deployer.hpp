#pragma once

// Server-side apply of whole objects, as field manager "ork".

#include <map>
#include <string>
#include <vector>

#include "operator/cli/verbs/verbs.hpp"

namespace ork::cli {

inline constexpr std::string_view field_manager = "ork";

struct Deployed {
  std::string verb;  // "created", "configured" or "unchanged", as kubectl says it
  Json object;       // as it is now
};

class Deployer {
 public:
  Deployer(Session& session, bool dry_run, bool force_conflicts)
      : session_(session), dry_run_(dry_run), force_conflicts_(force_conflicts) {}

  // `ns` is left out for kinds that have none.
  Result<Deployed, Failure> apply(const Json& object, const std::string& ns);

 private:
  struct Kind {
    kube::Resource resource;
    bool namespaced = true;
  };
  // Ours and the commonest are known, the others are asked for.
  Result<Kind, Failure> kind_of(const std::string& api_version, const std::string& kind);
  Result<Kind, Failure> discover(const std::string& api_version, const std::string& kind);

  Session& session_;
  bool dry_run_;
  bool force_conflicts_;
  std::map<std::string, Json> discovered_;  // APIResourceList by group and version
};

// True where two states of an object differ in nothing that its users wrote.
bool same_content(const Json& before, const Json& after);

}  // namespace ork::cli
