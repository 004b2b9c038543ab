#pragma once

// Times of a world, virtual, each with its reason.

#include <cstddef>

#include "operator/runtime/loop.hpp"

namespace ork::sim::limits {

using runtime::Duration;

// Faults strike for at most this long; then the weather is fair.
inline constexpr Duration storm{10 * 60'000};

// In fair weather a run has ended after this: the longest backoffs, deadlines and silent watches (two
// minutes each) of the shapes, several times.
inline constexpr Duration patience{20 * 60'000};

// After the last run has ended, writes may still be on their way: status that the Job controller has
// held back, a late request, what the garbage collector finds when it looks again, and what a reader
// only hears of once its silent watch (two minutes) has been given up.
inline constexpr Duration settling{240'000};

// Then nobody has anything to write.
inline constexpr Duration quiet{60'000};

// A watch that is told 410 has heard nothing for so long: in the shapes some objects have changed by then.
inline constexpr Duration gone_after{1'000};

// What was decided before an object changed is carried out by then: a pause of a minute before it is sent, the
// caller's own bound, and what arrives late even so.
inline constexpr Duration on_its_way{180'000};

// An operator that has lost its lease ends, and is started again.
inline constexpr Duration back_after_loss{1'000};

// A person whose object can not be made yet tries again after this.
inline constexpr Duration tried_again{1'000};

// The largest shape makes some 300 writes in foul weather; a world that makes so many never ends.
inline constexpr std::size_t writes{5'000};

}  // namespace ork::sim::limits
