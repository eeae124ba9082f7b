#include "kernel_set.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define VECTOR 16
#define ROWS 12
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma"))), apply_to = function)
#include "encoder_vector.inc"

INLINE vi add_pairs(vi sums, vi a, vi b) {
  return sums + (vi)_mm512_madd_epi16((__m512i)a, (__m512i)b);
}

INLINE __m256i joined(vi v) {
  return _mm256_add_epi32(_mm512_castsi512_si256((__m512i)v),
                          _mm512_extracti64x4_epi64((__m512i)v, 1));
}

INLINE v4i sum_each(vi a, vi b, vi c, vi d) {
  __m256i ab = _mm256_hadd_epi32(joined(a), joined(b));
  __m256i sums = _mm256_hadd_epi32(ab, _mm256_hadd_epi32(joined(c), joined(d)));
  return (v4i)_mm256_castsi256_si128(sums) + (v4i)_mm256_extracti128_si256(sums, 1);
}
#include "rows_vector.inc"

#define TILE_I16 tile_i16
#define MULTIPLY_I16 multiply_i16
#define ADD_PAIRS add_pairs
#include "integers_vector.inc"
#pragma clang attribute pop

const loam_kernel_set loam_set_avx512 = {
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

/* The same with the instructions that multiply and add pairs, and fours, in one. */
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

INLINE vi add_fours(vi sums, vi inputs, vi weights) {
  return (vi)_mm512_dpbusd_epi32((__m512i)sums, (__m512i)inputs, (__m512i)weights);
}
#include "groups_vnni.inc"
#pragma clang attribute pop

const loam_kernel_set loam_set_avx512_vnni = {
    .score_rows = score_rows,
    .rotate = loam_rotate_avx2,
    .sketch_scan = loam_sketch_scan_avx2,
    .score_postings = loam_score_postings_avx2,
    .multiply = multiply,
    .round_rows = round_rows,
    .unpack_i16 = unpack_i16,
    .multiply_i16 = multiply_i16_vnni,
    .weigh = weigh_vnni,
    .round_groups = loam_round_groups_avx2,
    .multiply_groups = multiply_groups_vnni,
    .finish = finish,
    .add_layer_norm = add_layer_norm,
    .gelu = gelu,
    .softmax = softmax,
    .lay_keys = loam_lay_keys_avx2,
};
#endif
