#include "kernel_set.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define VECTOR 8
#define ROWS 6
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#include "encoder_vector.inc"

INLINE vi add_pairs(vi sums, vi a, vi b) {
  return sums + (vi)_mm256_madd_epi16((__m256i)a, (__m256i)b);
}

INLINE v4i sum_each(vi a, vi b, vi c, vi d) {
  __m256i ab = _mm256_hadd_epi32((__m256i)a, (__m256i)b);
  __m256i sums = _mm256_hadd_epi32(ab, _mm256_hadd_epi32((__m256i)c, (__m256i)d));
  return (v4i)_mm256_castsi256_si128(sums) + (v4i)_mm256_extracti128_si256(sums, 1);
}
#include "rows_vector.inc"

#define TILE_I16 tile_i16
#define MULTIPLY_I16 multiply_i16
#define ADD_PAIRS add_pairs
#include "integers_vector.inc"
#include "groups_avx2.inc"
#pragma clang attribute pop

const loam_kernel_set loam_set_avx2 = {
    .score_rows = score_rows,
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
