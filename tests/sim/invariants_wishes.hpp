#pragma once

// What must hold of every trace of what the user asked for: not now, not again, not so soon. Pure, as invariants.hpp.

#include "tests/sim/invariants.hpp"

namespace ork::sim {

// I2: each attempt has the memory that its task is written with, as often multiplied by its onOOM as attempts before it
// ran out.
void check_memory(const History& history, Violations& found);
// I2: the next attempt is made no sooner after the first end of the last one than the shorter of its backoffs allows;
// but for an attempt with a timeout, or whose Job somebody deleted. Not where clocks are wrong, which is for lifetimes
// too.
void check_backoffs(const History& history, Violations& found);
// I2: a retry is not put off beyond the longer of its backoffs, whatever time the node says it is.
void check_retry_times(const History& history, Violations& found);
// I5: an index that a status has told as succeeded is not started by an attempt made after that.
void check_done_indexes(const History& history, Violations& found);
// I19: who has stored that a run is seen suspended starts nothing of it before it is resumed.
void check_suspensions(const History& history, Violations& found);
// I8: nobody deletes a finished run before its time to live is over.
void check_lifetimes(const History& history, Violations& found);

}  // namespace ork::sim
