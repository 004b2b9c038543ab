#pragma once

// Amounts of resources, as k8s.io/apimachinery/pkg/api/resource reads and writes them: "500m", "1.5Gi".

#include <optional>
#include <string>
#include <string_view>

#include "controllers/result/result.hpp"

namespace ork::embedded {

__extension__ typedef unsigned __int128 Nanos;

struct Quantity {
  enum class Format { DecimalSi, DecimalExponent, BinarySi };
  bool negative = false;
  Nanos nanos = 0;  // 10^-9; what is smaller is rounded up, away from zero
  Format format = Format::DecimalSi;
  std::string text;  // as written, where Kubernetes keeps that; empty: it prints the canonical form

  bool is_zero() const { return nanos == 0; }
  bool is_whole() const { return nanos % 1'000'000'000 == 0; }
};

// The error is the sentence that Kubernetes answers with. Amounts beyond 10^29 count as 10^29.
Result<Quantity, std::string> parse_quantity(std::string_view text);

// As written, or in canonical form: no fraction, and the largest suffix that leaves none.
std::string printed(const Quantity& quantity);

// Below, at or above 0.
int compared(const Quantity& a, const Quantity& b);

// Rounded up to thousandths: what Kubernetes keeps of a container's resources.
Quantity in_thousandths(Quantity quantity);

}  // namespace ork::embedded
