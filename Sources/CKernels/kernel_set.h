#ifndef LOAM_KERNEL_SET_H
#define LOAM_KERNEL_SET_H

#include "CKernels.h"

/* Beyond this magnitude a row is not rounded but given up: only a damaged model reaches it. */
#define LOAM_LARGEST 1e30f

/*
 * Activations of 7 bits, the form that octets are multiplied in.
 *
 * A row is rounded in groups of 32 inputs, each with a step of its own: x = step * (code - 64). So
 * one great input costs its own group precision, not the row. What makes the product of a group the
 * same float at every level:
 *
 *   - Sums of 8 products may be kept in 16 bits. Inputs 0, 1 (or 2, 3) of 4 groups of 4 side by side
 *     meet in one sum; the step is such that |code - 64| is 63 at most and that those 8 of a sum
 *     add up to 255 at most: 255 * 128 < 2^15. Codes are unsigned, because vpmaddubsw wants them so;
 *     the 64 is taken off where a sum starts, and what wraps around in between does not matter.
 *   - A step has 7 significant bits: times a group's sum of products, which is below 2^17, it is an
 *     exact float, so that it is one whether a level fuses the addition to the product or not.
 */
enum { LOAM_GROUP = 32, LOAM_HALF = 16, LOAM_QUADS = LOAM_GROUP / 4, LOAM_MIDDLE = 64 };

/* A panel of 32 outputs for groups of inputs, laid out in scratch space by prepare_group_panel. */
typedef struct loam_group_panel {
  int8_t *weights; /* [groups][8][LOAM_PANEL][4]; inputs that are missing are zero */
  int16_t *starts; /* [groups][2][LOAM_PANEL][2]: -64 times the weights of a 16-bit sum */
} loam_group_panel;

static inline float greater_of(float a, float b) { return a > b ? a : b; }

/*
 * The step of a group whose greatest magnitude is `most`; `together` is the greatest sum of
 * magnitudes of 8 inputs that meet in a 16-bit sum. 0, and all codes 64, for a group of zeros or
 * without a finite greatest magnitude.
 */
static inline float loam_group_step(float most, float together) {
  if (!(most > 1e-30f && most <= LOAM_LARGEST)) return 0;
  /* 251, not 255: rounding adds half of one to each of 8 codes at most. */
  float step = greater_of(most * (1.0f / 63), together * (1.0f / 251));
  uint32_t bits;
  __builtin_memcpy(&bits, &step, sizeof bits);
  bits = (bits + 0x1FFFFu) & 0xFFFE0000u;
  __builtin_memcpy(&step, &bits, sizeof bits);
  return step;
}

/* Asks for the 4 rows from `first` on, as far as there are so many. */
static inline void loam_prefetch_rows(const int8_t *const *rows, size_t first, size_t count,
                                      size_t dim) {
  for (size_t r = first; r < first + 4 && r < count; r++) {
    for (size_t i = 0; i < dim; i += 64) __builtin_prefetch(rows[r] + i);
  }
}

/* The kernels of one level. A new kernel is a new field, filled by each set. */
typedef struct loam_kernel_set {
  float (*dot_f32_i8)(const float *q, const int8_t *row, size_t n);
  void (*score_rows_f32_i8)(const float *q, const int8_t *const *rows, const float *scales,
                            size_t count, size_t dim, float *out);
  size_t (*sketch_scan)(const loam_sketch_query *query, const uint8_t *blocks,
                        const float *factors, size_t count, float least, uint32_t first,
                        uint32_t *rows, float *estimates);

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
   * Rows of n floats as codes in groups of 32; inputs missing from the last group count as 0.
   */
  void (*round_groups)(size_t rows, size_t n, const float *x, size_t x_stride, uint8_t *codes,
                       size_t stride, float *steps, size_t step_stride);
  /* `quads` times 4 inputs of two blocks of 16 outputs; `panel` has room for whole groups. */
  void (*prepare_group_panel)(const int8_t *low, const int8_t *high, size_t quads,
                              loam_group_panel panel);
  /*
   * c[r][j] = (accumulate ? c[r][j] : 0) + the sum over groups, in order, of the group's step * its
   * sum of (code - 64) * weight.
   */
  void (*multiply_groups)(size_t rows, size_t groups, const uint8_t *codes, size_t stride,
                          const float *steps, size_t step_stride,
                          loam_group_panel panel, float *c, size_t c_stride, int accumulate);
  /*
   * c[r][j] = c[r][j] * (row_scales[r] * scales[j]) + bias[j], j in 0..<32; row_scales, or
   * both scales, may be NULL; then gelu. The product is rounded before the sum, at every level.
   */
  void (*finish)(size_t rows, float *c, size_t c_stride, const float *row_scales,
                 const float *scales, const float *bias, int gelu);
  void (*add_layer_norm)(float *x, const float *y, size_t rows, size_t n, const float *weight,
                         const float *bias, float epsilon);
  void (*gelu)(float *x, size_t n);
  void (*softmax)(float *x, size_t rows, size_t n, size_t stride, float factor);
} loam_kernel_set;

extern const loam_kernel_set loam_set_portable;
size_t loam_sketch_scan_portable(const loam_sketch_query *query, const uint8_t *blocks,
                                 const float *factors, size_t count, float least, uint32_t first,
                                 uint32_t *rows, float *estimates);
#if defined(__x86_64__)
/* What AVX2 has of sketches and of products of groups; the AVX-512 sets take it, too. */
size_t loam_sketch_scan_avx2(const loam_sketch_query *query, const uint8_t *blocks,
                             const float *factors, size_t count, float least, uint32_t first,
                             uint32_t *rows, float *estimates);
void loam_round_groups_avx2(size_t rows, size_t n, const float *x, size_t x_stride, uint8_t *codes,
                            size_t stride, float *steps, size_t step_stride);
void loam_prepare_group_panel_avx2(const int8_t *low, const int8_t *high, size_t quads,
                                   loam_group_panel panel);
void loam_multiply_groups_avx2(size_t rows, size_t groups, const uint8_t *codes, size_t stride,
                               const float *steps, size_t step_stride, loam_group_panel panel,
                               float *c, size_t c_stride, int accumulate);
extern const loam_kernel_set loam_set_avx2;
extern const loam_kernel_set loam_set_avx512;
extern const loam_kernel_set loam_set_avx512_vnni;
#endif

/* The kernels of one level, and those in use. */
const loam_kernel_set *loam_set_at(loam_level level);
const loam_kernel_set *loam_set_current(void);

#endif
