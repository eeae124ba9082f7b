#include "kernel_set.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define AVX512 __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma")))

AVX512 static inline __m512 widen(const int8_t *codes) {
  return _mm512_cvtepi32_ps(_mm512_cvtepi8_epi32(_mm_loadu_si128((const __m128i *)codes)));
}

#define INLINE static inline __attribute__((always_inline))

/*
 * Adds `width` columns of one block, from i on, of `count` rows: they have a sum of their own, which the
 * row's takes with its step. Where there are 4 rows, those `ahead` are asked for. Lanes past the end
 * read nothing and add zero.
 */
AVX512 INLINE void add_block(size_t count, size_t width, const float *q, const int8_t *const *rows,
                             const uint8_t *const *steps, const int8_t *const *ahead, size_t i,
                             __m512 *sums) {
  __m512 block[4];
  for (size_t j = 0; j < count; j++) block[j] = _mm512_setzero_ps();
  size_t at = 0;
  for (; at + 16 <= width; at += 16) {
    if (count == 4) loam_prefetch_part(ahead, i + at);
    __m512 values = _mm512_loadu_ps(q + i + at);
    for (size_t j = 0; j < count; j++) {
      block[j] = _mm512_fmadd_ps(values, widen(rows[j] + i + at), block[j]);
    }
  }
  if (at < width) {
    __mmask16 mask = (__mmask16)((1u << (width - at)) - 1);
    __m512 values = _mm512_maskz_loadu_ps(mask, q + i + at);
    for (size_t j = 0; j < count; j++) {
      __m128i codes = _mm_maskz_loadu_epi8(mask, rows[j] + i + at);
      __m512 wide = _mm512_cvtepi32_ps(_mm512_cvtepi8_epi32(codes));
      block[j] = _mm512_fmadd_ps(values, wide, block[j]);
    }
  }
  for (size_t j = 0; j < count; j++) {
    __m512 step = _mm512_cvtepi32_ps(_mm512_set1_epi32(steps[j][i / LOAM_STEP_BLOCK]));
    sums[j] = _mm512_fmadd_ps(block[j], step, sums[j]);
  }
}

/* The products of `count` rows, 4 or 1: a row alone and one of four add in the same order. */
AVX512 INLINE void dot_rows(size_t count, const float *q, const int8_t *const *rows,
                            const uint8_t *const *steps, const int8_t *const *ahead, size_t n,
                            float *out) {
  __m512 sums[4];
  for (size_t j = 0; j < count; j++) sums[j] = _mm512_setzero_ps();
  size_t i = 0;
  for (; i + LOAM_STEP_BLOCK <= n; i += LOAM_STEP_BLOCK) {
    add_block(count, LOAM_STEP_BLOCK, q, rows, steps, ahead, i, sums);
  }
  if (i < n) add_block(count, n - i, q, rows, steps, ahead, i, sums);
  for (size_t j = 0; j < count; j++) out[j] = _mm512_reduce_add_ps(sums[j]);
}

AVX512 static float dot_f32_i8(const float *q, const int8_t *row, const uint8_t *steps, size_t n) {
  float dot;
  dot_rows(1, q, &row, &steps, NULL, n, &dot);
  return dot;
}

AVX512 static void score_rows_f32_i8(const float *q, const int8_t *const *rows,
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
