#include "CKernels.h"

/*
 * Plain C: what vectors could do in the loop (scatters) no level below AVX-512 has, and steps of their
 * own for runs, divisions and scores take longer than one loop that the processor reorders. Where items
 * are many, they and their norms come from memory (and scores too, unless they are a window's), so that
 * what comes is asked for ahead. Both forms are one text, compiled twice.
 */
#define INLINE static inline __attribute__((always_inline))

/* Ahead of what is scored: the item of a posting, and then what is kept of that. */
enum { ITEM_AHEAD = 24, SCORE_AHEAD = 12 };

INLINE uint32_t *close_run(const loam_term *term, uint32_t item, double tf, uint32_t *noted,
                           int has_extra) {
  if (has_extra) {
    tf += term->extra[item];
    term->extra[item] = 0;
  }
  double before = term->scores[item];
  double after = before + term->weight * (tf / (tf + term->norms[item]));
  term->scores[item] = after;
  if (__builtin_expect(after >= term->least, 0) && before < term->least) *noted++ = item;
  return noted;
}

INLINE size_t score(loam_term *out, const uint16_t *places, const uint8_t *codes, size_t count,
                    const double *weights, const double *exceptions, const uint32_t *items,
                    uint32_t *item, double *tf, int has_extra) {
  if (count == 0) return 0;
  const loam_term term = *out;
  uint32_t *noted = term.noted + term.noted_count;
  uint32_t current = *item != UINT32_MAX ? *item : items[places[0]];
  double sum = *item != UINT32_MAX ? *tf : 0;
  size_t escaped = 0;
  for (size_t i = 0; i < count; i++) {
    /* The last postings ask for themselves. */
    __builtin_prefetch(items + places[i + ITEM_AHEAD < count ? i + ITEM_AHEAD : i]);
    uint32_t ahead = items[places[i + SCORE_AHEAD < count ? i + SCORE_AHEAD : i]];
    __builtin_prefetch(term.scores + ahead, 1);
    __builtin_prefetch(term.norms + ahead);
    uint32_t next = items[places[i]];
    double weight =
        __builtin_expect(codes[i] == 255, 0) ? exceptions[escaped++] : weights[codes[i]];
    if (next == current) {
      sum += weight;
    } else {
      noted = close_run(&term, current, sum, noted, has_extra);
      current = next;
      sum = weight;
    }
  }
  out->noted_count = (size_t)(noted - term.noted);
  *item = current;
  *tf = sum;
  return escaped;
}

void loam_score_item(loam_term *term, uint32_t item, double tf) {
  uint32_t *noted = term->noted + term->noted_count;
  noted = close_run(term, item, tf, noted, term->extra != NULL);
  term->noted_count = (size_t)(noted - term->noted);
}

size_t loam_score_postings(loam_term *term, const uint16_t *places, const uint8_t *codes,
                           size_t count, const double *weights, const double *exceptions,
                           const uint32_t *items, uint32_t *item, double *tf) {
#define SCORE(extra) \
  score(term, places, codes, count, weights, exceptions, items, item, tf, extra)
  return term->extra != NULL ? SCORE(1) : SCORE(0);
#undef SCORE
}
