# Loops over frames and samples: let the compiler vectorise them.
target_compile_options(engine_signal PRIVATE ${LUMIR_LOOPS})
target_link_libraries(engine_signal PUBLIC ${CMAKE_DL_LIBS})  # modules of processor levels
