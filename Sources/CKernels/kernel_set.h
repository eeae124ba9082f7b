#ifndef LOAM_KERNEL_SET_H
#define LOAM_KERNEL_SET_H

#include "CKernels.h"

/* The kernels of one level. A new kernel is a new field, filled by each set. */
typedef struct loam_kernel_set {
  const char *name;
  float (*dot_f32_i8)(const float *q, const int8_t *row, size_t n);
  void (*score_rows_f32_i8)(const float *q, const int8_t *codes, const float *scales, size_t rows,
                            size_t dim, float *out);
} loam_kernel_set;

extern const loam_kernel_set loam_set_portable;
#if defined(__x86_64__)
extern const loam_kernel_set loam_set_avx2;
extern const loam_kernel_set loam_set_avx512;
#endif

#endif
