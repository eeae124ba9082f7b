#include "kernel_set.h"

/* Eight running sums, so that a compiler may keep them in vector registers without reordering. */
float loam_dot_f32_i8_portable(const float *q, const int8_t *row, size_t n) {
  float sums[8] = {0};
  size_t i = 0;
  for (; i + 8 <= n; i += 8) {
    for (size_t lane = 0; lane < 8; lane++) sums[lane] += q[i + lane] * (float)row[i + lane];
  }
  for (size_t lane = 0; i < n; i++, lane++) sums[lane] += q[i] * (float)row[i];
  return ((sums[0] + sums[4]) + (sums[2] + sums[6])) + ((sums[1] + sums[5]) + (sums[3] + sums[7]));
}

void loam_score_rows_f32_i8_portable(const float *q, const int8_t *const *rows,
                                     const float *scales, size_t count, size_t dim, float *out) {
  for (size_t r = 0; r < count; r++) {
    out[r] = scales[r] * loam_dot_f32_i8_portable(q, rows[r], dim);
  }
}
