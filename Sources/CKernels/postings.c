#include "CKernels.h"

/*
 * Plain C: what vectors could do in the loop (scatters) no level below AVX-512 has. Where scores lie far
 * apart it waits for memory, so that what comes is asked for ahead; where many of a window have one,
 * asking costs more than it brings. An item's first score is noted without a branch, which nothing could
 * foretell. The forms are one text, compiled four times.
 */
#define INLINE static inline __attribute__((always_inline))

/* Ahead of what is scored: the item of a posting, and then what is kept of that. */
enum { ITEM_AHEAD = 24, SCORE_AHEAD = 12 };

INLINE void close_run(loam_term *term, uint32_t item, double tf, int has_extra, int is_sparse) {
  if (has_extra) {
    tf += term->extra[item];
    term->extra[item] = 0;
    if (!(tf > 0)) return;
  }
  double divisor = tf + (term->constant + term->slope * (double)term->lengths[item]);
  double score = term->scores[item];
  if (is_sparse) {
    term->touched[term->touched_count] = item;
    term->touched_count += (score == 0) & (tf > 0);
  }
  term->scores[item] = score + term->weight * (tf / divisor);
}

INLINE size_t score(loam_term *out, const uint16_t *places, const uint8_t *codes, size_t count,
                    const double *weights, const double *exceptions, const uint32_t *items,
                    uint32_t *item, double *tf, int has_extra, int is_sparse) {
  loam_term term = *out;
  uint32_t current = *item;
  double sum = *tf;
  size_t escaped = 0;
  for (size_t i = 0; i < count; i++) {
    if (has_extra || is_sparse) {
      /* The last postings ask for themselves. */
      __builtin_prefetch(items + places[i + ITEM_AHEAD < count ? i + ITEM_AHEAD : i]);
      uint32_t ahead = items[places[i + SCORE_AHEAD < count ? i + SCORE_AHEAD : i]];
      __builtin_prefetch(term.scores + ahead, 1);
      __builtin_prefetch(term.lengths + ahead);
    }
    uint32_t next = items[places[i]];
    double weight =
        __builtin_expect(codes[i] == 255, 0) ? exceptions[escaped++] : weights[codes[i]];
    if (next == current) {
      sum += weight;
    } else {
      if (current != UINT32_MAX) close_run(&term, current, sum, has_extra, is_sparse);
      current = next;
      sum = weight;
    }
  }
  *out = term;
  *item = current;
  *tf = sum;
  return escaped;
}

void loam_score_item(loam_term *term, uint32_t item, double tf) {
  close_run(term, item, tf, term->extra != NULL, term->touched != NULL);
}

size_t loam_score_postings(loam_term *term, const uint16_t *places, const uint8_t *codes,
                           size_t count, const double *weights, const double *exceptions,
                           const uint32_t *items, uint32_t *item, double *tf) {
#define SCORE(extra, sparse) \
  score(term, places, codes, count, weights, exceptions, items, item, tf, extra, sparse)
  int is_sparse = term->touched != NULL;
  if (term->extra != NULL) return is_sparse ? SCORE(1, 1) : SCORE(1, 0);
  return is_sparse ? SCORE(0, 1) : SCORE(0, 0);
#undef SCORE
}

/* Unaligned pairs, which every processor of 64 bits compares at once. */
typedef double pair __attribute__((vector_size(16), aligned(8)));
typedef int64_t pair_mask __attribute__((vector_size(16)));

size_t loam_find_not_below(const double *x, size_t start, size_t count, double least) {
  const pair limit = {least, least};
  size_t i = start;
  for (; i + 16 <= count; i += 16) {
    pair_mask found = {0, 0};
    for (size_t j = 0; j < 16; j += 2) found |= *(const pair *)(x + i + j) >= limit;
    if ((found[0] | found[1]) != 0) break;
  }
  while (i < count && !(x[i] >= least)) i++;
  return i;
}
