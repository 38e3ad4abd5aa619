# Builds that watch themselves while they run: -DLUMIR_SANITIZE=memory (addresses, leaks, undefined behaviour) or threads
# (data races). Tests are what runs in them, so they are made to be built in minutes: little optimisation, and without the
# checks of undefined behaviour whose code is larger than all the rest (learn/svc.cpp: 27.7 s with everything at -O3, 6.4 s
# so, 4.8 s in a plain build). What those would find, a null pointer or a freed object, the address sanitizer stops at too.
set(LUMIR_SANITIZE "" CACHE STRING "What to watch while running: memory, threads, or nothing")
set_property(CACHE LUMIR_SANITIZE PROPERTY STRINGS "" memory threads)
if(LUMIR_SANITIZE STREQUAL "memory")
  set(WATCHED -fsanitize=address,undefined,float-cast-overflow -fno-sanitize=vptr,null,object-size,alignment)
elseif(LUMIR_SANITIZE STREQUAL "threads")
  set(WATCHED -fsanitize=thread)
elseif(LUMIR_SANITIZE)
  message(FATAL_ERROR "LUMIR_SANITIZE = '${LUMIR_SANITIZE}' is neither memory nor threads")
endif()
if(LUMIR_SANITIZE)
  set(CMAKE_CXX_FLAGS_RELEASE "-O1")
  set(LUMIR_LOOPS -O1)
  add_compile_options(${WATCHED} -fno-omit-frame-pointer -g1)
  add_link_options(${WATCHED})
  # what tests run with, and the programs that they run. A finding ends its program with a status that no test expects,
  # and is a file in findings/ (but for undefined behaviour, which is told on stderr): none is lost in what a test reads
  # or throws away.
  set(FINDINGS exitcode=99:log_path=${CMAKE_BINARY_DIR}/findings/of)
  set(KNOWN ${CMAKE_SOURCE_DIR}/tests/sanitizers)
  set(LUMIR_WATCH
    "ASAN_OPTIONS=detect_leaks=1:strict_string_checks=1:allocator_may_return_null=1:${FINDINGS}"
    "LSAN_OPTIONS=suppressions=${KNOWN}/leaks.txt:print_suppressions=0"
    "UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1:${FINDINGS}"
    "TSAN_OPTIONS=suppressions=${KNOWN}/races.txt:second_deadlock_stack=1:allocator_may_return_null=1:${FINDINGS}")
endif()
