#pragma once

// Which of several operators works on what. Every key falls into one of 64 buckets by its text, and every bucket is
// held by one member at most; each member decides for itself what to take and what to give, from the same values.

#include <array>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace ork::shard {

// Enough that the shares of up to sixteen members differ by a quarter at most, few enough that who holds what fits
// into one annotation.
inline constexpr int bucket_count = 64;

using Bucket = int;  // 0 to bucket_count - 1

// By FNV-1a, 64 bits, whose lower bits are folded with the upper ones. The same in every version of ork: operators of
// two versions share the work while one follows the other.
Bucket bucket_of(std::string_view key);

// Who holds each bucket; "": nobody.
using Holders = std::array<std::string, bucket_count>;

using Members = std::set<std::string, std::less<>>;

// Of all buckets, how many are `member`'s: the same for each, and one more for the first of them by name where they
// can't be. 0 where it is none of the members.
int share_of(const Members& members, std::string_view member);

struct Move {
  std::vector<Bucket> take;  // held by nobody, or by who is no member: up to the share
  std::vector<Bucket> give;  // beyond the share
  friend bool operator==(const Move&, const Move&) = default;
};

// What `self` should do next. Where all members have made their moves, in whatever order, each has its share and none
// has a move to make. Members that are no longer there need not be asked.
Move next_move(const Holders& holders, const Members& members, std::string_view self);

}  // namespace ork::shard
