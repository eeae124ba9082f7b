#include "kernel_set.h"

#include <math.h>
#include <string.h>

/*
 * The encoder's layers over a kernel set: which panels and rows meet in which order. Written once;
 * the sums themselves are the set's.
 */

/*
 * Inputs of a panel handled at a time: a panel of 384 by 32 stays in a cache, and sums of so many
 * integers in 32 bits. A multiple of LOAM_GROUP.
 */
enum { INPUTS = 384 };
enum { BUFFERED_ROWS = 48 };
/* Rows of attention weights at a time: a multiple of every set's tile. */
enum { ATTENTION_ROWS = 48 };

static size_t least(size_t a, size_t b) { return a < b ? a : b; }
static size_t panels(size_t n) { return (n + LOAM_PANEL - 1) / LOAM_PANEL; }

static size_t whole_quads(size_t n) { return (n + 3) / 4 * 4; }

static size_t groups(size_t n) { return (n + LOAM_GROUP - 1) / LOAM_GROUP; }

/* Room for a panel, widened or prepared for groups: 2 octets a weight, or 1.25. */
enum { PANEL_ROOM = INPUTS * LOAM_PANEL / 2 };

/* Floats that the rounded rows of `in` inputs take, with their scales. */
static size_t codes_room(loam_rounding rounding, size_t in, size_t rows) {
  if (rounding == LOAM_ROUNDING_16) return rows * (whole_quads(in) / 2 + 1);
  return rows * groups(in) * (LOAM_GROUP / sizeof(float) + 1);
}

size_t loam_linear_scratch(const loam_linear *layer, size_t rows) {
  if (layer->f32 != NULL) return 0;
  return PANEL_ROOM + codes_room(layer->rounding, layer->in, rows);
}

/* The rows that a layer is applied to: as they are, or rounded to 16 or 7 bits. */
typedef struct layer_input {
  const float *x;
  float *row_scales;
  int16_t *codes;
  float *group_steps;
  uint8_t *group_codes;
} layer_input;

/* Places for the rounded rows in scratch space from `room` on. */
static layer_input input_in(const loam_linear *layer, size_t rows, float *room) {
  layer_input input = {0};
  if (layer->f32 != NULL) return input;
  if (layer->rounding == LOAM_ROUNDING_16) {
    input.row_scales = room;
    input.codes = (int16_t *)(room + rows);
  } else {
    input.group_steps = room;
    input.group_codes = (uint8_t *)(input.group_steps + rows * groups(layer->in));
  }
  return input;
}

static layer_input rounded(const loam_kernel_set *set, const loam_linear *layer, const float *x,
                           size_t rows, float *room) {
  layer_input input = input_in(layer, rows, room);
  size_t in = layer->in;
  input.x = x;
  if (input.codes != NULL) {
    set->round_rows(rows, in, x, in, input.codes, whole_quads(in), input.row_scales);
  } else if (input.group_codes != NULL) {
    set->round_groups(rows, in, x, in, input.group_codes, groups(in) * LOAM_GROUP,
                      input.group_steps, groups(in));
  }
  return input;
}

/* Where the parts of a panel that is prepared for groups lie in scratch space. */
static loam_group_panel group_panel(float *room) {
  loam_group_panel panel;
  panel.starts = (int16_t *)room;
  panel.weights = (int8_t *)(panel.starts + INPUTS * 4);
  return panel;
}

