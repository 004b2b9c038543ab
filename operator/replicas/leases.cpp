#include "operator/replicas/leases.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>

namespace ork::replicas {

namespace {

using nlohmann::json;
using shard::Bucket;
using shard::bucket_count;

constexpr const char* group_label = "ork.dev/operators";
constexpr const char* buckets_annotation = "ork.dev/buckets";

// nullptr where `object` is no object or has no such field.
const json* field(const json* object, const char* name) {
  if (object == nullptr || !object->is_object()) return nullptr;
  const auto it = object->find(name);
  return it == object->end() ? nullptr : &*it;
}

std::string text(const json* value) {
  return value != nullptr && value->is_string() ? value->get<std::string>() : std::string{};
}

json lease_of(const Member& member, const std::string& name) {
  return {{"apiVersion", "coordination.k8s.io/v1"},
          {"kind", "Lease"},
          {"metadata", {{"name", name}, {"namespace", member.ns}, {"labels", {{group_label, member.group}}}}}};
}

json claim(const Member& member, std::int64_t wall_ms) {
  return {{"holderIdentity", member.identity},
          {"leaseDurationSeconds", std::chrono::ceil<std::chrono::seconds>(member.duration).count()},
          {"renewTime", micro_time(wall_ms)}};
}

std::string ranges_text(const std::vector<Bucket>& buckets) {
  std::string out;
  for (std::size_t i = 0; i < buckets.size();) {
    std::size_t last = i;
    while (last + 1 < buckets.size() && buckets[last + 1] == buckets[last] + 1) ++last;
    if (!out.empty()) out += ',';
    out += std::to_string(buckets[i]);
    if (last > i) out += '-' + std::to_string(buckets[last]);
    i = last + 1;
  }
  return out;
}

std::optional<Bucket> read_bucket(std::string_view text) {
  int number = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool fits = error == std::errc() && end == text.data() + text.size() && number >= 0 && number < bucket_count;
  return fits ? std::optional(number) : std::nullopt;
}

// Gives the buckets of "0-31,40" to `holder`, but for those that another has already.
void give(std::string_view ranges, const std::string& holder, shard::Holders& holders) {
  while (!ranges.empty()) {
    const std::string_view range = ranges.substr(0, ranges.find(','));
    ranges.remove_prefix(std::min(ranges.size(), range.size() + 1));
    const std::size_t dash = range.find('-');
    const auto first = read_bucket(range.substr(0, dash));
    const auto last = dash == std::string_view::npos ? first : read_bucket(range.substr(dash + 1));
    if (!first || !last) continue;
    for (Bucket bucket = *first; bucket <= *last; ++bucket) {
      std::string& held_by = holders[static_cast<std::size_t>(bucket)];
      if (held_by.empty()) held_by = holder;
    }
  }
}

std::string dump(const json& value) { return value.dump(-1, ' ', false, json::error_handler_t::replace); }

}  // namespace

const kube::Resource& lease_resource() {
  static const kube::Resource resource{"coordination.k8s.io", "v1", "leases", "Lease"};
  return resource;
}

std::string group_selector(std::string_view group) { return std::string(group_label) + "=" + std::string(group); }

std::string member_lease_name(std::string_view group, std::string_view identity) {
  return std::string(group) + "-" + std::string(identity);
}

std::string_view member_of(std::string_view group, std::string_view lease_name) {
  if (!lease_name.starts_with(group)) return {};
  const std::string_view rest = lease_name.substr(group.size());
  return rest.starts_with('-') ? rest.substr(1) : std::string_view();
}

Result<LeaseSeen, std::string> read_lease(std::string_view body) {
  const json lease = json::parse(body, nullptr, false);
  const json* meta = field(&lease, "metadata");
  LeaseSeen seen{.ns = text(field(meta, "namespace")),
                 .name = text(field(meta, "name")),
                 .uid = text(field(meta, "uid")),
                 .resource_version = text(field(meta, "resourceVersion")),
                 .buckets = text(field(field(meta, "annotations"), buckets_annotation))};
  if (seen.name.empty() || seen.resource_version.empty())
    return Err(std::string("it is no Lease: metadata.name or metadata.resourceVersion is missing"));
  const json* seconds = field(field(&lease, "spec"), "leaseDurationSeconds");
  if (seconds != nullptr && seconds->is_number_integer())
    seen.duration = std::chrono::seconds(seconds->get<std::int64_t>());
  return seen;
}

std::string new_member_lease(const Member& member, std::int64_t wall_ms) {
  json lease = lease_of(member, member_lease_name(member.group, member.identity));
  lease["spec"] = claim(member, wall_ms);
  lease["spec"]["acquireTime"] = lease["spec"]["renewTime"];
  return dump(lease);
}

std::string renewed_member_lease(const Member& member, std::int64_t wall_ms) {
  return dump({{"spec", claim(member, wall_ms)}});
}

std::string holders_text(const shard::Holders& holders) {
  std::map<std::string, std::vector<Bucket>> by_holder;
  for (Bucket bucket = 0; bucket < bucket_count; ++bucket) {
    const std::string& holder = holders[static_cast<std::size_t>(bucket)];
    if (!holder.empty()) by_holder[holder].push_back(bucket);
  }
  json out = json::object();
  for (const auto& [holder, buckets] : by_holder) out[holder] = ranges_text(buckets);
  return dump(out);
}

shard::Holders read_holders(std::string_view text) {
  shard::Holders holders;
  const json read = json::parse(text, nullptr, false);
  if (!read.is_object()) return holders;
  for (const auto& [holder, ranges] : read.items()) {
    if (ranges.is_string()) give(ranges.get_ref<const std::string&>(), holder, holders);
  }
  return holders;
}

std::string new_group_lease(const Member& member, const shard::Holders& holders) {
  json lease = lease_of(member, member.group);
  lease["metadata"]["annotations"] = {{buckets_annotation, holders_text(holders)}};
  return dump(lease);
}

std::string changed_group_lease(const shard::Holders& holders, std::string_view resource_version) {
  return dump(
      {{"metadata",
        {{"resourceVersion", resource_version}, {"annotations", {{buckets_annotation, holders_text(holders)}}}}}});
}

kube::Request delete_unchanged(const std::string& ns, const std::string& name, const std::string& uid,
                               const std::string& resource_version) {
  json options = {{"kind", "DeleteOptions"}, {"apiVersion", "v1"}};
  options["preconditions"] = {{"uid", uid}, {"resourceVersion", resource_version}};
  kube::Request request = kube::delete_request(lease_resource(), ns, name, uid);
  request.body = dump(options);
  return request;
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

}  // namespace ork::replicas
