#include "kernel_set.h"

#include <math.h>

/*
 * The plain versions of the encoder's kernels: the reference that the others are tested against,
 * and what a processor without its own set runs. The inner loops run over the 32 outputs of a
 * panel, which are independent, so that a compiler may use the registers it has.
 */

static void unpack_i8(const int8_t *low, const int8_t *high, size_t k, float *panel) {
  for (size_t i = 0; i < k; i++) {
    size_t place = (i / 4) * 64 + i % 4;
    for (size_t j = 0; j < 16; j++) {
      panel[i * LOAM_PANEL + j] = (float)low[place + j * 4];
      panel[i * LOAM_PANEL + 16 + j] = (float)high[place + j * 4];
    }
  }
}

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

static void gelu(float *x, size_t n) {
  for (size_t i = 0; i < n; i++) x[i] = 0.5f * x[i] * (1.0f + erff(x[i] * 0.70710678118654752f));
}

static void finish(size_t rows, float *c, size_t c_stride, const float *scales, const float *bias,
                   int with_gelu) {
  for (size_t r = 0; r < rows; r++) {
    float *row = c + r * c_stride;
    for (size_t j = 0; j < LOAM_PANEL; j++) {
      row[j] = (scales != NULL ? row[j] * scales[j] : row[j]) + bias[j];
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
    .name = "portable",
    .dot_f32_i8 = loam_dot_f32_i8_portable,
    .score_rows_f32_i8 = loam_score_rows_f32_i8_portable,
    .unpack_i8 = unpack_i8,
    .multiply = multiply,
    .finish = finish,
    .add_layer_norm = add_layer_norm,
    .gelu = gelu,
    .softmax = softmax,
};