/* The products of one panel with the inputs from `at` on, `count` of them, added where at > 0. */
static void multiply_inputs(const loam_kernel_set *set, const loam_linear *layer, size_t panel,
                            size_t at, size_t count, layer_input input, size_t from, size_t rows,
                            float *room, float *to, size_t stride) {
  size_t in = layer->in, width = whole_quads(in);
  if (layer->f32 != NULL) {
    set->multiply(rows, count, input.x + from * in + at, in,
                  layer->f32 + (panel * in + at) * LOAM_PANEL, to, stride, at > 0);
    return;
  }
  size_t quads = (count + 3) / 4, block = width * 16;
  const int8_t *low = layer->i8 + 2 * panel * block + at * 16;
  if (input.codes != NULL) {
    int16_t *widened = (int16_t *)room;
    set->unpack_i16(low, low + block, quads, widened);
    set->multiply_i16(rows, quads * 4, input.codes + from * width + at, width, widened, to, stride,
                      at > 0);
  } else {
    loam_group_panel prepared = group_panel(room);
    size_t all = groups(in), first = from * all + at / LOAM_GROUP;
    set->prepare_group_panel(low, low + block, quads, prepared);
    set->multiply_groups(rows, groups(count), input.group_codes + first * LOAM_GROUP,
                         all * LOAM_GROUP, input.group_steps + first, all, prepared, to, stride,
                         at > 0);
  }
}

/* One panel's outputs for the rows from..<from + rows; 32 floats of room in each row of `to`. */
static void apply_panel(const loam_kernel_set *set, const loam_linear *layer, size_t panel,
                        layer_input input, size_t from, size_t rows, int gelu, float *room,
                        float *to, size_t stride) {
  size_t in = layer->in, first = panel * LOAM_PANEL;
  for (size_t at = 0; at < in; at += INPUTS) {
    multiply_inputs(set, layer, panel, at, least(INPUTS, in - at), input, from, rows, room, to,
                    stride);
  }
  float bias[LOAM_PANEL] = {0};
  memcpy(bias, layer->bias + first, least(LOAM_PANEL, layer->out - first) * sizeof(float));
  set->finish(rows, to, stride, input.row_scales == NULL ? NULL : input.row_scales + from,
              layer->f32 == NULL ? layer->scales + first : NULL, bias, gelu);
}

/* The layer over rows that are rounded already, where it rounds; `room` holds a panel. */
static void apply_to(const loam_kernel_set *set, const loam_linear *layer, layer_input input,
                     size_t rows, int gelu, float *room, float *y) {
  size_t whole = layer->out / LOAM_PANEL;
  for (size_t panel = 0; panel < whole; panel++) {
    apply_panel(set, layer, panel, input, 0, rows, gelu, room, y + panel * LOAM_PANEL, layer->out);
  }
  /* The last outputs do not fill a panel: through a buffer, so that nothing past a row is written. */
  size_t rest = layer->out - whole * LOAM_PANEL;
  for (size_t r = 0; rest > 0 && r < rows; r += BUFFERED_ROWS) {
    float buffer[BUFFERED_ROWS * LOAM_PANEL];
    size_t count = least(BUFFERED_ROWS, rows - r);
    apply_panel(set, layer, whole, input, r, count, gelu, room, buffer, LOAM_PANEL);
    for (size_t i = 0; i < count; i++) {
      memcpy(y + (r + i) * layer->out + whole * LOAM_PANEL, buffer + i * LOAM_PANEL,
             rest * sizeof(float));
    }
  }
}

static void apply(const loam_kernel_set *set, const loam_linear *layer, const float *x, size_t rows,
                  int gelu, float *scratch, float *y) {
  layer_input input = rounded(set, layer, x, rows, scratch + PANEL_ROOM);
  apply_to(set, layer, input, rows, gelu, scratch, y);
}

/* Whether the outputs of `first`, a panel at a time, are whole groups of inputs of `second`. */
static int is_joined(const loam_linear *first, const loam_linear *second) {
  return first->f32 == NULL && second->f32 == NULL && first->rounding == LOAM_ROUNDING_7 &&
         second->rounding == LOAM_ROUNDING_7 && first->out % LOAM_PANEL == 0;
}

size_t loam_feed_forward_scratch(const loam_linear *first, const loam_linear *second, size_t rows) {
  if (!is_joined(first, second)) {
    size_t a = loam_linear_scratch(first, rows), b = loam_linear_scratch(second, rows);
    return a > b ? a : b;
  }
  return PANEL_ROOM + codes_room(LOAM_ROUNDING_7, first->in, rows) +
         codes_room(LOAM_ROUNDING_7, second->in, rows) + rows * LOAM_PANEL;
}

