# Loops over frames and samples: let the compiler vectorise them.
target_compile_options(engine_feature PRIVATE ${LUMIR_LOOPS})
