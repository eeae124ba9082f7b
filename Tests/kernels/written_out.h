/*
 * The 512-bit instructions that `CKernels/avx512.c` names, written out in C, in place of <immintrin.h>:
 * so that all else of that file runs on processors with AVX2 (see `run`).
 */
#include <immintrin.h>
#include <stdint.h>
#include <string.h>

#define WRITTEN_OUT(name) static inline __attribute__((target("avx2"))) __m512i name
typedef struct { int16_t v[32]; } pairs;
typedef struct { uint8_t v[64]; } octets;
typedef struct { int32_t v[16]; } lanes;

/* vpmaddwd: pairs of signed 16-bit products, added. */
WRITTEN_OUT(written_madd)(__m512i a, __m512i b) {
  pairs x, y;
  lanes sums;
  memcpy(&x, &a, sizeof x);
  memcpy(&y, &b, sizeof y);
  for (int i = 0; i < 16; i++) {
    int64_t sum = (int64_t)x.v[2 * i] * y.v[2 * i] + (int64_t)x.v[2 * i + 1] * y.v[2 * i + 1];
    sums.v[i] = (int32_t)(uint32_t)(uint64_t)sum;
  }
  memcpy(&a, &sums, sizeof sums);
  return a;
}

/* vpdpwssd: the same, added to 32-bit lanes. */
WRITTEN_OUT(written_dpwssd)(__m512i sums, __m512i a, __m512i b) {
  lanes x, y;
  __m512i products = written_madd(a, b);
  memcpy(&x, &sums, sizeof x);
  memcpy(&y, &products, sizeof y);
  for (int i = 0; i < 16; i++) x.v[i] = (int32_t)((uint32_t)x.v[i] + (uint32_t)y.v[i]);
  memcpy(&sums, &x, sizeof x);
  return sums;
}

/* vpdpbusd: fours of unsigned octets times signed ones, added to 32-bit lanes. */
WRITTEN_OUT(written_dpbusd)(__m512i sums, __m512i a, __m512i b) {
  lanes x;
  octets unsigned_ones, signed_ones;
  memcpy(&x, &sums, sizeof x);
  memcpy(&unsigned_ones, &a, sizeof unsigned_ones);
  memcpy(&signed_ones, &b, sizeof signed_ones);
  for (int i = 0; i < 64; i++) x.v[i / 4] += unsigned_ones.v[i] * (int8_t)signed_ones.v[i];
  memcpy(&sums, &x, sizeof x);
  return sums;
}

/* vextracti64x4, and its lower half for nothing. */
static inline __attribute__((target("avx2"))) __m256i written_half(__m512i a, int half) {
  __m256i result;
  memcpy(&result, (const char *)&a + half * 32, sizeof result);
  return result;
}

#define _mm512_madd_epi16 written_madd
#define _mm512_dpbusd_epi32 written_dpbusd
#undef _mm512_extracti64x4_epi64
#define _mm512_extracti64x4_epi64 written_half
#define _mm512_castsi512_si256(a) written_half(a, 0)
/* The file's only assembly is vpdpwssd. */
#define __asm__(...) sums = (vi)written_dpwssd((__m512i)sums, (__m512i)a, (__m512i)b)
