#ifndef LOAM_POSTINGS_H
#define LOAM_POSTINGS_H

#include "kernel_set.h"

/*
 * Ahead of what is scored what is kept of an item is asked for: where items are many, it comes from
 * memory (lengths, and sums too unless they are a window's).
 */
enum { LOAM_POSTINGS_AHEAD = 32 };

static inline double loam_posting_weight(const loam_term *term, const double *weights,
                                         uint8_t code, const loam_exception **exceptions) {
  if (__builtin_expect(code != LOAM_ESCAPE, 1)) return weights[code];
  const loam_exception *exception = (*exceptions)++;
  /* Whole numbers, so that it makes no difference whether this is fused. */
  return (double)exception->body + term->title_weight * (double)exception->title;
}

/*
 * Scores one item, whose postings begin at `start`; the result is where they end.
 *
 * No product and sum stand in one expression: levels may not differ in what they fuse.
 */
static inline size_t loam_score_run(loam_term *term, const double *weights, const double *norms,
                                    const uint16_t *items, const uint8_t *codes, size_t start,
                                    size_t count, const loam_exception **exceptions) {
  uint16_t item = items[start];
  double tf = loam_posting_weight(term, weights, codes[start], exceptions);
  size_t end = start + 1;
  for (; end < count && items[end] == item; end++) {
    tf += loam_posting_weight(term, weights, codes[end], exceptions);
  }
  if (term->extra != NULL) {
    tf += term->extra[item];
    term->extra[item] = 0;
  }
  uint32_t length = term->lengths[item];
  double slope = term->slope * (double)length;
  double norm = length < LOAM_NORMS ? norms[length] : term->constant + slope;
  double share = tf / (tf + norm);
  double worth = term->weight * share;
  double before = term->scores[item];
  double after = before + worth;
  term->scores[item] = after;
  if (__builtin_expect(after >= term->least, 0) && before < term->least) {
    term->noted[term->noted_count++] = term->first + item;
  }
  return end;
}

#endif
