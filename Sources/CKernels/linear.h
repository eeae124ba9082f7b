#ifndef LOAM_LINEAR_H
#define LOAM_LINEAR_H

#include "kernel_set.h"

/* Parts of a linear layer, for the two sublayers that join one layer's outputs to the next. */

/*
 * Inputs of a panel handled at a time: a panel of 384 by 32 stays in a cache, and sums of so many
 * integers in 32 bits. A multiple of LOAM_GROUP.
 */
enum { LOAM_INPUTS = 384 };

static inline size_t loam_least(size_t a, size_t b) { return a < b ? a : b; }
static inline size_t loam_panels(size_t n) { return (n + LOAM_PANEL - 1) / LOAM_PANEL; }
static inline size_t loam_groups(size_t n) { return (n + LOAM_GROUP - 1) / LOAM_GROUP; }

/* The rows that a layer is applied to: as they are, or rounded to 16 or 7 bits. */
typedef struct loam_input {
  const float *x;
  float *row_scales;
  int16_t *codes;
  float *group_steps;
  uint8_t *group_codes;
} loam_input;

/* Whether a layer has weights of octets and rounds its rows to 7 bits. */
static inline int loam_rounds_to_7(const loam_linear *layer) {
  return layer->f32 == NULL && layer->rounding == LOAM_ROUNDING_7;
}

/* Floats that a layer's panel takes in scratch space, and its rounded rows with their scales. */
size_t loam_panel_room(const loam_linear *layer);
size_t loam_input_room(const loam_linear *layer, size_t rows);
/* Places for the rounded rows in scratch space from `room` on. */
loam_input loam_input_in(const loam_linear *layer, size_t rows, float *room);
/* The same with the rows of x rounded. */
loam_input loam_input_of(const loam_kernel_set *set, const loam_linear *layer, const float *x,
                         size_t rows, float *room);
/* Rounds one group of inputs of all rows, that lie `stride` floats apart. */
void loam_round_group(const loam_kernel_set *set, const loam_linear *layer, loam_input input,
                      size_t group, const float *x, size_t stride, size_t rows);
/* One panel's outputs for rows from..<from + rows; 32 floats of room in each row of `to`. */
void loam_apply_panel(const loam_kernel_set *set, const loam_linear *layer, size_t panel,
                      loam_input input, size_t from, size_t rows, int gelu, float *room, float *to,
                      size_t stride);
/* The layer over rows that are rounded already, where it rounds; `room` holds a panel. */
void loam_apply_input(const loam_kernel_set *set, const loam_linear *layer, loam_input input,
                      size_t rows, int gelu, float *room, float *y);
/* The layer, rounding the rows first. */
void loam_apply(const loam_kernel_set *set, const loam_linear *layer, const float *x, size_t rows,
                int gelu, float *scratch, float *y);

#endif
