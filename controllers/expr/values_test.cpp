// What operators, functions and macros give: a case or two of each. All of them, to the letter, are held against the
// specification's own cases by tests/cel.

#include <gtest/gtest.h>

#include "controllers/expr/test_scope.hpp"

namespace ork::expr {
namespace {

struct Case {
  const char* text;
  const char* worth;
};

void expect_all(std::initializer_list<Case> cases) {
  for (const Case& c : cases) EXPECT_EQ(worth(c.text), c.worth) << c.text;
}

TEST(Values, OfNumbers) {
  expect_all({{"7 / 2", "int 3"},
              {"-7 % 2", "int -1"},
              {"7u - 2u", "uint 5"},
              {"2.5 * 2.0", "double 5.0"},
              {"1.0 / 0.0", "double \"Infinity\""},
              {"0.0 / 0.0", "double \"NaN\""},
              {"-9223372036854775808", "int -9223372036854775808"},
              {"0x1F + 0", "int 31"},
              {"--3", "int 3"},
              {"-(1.5)", "double -1.5"},
              {"9223372036854775807 + 1", "error: the result does not fit into an int"},
              {"0u - 1u", "error: the result does not fit into a uint"},
              {"-(-9223372036854775808)", "error: the result does not fit into an int"},
              {"-9223372036854775808 / -1", "error: the result does not fit into an int"},
              {"1 % 0", "error: modulus by zero"},
              {"1.5 % 1.0", "error: there is no a double % a double"},
              {"-'a'", "error: - takes an int or a double, not a string"},
              {"!1", "error: ! takes a bool, not an int"}});
}

TEST(Values, OfComparisons) {
  expect_all(
      {{"1 == 1.0 && 1u == 1 && 1.0 == 1u", "bool true"},
       {"1 < 1.5 && 2u > 1.5 && 1.5 < 2 && 1.5 < 2u && -1 < 0u && 0u > -1", "bool true"},
       {"1 < 1e300 && 1 > -1e300 && 1u < 1e300 && 1u > -1.0", "bool true"},
       {"0.0 / 0.0 == 0.0 / 0.0 || 1 < 0.0 / 0.0 || 1u < 0.0 / 0.0", "bool false"},
       {"'a' < 'b' && b'a' <= b'a' && false < true", "bool true"},
       {"timestamp(0) < timestamp(1) && duration('1s') >= duration('1s')", "bool true"},
       {"[1, [2]] == [1.0, [2u]] && [1] != [1, 2] && [1] != [2]", "bool true"},
       {"{'a': 1, 'b': [2]} == {'b': [2], 'a': 1u} && {'a': 1} != {'b': 1} && {'a': 1} != {'a': 2}", "bool true"},
       {"null == null && null != 1 && 'a' != 1 && type(1) == int", "bool true"},
       {"optional.of(1) == optional.of(1u) && optional.none() != optional.of(1)", "bool true"},
       {"[1] < [2]", "error: there is no a list < a list"},
       {"2 in [1, 2.0] && !('x' in ['y']) && 'a' in {'a': 1} && 1u in {1: 2} && !([] in {1: 2})", "bool true"},
       {"1 in 1", "error: there is no an int in an int"}});
}

TEST(Values, OfTexts) {
  expect_all({{"'a' + \"b\" + '''c'd''' + r'\\n' + \"\\x41\\u0042\\101\\t\"", R"(string "abc'd\\nABA\t")"},
              {"b'a' + b'\\xff\\101'", "bytes \"Yf9B\""},
              {"'hello'.charAt(1) + 'hello'.charAt(5)", "string \"e\""},
              {"'hello'.charAt(6)", "error: there is no place 6 in a text of 5 characters"},
              {"'hello'.substring(3)", "string \"lo\""},
              {"'hello'.substring(3, 1)", "error: the end lies before the beginning"},
              {"'hello'.substring(9)", "error: there is no place 9 in a text of 5 characters"},
              {"'hello'.indexOf('l') + 'hello'.indexOf('l', 3) + 'hello'.indexOf('z')", "int 4"},
              {"'hello'.indexOf('l', 9)", "error: there is no place 9 in a text of 5 characters"},
              {"'hello'.lastIndexOf('l') + 'hello'.lastIndexOf('l', 2)", "int 5"},
              {"['a', 'b'].join() + ['a', 'b'].join('-')", "string \"aba-b\""},
              {"[1].join()", "error: join takes a list of strings, and item 0 is an int"},
              {"'aBc'.upperAscii() + 'aBc'.lowerAscii()", "string \"ABCabc\""},
              {"'aaa'.replace('a', 'b', 2) + 'ab'.replace('', '-')", "string \"bba-a-b-\""},
              {"'a,b,c'.split(',', 2)", R"(list ["a","b,c"])"},
              {"'a,b'.split(',', 0) == [] && ''.split('') == []", "bool true"},
              {"' \\t a b\\n'.trim()", "string \"a b\""},
              {"strings.quote('a\"\\n')", R"(string "\"a\\\"\\n\"")"},
              {"base64.encode(b'hello')", "string \"aGVsbG8=\""},
              {"base64.decode('aGVsbG8') == b'hello'", "bool true"},
              {"base64.decode('?')", "error: \"?\" is no base64"},
              {"'abc'.matches('^a.c$') && matches('abc', 'b') && 'abc'.endsWith('c')", "bool true"},
              {"size(b'abc') + b'ab'.size() + 'abc'.size()", "int 8"}});
}

TEST(Values, OfFormats) {
  expect_all(
      {{"'%s %s %s'.format([1, [true, null, 1.5], {'b': 'x', 'a': b'y'}])",
        R"(string "1 [true, null, 1.5] {a: y, b: x}")"},
       {"'%d %d %b %b %o %x %X'.format([-5, 7u, 5, true, 8, 255, 'az'])", R"(string "-5 7 101 1 10 ff 617A")"},
       {"'%.2f %e %f%%'.format([1.005, 1000.0, 2])", R"(string "1.00 1.000000e+03 2.000000%")"},
       {"'%d %f'.format([0.0 / 0.0, -1.0 / 0.0])", R"(string "NaN -Infinity")"},
       {"'%s %s'.format([type(1), duration('1m')])", R"(string "int 60s")"},
       {"'%s %s'.format([optional.of(1), optional.none()])", "string \"optional(1) optional.none()\""},
       {"'%s'.format([])", "error: format has more places than the list has values"},
       {"'%d'.format(['a'])", "error: %d takes no value such as a string"},
       {"'%q'.format([1])", "error: format knows %s, %d, %f, %e, %b, %o, %x, %X and %%, not what \"%q\" has"},
       {"'%.999f'.format([1])", "error: format knows %s, %d, %f, %e, %b, %o, %x, %X and %%, not what \"%.999f\" has"}});
}

TEST(Values, OfConversions) {
  expect_all({{"int(3.9) + int(2u) + int('-4') + int(timestamp(5)) + int(1)", "int 7"},
              {"int(1e30)", "error: the number does not fit into an int"},
              {"int(18446744073709551615u)", "error: the number does not fit into an int"},
              {"int('x')", "error: \"x\" is no int"},
              {"uint(3.9) + uint(2) + uint('4')", "uint 9"},
              {"uint(-1)", "error: the number does not fit into a uint"},
              {"uint(-1.0)", "error: the number does not fit into a uint"},
              {"uint('-1')", "error: \"-1\" is no uint"},
              {"double(3) + double(2u) + double('1.5')", "double 6.5"},
              {"double('x')", "error: \"x\" is no double"},
              {"string(1) + string(2u) + string(1.5) + string(true) + string(b'a') + string(1.0 / 0.0)",
               "string \"121.5truea+Inf\""},
              {"string(0.0 / 0.0) + string(-1.0 / 0.0)", "string \"NaN-Inf\""},
              {"string(b'\\xff')", "error: the bytes are no UTF-8"},
              {"string(timestamp(0)) + string(duration('90s'))", "string \"1970-01-01T00:00:00Z90s\""},
              {"bytes('a') == b'a' && bool('true') && !bool('0') && dyn(1) == 1", "bool true"},
              {"bool('yes')", "error: \"yes\" is no bool: write \"true\" or \"false\""},
              {"timestamp(999999999999)", "error: a timestamp lies between the years 1 and 9999"},
              {"duration(90)", "google.protobuf.Duration \"90s\""},
              {"duration(99999999999)", "error: a duration is 292 years at most"},
              {"type(type(1))", "type \"type\""},
              {"google.protobuf.Timestamp == type(timestamp(0))", "bool true"}});
}

TEST(Values, OfMath) {
  expect_all(
      {{"math.greatest(1, 2.5, 2u)", "double 2.5"},
       {"math.least([3, 1])", "int 1"},
       {"math.least([])", "error: there is no extreme of an empty list"},
       {"math.greatest('a')", "error: only numbers have an extreme, not a string"},
       {"[math.ceil(1.2), math.floor(-1.2), math.round(2.5), math.trunc(-1.9)]", "list [2.0,-2.0,3.0,-1.0]"},
       {"[math.abs(-1), math.sign(-3), math.bitAnd(6, 3), math.bitOr(6, 3), math.bitXor(6, 3)]", "list [1,-1,2,7,5]"},
       {"[math.abs(-1.5), math.sign(-2.0), math.sqrt(9.0), math.sqrt(4), math.sqrt(4u)]",
        "list [1.5,-1.0,3.0,2.0,2.0]"},
       {"[math.abs(1u), math.sign(2u), math.bitAnd(6u, 3u), math.bitNot(0u), math.bitShiftLeft(1u, 3)]",
        "list [1,1,2,18446744073709551615,8]"},
       {"[math.bitNot(0), math.bitShiftLeft(1, 64), math.bitShiftRight(-1, 63)]", "list [-1,0,1]"},
       {"math.bitShiftLeft(1, -1)", "error: bits can't be shifted by a negative number"},
       {"math.abs(-9223372036854775808)", "error: the result does not fit into an int"},
       {"math.isNaN(0.0 / 0.0) && math.isInf(1.0 / 0.0) && math.isFinite(1.0)", "bool true"}});
}

TEST(Values, OfListsAndMaps) {
  expect_all(
      {{"[1, 2, 3].slice(1, 2) + [[1], [[2]]].flatten() + [[[3]]].flatten(2)", "list [2,1,[2],3]"},
       {"[1].slice(0, 2)", "error: a list of 1 has no part from 0 to 2"},
       {"[1].flatten(-1)", "error: flatten takes a number of levels, which can't be negative"},
       {"[3, 1, 2].sort() + [1, 2].reverse() + [1, 1u, 2].distinct()", "list [1,2,3,2,1,1,2]"},
       {"[1, 'a'].sort()", "error: only values of one kind that have an order can be sorted"},
       {"['b', 'aa'].sortBy(x, size(x))", R"(list ["b","aa"])"},
       {"lists.range(3)", "list [0,1,2]"},
       {"lists.range(-1)", "error: a range has a length that is not negative"},
       {"[1, 2].first().value() + [1, 2].last().value()", "int 3"},
       {"[].first().hasValue() || [].last().hasValue()", "bool false"},
       {"sets.contains([1, 2], [2]) && sets.equivalent([1, 1], [1]) && sets.intersects([1], [1, 2])", "bool true"},
       {"size({'a': 1}) + {1: 2}.size() + size([1]) + [1, 2].size()", "int 5"},
       {"{1: 'a', true: 'b', 2u: 'c'}", R"(map {"1":"a","2":"c","true":"b"})"},
       {"{'a': 1}.a + {'a': 1}['a'] + {1: 5}[1.0] + [7][0u] + [7][0.0]", "int 21"},
       {"{[1]: 2}", "error: a key is a bool, an int, a uint or a string, not a list"},
       {"[1, ?optional.of(2), ?optional.none()]", "list [1,2]"},
       {"{?'a': optional.of(1), ?'b': optional.none()}", R"(map {"a":1})"},
       {"[?1]", "error: ? takes an optional, not an int"},
       {"{?'a': 1}", "error: ? takes an optional, not an int"}});
}

TEST(Values, OfMacros) {
  expect_all({{"[1, 2, 3].map(x, x > 1, x * 2)", "list [4,6]"},
              {"[1, 2].exists_one(x, x > 1) && [1, 2].existsOne(x, x > 1) && {'a': 1}.all(k, k == 'a')", "bool true"},
              {"[1, 2].exists_one(x, 1 / 0 > x)", "error: division by zero"},
              {"[3, 4].all(i, v, v == i + 3) && {'a': 1}.exists(k, v, k == 'a' && v == 1)", "bool true"},
              {"[3, 4].transformList(i, v, i > 0, v * i)", "list [4]"},
              {"{'a': 1, 'b': 2}.transformMap(k, v, v > 1, v * 10)", R"(map {"b":20})"},
              {"['x', 'y'].transformMapEntry(i, v, {v: i})", R"(map {"x":0,"y":1})"},
              {"[1].transformMapEntry(i, v, v)", "error: transformMapEntry takes a map for each element"},
              {"cel.bind(x, 2, x * x)", "int 4"},
              {"[1, 2].map(x, [x].map(x, x + 10))", "list [[11],[12]]"},
              {"has({'a': 1}.a) && !has({'a': 1}.b)", "bool true"},
              {"true ? 1 : 1 / 0", "int 1"}});
}

TEST(Values, OfOptionals) {
  expect_all(
      {{"{'a': {'b': 1}}.?a.?b.orValue(0) + {}.?a.?b.orValue(5)", "int 6"},
       {"{'a': {'b': 1}}.?a.b.orValue(0) + [1][?3].orValue(7) + {'k': 2}[?'k'].value()", "int 10"},
       {"optional.none().value()", "error: the optional holds no value"},
       {"optional.none().or(optional.of(3)).value()", "int 3"},
       {"optional.ofNonZeroValue(0).hasValue() || optional.ofNonZeroValue('').hasValue()", "bool false"},
       {"optional.ofNonZeroValue([]).hasValue() || optional.ofNonZeroValue({}).hasValue()", "bool false"},
       {"optional.ofNonZeroValue(1.5).hasValue() && optional.ofNonZeroValue(b'a').hasValue()", "bool true"},
       {"optional.of(2).optMap(x, x * 2).value() + optional.of(2).optFlatMap(x, optional.of(x)).value()", "int 6"},
       {"optional.none().optMap(x, x)", "optional_type null"},
       {"optional.of(1).optFlatMap(x, x)", "error: optFlatMap takes an optional as result, not an int"},
       {"optional.unwrap([optional.of(1), optional.none()])", "list [1]"},
       {"[1].unwrapOpt()", "error: item 0 is an int, not an optional"},
       {"has({'a': {}}.?a.b) || has({'a': {'b': 1}}[?'z'].b)", "bool false"},
       {"has({'a': {}}.?a)", "syntax: has takes a field, as in has(params.day)"},
       {"optional.of(1).?x", "error: optional.of(1) is an int, so it has no field \"x\""}});
}

TEST(Values, OfTimes) {
  expect_all(
      {{"timestamp('2026-01-31T12:34:56.789Z').getMilliseconds()", "int 789"},
       {"[timestamp(0).getFullYear(), timestamp(0).getMonth(), timestamp(0).getDate()]", "list [1970,0,1]"},
       {"[timestamp(0).getDayOfMonth(), timestamp(0).getDayOfWeek(), timestamp(0).getDayOfYear()]", "list [0,4,0]"},
       {"[timestamp(3723).getHours(), timestamp(3723).getMinutes(), timestamp(3723).getSeconds()]", "list [1,2,3]"},
       {"timestamp(0).getHours('-02:30') + timestamp(0).getMinutes('02:30')", "int 51"},
       {"timestamp(5) - timestamp(2) == duration('3s') && duration('1s') + timestamp(2) == timestamp(3)", "bool true"},
       {"timestamp(5) - duration('2s') == timestamp(3)", "bool true"},
       {"timestamp('0001-01-01T00:00:00Z') - duration('1ns')",
        "error: the result does not fit into a timestamp: years 1 to 9999"},
       {"timestamp('9999-12-31T23:59:59Z') - timestamp('0001-01-01T00:00:00Z')",
        "error: the result does not fit into a duration: 292 years at most"},
       {"duration('-1h1m1.5s').getSeconds()", "int -3661"},
       {"duration('1500ms').getMilliseconds() + duration('2us') .getMilliseconds()", "int 500"},
       {"timestamp(1) * 2", "error: there is no a timestamp * an int"}});
}

}  // namespace
}  // namespace ork::expr
