# Kernels once more for each processor level. A file that holds LUMIR_FEATURE or LUMIR_KERNEL, in whatever folder, goes
# into a module for each level, which the program opens at start (engine/signal/kernel.h); so no file is named here.
if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64" AND NOT LUMIR_SANITIZE STREQUAL "threads")
  set(KERNEL_SOURCES)
  foreach(SOURCE ${ENGINE_SOURCES})
    file(STRINGS ${SOURCE} MARKS REGEX "^ *LUMIR_(FEATURE|KERNEL)\\(" LIMIT_COUNT 1)
    if(MARKS)
      list(APPEND KERNEL_SOURCES ${SOURCE})
    endif()
  endforeach()
  foreach(LEVEL v2 v3 v4)
    add_library(lumir-${LEVEL} MODULE ${KERNEL_SOURCES})
    set_target_properties(lumir-${LEVEL} PROPERTIES
      LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR} CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
      EXPORT_COMPILE_COMMANDS OFF)  # for whoever reads the sources, a file is compiled in one way
    target_include_directories(lumir-${LEVEL} PRIVATE ${CMAKE_SOURCE_DIR}/engine)
    target_compile_definitions(lumir-${LEVEL} PRIVATE LUMIR_KERNELS_ONLY)
    target_compile_options(lumir-${LEVEL} PRIVATE -O3 -march=x86-64-${LEVEL} -ffunction-sections -ffp-contract=fast
      -fno-math-errno -Wall -Wextra -Wshadow -Wno-unused-function
      -Wno-maybe-uninitialized)  # g++ 12 finds fault with its own immintrin.h
    # only the door is seen from outside: no inline function of a level may stand in for the program's
    file(WRITE ${CMAKE_BINARY_DIR}/kernels.map "{ global: lumir_kernels; local: *; };\n")
    target_link_options(lumir-${LEVEL} PRIVATE -Wl,--version-script=${CMAKE_BINARY_DIR}/kernels.map
      -Wl,--gc-sections -Wl,-z,defs)
  endforeach()
  # whoever runs needs the modules beside it
  add_dependencies(lumir lumir-v2 lumir-v3 lumir-v4)
  add_dependencies(lumir-tests lumir-v2 lumir-v3 lumir-v4)
  # a program that was built with modules says so where they are missing
  set_source_files_properties(engine/signal/processor.cpp PROPERTIES COMPILE_DEFINITIONS LUMIR_HAS_LEVELS)
endif()
