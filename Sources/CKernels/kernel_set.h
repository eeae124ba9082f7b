#ifndef LOAM_KERNEL_SET_H
#define LOAM_KERNEL_SET_H

#include "CKernels.h"

/* The kernels of one level. A new kernel is a new field, filled by each set. */
typedef struct loam_kernel_set {
  const char *name;
  float (*dot_f32_i8)(const float *q, const int8_t *row, size_t n);
  void (*score_rows_f32_i8)(const float *q, const int8_t *codes, const float *scales, size_t rows,
                            size_t dim, float *out);

  /* Two blocks of 16 outputs by k inputs, widened to one panel [k][LOAM_PANEL]. */
  void (*unpack_i8)(const int8_t *low, const int8_t *high, size_t k, float *panel);
  /*
   * c[r][j] = (accumulate ? c[r][j] : 0) + the sum over i of a[r][i] * panel[i][j], j in 0..<32.
   * A row's sums run over i in order, however many rows there are.
   */
  void (*multiply)(size_t rows, size_t k, const float *a, size_t a_stride, const float *panel,
                   float *c, size_t c_stride, int accumulate);
  /* c[r][j] = c[r][j] * scales[j] + bias[j], j in 0..<32; scales may be NULL; then gelu. */
  void (*finish)(size_t rows, float *c, size_t c_stride, const float *scales, const float *bias,
                 int gelu);
  void (*add_layer_norm)(float *x, const float *y, size_t rows, size_t n, const float *weight,
                         const float *bias, float epsilon);
  void (*gelu)(float *x, size_t n);
  void (*softmax)(float *x, size_t rows, size_t n, size_t stride, float factor);
} loam_kernel_set;

extern const loam_kernel_set loam_set_portable;
#if defined(__x86_64__)
extern const loam_kernel_set loam_set_avx2;
extern const loam_kernel_set loam_set_avx512;
#endif

/* The kernels of one level, and those in use. */
const loam_kernel_set *loam_set_at(loam_level level);
const loam_kernel_set *loam_set_current(void);

#endif
