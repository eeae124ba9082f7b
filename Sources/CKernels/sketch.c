#include "kernel_set.h"

#include <math.h>
#include <string.h>

/*
 * What makes every level find the same rows: all floats here come from plain C, compiled once, with
 * no product and sum in one expression (which a compiler may fuse); the levels differ in how they
 * look up and add integers.
 */

size_t loam_sketch_octets(size_t dim) { return (dim + 31) / 32 * 4; }

/* x = H x / sqrt(n), n a power of two. */
static void hadamard(float *x, size_t n) {
  for (size_t half = 1; half < n; half *= 2) {
    for (size_t start = 0; start < n; start += 2 * half) {
      for (size_t i = start; i < start + half; i++) {
        float a = x[i], b = x[i + half];
        x[i] = a + b;
        x[i + half] = a - b;
      }
    }
  }
  float factor = 1 / sqrtf((float)n);
  for (size_t i = 0; i < n; i++) x[i] *= factor;
}

void loam_rotate(const float *signs, size_t dim, float *x) {
  size_t window = 1;
  while (window * 2 <= dim) window *= 2;
  for (size_t round = 0; round < LOAM_ROTATION_ROUNDS; round++) {
    for (size_t i = 0; i < dim; i++) x[i] *= signs[round * dim + i];
    hadamard(round % 2 == 0 ? x : x + (dim - window), window);
  }
}

void loam_sketch_row(const float *rotated, size_t dim, uint8_t *block, size_t slot,
                     float *factor) {
  float square = 0, sum = 0;
  size_t octets = loam_sketch_octets(dim);
  for (size_t j = 0; j < octets; j++) block[j * LOAM_SKETCH_ROWS + slot] = 0;
  for (size_t i = 0; i < dim; i++) {
    float product = rotated[i] * rotated[i];
    square += product;
    sum += fabsf(rotated[i]);
    if (rotated[i] > 0) {
      block[i / 8 * LOAM_SKETCH_ROWS + slot] |= (uint8_t)(1 << i % 8);
    }
  }
  *factor = sum > 0 ? square / sum : NAN;
}

loam_sketch_query loam_sketch_prepare(const float *rotated, size_t dim, uint8_t *table) {
  size_t nibbles = loam_sketch_octets(dim) * 2;
  float most = 0, base = 0;
  for (size_t j = 0; j < nibbles; j++) {
    float sum = 0;
    for (size_t i = 4 * j; i < 4 * j + 4 && i < dim; i++) sum += fabsf(rotated[i]);
    base -= sum;
    if (sum > most) most = sum;
  }
  float inverse = most > 0 ? 31 / (2 * most) : 0;
  for (size_t j = 0; j < nibbles; j++) {
    for (unsigned value = 0; value < 16; value++) {
      /* Above the least, which has the sign of no component. */
      float sum = 0;
      for (size_t i = 4 * j; i < 4 * j + 4 && i < dim; i++) {
        int is_set = value >> (i - 4 * j) & 1;
        sum += fabsf(rotated[i]);
        sum += is_set ? rotated[i] : -rotated[i];
      }
      float scaled = sum * inverse;
      table[j * 16 + value] = (uint8_t)(int)(scaled + 0.5f);
    }
  }
  return (loam_sketch_query){
      .table = table, .octets = nibbles / 2, .step = most * (2.0f / 31), .base = base};
}

size_t loam_sketch_scan_portable(const loam_sketch_query *query, const uint8_t *blocks,
                                 const float *factors, size_t count, float least, uint32_t first,
                                 uint32_t *rows, float *estimates) {
  size_t found = 0;
  for (size_t b = 0; b < count; b++) {
    const uint8_t *block = blocks + b * query->octets * LOAM_SKETCH_ROWS;
    for (size_t r = 0; r < LOAM_SKETCH_ROWS; r++) {
      uint32_t sum = 0;
      for (size_t j = 0; j < query->octets; j++) {
        uint8_t octet = block[j * LOAM_SKETCH_ROWS + r];
        sum += query->table[j * 32 + (octet & 15)];
        sum += query->table[j * 32 + 16 + (octet >> 4)];
      }
      float estimate = query->step * (float)sum;
      estimate += query->base;
      estimate *= factors[b * LOAM_SKETCH_ROWS + r];
      if (!(estimate >= least)) continue;
      rows[found] = first + (uint32_t)(b * LOAM_SKETCH_ROWS + r);
      estimates[found++] = estimate;
    }
  }
  return found;
}

size_t loam_sketch_scan(const loam_sketch_query *query, const uint8_t *blocks,
                        const float *factors, size_t count, float least, uint32_t first,
                        uint32_t *rows, float *estimates) {
  return loam_set_current()->sketch_scan(query, blocks, factors, count, least, first, rows,
                                         estimates);
}

size_t loam_sketch_scan_at(loam_level level, const loam_sketch_query *query,
                           const uint8_t *blocks, const float *factors, size_t count, float least,
                           uint32_t first, uint32_t *rows, float *estimates) {
  return loam_set_at(level)->sketch_scan(query, blocks, factors, count, least, first, rows,
                                         estimates);
}
