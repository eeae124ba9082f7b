#include "postings.h"

size_t loam_score_postings_portable(loam_term *term, const uint16_t *items, const uint8_t *codes,
                                    size_t count, const loam_exception *exceptions,
                                    const double *weights, const double *norms) {
  const loam_exception *next = exceptions;
  for (size_t i = 0; i < count;) {
    /* The last postings ask for themselves. */
    uint16_t ahead = items[i + LOAM_POSTINGS_AHEAD < count ? i + LOAM_POSTINGS_AHEAD : i];
    __builtin_prefetch(term->scores + ahead, 1);
    __builtin_prefetch(term->lengths + ahead);
    i = loam_score_run(term, weights, norms, items, codes, i, count, &next);
  }
  return (size_t)(next - exceptions);
}

size_t loam_score_postings(loam_term *term, const uint16_t *items, const uint8_t *codes,
                           size_t count, const loam_exception *exceptions,
                           const double *weights, const double *norms) {
  return loam_set_current()->score_postings(term, items, codes, count, exceptions, weights,
                                            norms);
}

size_t loam_score_postings_at(loam_level level, loam_term *term, const uint16_t *items,
                              const uint8_t *codes, size_t count,
                              const loam_exception *exceptions, const double *weights,
                              const double *norms) {
  return loam_set_at(level)->score_postings(term, items, codes, count, exceptions, weights,
                                            norms);
}
