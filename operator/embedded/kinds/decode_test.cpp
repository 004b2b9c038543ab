#include <gtest/gtest.h>

#include "controllers/api/hostile_json.hpp"
#include "operator/embedded/kinds/kind.hpp"

namespace ork::embedded {
namespace {

TEST(Decode, Placeholder) {}

}  // namespace
}  // namespace ork::embedded
