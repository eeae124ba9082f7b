#include "kernel_set.h"

#include <math.h>
#include <string.h>

/*
 * What makes every level find the same rows: all floats here come from C that is compiled once, with
 * no product and sum in one expression (which a compiler may fuse), or from the rotation, whose sums are
 * the same at every level; else the levels differ in how they look up and add integers.
 */

size_t loam_sketch_octets(size_t dim) { return (dim + 31) / 32 * 4; }

typedef float quad __attribute__((vector_size(16)));

/* Sums over the components so far, eight that lie eight apart: one sum would wait for itself. */
typedef struct {
  quad squares[2], magnitudes[2];
} row_sums;

/* The signs of eight components. */
static inline uint8_t take_eight(const float *x, row_sums *sums) {
  typedef int32_t quad_mask __attribute__((vector_size(16)));
  const quad_mask bits[2] = {{1, 2, 4, 8}, {16, 32, 64, 128}};
  quad_mask signs = {0};
  for (size_t k = 0; k < 2; k++) {
    quad four;
    memcpy(&four, x + 4 * k, sizeof four);
    quad square = four * four;
    sums->squares[k] += square;
    sums->magnitudes[k] += __builtin_elementwise_abs(four);
    signs |= (four > 0) & bits[k];
  }
  return (uint8_t)__builtin_reduce_or(signs);
}

static inline float total(const quad sums[2]) {
  quad sum = sums[0] + sums[1];
  return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

void loam_sketch_row(const float *rotated, size_t dim, uint8_t *block, size_t slot,
                     float *factor) {
  row_sums sums = {0};
  for (size_t j = 0; j < dim / 8; j++) {
    block[j * LOAM_SKETCH_ROWS + slot] = take_eight(rotated + 8 * j, &sums);
  }
  for (size_t j = dim / 8; j < loam_sketch_octets(dim); j++) {
    float rest[8] = {0};
    for (size_t i = 8 * j; i < dim; i++) rest[i - 8 * j] = rotated[i];
    block[j * LOAM_SKETCH_ROWS + slot] = take_eight(rest, &sums);
  }
  float magnitude = total(sums.magnitudes);
  *factor = magnitude > 0 ? total(sums.squares) / magnitude : NAN;
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
