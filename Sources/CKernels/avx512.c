#include "kernel_set.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define VECTOR 16
#define ROWS 12
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma"))), apply_to = function)
#include "encoder_vector.inc"
#include "rows_vector.inc"

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
