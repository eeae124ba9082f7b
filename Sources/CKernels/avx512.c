#include "kernel_set.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define AVX512 __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma")))

AVX512 static inline __m512 widen(const int8_t *codes) {
  return _mm512_cvtepi32_ps(_mm512_cvtepi8_epi32(_mm_loadu_si128((const __m128i *)codes)));
}

/* Up to 31 values that fill no pair of registers; lanes past the end read nothing and add zero. */
AVX512 static inline void add_rest(__m512 *even, __m512 *odd, const float *q, const int8_t *row,
                                   size_t rest) {
  if (rest >= 16) {
    *even = _mm512_fmadd_ps(_mm512_loadu_ps(q), widen(row), *even);
    q += 16, row += 16, rest -= 16;
  }
  if (rest > 0) {
    __mmask16 mask = (__mmask16)((1u << rest) - 1);
    __m512 wide = _mm512_cvtepi32_ps(_mm512_cvtepi8_epi32(_mm_maskz_loadu_epi8(mask, row)));
    *odd = _mm512_fmadd_ps(_mm512_maskz_loadu_ps(mask, q), wide, *odd);
  }
}

/* Two sums a row: the four rows of the loop below and a row alone add in the same order. */
AVX512 static float dot_f32_i8(const float *q, const int8_t *row, size_t n) {
  __m512 even = _mm512_setzero_ps(), odd = _mm512_setzero_ps();
  size_t i = 0;
  for (; i + 32 <= n; i += 32) {
    even = _mm512_fmadd_ps(_mm512_loadu_ps(q + i), widen(row + i), even);
    odd = _mm512_fmadd_ps(_mm512_loadu_ps(q + i + 16), widen(row + i + 16), odd);
  }
  add_rest(&even, &odd, q + i, row + i, n - i);
  return _mm512_reduce_add_ps(_mm512_add_ps(even, odd));
}

AVX512 static void score_rows_f32_i8(const float *q, const int8_t *const *rows,
                                     const float *scales, size_t count, size_t dim, float *out) {
  size_t r = 0;
  for (; r + 4 <= count; r += 4) {
    const int8_t *const *row = rows + r;
    const int8_t *const *ahead = r + 12 <= count ? row + 8 : row;
    __m512 even[4], odd[4];
    for (int j = 0; j < 4; j++) even[j] = odd[j] = _mm512_setzero_ps();
    size_t i = 0;
    for (; i + 32 <= dim; i += 32) {
      loam_prefetch_part(ahead, i);
      loam_prefetch_part(ahead, i + 16);
      __m512 first = _mm512_loadu_ps(q + i), second = _mm512_loadu_ps(q + i + 16);
      for (int j = 0; j < 4; j++) {
        even[j] = _mm512_fmadd_ps(first, widen(row[j] + i), even[j]);
        odd[j] = _mm512_fmadd_ps(second, widen(row[j] + i + 16), odd[j]);
      }
    }
    for (size_t j = 0; j < 4; j++) {
      add_rest(&even[j], &odd[j], q + i, row[j] + i, dim - i);
      out[r + j] = scales[r + j] * _mm512_reduce_add_ps(_mm512_add_ps(even[j], odd[j]));
    }
  }
  for (; r < count; r++) out[r] = scales[r] * dot_f32_i8(q, rows[r], dim);
}

#define VECTOR 16
#define ROWS 12
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma"))), apply_to = function)
#include "encoder_vector.inc"

#define TILE_I16 tile_i16
#define MULTIPLY_I16 multiply_i16
#define ADD_PAIRS(sums, a, b) \
  (sums + (vi)_mm512_madd_epi16((__m512i)(a), (__m512i)(b)))
#include "integers_vector.inc"
#pragma clang attribute pop

const loam_kernel_set loam_set_avx512 = {
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

/* The same with the instruction that multiplies and adds pairs in one. */
#pragma clang attribute push( \
    __attribute__((target("avx512vnni,avx512f,avx512bw,avx512dq,avx512vl,avx2,fma"))), \
    apply_to = function)
/* As assembly: the compiler takes the intrinsic apart into two, which halves the speed here. */
INLINE vi add_pairs_vnni(vi sums, vi a, vi b) {
  __asm__("vpdpwssd %2, %1, %0" : "+v"(sums) : "v"(a), "v"(b));
  return sums;
}
#define TILE_I16 tile_i16_vnni
#define MULTIPLY_I16 multiply_i16_vnni
#define ADD_PAIRS add_pairs_vnni
#include "integers_vector.inc"
#pragma clang attribute pop

const loam_kernel_set loam_set_avx512_vnni = {
    .dot_f32_i8 = dot_f32_i8,
    .score_rows_f32_i8 = score_rows_f32_i8,
    .rotate = loam_rotate_avx2,
    .sketch_scan = loam_sketch_scan_avx2,
    .score_postings = loam_score_postings_avx2,
    .multiply = multiply,
    .round_rows = round_rows,
    .unpack_i16 = unpack_i16,
    .multiply_i16 = multiply_i16_vnni,
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
