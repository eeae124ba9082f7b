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
 *   - Sums of 16 products may be kept in 16 bits. Inputs 0, 1 (or 2, 3) of the 8 fours of a group
 *     meet in one sum. With c the 16 codes less 64 and w an output's weights, it is |c| |w| at most
 *     (Cauchy and Schwarz); the layer's own greatest |w| says how long c may be (loam_group_reach),
 *     and the step is such that it is no longer, and no code more than 63 from the middle. Codes
 *     are unsigned, because vpmaddubsw wants them so; the 64 is taken off where a sum starts, and
 *     what wraps around in between does not matter.
 *   - A step has 8 significant bits: times a group's sum of products, which is below 2^16, it is an
 *     exact float, so that it is one whether a level fuses the addition to the product or not.
 */
enum { LOAM_GROUP = 32, LOAM_QUADS = LOAM_GROUP / 4, LOAM_MIDDLE = 64 };

/* A group is zeros unless its greatest magnitude lies between: squares are then ordinary floats. */
#define LOAM_LEAST_OF_GROUP 1e-15f
#define LOAM_MOST_OF_GROUP 1e15f

/* 32 outputs with their groups of inputs. */
typedef struct loam_group_panel {
  const int8_t *low, *high; /* 16 outputs each, [quads][16][4] */
  const int16_t *starts;    /* [groups][LOAM_PANEL][2], as the set's `weigh` makes them */
  size_t quads;             /* fours of inputs; the last group may have less than 8 */
  size_t ahead;             /* octets from these weights to those that are wanted next, or 0 */
} loam_group_panel;

static inline float greater_of(float a, float b) { return a > b ? a : b; }

/*
 * How long 16 codes less 64 may be before they are rounded, where the weights that they meet have
 * the sum of squares `most`: rounding adds half of one to each of 16, so 2.
 */
static inline float loam_group_reach(int32_t most) {
  return most == 0 ? 1e3f : 32767.0f / __builtin_sqrtf((float)most) - 2.01f;
}

/*
 * The step of a group whose greatest magnitude is `most`; `squares` is the greater sum of squares
 * of the 16 inputs that meet in a 16-bit sum, `reach` how long their codes may be. 0, and all codes
 * 64, for a group of zeros or without a finite greatest magnitude.
 */
static inline float loam_group_step(float most, float squares, float reach) {
  if (!(most > LOAM_LEAST_OF_GROUP && most <= LOAM_MOST_OF_GROUP)) return 0;
  float step = greater_of(most * (1.0f / 63), __builtin_sqrtf(squares) / reach);
  uint32_t bits;
  __builtin_memcpy(&bits, &step, sizeof bits);
  bits = (bits + 0xFFFFu) & 0xFFFF0000u;
  __builtin_memcpy(&step, &bits, sizeof bits);
  return step;
}

/* A row's score from the sum of its steps * codes * the query's, a whole number below 2^53. */
static inline float loam_row_score(double sum, float row_scale, float scale) {
  return (float)(sum * ((double)row_scale * scale / LOAM_FULL_STEP));
}

