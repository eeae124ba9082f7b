#include "kernel_set.h"

const loam_kernel_set loam_set_portable = {
    .name = "portable",
    .dot_f32_i8 = loam_dot_f32_i8_portable,
    .score_rows_f32_i8 = loam_score_rows_f32_i8_portable,
};
