# The language level, the warnings and the sanitizers: everything that must be equal in every target, because
# targets share precompiled headers.

if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  message(FATAL_ERROR
    "g++ ${CMAKE_CXX_COMPILER_VERSION} miscompiles co_await temporaries (double free at -O2). "
    "Use clang 19: cmake --preset release, or -DCMAKE_CXX_COMPILER=clang++-19.")
endif()

set(SURGEPROOF_SANITIZE "" CACHE STRING "Sanitizers for all targets, e.g. address,undefined or thread")

find_program(SURGEPROOF_CCACHE ccache)
if(SURGEPROOF_CCACHE)
  # The sloppiness is what ccache asks for when precompiled headers are in use.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros ${SURGEPROOF_CCACHE})
endif()

add_library(surgeproof_options INTERFACE)
target_compile_features(surgeproof_options INTERFACE cxx_std_23)
target_include_directories(surgeproof_options INTERFACE ${CMAKE_SOURCE_DIR})
target_compile_options(surgeproof_options INTERFACE
  $<$<COMPILE_LANGUAGE:CXX>:-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion -Wnon-virtual-dtor>)
if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  target_compile_options(surgeproof_options INTERFACE $<$<COMPILE_LANGUAGE:CXX>:SHELL:-Xclang -fno-pch-timestamp>)
  target_link_options(surgeproof_options INTERFACE -fuse-ld=lld-19)
endif()
option(SURGEPROOF_WERROR "Treat warnings as errors" ON)
if(SURGEPROOF_WERROR)
  target_compile_options(surgeproof_options INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-Werror>)
endif()
# Asio, Beast and TLS are compiled once, in base/net.
target_compile_definitions(surgeproof_options INTERFACE
  BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION BOOST_ASIO_NO_DEPRECATED
  SURGEPROOF_VERSION="${PROJECT_VERSION}")
if(SURGEPROOF_SANITIZE)
  target_compile_options(surgeproof_options INTERFACE -fsanitize=${SURGEPROOF_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(surgeproof_options INTERFACE -fsanitize=${SURGEPROOF_SANITIZE})
endif()
