#include "linear.h"

#include <string.h>

/*
 * A linear layer over a kernel set: which panels and rows meet in which order. Written once; the
 * sums themselves are the set's.
 */

/* Rows of a panel at a time: their outputs stay in the nearest cache until they are finished. */
enum { ROWS_AT_A_TIME = 48 };

static size_t whole_quads(size_t n) { return (n + 3) / 4 * 4; }

/* Floats of a cache line, at which the starts begin. */
enum { LINE = 16 };

static size_t reach_room(const loam_linear *layer) {
  return (loam_groups(layer->in) + LINE - 1) / LINE * LINE;
}

/* What a prepared layer has: a number a group, then the starts. */
size_t loam_linear_prepared(const loam_linear *layer) {
  if (!loam_rounds_to_7(layer)) return 0;
  size_t starts = loam_panels(layer->out) * loam_groups(layer->in) * LOAM_PANEL * 2;
  return reach_room(layer) + starts * sizeof(int16_t) / sizeof(float);
}

void loam_linear_prepare(loam_linear *layer, float *room) {
  loam_linear_prepare_at(loam_kernels_level(), layer, room);
}

void loam_linear_prepare_at(loam_level level, loam_linear *layer, float *room) {
  if (!loam_rounds_to_7(layer)) return;
  const loam_kernel_set *set = loam_set_at(level);
  size_t quads = whole_quads(layer->in) / 4, all = loam_groups(layer->in);
  int16_t *starts = (int16_t *)(room + reach_room(layer));
  for (size_t g = 0; g < all; g++) {
    int32_t most = 0;
    size_t first = g * LOAM_QUADS, count = loam_least(LOAM_QUADS, quads - first);
    for (size_t block = 0; block < loam_panels(layer->out) * 2; block++) {
      int16_t *to = starts + ((block / 2 * all + g) * 2 + block % 2) * LOAM_PANEL;
      int32_t squares = set->weigh(layer->i8 + (block * quads + first) * 64, count, to);
      if (squares > most) most = squares;
    }
    room[g] = loam_group_reach(most);
  }
  layer->reach = room;
  layer->starts = starts;
}

/* A panel of weights is only in scratch space where it is widened. */
size_t loam_panel_room(const loam_linear *layer) {
  int is_widened = layer->f32 == NULL && layer->rounding == LOAM_ROUNDING_16;
  return is_widened ? LOAM_INPUTS * LOAM_PANEL / 2 : 0;
}

size_t loam_input_room(const loam_linear *layer, size_t rows) {
  if (layer->f32 != NULL) return 0;
  if (layer->rounding == LOAM_ROUNDING_16) return rows * (whole_quads(layer->in) / 2 + 1);
  return rows * loam_groups(layer->in) * (LOAM_GROUP / sizeof(float) + 1);
}

size_t loam_linear_scratch(const loam_linear *layer, size_t rows) {
  return loam_panel_room(layer) + loam_input_room(layer, rows);
}

loam_input loam_input_in(const loam_linear *layer, size_t rows, float *room) {
  loam_input input = {0};
  if (layer->f32 != NULL) return input;
  if (layer->rounding == LOAM_ROUNDING_16) {
    input.row_scales = room;
    input.codes = (int16_t *)(room + rows);
  } else {
    input.group_steps = room;
    input.group_codes = (uint8_t *)(input.group_steps + rows * loam_groups(layer->in));
  }
  return input;
}

loam_input loam_input_of(const loam_kernel_set *set, const loam_linear *layer, const float *x,
                         size_t rows, float *room) {
  loam_input input = loam_input_in(layer, rows, room);
  size_t in = layer->in, all = loam_groups(in);
  input.x = x;
  if (input.codes != NULL) {
    set->round_rows(rows, in, x, in, input.codes, whole_quads(in), input.row_scales);
  } else if (input.group_codes != NULL) {
    set->round_groups(rows, in, x, in, layer->reach, input.group_codes, all * LOAM_GROUP,
                      input.group_steps, all);
  }
  return input;
}

void loam_round_group(const loam_kernel_set *set, const loam_linear *layer, loam_input input,
                      size_t group, const float *x, size_t stride, size_t rows) {
  size_t all = loam_groups(layer->in);
  set->round_groups(rows, LOAM_GROUP, x, stride, layer->reach + group,
                    input.group_codes + group * LOAM_GROUP, all * LOAM_GROUP,
                    input.group_steps + group, all);
}

