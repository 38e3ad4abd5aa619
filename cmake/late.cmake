# Libraries that the program opens when it first calls them, which keeps its start short: see cmake/late_stubs.sh. Where
# there are no stubs for the processor, and under sanitizers, they are linked as usual. libsoxr is among them because it
# brings OpenMP's runtime, as LibTorch does, which is told how its threads wait before it is loaded (core/openmp.h).
set(LATE_LIBRARIES ${TORCH}/lib/libtorch_cpu.so ${FFMPEG_LINK_LIBRARIES} ${SOXR_LINK_LIBRARIES} ${CAIRO_LINK_LIBRARIES})
set(LINKS_LATE OFF)
if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64" AND NOT LUMIR_SANITIZE)
  set(LINKS_LATE ON)
endif()
execute_process(COMMAND ${CMAKE_CXX_COMPILER} -print-file-name=libstdc++.so.6 OUTPUT_VARIABLE LIBSTDCXX
                OUTPUT_STRIP_TRAILING_WHITESPACE)

# link_late(TARGET OBJECTS...): TARGET is made of these object libraries, of which it has what they call late.
function(link_late TARGET)
  set(OBJECTS)
  foreach(PART ${ARGN})
    list(APPEND OBJECTS $<TARGET_OBJECTS:${PART}>)
  endforeach()
  set(LIST ${CMAKE_BINARY_DIR}/${TARGET}-objects.txt)
  file(GENERATE OUTPUT ${LIST} CONTENT "$<JOIN:${OBJECTS},\n>\n")
  set(LATE)
  if(LINKS_LATE)
    set(LATE ${LATE_LIBRARIES})
  else()
    target_link_libraries(${TARGET} PRIVATE ${LATE_LIBRARIES})
  endif()
  set_target_properties(${TARGET} PROPERTIES BUILD_RPATH "$ORIGIN")  # where the library of our own is found
  add_dependencies(${TARGET} lumir-recorded)
  set(STUBS ${CMAKE_BINARY_DIR}/${TARGET}-late.s)
  add_custom_command(
    OUTPUT ${STUBS}
    COMMAND sh ${CMAKE_SOURCE_DIR}/cmake/late_stubs.sh ${STUBS} ${LIST} ${LIBSTDCXX} ${TORCH}/lib/libc10.so -- ${LATE}
    DEPENDS ${OBJECTS} ${LIST} lumir-recorded cmake/late_stubs.sh
    COMMENT "Finding what ${TARGET} calls in libraries that are opened late"
    VERBATIM)
  target_sources(${TARGET} PRIVATE ${STUBS})
  target_link_libraries(${TARGET} PRIVATE ${CMAKE_DL_LIBS})
endfunction()
