# surgeproof_library(NAME SOURCES a.cpp b.cpp LINK other_target [NET])
#
# One static library. NET gives it the precompiled header with Asio and Beast; without it a library is in (or near)
# the pure zone and gets only the standard library and fmt.

add_library(surgeproof_pch STATIC ${CMAKE_SOURCE_DIR}/cmake/pch.cpp)
target_link_libraries(surgeproof_pch PUBLIC surgeproof_options fmt::fmt)
target_precompile_headers(surgeproof_pch PRIVATE ${CMAKE_SOURCE_DIR}/cmake/pch_std.h)

add_library(surgeproof_net_pch STATIC ${CMAKE_SOURCE_DIR}/cmake/pch.cpp)
target_link_libraries(surgeproof_net_pch PUBLIC surgeproof_options fmt::fmt)
target_precompile_headers(surgeproof_net_pch PRIVATE ${CMAKE_SOURCE_DIR}/cmake/pch_net.h)

add_library(surgeproof_test_pch STATIC ${CMAKE_SOURCE_DIR}/cmake/pch.cpp)
target_link_libraries(surgeproof_test_pch PUBLIC surgeproof_options fmt::fmt GTest::gtest GTest::gmock)
target_precompile_headers(surgeproof_test_pch PRIVATE ${CMAKE_SOURCE_DIR}/cmake/pch_test.h)

function(surgeproof_library name)
  cmake_parse_arguments(arg "NET" "" "SOURCES;LINK" ${ARGN})
  add_library(${name} STATIC ${arg_SOURCES})
  target_link_libraries(${name} PUBLIC surgeproof_options fmt::fmt ${arg_LINK})
  if(arg_NET)
    target_precompile_headers(${name} REUSE_FROM surgeproof_net_pch)
  else()
    target_precompile_headers(${name} REUSE_FROM surgeproof_pch)
  endif()
endfunction()

# surgeproof_test(NAME LABEL unit|integration|golden SOURCES ... LINK ... [NET] [TIMEOUT seconds])
#
# One GoogleTest executable, registered with CTest as one test under that label. The target tests_LABEL builds all of
# a label.
function(surgeproof_test name)
  cmake_parse_arguments(arg "NET" "LABEL;TIMEOUT" "SOURCES;LINK" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE surgeproof_options fmt::fmt GTest::gtest GTest::gmock GTest::gtest_main ${arg_LINK})
  target_compile_definitions(${name} PRIVATE SURGEPROOF_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
  target_precompile_headers(${name} REUSE_FROM surgeproof_test_pch)
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 120)
  endif()
  if(NOT TARGET tests_${arg_LABEL})
    add_custom_target(tests_${arg_LABEL})
  endif()
  add_dependencies(tests_${arg_LABEL} ${name})
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES LABELS ${arg_LABEL} TIMEOUT ${arg_TIMEOUT})
  if(arg_LABEL STREQUAL integration)
    set_tests_properties(${name} PROPERTIES RUN_SERIAL ON)  # in real time: they want the machine for themselves
  endif()
endfunction()
