#pragma once

// Every bound of this folder, each with its reason.

#include "operator/runtime/loop.hpp"

namespace ork::replicas::limits {

using runtime::Duration;

// How long somebody else waits before it takes a silent member for dead. Three renewals fit, of which one may fail.
inline constexpr Duration lease_duration{5'000};

// A Lease that asks for longer is not believed: a wrong one must not keep work from being done for hours.
inline constexpr Duration longest_lease{60'000};

// Joining, and claiming buckets, are tried again after this, and up to a tenth longer by chance.
inline constexpr Duration try_again{500};

// A server's own wish (Retry-After) is heeded for at most so long: a wrong one must not stop a replica for hours.
inline constexpr Duration longest_wished_wait{60'000};

// An answer about a Lease takes milliseconds, but seconds where etcd's disk is slow.
inline constexpr Duration call{5'000};

// Who ends waits so long for answers to what it has sent, then leaves all the same: whoever comes next finds out from
// the API server what became of it, as after a crash.
inline constexpr Duration quiet_at_the_end{2'000};

// Going away cleanly only saves the others time, so it must not take much.
inline constexpr Duration leave_call{2'000};

}  // namespace ork::replicas::limits
