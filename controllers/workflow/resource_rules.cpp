#include "controllers/workflow/resource_rules.hpp"

#include <algorithm>
#include <array>

#include "controllers/dag/nearest.hpp"
#include "controllers/expr/quote.hpp"
#include "controllers/schema/words.hpp"
#include "controllers/workflow/limits.hpp"

namespace ork::workflow {
namespace {

using api::Json;

constexpr std::array<std::string_view, 3> resource_fields{"requests", "limits", "claims"};
constexpr std::array<std::string_view, 16> quantity_suffixes{"",  "Ki", "Mi", "Gi", "Ti", "Pi", "Ei", "n",
                                                             "u", "m",  "k",  "M",  "G",  "T",  "P",  "E"};

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
  if (std::find(quantity_suffixes.begin(), quantity_suffixes.end(), text) != quantity_suffixes.end()) return true;
  if (!text.starts_with('e') && !text.starts_with('E')) return false;
  text.remove_prefix(1);
  take_sign(text);
  return take_number(text) && text.empty();
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
