#include "kernel_set.h"

#include <math.h>
#include <string.h>

/* The small steps of a pass: embeddings, layer norm, the text's vector. */

void loam_add_layer_norm(const loam_norm *norm, float *x, const float *y, size_t rows) {
  loam_add_layer_norm_at(loam_kernels_level(), norm, x, y, rows);
}

void loam_add_layer_norm_at(loam_level level, const loam_norm *norm, float *x, const float *y,
                            size_t rows) {
  loam_set_at(level)->add_layer_norm(x, y, rows, norm->size, norm->weight, norm->bias,
                                     norm->epsilon);
}

/* The first and last step of a pass are too small to need kernels of their own. */
void loam_embed(const loam_embedding *embedding, const int32_t *ids, size_t tokens, float *x) {
  size_t size = embedding->size;
  for (size_t t = 0; t < tokens; t++) {
    size_t id = (size_t)ids[t];
    const float *position = embedding->positions + t * size;
    float *row = x + t * size;
    if (embedding->f32 != NULL) {
      const float *word = embedding->f32 + id * size;
      for (size_t i = 0; i < size; i++) row[i] = word[i] + position[i];
    } else {
      const int8_t *word = embedding->i8 + id * size;
      float scale = embedding->scales[id];
      for (size_t i = 0; i < size; i++) row[i] = (float)word[i] * scale + position[i];
    }
  }
}

void loam_pool(const float *x, size_t tokens, size_t size, int first, float *out) {
  memcpy(out, x, size * sizeof(float));
  for (size_t t = 1; !first && t < tokens; t++) {
    for (size_t i = 0; i < size; i++) out[i] += x[t * size + i];
  }
  /* The mean differs from the sum by a factor that the unit length takes away. */
  double squares = 0;
  for (size_t i = 0; i < size; i++) squares += (double)out[i] * (double)out[i];
  double length = sqrt(squares);
  if (!(length > 0) || !isfinite(length)) {
    memset(out, 0, size * sizeof(float));
    return;
  }
  float factor = (float)(1 / length);
  for (size_t i = 0; i < size; i++) out[i] *= factor;
}

void loam_gelu_at(loam_level level, float *x, size_t n) { loam_set_at(level)->gelu(x, n); }

void loam_softmax_at(loam_level level, float *x, size_t rows, size_t n, size_t stride,
                     float factor) {
  const loam_kernel_set *set = loam_set_at(level);
  for (size_t r = 0; r < rows; r++, x += stride) {
    float share;
    set->softmax(x, 1, n, stride, factor, &share);
    for (size_t i = 0; i < n; i++) x[i] *= share;
  }
}
