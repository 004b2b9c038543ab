#include "operator/runtime/lease_record.hpp"

#include <array>
#include <chrono>
#include <cstdio>
#include <nlohmann/json.hpp>

namespace ork::runtime {

namespace {

using nlohmann::json;

// nullptr where `object` is no object or has no such field.
const json* field(const json& object, const char* name) {
  const auto it = object.find(name);
  return it == object.end() ? nullptr : &*it;
}

std::string text_of(const json* value) {
  return value != nullptr && value->is_string() ? value->get<std::string>() : std::string{};
}

std::int64_t integer_of(const json* value) {
  return value != nullptr && value->is_number_integer() ? value->get<std::int64_t>() : 0;
}

// What a holder writes at each renewal.
void claim_spec(json& spec, const LeaseClaim& claim) {
  spec["holderIdentity"] = claim.identity;
  spec["leaseDurationSeconds"] = std::chrono::ceil<std::chrono::seconds>(claim.duration).count();
  spec["renewTime"] = micro_time(claim.wall_ms);
}

json document_of(const LeaseRecord& record) {
  auto lease = json::parse(record.document, nullptr, false);
  if (!lease.is_object()) lease = json::object();
  auto& spec = lease["spec"];
  if (!spec.is_object()) spec = json::object();
  return lease;
}

// Identities are ours, but what others wrote into the document may not be valid UTF-8.
std::string text(const json& lease) { return lease.dump(-1, ' ', false, json::error_handler_t::replace); }

}  // namespace

Result<LeaseRecord, std::string> read_lease(std::string_view body) {
  const auto lease = json::parse(body, nullptr, false);
  if (!lease.is_object()) return Err(std::string{"the answer is no Lease: not a JSON object"});
  LeaseRecord record;
  if (const auto* metadata = field(lease, "metadata"))
    record.resource_version = text_of(field(*metadata, "resourceVersion"));
  if (record.resource_version.empty()) return Err(std::string{"the answer is no Lease: no metadata.resourceVersion"});
  if (const auto* spec = field(lease, "spec")) {
    record.holder = text_of(field(*spec, "holderIdentity"));
    record.duration = std::chrono::seconds{integer_of(field(*spec, "leaseDurationSeconds"))};
  }
  record.document = body;
  return record;
}

std::string new_lease(const LeaseClaim& claim) {
  json lease{{"apiVersion", "coordination.k8s.io/v1"},
             {"kind", "Lease"},
             {"metadata", {{"name", claim.name}, {"namespace", claim.ns}}}};
  auto& spec = lease["spec"];
  claim_spec(spec, claim);
  spec["acquireTime"] = spec["renewTime"];
  spec["leaseTransitions"] = 0;
  return text(lease);
}

std::string claimed_lease(const LeaseRecord& record, const LeaseClaim& claim) {
  auto lease = document_of(record);
  auto& spec = lease["spec"];
  const bool takes_over = record.holder != claim.identity;
  claim_spec(spec, claim);
  if (takes_over) {
    spec["acquireTime"] = spec["renewTime"];
    spec["leaseTransitions"] = integer_of(field(spec, "leaseTransitions")) + 1;
  }
  return text(lease);
}

std::string released_lease(const LeaseRecord& record, std::int64_t wall_ms) {
  auto lease = document_of(record);
  auto& spec = lease["spec"];
  // Absent, not "": newer API servers refuse an empty identity.
  spec.erase("holderIdentity");
  spec["leaseDurationSeconds"] = 1;
  spec["renewTime"] = micro_time(wall_ms);
  return text(lease);
}

std::string micro_time(std::int64_t wall_ms) {
  using namespace std::chrono;
  const sys_time<milliseconds> at{milliseconds{wall_ms}};
  const auto day = floor<days>(at);
  const year_month_day date{day};
  const hh_mm_ss<milliseconds> time{at - day};
  std::array<char, 48> buffer{};
  const int length = std::snprintf(buffer.data(), buffer.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%03d000Z",
                                   static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                                   static_cast<unsigned>(date.day()), static_cast<int>(time.hours().count()),
                                   static_cast<int>(time.minutes().count()), static_cast<int>(time.seconds().count()),
                                   static_cast<int>(time.subseconds().count()));
  return {buffer.data(), static_cast<std::size_t>(length)};
}

}  // namespace ork::runtime
