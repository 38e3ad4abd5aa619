# Solvers and distances are loops over long rows: let the compiler vectorise them, reductions marked `omp
# simd` included (only the marks; no OpenMP runtime is linked).
target_compile_options(engine_learn PRIVATE ${LUMIR_LOOPS} -fopenmp-simd)
