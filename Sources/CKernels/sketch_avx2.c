#include "kernel_set.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define AVX2 __attribute__((target("avx2")))

AVX2 static inline __m256i table_at(const uint8_t *table) {
  return _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)table));
}

/*
 * How far before it is looked at a sketch is asked for, in octets. Sketches come from memory, and what
 * the processor asks for by itself ends with a page.
 */
enum { AHEAD = 6144 };

/*
 * 32 rows at a time, an octet of each in a register: both halves of it choose from 16 values of 5
 * bits (vpshufb), 8 of which add up in 8 bits before they are widened. Rows of even number end up
 * in one register of 16-bit sums, those of odd number in the other.
 *
 * After Andre, Kermarrec, Le Scouarnec: Cache locality is not enough: High-performance nearest
 * neighbor search with product quantization fast scan (VLDB 2015).
 */
AVX2 size_t loam_sketch_scan_avx2(const loam_sketch_query *query, const uint8_t *blocks,
                                  const float *factors, size_t count, float least, uint32_t first,
                                  uint32_t *rows, float *estimates) {
  const __m256i nibble = _mm256_set1_epi8(15), octet = _mm256_set1_epi16(255);
  const __m256 step = _mm256_set1_ps(query->step), base = _mm256_set1_ps(query->base);
  const __m256 limit = _mm256_set1_ps(least);
  size_t found = 0;
  for (size_t b = 0; b < count; b++) {
    const uint8_t *block = blocks + b * query->octets * LOAM_SKETCH_ROWS;
    const uint8_t *table = query->table;
    __m256i even = _mm256_setzero_si256(), odd = _mm256_setzero_si256();
    for (size_t j = 0; j < query->octets; j += 4) {
      __builtin_prefetch(block + AHEAD);
      __builtin_prefetch(block + AHEAD + 64);
      __m256i sum = _mm256_setzero_si256();
      for (size_t k = 0; k < 4; k++) {
        __m256i bits = _mm256_loadu_si256((const __m256i *)block);
        __m256i high = _mm256_and_si256(_mm256_srli_epi16(bits, 4), nibble);
        sum = _mm256_add_epi8(
            sum, _mm256_shuffle_epi8(table_at(table), _mm256_and_si256(bits, nibble)));
        sum = _mm256_add_epi8(sum, _mm256_shuffle_epi8(table_at(table + 16), high));
        block += LOAM_SKETCH_ROWS;
        table += 32;
      }
      even = _mm256_add_epi16(even, _mm256_and_si256(sum, octet));
      odd = _mm256_add_epi16(odd, _mm256_srli_epi16(sum, 8));
    }
    /* Rows 0...7 and 16...23, 8...15 and 24...31. */
    __m256i low = _mm256_unpacklo_epi16(even, odd), high = _mm256_unpackhi_epi16(even, odd);
    __m128i sums[4] = {_mm256_castsi256_si128(low), _mm256_castsi256_si128(high),
                       _mm256_extracti128_si256(low, 1), _mm256_extracti128_si256(high, 1)};
    for (size_t k = 0; k < 4; k++) {
      const size_t row = b * LOAM_SKETCH_ROWS + 8 * k;
      __m256 estimate = _mm256_cvtepi32_ps(_mm256_cvtepu16_epi32(sums[k]));
      estimate = _mm256_add_ps(_mm256_mul_ps(step, estimate), base);
      estimate = _mm256_mul_ps(estimate, _mm256_loadu_ps(factors + row));
      unsigned mask =
          (unsigned)_mm256_movemask_ps(_mm256_cmp_ps(estimate, limit, _CMP_GE_OQ));
      if (mask == 0) continue;
      float values[8];
      _mm256_storeu_ps(values, estimate);
      for (; mask != 0; mask &= mask - 1) {
        unsigned lane = (unsigned)__builtin_ctz(mask);
        rows[found] = first + (uint32_t)row + lane;
        estimates[found++] = values[lane];
      }
    }
  }
  return found;
}
#endif
