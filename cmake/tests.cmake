# One ctest for each test file: Catch2 cases of tests/engine/**.cpp and Lua specs of tests/lua/**.lua are one list in
# lumir-tests; -# makes each file's name a tag.
foreach(SOURCE ${TEST_SOURCES})
  file(RELATIVE_PATH NAME ${CMAKE_SOURCE_DIR}/tests ${SOURCE})
  string(REGEX REPLACE "\\.cpp$" "" NAME ${NAME})
  get_filename_component(FILE ${SOURCE} NAME_WE)
  if(FILE MATCHES "^test_")
    add_test(NAME ${NAME} COMMAND lumir-tests -w NoTests "-#" "[#${FILE}]~[.]")
  endif()
endforeach()

file(GLOB_RECURSE SPECS RELATIVE ${CMAKE_SOURCE_DIR}/tests CONFIGURE_DEPENDS tests/lua/*.lua)
list(REMOVE_ITEM SPECS lua/expect.lua)  # what specs are written with
foreach(SPEC ${SPECS})
  string(REGEX REPLACE "\\.lua$" "" NAME ${SPEC})
  add_test(NAME ${NAME} COMMAND lumir-tests -w NoTests "[${NAME}]")
endforeach()

# specs that run the program as a user would
# threads of OpenMP that wait must not spin: several tests run at once, and each step of a training waits many times.
# Each build has a cache of its own: compilers' options round differently, and what one build has kept is not another's
set(ENVIRONMENT "LUMIR_PROGRAM=$<TARGET_FILE:lumir>" OMP_WAIT_POLICY=passive "LUMIR_CACHE=${CMAKE_BINARY_DIR}/cache"
    ${LUMIR_WATCH})
get_property(NAMES DIRECTORY PROPERTY TESTS)
set_tests_properties(${NAMES} PROPERTIES ENVIRONMENT "${ENVIRONMENT}")

# what works in several threads: describing, the cache, folds and searches, comparisons, batches, interrupts (scripts/test
# --threads); of the learners' agreement with scikit-learn nothing is about threads
set(THREADED ${NAMES})
list(FILTER THREADED INCLUDE REGEX "/(core|data|evaluate|learn|nn)/|/test_(features|sets|long|fingerprint|device|sessions)$|/artist20_svm$")
list(FILTER THREADED EXCLUDE REGEX "/test_agreement$")
set_tests_properties(${THREADED} PROPERTIES LABELS threads)

# under the eyes of a sanitizer, suites that run kernels come once more for each processor level, "lua/feature/cqt@v2",
# but for those that go through all levels themselves
if(LUMIR_SANITIZE STREQUAL "memory")
  list(FILTER NAMES INCLUDE REGEX "/(signal|feature|augment)/")
  foreach(SOURCE ${TEST_SOURCES})
    file(STRINGS ${SOURCE} MARKS REGEX "use_level\\(" LIMIT_COUNT 1)
    if(MARKS)
      file(RELATIVE_PATH NAME ${CMAKE_SOURCE_DIR}/tests ${SOURCE})
      string(REGEX REPLACE "\\.cpp$" "" NAME ${NAME})
      list(REMOVE_ITEM NAMES ${NAME})
    endif()
  endforeach()
  foreach(NAME ${NAMES})
    get_filename_component(FILE ${NAME} NAME)
    string(REGEX REPLACE "^engine/.*" "[#${FILE}]~[.]" TAG ${NAME})
    string(REGEX REPLACE "^lua/.*" "[${NAME}]" TAG ${TAG})
    foreach(LEVEL generic v2 v3)
      add_test(NAME ${NAME}@${LEVEL} COMMAND lumir-tests -w NoTests "-#" ${TAG})
      set_tests_properties(${NAME}@${LEVEL} PROPERTIES ENVIRONMENT "${ENVIRONMENT};LUMIR_SIMD=${LEVEL}")
    endforeach()
  endforeach()
endif()
