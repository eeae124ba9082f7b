#include "kernel_set.h"

#include <math.h>

/*
 * The plain versions of the encoder's kernels: the reference that the others are tested against,
 * and what a processor without its own set runs. The inner loops run over the 32 outputs of a
 * panel, which are independent, so that a compiler may use the registers it has.
 */

static void multiply(size_t rows, size_t k, const float *a, size_t a_stride, const float *panel,
                     float *c, size_t c_stride, int accumulate) {
  for (size_t r = 0; r < rows; r++) {
    float sums[LOAM_PANEL] = {0};
    if (accumulate) {
      for (size_t j = 0; j < LOAM_PANEL; j++) sums[j] = c[r * c_stride + j];
    }
    for (size_t i = 0; i < k; i++) {
      float value = a[r * a_stride + i];
      for (size_t j = 0; j < LOAM_PANEL; j++) sums[j] += value * panel[i * LOAM_PANEL + j];
    }
    for (size_t j = 0; j < LOAM_PANEL; j++) c[r * c_stride + j] = sums[j];
  }
}

static void round_rows(size_t rows, size_t n, const float *x, size_t x_stride, int16_t *codes,
                       size_t stride, float *scales) {
  for (size_t r = 0; r < rows; r++) {
    const float *row = x + r * x_stride;
    int16_t *to = codes + r * stride;
    float most = 0;
    for (size_t i = 0; i < n; i++) most = fmaxf(most, fabsf(row[i]));
    float factor = most > 0 && most <= LOAM_LARGEST ? 32767.0f / most : 0;
    scales[r] = factor > 0 ? most / 32767.0f : 0;
    for (size_t i = 0; i < stride; i++) {
      float value = i < n && factor > 0 ? row[i] * factor : 0;
      /* Adding and taking away 1.5 * 2^23 rounds to the nearest integer, ties to even. */
      value = value + 12582912.0f;
      value = value - 12582912.0f;
      to[i] = value >= -32767.0f && value <= 32767.0f ? (int16_t)value : 0;
    }
  }
}

static void unpack_i16(const int8_t *low, const int8_t *high, size_t quads, int16_t *panel) {
  for (size_t i = 0; i < quads * 4; i++) {
    size_t from = i / 4 * 64 + i % 4, to = i / 2 * LOAM_PANEL * 2 + i % 2;
    for (size_t j = 0; j < 16; j++) {
      panel[to + j * 2] = low[from + j * 4];
      panel[to + (j + 16) * 2] = high[from + j * 4];
    }
  }
}

/* The sums of a pair's first and second inputs apart: runs of one kind, which compilers widen. */
static void multiply_i16(size_t rows, size_t k, const int16_t *a, size_t a_stride,
                         const int16_t *panel, float *c, size_t c_stride, int accumulate) {
  for (size_t r = 0; r < rows; r++) {
    int32_t sums[2 * LOAM_PANEL] = {0};
    for (size_t i = 0; i < k; i += 2) {
      const int16_t *pairs = panel + i * LOAM_PANEL;
      int16_t pair[8];
      for (size_t j = 0; j < 8; j++) pair[j] = a[r * a_stride + i + j % 2];
      for (size_t j = 0; j < 2 * LOAM_PANEL; j += 8) {
        for (size_t lane = 0; lane < 8; lane++) {
          sums[j + lane] += (int32_t)pair[lane] * (int32_t)pairs[j + lane];
        }
      }
    }
    float *row = c + r * c_stride;
    for (size_t j = 0; j < LOAM_PANEL; j++) {
      row[j] = (accumulate ? row[j] : 0) + (float)(sums[2 * j] + sums[2 * j + 1]);
    }
  }
}

static void gelu(float *x, size_t n) {
  for (size_t i = 0; i < n; i++) x[i] = 0.5f * x[i] * (1.0f + erff(x[i] * 0.70710678118654752f));
}

static void finish(size_t rows, float *c, size_t c_stride, const float *row_scales,
                   const float *scales, const float *bias, int with_gelu) {
  for (size_t r = 0; r < rows; r++) {
    float *row = c + r * c_stride;
    for (size_t j = 0; j < LOAM_PANEL; j++) {
      if (scales != NULL) row[j] *= row_scales[r] * scales[j];
      row[j] += bias[j];
    }
    if (with_gelu) gelu(row, LOAM_PANEL);
  }
}

static void add_layer_norm(float *x, const float *y, size_t rows, size_t n, const float *weight,
                           const float *bias, float epsilon) {
  for (size_t r = 0; r < rows; r++) {
    float *row = x + r * n;
    double sum = 0, squares = 0;
    for (size_t i = 0; i < n; i++) {
      if (y != NULL) row[i] += y[r * n + i];
      sum += row[i];
    }
    float mean = (float)(sum / (double)n);
    for (size_t i = 0; i < n; i++) squares += (row[i] - mean) * (row[i] - mean);
    float factor = (float)(1.0 / sqrt(squares / (double)n + epsilon));
    for (size_t i = 0; i < n; i++) row[i] = (row[i] - mean) * factor * weight[i] + bias[i];
  }
}

static void softmax(float *x, size_t rows, size_t n, size_t stride, float factor) {
  for (size_t r = 0; r < rows; r++) {
    float *row = x + r * stride;
    float most = row[0] * factor, sum = 0;
    for (size_t i = 0; i < n; i++) most = fmaxf(most, row[i] * factor);
    for (size_t i = 0; i < n; i++) sum += row[i] = expf(row[i] * factor - most);
    for (size_t i = 0; i < n; i++) row[i] /= sum;
  }
}

const loam_kernel_set loam_set_portable = {
    .dot_f32_i8 = loam_dot_f32_i8_portable,
    .score_rows_f32_i8 = loam_score_rows_f32_i8_portable,
    .multiply = multiply,
    .round_rows = round_rows,
    .unpack_i16 = unpack_i16,
    .multiply_i16 = multiply_i16,
    .finish = finish,
    .add_layer_norm = add_layer_norm,
    .gelu = gelu,
    .softmax = softmax,
};
