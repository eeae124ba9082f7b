#include "postings.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define AVX2 __attribute__((target("avx2")))

/* Not 0 where one of the 16-bit lanes of `x` is 0. */
static inline uint64_t has_zero_16(uint64_t x) {
  return (x - 0x0001000100010001u) & ~x & 0x8000800080008000u;
}

/* The same of octets. */
static inline uint32_t has_zero_8(uint32_t x) { return (x - 0x01010101u) & ~x & 0x80808080u; }

/*
 * Four items at a time, each with one posting that has a code; what is not like that goes one by one.
 * There is no FMA in the target, so that nothing is fused that is not in the plain version.
 */
AVX2 size_t loam_score_postings_avx2(loam_term *term, const uint16_t *items, const uint8_t *codes,
                                     size_t count, const loam_exception *exceptions,
                                     const double *weights, const double *norms) {
  if (term->extra != NULL) {
    return loam_score_postings_portable(term, items, codes, count, exceptions, weights,
                                        norms);
  }
  const uint32_t *lengths = term->lengths;
  double *scores = term->scores;
  const __m256d weight = _mm256_set1_pd(term->weight), least = _mm256_set1_pd(term->least);
  const loam_exception *next = exceptions;
  size_t i = 0;
  while (i + 5 <= count) {
    uint64_t four, following;
    uint32_t four_codes;
    __builtin_memcpy(&four, items + i, sizeof four);
    __builtin_memcpy(&following, items + i + 1, sizeof following);
    __builtin_memcpy(&four_codes, codes + i, sizeof four_codes);
    int is_plain = (int)(has_zero_16(four ^ following) == 0) & (int)(has_zero_8(~four_codes) == 0);
    if (__builtin_expect(!is_plain, 0)) {
      i = loam_score_run(term, weights, norms, items, codes, i, count, &next);
      continue;
    }
    const uint16_t *at = items + i;
    uint32_t l[4] = {lengths[at[0]], lengths[at[1]], lengths[at[2]], lengths[at[3]]};
    if (__builtin_expect((l[0] | l[1] | l[2] | l[3]) >= LOAM_NORMS, 0)) {
      i = loam_score_run(term, weights, norms, items, codes, i, count, &next);
      continue;
    }
    /* The last postings ask for themselves. */
    const uint16_t *ahead =
        items + (i + LOAM_POSTINGS_AHEAD + 4 <= count ? i + LOAM_POSTINGS_AHEAD : i);
    for (size_t k = 0; k < 4; k++) {
      __builtin_prefetch(scores + ahead[k], 1);
      __builtin_prefetch(lengths + ahead[k]);
    }
    __m256d tf = _mm256_set_pd(weights[codes[i + 3]], weights[codes[i + 2]],
                               weights[codes[i + 1]], weights[codes[i]]);
    __m256d norm = _mm256_set_pd(norms[l[3]], norms[l[2]], norms[l[1]], norms[l[0]]);
    __m256d share = _mm256_div_pd(tf, _mm256_add_pd(tf, norm));
    __m256d before =
        _mm256_set_pd(scores[at[3]], scores[at[2]], scores[at[1]], scores[at[0]]);
    __m256d after = _mm256_add_pd(before, _mm256_mul_pd(weight, share));
    __m128d low = _mm256_castpd256_pd128(after), high = _mm256_extractf128_pd(after, 1);
    _mm_storel_pd(scores + at[0], low);
    _mm_storeh_pd(scores + at[1], low);
    _mm_storel_pd(scores + at[2], high);
    _mm_storeh_pd(scores + at[3], high);
    int reached = _mm256_movemask_pd(_mm256_and_pd(_mm256_cmp_pd(after, least, _CMP_GE_OQ),
                                                   _mm256_cmp_pd(before, least, _CMP_LT_OQ)));
    for (; __builtin_expect(reached != 0, 0); reached &= reached - 1) {
      term->noted[term->noted_count++] = term->first + at[__builtin_ctz((unsigned)reached)];
    }
    i += 4;
  }
  while (i < count) i = loam_score_run(term, weights, norms, items, codes, i, count, &next);
  return (size_t)(next - exceptions);
}
#endif
