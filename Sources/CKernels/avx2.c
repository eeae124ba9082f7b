#include "kernel_set.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define AVX2 __attribute__((target("avx2,fma")))

AVX2 static inline __m256 widen(const int8_t *codes) {
  return _mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(_mm_loadl_epi64((const __m128i *)codes)));
}

AVX2 static inline float total(__m256 v) {
  __m128 half = _mm_add_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1));
  half = _mm_add_ps(half, _mm_movehl_ps(half, half));
  return _mm_cvtss_f32(_mm_add_ss(half, _mm_shuffle_ps(half, half, 1)));
}

#define INLINE static inline __attribute__((always_inline))

/*
 * Adds `width` columns of one block, from i on, of `count` rows: they have a sum of their own, which the
 * row's takes with its step. Where there are 4 rows, those `ahead` are asked for.
 */
AVX2 INLINE void add_block(size_t count, size_t width, const float *q, const int8_t *const *rows,
                           const uint8_t *const *steps, const int8_t *const *ahead, size_t i,
                           __m256 *sums) {
  __m256 block[4];
  for (size_t j = 0; j < count; j++) block[j] = _mm256_setzero_ps();
  for (size_t at = 0; at < width; at += 8) {
    if (count == 4 && at % 16 == 0) loam_prefetch_part(ahead, i + at);
    __m256 values = _mm256_loadu_ps(q + i + at);
    for (size_t j = 0; j < count; j++) {
      block[j] = _mm256_fmadd_ps(values, widen(rows[j] + i + at), block[j]);
    }
  }
  for (size_t j = 0; j < count; j++) {
    __m256 step = _mm256_cvtepi32_ps(_mm256_set1_epi32(steps[j][i / LOAM_STEP_BLOCK]));
    sums[j] = _mm256_fmadd_ps(block[j], step, sums[j]);
  }
}

/* The products of `count` rows, 4 or 1: a row alone and one of four add in the same order. */
AVX2 INLINE void dot_rows(size_t count, const float *q, const int8_t *const *rows,
                          const uint8_t *const *steps, const int8_t *const *ahead, size_t n,
                          float *out) {
  __m256 sums[4];
  for (size_t j = 0; j < count; j++) sums[j] = _mm256_setzero_ps();
  size_t i = 0;
  for (; i + LOAM_STEP_BLOCK <= n; i += LOAM_STEP_BLOCK) {
    add_block(count, LOAM_STEP_BLOCK, q, rows, steps, ahead, i, sums);
  }
  size_t width = (n - i) / 8 * 8, last = i / LOAM_STEP_BLOCK;
  if (width > 0) add_block(count, width, q, rows, steps, ahead, i, sums);
  for (size_t j = 0; j < count; j++) {
    float rest = 0;
    for (size_t at = i + width; at < n; at++) {
      rest = __builtin_fmaf(q[at], (float)rows[j][at], rest);
    }
    out[j] = total(sums[j]);
    if (i + width < n) out[j] = __builtin_fmaf(rest, (float)steps[j][last], out[j]);
  }
}

AVX2 static float dot_f32_i8(const float *q, const int8_t *row, const uint8_t *steps, size_t n) {
  float dot;
  dot_rows(1, q, &row, &steps, NULL, n, &dot);
  return dot;
}

AVX2 static void score_rows_f32_i8(const float *q, const int8_t *const *rows,
                                   const loam_row_head *const *heads, size_t count, size_t dim,
                                   float *out) {
  size_t r = 0;
  for (; r + 4 <= count; r += 4) {
    const uint8_t *steps[4];
    for (size_t j = 0; j < 4; j++) steps[j] = heads[r + j]->steps;
    dot_rows(4, q, rows + r, steps, rows + (r + 12 <= count ? r + 8 : r), dim, out + r);
  }
  for (; r < count; r++) out[r] = dot_f32_i8(q, rows[r], heads[r]->steps, dim);
  for (r = 0; r < count; r++) out[r] *= heads[r]->scale / LOAM_FULL_STEP;
}

#define VECTOR 8
#define ROWS 6
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#include "encoder_vector.inc"

#define TILE_I16 tile_i16
#define MULTIPLY_I16 multiply_i16
#define ADD_PAIRS(sums, a, b) \
  (sums + (vi)_mm256_madd_epi16((__m256i)(a), (__m256i)(b)))
#include "integers_vector.inc"
#include "groups_avx2.inc"
#pragma clang attribute pop

const loam_kernel_set loam_set_avx2 = {
    .dot_f32_i8 = dot_f32_i8,
    .score_rows_f32_i8 = score_rows_f32_i8,
    .rotate = loam_rotate_avx2,
    .sketch_scan = loam_sketch_scan_avx2,
    .score_postings = loam_score_postings_avx2,
    .multiply = multiply,
    .round_rows = round_rows,
    .unpack_i16 = unpack_i16,
    .multiply_i16 = multiply_i16,
    .weigh = loam_weigh_avx2,
    .round_groups = loam_round_groups_avx2,
    .multiply_groups = loam_multiply_groups_avx2,
    .finish = finish,
    .add_layer_norm = add_layer_norm,
    .gelu = gelu,
    .softmax = softmax,
    .lay_keys = loam_lay_keys_avx2,
};
#endif
