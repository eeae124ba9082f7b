#include "linear.h"

/* Two linear layers with a gelu between, joined panel by panel where both round to 7 bits. */

/* Whether the outputs of `first`, a panel at a time, are whole groups of inputs of `second`. */
static int is_joined(const loam_linear *first, const loam_linear *second) {
  return loam_rounds_to_7(first) && loam_rounds_to_7(second) && first->out % LOAM_PANEL == 0;
}

size_t loam_feed_forward_scratch(const loam_linear *first, const loam_linear *second, size_t rows) {
  if (!is_joined(first, second)) {
    size_t a = loam_linear_scratch(first, rows), b = loam_linear_scratch(second, rows);
    return a > b ? a : b;
  }
  return loam_input_room(first, rows) + loam_input_room(second, rows) + rows * LOAM_PANEL;
}

size_t loam_feed_forward_between(const loam_linear *first, const loam_linear *second, size_t rows) {
  return is_joined(first, second) ? 0 : rows * first->out;
}

static void feed_forward(const loam_kernel_set *set, const loam_linear *first,
                         const loam_linear *second, const float *x, size_t rows, float *scratch,
                         float *between, float *y) {
  if (!is_joined(first, second)) {
    loam_apply(set, first, x, rows, 1, scratch, between);
    loam_apply(set, second, between, rows, 0, scratch, y);
    return;
  }
  loam_input input = loam_input_of(set, first, x, rows, scratch);
  scratch += loam_input_room(first, rows);
  loam_input middle = loam_input_in(second, rows, scratch);
  float *outputs = scratch + loam_input_room(second, rows);
  for (size_t panel = 0; panel < first->out / LOAM_PANEL; panel++) {
    loam_apply_panel(set, first, panel, input, 0, rows, 1, NULL, outputs, LOAM_PANEL);
    loam_round_group(set, second, middle, panel, outputs, LOAM_PANEL, rows);
  }
  loam_apply_input(set, second, middle, rows, 0, NULL, y);
}

void loam_feed_forward(const loam_linear *first, const loam_linear *second, const float *x,
                       size_t rows, float *scratch, float *between, float *y) {
  feed_forward(loam_set_current(), first, second, x, rows, scratch, between, y);
}

void loam_feed_forward_at(loam_level level, const loam_linear *first, const loam_linear *second,
                          const float *x, size_t rows, float *scratch, float *between, float *y) {
  feed_forward(loam_set_at(level), first, second, x, rows, scratch, between, y);
}
