#include "CKernels.h"

/*
 * Plain C: the loop waits for memory, and what vectors could do in it (scatters) no level below
 * AVX-512 has.
 */

static inline void close_run(loam_term *term, uint32_t item, double tf) {
  if (term->extra != NULL) {
    tf += term->extra[item];
    term->extra[item] = 0;
  }
  if (tf > 0) {
    double divisor = tf + (term->constant + term->slope * (double)term->lengths[item]);
    double score = term->scores[item];
    if (score == 0 && term->touched != NULL) term->touched[term->touched_count++] = item;
    term->scores[item] = score + term->weight * (tf / divisor);
  }
}

void loam_score_item(loam_term *term, uint32_t item, double tf) { close_run(term, item, tf); }

void loam_score_postings(loam_term *term, const uint16_t *places, const uint8_t *codes,
                         size_t count, const double *weights, const double *exceptions,
                         const uint32_t *items, uint32_t *item, double *tf) {
  uint32_t current = *item;
  double sum = *tf;
  for (size_t i = 0; i < count; i++) {
    uint32_t next = items[places[i]];
    double weight = codes[i] == 255 ? *exceptions++ : weights[codes[i]];
    if (next == current) {
      sum += weight;
    } else {
      if (current != UINT32_MAX) close_run(term, current, sum);
      current = next;
      sum = weight;
    }
  }
  *item = current;
  *tf = sum;
}

size_t loam_find_not_below(const double *x, size_t start, size_t count, double least) {
  size_t i = start;
  for (; i + 8 <= count; i += 8) {
    int found = 0;
    for (size_t j = 0; j < 8; j++) found |= x[i + j] >= least;
    if (found) break;
  }
  while (i < count && !(x[i] >= least)) i++;
  return i;
}
