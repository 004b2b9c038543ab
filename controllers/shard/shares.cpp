#include "controllers/shard/shares.hpp"

#include <algorithm>
#include <cstdint>
#include <iterator>

namespace ork::shard {

Bucket bucket_of(std::string_view key) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const char c : key) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  return static_cast<Bucket>((hash ^ (hash >> 32U)) % bucket_count);
}

int share_of(const Members& members, std::string_view member) {
  const auto it = members.find(member);
  if (it == members.end()) return 0;
  const int count = static_cast<int>(members.size());
  const int place = static_cast<int>(std::distance(members.begin(), it));
  return bucket_count / count + (place < bucket_count % count ? 1 : 0);
}

Move next_move(const Holders& holders, const Members& members, std::string_view self) {
  std::vector<Bucket> held, vacant;
  for (Bucket bucket = 0; bucket < bucket_count; ++bucket) {
    const std::string& holder = holders[static_cast<std::size_t>(bucket)];
    if (holder == self) held.push_back(bucket);
    if (!members.contains(holder)) vacant.push_back(bucket);
  }
  const auto share = static_cast<std::size_t>(share_of(members, self));
  Move move;
  if (held.size() > share) {
    move.give.assign(held.begin() + static_cast<std::ptrdiff_t>(share), held.end());
  } else if (members.contains(self)) {
    vacant.resize(std::min(vacant.size(), share - held.size()));
    move.take = std::move(vacant);
  }
  return move;
}

}  // namespace ork::shard
