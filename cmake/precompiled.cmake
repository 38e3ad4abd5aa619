# LibTorch's headers take seconds to read: engine/tensor/precompiled.h is compiled once and stands before every file that
# names LibTorch's things, and before every layer and optimiser, which may leave that to its base. Folders that begin with
# -O3 would need one of their own, and have few such files.
file(GLOB_RECURSE LIBTORCH_CANDIDATES CONFIGURE_DEPENDS engine/*.cpp lua/*.cpp tests/engine/*.cpp)
set(LIBTORCH_SOURCES)
foreach(SOURCE ${LIBTORCH_CANDIDATES})
  file(STRINGS ${SOURCE} MARKS REGEX "(^|[^a-zA-Z_:])(at|c10|torch)::" LIMIT_COUNT 1)
  if(MARKS OR SOURCE MATCHES "/engine/(nn|optim)/")
    list(APPEND LIBTORCH_SOURCES ${SOURCE})
  endif()
endforeach()

# precompile(WHICH): its files that need LibTorch begin with the header that engine_tensor has compiled
function(precompile WHICH)
  if("${WHICH}" STREQUAL "engine_tensor")
    target_precompile_headers(${WHICH} PRIVATE <tensor/precompiled.h>)
  else()
    target_precompile_headers(${WHICH} REUSE_FROM engine_tensor)
    target_compile_options(${WHICH} PRIVATE -fPIC)  # as the header was; a program's own files would have -fPIE
  endif()
  get_target_property(FILES ${WHICH} SOURCES)
  foreach(SOURCE ${FILES})
    if(NOT SOURCE IN_LIST LIBTORCH_SOURCES)
      set_source_files_properties(${SOURCE} PROPERTIES SKIP_PRECOMPILE_HEADERS ON)
    endif()
  endforeach()
endfunction()

foreach(WHICH engine_tensor engine_augment engine_nn engine_optim lua_face test_cases)
  if(TARGET ${WHICH})
    precompile(${WHICH})
  endif()
endforeach()
