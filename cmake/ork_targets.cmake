# How a folder becomes targets. One library a folder, its dependencies listed: the linker then
# checks that arrows point one way (operator -> controllers -> nothing of ours).
#
#   ork_library(ork_dag SOURCES graph.cpp DEPS ork_result)
#   ork_test(dag_test SOURCES graph_test.cpp DEPS ork_dag rapidcheck)

add_library(ork_flags INTERFACE)
target_include_directories(ork_flags INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_options(ork_flags INTERFACE
  # Some packages ask for it; given to all, so that all can read the same precompiled headers.
  -pthread
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual
  -Wimplicit-fallthrough -Wno-missing-field-initializers
  # g++ 12 reports overlaps in std::string's own code that can't happen (GCC bug 105651).
  -Wno-restrict)
# Not with sanitizers, nor half optimised: g++ 12 then sees uninitialised and null values that the
# optimised build, of the same code, knows not to be.
option(ORK_WARNINGS_ARE_ERRORS "Stop at a warning" ON)
if(ORK_WARNINGS_ARE_ERRORS AND NOT ORK_SANITIZE AND NOT ORK_THREAD_SANITIZE)
  target_compile_options(ork_flags INTERFACE -Werror)
endif()
if(ORK_SANITIZE)
  # Without the checks before every access for null, which ASan sees as well, and for alignment, which
  # x86 and arm64 do without: these two are over half of what compiling takes (a file of 2,000 lines
  # of instantiated JSON: 16.2 s with them, 7.2 s without).
  target_compile_options(ork_flags INTERFACE
    -fsanitize=address,undefined -fno-sanitize=null,alignment -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
  target_link_options(ork_flags INTERFACE -fsanitize=address,undefined)
endif()
# What a fault of memory would have to get past (docs/security.md, S12): addresses that can't be guessed, a stack and
# copies that are checked, containers that end the process rather than go out of bounds, and tables of functions that
# nobody can write. Debian's compiler has some of it by default; that is not relied on. Sanitizers see more than these,
# and fortified functions would keep them from it.
option(ORK_HARDEN "Build with the compiler's and the library's hardening" ON)
if(ORK_HARDEN AND NOT ORK_SANITIZE AND NOT ORK_THREAD_SANITIZE)
  target_compile_options(ork_flags INTERFACE
    -fPIE -fstack-protector-strong -fstack-clash-protection -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 -D_GLIBCXX_ASSERTIONS)
  target_link_options(ork_flags INTERFACE -pie -Wl,-z,relro,-z,now,-z,noexecstack)
endif()
if(ORK_FUZZ)
  target_compile_options(ork_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()
if(ORK_THREAD_SANITIZE)
  target_compile_options(ork_flags INTERFACE -fsanitize=thread)
  target_link_options(ork_flags INTERFACE -fsanitize=thread)
endif()

# Reading JSON's and the standard library's headers is a third of what compiling a file takes; they are
# read once.
option(ORK_PRECOMPILE "Read the largest headers once" ON)
if(ORK_PRECOMPILE AND NOT ORK_SANITIZE AND NOT ORK_THREAD_SANITIZE)
  file(WRITE ${CMAKE_BINARY_DIR}/precompiled.cpp "// So that there is something to precompile headers for.\n")
  add_library(ork_precompiled STATIC ${CMAKE_BINARY_DIR}/precompiled.cpp)
  target_link_libraries(ork_precompiled PRIVATE ork_flags)
  target_precompile_headers(ork_precompiled PRIVATE
    <nlohmann/json.hpp> <algorithm> <chrono> <functional> <map> <memory> <optional> <set> <string> <string_view>
    <unordered_map> <variant> <vector>)
endif()

function(ork_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS" ${ARGN})
  if(ARG_SOURCES)
    add_library(${name} STATIC ${ARG_SOURCES})
    target_link_libraries(${name} PUBLIC ork_flags ${ARG_DEPS})
    if(TARGET ork_precompiled)
      target_precompile_headers(${name} REUSE_FROM ork_precompiled)
    endif()
    if(ORK_COVERAGE)
      target_compile_options(${name} PRIVATE --coverage)
      target_link_options(${name} PUBLIC --coverage)
    endif()
  else()
    add_library(${name} INTERFACE)
    target_link_libraries(${name} INTERFACE ork_flags ${ARG_DEPS})
  endif()
endfunction()

# For an executable. Trees of JSON come and go between texts that stay, which the C library's allocator is slow at:
# docs/design/0008. Sanitizers bring an allocator of their own.
function(ork_allocator name)
  if(NOT ORK_SANITIZE AND NOT ORK_THREAD_SANITIZE)
    find_package(mimalloc REQUIRED)
    target_link_libraries(${name} PRIVATE mimalloc)
  endif()
endfunction()

find_package(GTest REQUIRED)
include(GoogleTest)

function(ork_test name)
  cmake_parse_arguments(ARG "" "TIMEOUT" "SOURCES;DEPS" ${ARGN})
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 120)
  endif()
  add_executable(${name} ${ARG_SOURCES})
  # Files of tests may each have a local `read()`; files of a library, compiled a dozen at a time by the
  # quick and the checked preset, may not.
  set_target_properties(${name} PROPERTIES UNITY_BUILD OFF)
  target_link_libraries(${name} PRIVATE ork_flags ${ARG_DEPS} GTest::gtest GTest::gmock GTest::gtest_main)
  # What may take long is begun first.
  gtest_discover_tests(${name} DISCOVERY_MODE PRE_TEST PROPERTIES TIMEOUT ${ARG_TIMEOUT} COST ${ARG_TIMEOUT})
endfunction()
