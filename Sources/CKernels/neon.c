#include "kernel_set.h"

#if defined(__aarch64__)
#include <arm_neon.h>

#define VECTOR 4
#define ROWS 12
#pragma clang attribute push(__attribute__((target("dotprod"))), apply_to = function)
#include "encoder_vector.inc"

INLINE vi add_pairs(vi sums, vi a, vi b) {
  int16x8_t x = (int16x8_t)a, y = (int16x8_t)b;
  return sums + (vi)vpaddq_s32(vmull_s16(vget_low_s16(x), vget_low_s16(y)), vmull_high_s16(x, y));
}

INLINE v4i sum_each(vi a, vi b, vi c, vi d) {
  int32x4_t ab = vpaddq_s32((int32x4_t)a, (int32x4_t)b);
  return (v4i)vpaddq_s32(ab, vpaddq_s32((int32x4_t)c, (int32x4_t)d));
}
#include "rows_vector.inc"

#define TILE_I16 tile_i16
#define MULTIPLY_I16 multiply_i16
#define ADD_PAIRS add_pairs
#include "integers_vector.inc"
#include "groups_neon.inc"
#include "sketch_neon.inc"
#pragma clang attribute pop

/* What has no version of its own is plain C, which compilers widen. */
const loam_kernel_set loam_set_neon = {
    .score_rows = score_rows,
    .rotate = loam_rotate_portable,
    .sketch_scan = sketch_scan,
    .score_postings = loam_score_postings_portable,
    .multiply = multiply,
    .round_rows = round_rows,
    .unpack_i16 = unpack_i16,
    .multiply_i16 = multiply_i16,
    .weigh = loam_weigh_portable,
    .round_groups = round_groups,
    .multiply_groups = multiply_groups,
    .finish = finish,
    .add_layer_norm = add_layer_norm,
    .gelu = gelu,
    .softmax = softmax,
    .lay_keys = loam_lay_keys_portable,
};
#endif
