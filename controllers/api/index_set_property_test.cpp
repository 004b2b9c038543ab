// IndexSet against std::set, on random sets.

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>
#include <vector>

#include "controllers/api/index_set.hpp"

namespace ork::api {
namespace {

using Plain = std::set<std::int64_t>;

Plain any_plain() {
  const auto numbers = *rc::gen::container<std::vector<std::int64_t>>(rc::gen::inRange<std::int64_t>(0, 60));
  return {numbers.begin(), numbers.end()};
}

IndexSet of(const Plain& plain) {
  IndexSet set;
  for (const std::int64_t index : plain) set.insert(index);
  return set;
}

Plain to_plain(const IndexSet& set) {
  Plain out;
  std::int64_t previous_last = -2;
  for (const IndexSet::Range& range : set.ranges()) {
    RC_ASSERT(range.first <= range.last);
    RC_ASSERT(range.first > previous_last + 1);  // rising, disjoint, never adjacent
    previous_last = range.last;
    for (std::int64_t i = range.first; i <= range.last; ++i) out.insert(i);
  }
  return out;
}

RC_GTEST_PROP(IndexSetProperty, HoldsWhatWasInsertedInAnyOrder, ()) {
  const auto numbers = *rc::gen::container<std::vector<std::int64_t>>(rc::gen::inRange<std::int64_t>(0, 60));
  IndexSet set;
  for (const std::int64_t index : numbers) set.insert(index);
  const Plain plain(numbers.begin(), numbers.end());
  RC_ASSERT(to_plain(set) == plain);
  RC_ASSERT(set.size() == static_cast<std::int64_t>(plain.size()));
  for (std::int64_t i = 0; i < 62; ++i) RC_ASSERT(set.contains(i) == (plain.count(i) == 1));
}

RC_GTEST_PROP(IndexSetProperty, ReadsBackWhatItWrites, ()) {
  const IndexSet set = of(any_plain());
  RC_ASSERT(IndexSet::parse(set.format()) == set);
}

RC_GTEST_PROP(IndexSetProperty, UnitesAndSubtractsAsSetsDo, ()) {
  const Plain a = any_plain(), b = any_plain();
  Plain both = a, difference;
  both.insert(b.begin(), b.end());
  for (const std::int64_t index : a) {
    if (b.count(index) == 0) difference.insert(index);
  }
  RC_ASSERT(to_plain(of(a).united(of(b))) == both);
  RC_ASSERT(to_plain(of(a).without(of(b))) == difference);
}

RC_GTEST_PROP(IndexSetProperty, BelowKeepsTheSmallerOnes, ()) {
  const Plain plain = any_plain();
  const auto bound = *rc::gen::inRange<std::int64_t>(0, 62);
  RC_ASSERT(to_plain(of(plain).below(bound)) == Plain(plain.begin(), plain.lower_bound(bound)));
}

}  // namespace
}  // namespace ork::api
