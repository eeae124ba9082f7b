#include "kernel_set.h"

void loam_score_rows_portable(const int16_t *q, float scale, const loam_row *rows, size_t count,
                              size_t dim, float *out) {
  for (size_t r = 0; r < count; r++) {
    int64_t sum = 0;
    for (size_t i = 0; i < dim; i++) {
      sum += (int64_t)q[i] * rows[r].codes[i] * rows[r].head->steps[i / LOAM_STEP_BLOCK];
    }
    out[r] = loam_row_score((double)sum, rows[r].head->scale, scale);
  }
}

void loam_score_rows(const int16_t *q, float scale, const loam_row *rows, size_t count,
                     size_t dim, float *out) {
  loam_set_current()->score_rows(q, scale, rows, count, dim, out);
}

void loam_score_rows_at(loam_level level, const int16_t *q, float scale, const loam_row *rows,
                        size_t count, size_t dim, float *out) {
  loam_set_at(level)->score_rows(q, scale, rows, count, dim, out);
}
