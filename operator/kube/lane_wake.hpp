#pragma once

// The lane's one timer; apart, so that Asio stays out of lane.hpp.

#include <boost/asio/steady_timer.hpp>
#include <optional>

#include "operator/kube/lane.hpp"

namespace ork::kube {

struct Lane::Wake {
  explicit Wake(boost::asio::io_context& io) : timer(io) {}
  boost::asio::steady_timer timer;
  std::optional<Clock::time_point> armed;
};

}  // namespace ork::kube
