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

/* Loops over lanes, which compilers widen. */
int32_t loam_weigh_portable(const int8_t *weights, size_t quads, int16_t *starts) {
  int16_t sums[64] = {0};
  int32_t squares[64] = {0}, most = 0;
  for (size_t q = 0; q < quads; q++) {
    for (size_t j = 0; j < 64; j++) {
      int16_t weight = weights[q * 64 + j], square = (int16_t)(weight * weight);
      sums[j] = (int16_t)(sums[j] + weight);
      squares[j] += square;
    }
  }
  for (size_t j = 0; j < 64; j += 2) {
    /* 64 * 16 * 128 is beyond 16 bits, in which the sums wrap around. */
    starts[j / 2] = (int16_t)(uint16_t)(-LOAM_MIDDLE * (sums[j] + sums[j + 1]));
    int32_t both = squares[j] + squares[j + 1];
    if (both > most) most = both;
  }
  return most;
}

static void round_groups(size_t rows, size_t n, const float *x, size_t x_stride,
                         const float *reach, uint8_t *codes, size_t stride, float *steps,
                         size_t step_stride) {
  for (size_t r = 0; r < rows; r++) {
    for (size_t at = 0; at < n; at += LOAM_GROUP) {
      float values[LOAM_GROUP] = {0}, squares[LOAM_GROUP], most = 0;
      for (size_t i = 0; i < LOAM_GROUP && at + i < n; i++) {
        values[i] = x[r * x_stride + at + i];
        most = greater_of(fabsf(values[i]), most);
      }
      for (size_t i = 0; i < LOAM_GROUP; i++) squares[i] = values[i] * values[i];
      /* Inputs 0, 1, 2, 3 of the fours, added 8 and 16 apart, then 4, then 1, as vectors do it. */
      float sums[4];
      for (size_t j = 0; j < 4; j++) {
        const float *s = squares + j;
        sums[j] = ((s[0] + s[8]) + (s[16] + s[24])) + ((s[4] + s[12]) + (s[20] + s[28]));
      }
      float together = greater_of(sums[0] + sums[1], sums[2] + sums[3]);
      float step = loam_group_step(most, together, reach[at / LOAM_GROUP]);
      float factor = step > 0 ? 1.0f / step : 0;
      for (size_t i = 0; i < LOAM_GROUP; i++) {
        float value = values[i] * factor;
        value = value + 12582912.0f;
        value = value - 12582912.0f;
        int code = value >= -63 && value <= 63 ? (int)value : 0;
        codes[r * stride + at + i] = (uint8_t)(code + LOAM_MIDDLE);
      }
      steps[r * step_stride + at / LOAM_GROUP] = step;
    }
  }
}

/*
 * Lanes of one input each, which compilers keep in 16 bits: 4 products, 4 * 63 * 128 < 2^15, before
 * they are widened.
 */
static void multiply_quads(size_t quads, const uint8_t *codes, const int8_t *weights,
                           int32_t *sums) {
  int16_t parts[64] = {0};
  for (size_t q = 0; q < quads; q++) {
    int16_t inputs[8];
    for (size_t i = 0; i < 8; i++) inputs[i] = (int16_t)(codes[q * 4 + i % 4] - LOAM_MIDDLE);
    for (size_t j = 0; j < 64; j += 8) {
      for (size_t lane = 0; lane < 8; lane++) {
        int16_t product = (int16_t)(inputs[lane] * (int16_t)weights[q * 64 + j + lane]);
        parts[j + lane] = (int16_t)(parts[j + lane] + product);
      }
    }
  }
  for (size_t j = 0; j < 64; j++) sums[j] += parts[j];
}

/* A plain sum of products does not wrap, so it starts at zero. */
static void multiply_groups(size_t rows, const uint8_t *codes, size_t stride, const float *steps,
                            size_t step_stride, loam_group_panel panel, float *c, size_t c_stride,
                            int accumulate) {
  for (size_t r = 0; r < rows; r++) {
    float *row = c + r * c_stride;
    for (size_t j = 0; !accumulate && j < LOAM_PANEL; j++) row[j] = 0;
    for (size_t first = 0; first < panel.quads; first += LOAM_QUADS) {
      int32_t sums[4 * LOAM_PANEL] = {0};
      for (size_t q = first; q < first + LOAM_QUADS && q < panel.quads; q += 4) {
        size_t count = panel.quads - q < 4 ? panel.quads - q : 4;
        const uint8_t *from = codes + r * stride + q * 4;
        multiply_quads(count, from, panel.low + q * 64, sums);
        multiply_quads(count, from, panel.high + q * 64, sums + 2 * LOAM_PANEL);
      }
      float step = steps[r * step_stride + first / LOAM_QUADS];
      for (size_t j = 0; j < LOAM_PANEL; j++) {
        const int32_t *four = sums + 4 * j;
        float product = step * (float)(four[0] + four[1] + four[2] + four[3]);
        row[j] = row[j] + product;
      }
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
      if (scales != NULL) row[j] *= (row_scales == NULL ? 1 : row_scales[r]) * scales[j];
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

static void softmax(float *x, size_t rows, size_t n, size_t stride, float factor, float *shares) {
  for (size_t r = 0; r < rows; r++) {
    float *row = x + r * stride;
    float most = row[0], sum = 0;
    for (size_t i = 0; i < n; i++) most = fmaxf(most, row[i]);
    for (size_t i = 0; i < n; i++) sum += row[i] = expf((row[i] - most) * factor);
    shares[r] = 1 / sum;
  }
}

void loam_lay_keys_portable(const float *keys, size_t tokens, size_t stride, size_t size,
                            float *panels) {
  for (size_t t = 0; t < (tokens + LOAM_PANEL - 1) / LOAM_PANEL * LOAM_PANEL; t++) {
    float *place = panels + t / LOAM_PANEL * size * LOAM_PANEL + t % LOAM_PANEL;
    for (size_t i = 0; i < size; i++) {
      place[i * LOAM_PANEL] = t < tokens ? keys[t * stride + i] : 0;
    }
  }
}

const loam_kernel_set loam_set_portable = {
    .score_rows = loam_score_rows_portable,
    .rotate = loam_rotate_portable,
    .sketch_scan = loam_sketch_scan_portable,
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
