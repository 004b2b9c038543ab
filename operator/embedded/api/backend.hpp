#pragma once

// What every part of the API server works on.

#include "operator/embedded/kinds/kind.hpp"
#include "operator/embedded/store/store.hpp"
#include "operator/runtime/loop.hpp"

namespace ork::embedded {

struct Backend {
  runtime::Loop& loop;
  Store& store;
  const Kinds& kinds;
};

}  // namespace ork::embedded