size_t loam_feed_forward_between(const loam_linear *first, const loam_linear *second, size_t rows) {
  return is_joined(first, second) ? 0 : rows * first->out;
}

static void feed_forward(const loam_kernel_set *set, const loam_linear *first,
                         const loam_linear *second, const float *x, size_t rows, float *scratch,
                         float *between, float *y) {
  if (!is_joined(first, second)) {
    apply(set, first, x, rows, 1, scratch, between);
    apply(set, second, between, rows, 0, scratch, y);
    return;
  }
  float *room = scratch + PANEL_ROOM;
  layer_input input = rounded(set, first, x, rows, room);
  room += codes_room(LOAM_ROUNDING_7, first->in, rows);
  layer_input middle = input_in(second, rows, room);
  float *outputs = room + codes_room(LOAM_ROUNDING_7, second->in, rows);
  size_t all = groups(second->in);
  for (size_t panel = 0; panel < all; panel++) {
    apply_panel(set, first, panel, input, 0, rows, 1, scratch, outputs, LOAM_PANEL);
    set->round_groups(rows, LOAM_PANEL, outputs, LOAM_PANEL,
                      middle.group_codes + panel * LOAM_GROUP, all * LOAM_GROUP,
                      middle.group_steps + panel, all);
  }
  apply_to(set, second, middle, rows, 0, scratch, y);
}

size_t loam_attention_scratch(size_t tokens, size_t heads, size_t head_size) {
  (void)heads;
  return panels(tokens) * LOAM_PANEL * (head_size + ATTENTION_ROWS) +
         panels(head_size) * LOAM_PANEL * (tokens + ATTENTION_ROWS);
}

/* The keys of one head as panels of 32 tokens: [tokens / 32][head_size][32]. */
static void lay_keys(const float *keys, size_t tokens, size_t row, size_t size, float *to) {
  memset(to, 0, panels(tokens) * LOAM_PANEL * size * sizeof(float));
  for (size_t t = 0; t < tokens; t++) {
    float *place = to + t / LOAM_PANEL * size * LOAM_PANEL + t % LOAM_PANEL;
    for (size_t i = 0; i < size; i++) place[i * LOAM_PANEL] = keys[t * row + i];
  }
}

/* The values of one head as panels of 32 features: [head_size / 32][tokens][32]. */
static void lay_values(const float *values, size_t tokens, size_t row, size_t size, float *to) {
  for (size_t first = 0; first < size; first += LOAM_PANEL) {
    size_t count = least(LOAM_PANEL, size - first);
    for (size_t t = 0; t < tokens; t++, to += LOAM_PANEL) {
      memcpy(to, values + t * row + first, count * sizeof(float));
      memset(to + count, 0, (LOAM_PANEL - count) * sizeof(float));
    }
  }
}

static void attend(const loam_kernel_set *set, const float *qkv, size_t tokens, size_t heads,
                   size_t size, float *scratch, float *out) {
  size_t hidden = heads * size, row = 3 * hidden;
  size_t width = panels(tokens) * LOAM_PANEL, features = panels(size) * LOAM_PANEL;
  float *keys = scratch, *values = keys + width * size, *weights = values + features * tokens;
  float *sums = weights + ATTENTION_ROWS * width;
  float factor = 1.0f / sqrtf((float)size);
  for (size_t head = 0; head < heads; head++) {
    const float *query = qkv + head * size;
    lay_keys(query + hidden, tokens, row, size, keys);
    lay_values(query + 2 * hidden, tokens, row, size, values);
    for (size_t t = 0; t < tokens; t += ATTENTION_ROWS) {
      size_t rows = least(ATTENTION_ROWS, tokens - t);
      for (size_t at = 0; at < width; at += LOAM_PANEL) {
        set->multiply(rows, size, query + t * row, row, keys + at * size, weights + at, width, 0);
      }
      set->softmax(weights, rows, tokens, width, factor);
      for (size_t at = 0; at < features; at += LOAM_PANEL) {
        set->multiply(rows, tokens, weights, width, values + at * tokens, sums + at, features, 0);
      }
      for (size_t r = 0; r < rows; r++) {
        memcpy(out + (t + r) * hidden + head * size, sums + r * features, size * sizeof(float));
      }
    }
  }
}

