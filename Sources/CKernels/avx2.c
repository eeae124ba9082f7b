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

/* Two sums a row: the four rows of the loop below and a row alone add in the same order. */
AVX2 static inline float closing(__m256 even, __m256 odd, const float *q, const int8_t *row,
                                size_t i, size_t n) {
  float sum = total(_mm256_add_ps(even, odd));
  for (; i < n; i++) sum = __builtin_fmaf(q[i], (float)row[i], sum);
  return sum;
}

AVX2 static float dot_f32_i8(const float *q, const int8_t *row, size_t n) {
  __m256 even = _mm256_setzero_ps(), odd = _mm256_setzero_ps();
  size_t i = 0;
  for (; i + 16 <= n; i += 16) {
    even = _mm256_fmadd_ps(_mm256_loadu_ps(q + i), widen(row + i), even);
    odd = _mm256_fmadd_ps(_mm256_loadu_ps(q + i + 8), widen(row + i + 8), odd);
  }
  return closing(even, odd, q, row, i, n);
}

AVX2 static void score_rows_f32_i8(const float *q, const int8_t *const *rows, const float *scales,
                                   size_t count, size_t dim, float *out) {
  size_t r = 0;
  for (; r + 4 <= count; r += 4) {
    const int8_t *const *row = rows + r;
    const int8_t *const *ahead = r + 12 <= count ? row + 8 : row;
    __m256 even[4], odd[4];
    for (int j = 0; j < 4; j++) even[j] = odd[j] = _mm256_setzero_ps();
    size_t i = 0;
    for (; i + 16 <= dim; i += 16) {
      loam_prefetch_part(ahead, i);
      __m256 first = _mm256_loadu_ps(q + i), second = _mm256_loadu_ps(q + i + 8);
      for (int j = 0; j < 4; j++) {
        even[j] = _mm256_fmadd_ps(first, widen(row[j] + i), even[j]);
        odd[j] = _mm256_fmadd_ps(second, widen(row[j] + i + 8), odd[j]);
      }
    }
    for (size_t j = 0; j < 4; j++) {
      out[r + j] = scales[r + j] * closing(even[j], odd[j], q, row[j], i, dim);
    }
  }
  for (; r < count; r++) out[r] = scales[r] * dot_f32_i8(q, rows[r], dim);
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
