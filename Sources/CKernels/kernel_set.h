#ifndef LOAM_KERNEL_SET_H
#define LOAM_KERNEL_SET_H

#include "CKernels.h"

/* Beyond this magnitude a row is not rounded but given up: only a damaged model reaches it. */
#define LOAM_LARGEST 1e30f

/* The kernels of one level. A new kernel is a new field, filled by each set. */
typedef struct loam_kernel_set {
  float (*dot_f32_i8)(const float *q, const int8_t *row, size_t n);
  void (*score_rows_f32_i8)(const float *q, const int8_t *codes, const float *scales, size_t rows,
                            size_t dim, float *out);

  /*
   * c[r][j] = (accumulate ? c[r][j] : 0) + the sum over i of a[r][i] * panel[i][j], j in 0..<32.
   * A row's sums run over i in order, however many rows there are.
   */
  void (*multiply)(size_t rows, size_t k, const float *a, size_t a_stride, const float *panel,
                   float *c, size_t c_stride, int accumulate);
  /*
   * Rows of n floats as integers of magnitude 32767 at most, filled up with zeros to `stride`;
   * scales[r] brings them back. A row without a finite greatest magnitude becomes zeros.
   */
  void (*round_rows)(size_t rows, size_t n, const float *x, size_t x_stride, int16_t *codes,
                     size_t stride, float *scales);
  /* `quads` times 4 inputs of two blocks of 16 outputs, widened to [2 * quads][LOAM_PANEL][2]. */
  void (*unpack_i16)(const int8_t *low, const int8_t *high, size_t quads, int16_t *panel);
  /*
   * As multiply, of integers, with panel[i / 2][j][i % 2]. At most 512 inputs (k, even), so that no
   * sum leaves 32 bits: 512 * 32767 * 127 < 2^31.
   */
  void (*multiply_i16)(size_t rows, size_t k, const int16_t *a, size_t a_stride,
                       const int16_t *panel, float *c, size_t c_stride, int accumulate);
  /*
   * c[r][j] = c[r][j] * (row_scales[r] * scales[j]) + bias[j], j in 0..<32; the scales may both be
   * NULL; then gelu. The product is rounded before the sum, at every level.
   */
  void (*finish)(size_t rows, float *c, size_t c_stride, const float *row_scales,
                 const float *scales, const float *bias, int gelu);
  void (*add_layer_norm)(float *x, const float *y, size_t rows, size_t n, const float *weight,
                         const float *bias, float epsilon);
  void (*gelu)(float *x, size_t n);
  void (*softmax)(float *x, size_t rows, size_t n, size_t stride, float factor);
} loam_kernel_set;

extern const loam_kernel_set loam_set_portable;
#if defined(__x86_64__)
extern const loam_kernel_set loam_set_avx2;
extern const loam_kernel_set loam_set_avx512;
extern const loam_kernel_set loam_set_avx512_vnni;
#endif

/* The kernels of one level, and those in use. */
const loam_kernel_set *loam_set_at(loam_level level);
const loam_kernel_set *loam_set_current(void);

#endif
