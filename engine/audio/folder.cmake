# Samples are converted, mixed and copied in loops: let the compiler vectorise them.
target_compile_options(engine_audio PRIVATE -O3)