/* The kernels of one level. A new kernel is a new field, filled by each set. */
typedef struct loam_kernel_set {
  void (*score_rows)(const int16_t *q, float scale, const loam_row *rows, size_t count,
                     size_t dim, float *out);
  void (*rotate)(const float *signs, size_t dim, float *x);
  size_t (*sketch_scan)(const loam_sketch_query *query, const uint8_t *blocks,
                        const float *factors, size_t count, float least, uint32_t first,
                        uint32_t *rows, float *estimates);
  size_t (*score_postings)(loam_term *term, const uint16_t *items, const uint8_t *codes,
                           size_t count, const loam_exception *exceptions,
                           const double *weights, const double *norms);

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
   * What the sums of 16 outputs start from for one group of inputs, from their weights, [quads][16][4]:
   * [16][2], -64 times the weights that meet in a 16-bit sum, or whatever the set's multiply_groups
   * wants in that room. Returned is the greatest sum of squares of the weights of one 16-bit sum.
   */
  int32_t (*weigh)(const int8_t *weights, size_t quads, int16_t *starts);
  /*
   * Rows of n floats as codes in groups of 32; inputs missing from the last group count as 0.
   * `reach` has a number a group.
   */
  void (*round_groups)(size_t rows, size_t n, const float *x, size_t x_stride, const float *reach,
                       uint8_t *codes, size_t stride, float *steps, size_t step_stride);
  /*
   * c[r][j] = (accumulate ? c[r][j] : 0) + the sum over groups, in order, of the group's step * its
   * sum of (code - 64) * weight.
   */
  void (*multiply_groups)(size_t rows, const uint8_t *codes, size_t stride, const float *steps,
                          size_t step_stride, loam_group_panel panel, float *c, size_t c_stride,
                          int accumulate);
  /*
   * c[r][j] = c[r][j] * (row_scales[r] * scales[j]) + bias[j], j in 0..<32; row_scales, or
   * both scales, may be NULL; then gelu. The product is rounded before the sum, at every level.
   */
  void (*finish)(size_t rows, float *c, size_t c_stride, const float *row_scales,
                 const float *scales, const float *bias, int gelu);
  void (*add_layer_norm)(float *x, const float *y, size_t rows, size_t n, const float *weight,
                         const float *bias, float epsilon);
  void (*gelu)(float *x, size_t n);
  /* x[r][i] = e^(factor * (x[r][i] - the row's greatest)), shares[r] = 1 / their sum; n > 0. */
  void (*softmax)(float *x, size_t rows, size_t n, size_t stride, float factor, float *shares);
  /*
   * The first `size` floats of `tokens` rows as panels of 32 tokens, [tokens / 32][size][32];
   * tokens missing from the last panel become zeros.
   */
  void (*lay_keys)(const float *keys, size_t tokens, size_t stride, size_t size, float *panels);
} loam_kernel_set;

/* The plain versions, some of which other sets take, too. */
extern const loam_kernel_set loam_set_portable;
void loam_score_rows_portable(const int16_t *q, float scale, const loam_row *rows, size_t count,
                              size_t dim, float *out);
int32_t loam_weigh_portable(const int8_t *weights, size_t quads, int16_t *starts);
void loam_lay_keys_portable(const float *keys, size_t tokens, size_t stride, size_t size,
                            float *panels);
void loam_rotate_portable(const float *signs, size_t dim, float *x);
size_t loam_sketch_scan_portable(const loam_sketch_query *query, const uint8_t *blocks,
                                 const float *factors, size_t count, float least, uint32_t first,
                                 uint32_t *rows, float *estimates);
size_t loam_score_postings_portable(loam_term *term, const uint16_t *items, const uint8_t *codes,
                                    size_t count, const loam_exception *exceptions,
                                    const double *weights, const double *norms);
#if defined(__x86_64__)
/* What AVX2 has of sketches, of postings and of groups; the AVX-512 sets take what they have not themselves. */
void loam_rotate_avx2(const float *signs, size_t dim, float *x);
size_t loam_sketch_scan_avx2(const loam_sketch_query *query, const uint8_t *blocks,
                             const float *factors, size_t count, float least, uint32_t first,
                             uint32_t *rows, float *estimates);
size_t loam_score_postings_avx2(loam_term *term, const uint16_t *items, const uint8_t *codes,
                                size_t count, const loam_exception *exceptions,
                                const double *weights, const double *norms);
int32_t loam_weigh_avx2(const int8_t *weights, size_t quads, int16_t *starts);
void loam_round_groups_avx2(size_t rows, size_t n, const float *x, size_t x_stride,
                            const float *reach, uint8_t *codes, size_t stride, float *steps,
                            size_t step_stride);
void loam_multiply_groups_avx2(size_t rows, const uint8_t *codes, size_t stride,
                               const float *steps, size_t step_stride, loam_group_panel panel,
                               float *c, size_t c_stride, int accumulate);
void loam_lay_keys_avx2(const float *keys, size_t tokens, size_t stride, size_t size,
                        float *panels);
extern const loam_kernel_set loam_set_avx2;
extern const loam_kernel_set loam_set_avx512;
extern const loam_kernel_set loam_set_avx512_vnni;
#elif defined(__aarch64__)
extern const loam_kernel_set loam_set_neon;
#endif

/* The kernels of one level, and those in use. */
const loam_kernel_set *loam_set_at(loam_level level);
const loam_kernel_set *loam_set_current(void);

#endif
