# Nodes of LibTorch's graph, in a library that is opened late as LibTorch is: see differentiable.cpp.
set(RECORDED ${CMAKE_SOURCE_DIR}/engine/tensor/recorded.cpp)
get_target_property(SOURCES engine_tensor SOURCES)
list(REMOVE_ITEM SOURCES ${RECORDED})
set_target_properties(engine_tensor PROPERTIES SOURCES "${SOURCES}")
add_library(lumir-recorded SHARED ${RECORDED})
set_target_properties(lumir-recorded PROPERTIES LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR})
target_link_libraries(lumir-recorded PRIVATE common ${TORCH}/lib/libtorch_cpu.so)
list(APPEND LATE_LIBRARIES $<TARGET_FILE:lumir-recorded>)