/* The products of one panel with the inputs from `at` on, `count` of them, added where at > 0. */
static void multiply_inputs(const loam_kernel_set *set, const loam_linear *layer, size_t panel,
                            size_t at, size_t count, loam_input input, size_t from, size_t rows,
                            const float *room, float *to, size_t stride) {
  size_t in = layer->in, width = whole_quads(in), block = width * 16;
  if (layer->f32 != NULL) {
    set->multiply(rows, count, input.x + from * in + at, in,
                  layer->f32 + (panel * in + at) * LOAM_PANEL, to, stride, at > 0);
  } else if (input.codes != NULL) {
    set->multiply_i16(rows, whole_quads(count), input.codes + from * width + at, width,
                      (const int16_t *)room, to, stride, at > 0);
  } else {
    size_t all = loam_groups(in), group = at / LOAM_GROUP, first = from * all + group;
    loam_group_panel weights;
    weights.low = layer->i8 + 2 * panel * block + at * 16;
    weights.high = weights.low + block;
    weights.starts = layer->starts + (panel * all + group) * LOAM_PANEL * 2;
    weights.quads = (count + 3) / 4;
    /* What comes next: the panel's next inputs, or the first of the next panel. */
    size_t next = at + count < in ? count * 16 : 2 * block - at * 16;
    weights.ahead = from == 0 ? next : 0;
    set->multiply_groups(rows, input.group_codes + first * LOAM_GROUP, all * LOAM_GROUP,
                         input.group_steps + first, all, weights, to, stride, at > 0);
  }
}

void loam_apply_panel(const loam_kernel_set *set, const loam_linear *layer, size_t panel,
                      loam_input input, size_t from, size_t rows, int gelu, float *room, float *to,
                      size_t stride) {
  size_t in = layer->in, first = panel * LOAM_PANEL, block = whole_quads(in) * 16;
  const float *bias = layer->bias + first;
  float padded[LOAM_PANEL] = {0};
  if (layer->out - first < LOAM_PANEL) {
    memcpy(padded, bias, (layer->out - first) * sizeof(float));
    bias = padded;
  }
  /* What the sums are finished with comes while they are made. */
  for (size_t i = 0; i < LOAM_PANEL; i += LINE) {
    __builtin_prefetch(bias + i);
    if (layer->f32 == NULL) __builtin_prefetch(layer->scales + first + i);
  }
  for (size_t at = 0; at < in; at += LOAM_INPUTS) {
    size_t count = loam_least(LOAM_INPUTS, in - at);
    if (input.codes != NULL) {
      const int8_t *low = layer->i8 + 2 * panel * block + at * 16;
      set->unpack_i16(low, low + block, (count + 3) / 4, (int16_t *)room);
    }
    for (size_t r = 0; r < rows; r += ROWS_AT_A_TIME) {
      size_t some = loam_least(ROWS_AT_A_TIME, rows - r);
      float *part = to + r * stride;
      multiply_inputs(set, layer, panel, at, count, input, from + r, some, room, part, stride);
      if (at + count < in) continue;
      set->finish(some, part, stride,
                  input.row_scales == NULL ? NULL : input.row_scales + from + r,
                  layer->f32 == NULL ? layer->scales + first : NULL, bias, gelu);
    }
  }
}

void loam_apply_input(const loam_kernel_set *set, const loam_linear *layer, loam_input input,
                      size_t rows, int gelu, float *room, float *y) {
  size_t whole = layer->out / LOAM_PANEL, rest = layer->out - whole * LOAM_PANEL;
  for (size_t panel = 0; panel < whole; panel++) {
    loam_apply_panel(set, layer, panel, input, 0, rows, gelu, room, y + panel * LOAM_PANEL,
                     layer->out);
  }
  /* The last outputs do not fill a panel: a buffer keeps what is past a row from being written. */
  for (size_t r = 0; rest > 0 && r < rows; r += ROWS_AT_A_TIME) {
    float buffer[ROWS_AT_A_TIME * LOAM_PANEL];
    size_t count = loam_least(ROWS_AT_A_TIME, rows - r);
    loam_apply_panel(set, layer, whole, input, r, count, gelu, room, buffer, LOAM_PANEL);
    for (size_t i = 0; i < count; i++) {
      memcpy(y + (r + i) * layer->out + whole * LOAM_PANEL, buffer + i * LOAM_PANEL,
             rest * sizeof(float));
    }
  }
}

void loam_apply(const loam_kernel_set *set, const loam_linear *layer, const float *x, size_t rows,
                int gelu, float *scratch, float *y) {
  loam_input input = loam_input_of(set, layer, x, rows, scratch + loam_panel_room(layer));
  loam_apply_input(set, layer, input, rows, gelu, scratch, y);
}

void loam_linear_apply_at(loam_level level, const loam_linear *layer, const float *x, size_t rows,
                          int gelu, float *scratch, float *y) {
  loam_apply(loam_set_at(level), layer, x, rows, gelu, scratch, y);
}
