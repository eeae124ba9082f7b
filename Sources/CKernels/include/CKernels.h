#ifndef LOAM_CKERNELS_H
#define LOAM_CKERNELS_H

#include <stddef.h>
#include <stdint.h>

/*
 * Numeric kernels in C, one set an instruction set, chosen at run time.
 *
 * Each kernel has one plain version (`portable`), the tested reference; the others agree with it up
 * to the rounding of float sums. Within one set the result for a row depends on that row alone,
 * never on how many rows are asked for or where the row stands among them.
 *
 * The environment variable LOAM_KERNELS (`portable`, `avx2`, `avx512`) lowers the choice; a set that
 * the processor lacks is never chosen.
 */

typedef enum loam_level {
  LOAM_LEVEL_PORTABLE = 0,
  LOAM_LEVEL_AVX2 = 1,   /* AVX2 and FMA */
  LOAM_LEVEL_AVX512 = 2, /* AVX-512 F, BW, DQ, VL */
} loam_level;

/* The level in use; decided at the first call, the same for the life of the process. */
loam_level loam_kernels_level(void);
/* `portable`, `avx2` or `avx512`. */
const char *loam_kernels_name(void);
/* Whether this processor and operating system can run `level`. */
int loam_kernels_can(loam_level level);

/* The sum of q[i] * row[i] for i in 0..<n. */
float loam_dot_f32_i8(const float *q, const int8_t *row, size_t n);

/*
 * out[r] = scales[r] * (the sum of q[i] * codes[r * dim + i]) for r in 0..<rows.
 *
 * The value for a row equals scales[r] * loam_dot_f32_i8 of it, to the last bit.
 */
void loam_score_rows_f32_i8(const float *q, const int8_t *codes, const float *scales, size_t rows,
                            size_t dim, float *out);

/* The plain versions. */
float loam_dot_f32_i8_portable(const float *q, const int8_t *row, size_t n);
void loam_score_rows_f32_i8_portable(const float *q, const int8_t *codes, const float *scales,
                                     size_t rows, size_t dim, float *out);

/*
 * The same kernels at a named level, for tests. A level that loam_kernels_can refuses must not be
 * asked for.
 */
float loam_dot_f32_i8_at(loam_level level, const float *q, const int8_t *row, size_t n);
void loam_score_rows_f32_i8_at(loam_level level, const float *q, const int8_t *codes,
                               const float *scales, size_t rows, size_t dim, float *out);

#endif
