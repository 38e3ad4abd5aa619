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
get_property(NAMES DIRECTORY PROPERTY TESTS)
set_tests_properties(${NAMES} PROPERTIES ENVIRONMENT "LUMIR_PROGRAM=$<TARGET_FILE:lumir>")