void loam_linear_apply(const loam_linear *layer, const float *x, size_t rows, int gelu,
                       float *scratch, float *y) {
  apply(loam_set_current(), layer, x, rows, gelu, scratch, y);
}

void loam_linear_apply_at(loam_level level, const loam_linear *layer, const float *x, size_t rows,
                          int gelu, float *scratch, float *y) {
  apply(loam_set_at(level), layer, x, rows, gelu, scratch, y);
}

void loam_feed_forward(const loam_linear *first, const loam_linear *second, const float *x,
                       size_t rows, float *scratch, float *between, float *y) {
  feed_forward(loam_set_current(), first, second, x, rows, scratch, between, y);
}

void loam_feed_forward_at(loam_level level, const loam_linear *first, const loam_linear *second,
                          const float *x, size_t rows, float *scratch, float *between, float *y) {
  feed_forward(loam_set_at(level), first, second, x, rows, scratch, between, y);
}

void loam_attention(const float *qkv, size_t tokens, size_t heads, size_t head_size, float *scratch,
                    float *out) {
  attend(loam_set_current(), qkv, tokens, heads, head_size, scratch, out);
}

void loam_attention_at(loam_level level, const float *qkv, size_t tokens, size_t heads,
                       size_t head_size, float *scratch, float *out) {
  attend(loam_set_at(level), qkv, tokens, heads, head_size, scratch, out);
}

void loam_add_layer_norm(const loam_norm *norm, float *x, const float *y, size_t rows) {
  loam_add_layer_norm_at(loam_kernels_level(), norm, x, y, rows);
}

void loam_add_layer_norm_at(loam_level level, const loam_norm *norm, float *x, const float *y,
                            size_t rows) {
  loam_set_at(level)->add_layer_norm(x, y, rows, norm->size, norm->weight, norm->bias,
                                     norm->epsilon);
}

/* The first and last step of a pass are too small to need kernels of their own. */
void loam_embed(const loam_embedding *embedding, const int32_t *ids, size_t tokens, float *x) {
  size_t size = embedding->size;
  for (size_t t = 0; t < tokens; t++) {
    size_t id = (size_t)ids[t];
    const float *position = embedding->positions + t * size;
    float *row = x + t * size;
    if (embedding->f32 != NULL) {
      const float *word = embedding->f32 + id * size;
      for (size_t i = 0; i < size; i++) row[i] = word[i] + position[i];
    } else {
      const int8_t *word = embedding->i8 + id * size;
      float scale = embedding->scales[id];
      for (size_t i = 0; i < size; i++) row[i] = (float)word[i] * scale + position[i];
    }
  }
}

void loam_pool(const float *x, size_t tokens, size_t size, int first, float *out) {
  memcpy(out, x, size * sizeof(float));
  for (size_t t = 1; !first && t < tokens; t++) {
    for (size_t i = 0; i < size; i++) out[i] += x[t * size + i];
  }
  /* The mean differs from the sum by a factor that the unit length takes away. */
  double squares = 0;
  for (size_t i = 0; i < size; i++) squares += (double)out[i] * (double)out[i];
  double length = sqrt(squares);
  if (!(length > 0) || !isfinite(length)) {
    memset(out, 0, size * sizeof(float));
    return;
  }
  float factor = (float)(1 / length);
  for (size_t i = 0; i < size; i++) out[i] *= factor;
}

void loam_gelu_at(loam_level level, float *x, size_t n) { loam_set_at(level)->gelu(x, n); }

void loam_softmax_at(loam_level level, float *x, size_t rows, size_t n, size_t stride,
                     float factor) {
  loam_set_at(level)->softmax(x, rows, n, stride, factor);
}
