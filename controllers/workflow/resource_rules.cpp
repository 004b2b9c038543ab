#include "controllers/workflow/resource_rules.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "controllers/dag/nearest.hpp"
#include "controllers/expr/quote.hpp"
#include "controllers/schema/words.hpp"
#include "controllers/workflow/limits.hpp"

namespace ork::workflow {
namespace {

using api::Json;

constexpr std::array<std::string_view, 3> resource_fields{"requests", "limits", "claims"};

struct Suffix {
  std::string_view text;
  double times;
};
constexpr std::array quantity_suffixes = {
    Suffix{"", 1},        Suffix{"Ki", 0x1p10}, Suffix{"Mi", 0x1p20}, Suffix{"Gi", 0x1p30},
    Suffix{"Ti", 0x1p40}, Suffix{"Pi", 0x1p50}, Suffix{"Ei", 0x1p60}, Suffix{"n", 1e-9},
    Suffix{"u", 1e-6},    Suffix{"m", 1e-3},    Suffix{"k", 1e3},     Suffix{"M", 1e6},
    Suffix{"G", 1e9},     Suffix{"T", 1e12},    Suffix{"P", 1e15},    Suffix{"E", 1e18}};

// Takes "12", "12.", "12.5" or ".5" off the text; false where there is none.
bool take_number(std::string_view& text) {
  const auto digits = [&] {
    const std::size_t end = std::min(text.find_first_not_of("0123456789"), text.size());
    text.remove_prefix(end);
    return end > 0;
  };
  const bool before = digits();
  if (!text.starts_with('.')) return before;
  text.remove_prefix(1);
  return digits() || before;
}

void take_sign(std::string_view& text) {
  if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
}

const Suffix* suffix_of(std::string_view text) {
  const auto found = std::find_if(quantity_suffixes.begin(), quantity_suffixes.end(),
                                  [&](const Suffix& suffix) { return suffix.text == text; });
  return found == quantity_suffixes.end() ? nullptr : &*found;
}

// Of a text that is one, with or without a minus.
double number_in(std::string_view text) {
  double number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

void check_amounts(const Json& amounts, const std::string& path, ProblemList& problems) {
  if (amounts.is_null()) return;
  if (!amounts.is_object()) return problems.add(path, "must be an object, as in {cpu: 500m, memory: 64Mi}");
  if (amounts.size() > max_resources) {
    return problems.add(path, "has " + std::to_string(amounts.size()) + " entries, but may have at most " +
                                  std::to_string(max_resources));
  }
  for (auto i = amounts.begin(); i != amounts.end() && !problems.full(); ++i) {
    const bool right = i->is_number_integer() || (i->is_string() && is_quantity(i->get_ref<const std::string&>()));
    if (right) continue;
    problems.add(path + "." + i.key(),
                 "is " + schema::show_value(*i) + ", but must be an amount such as 500m, 2 or 64Mi");
  }
}

void check_claims(const Json& claims, const std::string& path, ProblemList& problems) {
  if (claims.is_null()) return;
  const bool objects = claims.is_array() && claims.size() <= max_resources &&
                       std::all_of(claims.begin(), claims.end(), [](const Json& each) { return each.is_object(); });
  if (!objects)
    problems.add(path, "must be a list of at most " + std::to_string(max_resources) + " objects with a name");
}

}  // namespace

bool is_quantity(std::string_view text) {
  take_sign(text);
  if (!take_number(text)) return false;
  if (suffix_of(text) != nullptr) return true;
  if (!text.starts_with('e') && !text.starts_with('E')) return false;
  text.remove_prefix(1);
  take_sign(text);
  return take_number(text) && text.empty();
}

std::optional<double> amount_of(std::string_view text) {
  if (!is_quantity(text)) return std::nullopt;
  if (text.starts_with('+')) text.remove_prefix(1);
  std::string_view rest = text;
  take_sign(rest);
  take_number(rest);
  const Suffix* suffix = suffix_of(rest);
  // Without one of ours it ends in an exponent, which may be no whole number.
  const std::string_view mantissa = text.substr(0, text.size() - rest.size());
  const double exponent = suffix == nullptr ? number_in(rest.substr(rest[1] == '+' ? 2 : 1)) : 0;
  return number_in(mantissa) * (suffix == nullptr ? std::pow(10, exponent) : suffix->times);
}

void check_resources(const Json& resources, const std::string& path, ProblemList& problems) {
  if (!resources.is_object()) return;
  for (auto i = resources.begin(); i != resources.end() && !problems.full(); ++i) {
    if (std::find(resource_fields.begin(), resource_fields.end(), i.key()) != resource_fields.end()) continue;
    const auto nearest = dag::nearest(i.key(), resource_fields);
    problems.add(path, "there is no field " + expr::in_quotes(i.key()) +
                           (nearest.empty() ? "; there is: requests, limits, claims" : maybe_meant(nearest)));
  }
  for (const char* field : {"requests", "limits"}) {
    const auto found = resources.find(field);
    if (found != resources.end()) check_amounts(*found, path + "." + field, problems);
  }
  const auto claims = resources.find("claims");
  if (claims != resources.end()) check_claims(*claims, path + ".claims", problems);
}

}  // namespace ork::workflow
