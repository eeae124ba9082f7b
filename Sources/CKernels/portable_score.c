#include "kernel_set.h"

/* Eight running sums, so that a compiler may keep them in vector registers without reordering. */
float loam_dot_f32_i8_portable(const float *q, const int8_t *row, const uint8_t *steps, size_t n) {
  float sums[8] = {0};
  for (size_t i = 0; i < n;) {
    size_t end = n - i < LOAM_STEP_BLOCK ? n : i + LOAM_STEP_BLOCK;
    float block[8] = {0}, step = steps[i / LOAM_STEP_BLOCK];
    for (; i + 8 <= end; i += 8) {
      for (size_t lane = 0; lane < 8; lane++) block[lane] += q[i + lane] * (float)row[i + lane];
    }
    for (size_t lane = 0; i < end; i++, lane++) block[lane] += q[i] * (float)row[i];
    for (size_t lane = 0; lane < 8; lane++) sums[lane] += step * block[lane];
  }
  return ((sums[0] + sums[4]) + (sums[2] + sums[6])) + ((sums[1] + sums[5]) + (sums[3] + sums[7]));
}

void loam_score_rows_f32_i8_portable(const float *q, const int8_t *const *rows,
                                     const loam_row_head *const *heads, size_t count, size_t dim,
                                     float *out) {
  for (size_t r = 0; r < count; r++) {
    float dot = loam_dot_f32_i8_portable(q, rows[r], heads[r]->steps, dim);
    out[r] = heads[r]->scale / LOAM_FULL_STEP * dot;
  }
}
