#include "linear.h"

#include <math.h>
#include <string.h>

/*
 * Self-attention, a head at a time. Where the layers before and after it round to 7 bits and a head
 * is a whole number of panels, a head's queries, keys and values are made, used for all texts and
 * rounded for the layer after while they are in a near cache.
 */

/* Rows of attention weights at a time: a multiple of every set's tile. */
enum { QUERIES = 48 };

/* One head of the tokens of a text. */
typedef struct head {
  const float *queries, *keys; /* a row of `size` floats a token, rows `stride` floats apart */
  size_t stride, size;
  const float *values;         /* panels of 32 features, `panel` floats apart: [tokens][32] */
  size_t panel;
} head;

/* Floats of scratch space: the keys as panels, the weights of some queries, a sum's features. */
static size_t head_room(size_t tokens, size_t size) {
  return loam_panels(tokens) * LOAM_PANEL * (size + QUERIES) + QUERIES * LOAM_PANEL;
}

/* Sums weighted values: 32 features of some queries, through a buffer where a panel is not full. */
static void weigh_values(const loam_kernel_set *set, head head, size_t first, const float *weights,
                         size_t width, size_t tokens, const float *shares, size_t rows,
                         float *buffer, float *out, size_t out_stride) {
  const float *values = head.values + first / LOAM_PANEL * head.panel;
  size_t count = loam_least(LOAM_PANEL, head.size - first);
  float *to = count == LOAM_PANEL ? out + first : buffer;
  size_t stride = count == LOAM_PANEL ? out_stride : LOAM_PANEL;
  set->multiply(rows, tokens, weights, width, values, to, stride, 0);
  for (size_t r = 0; r < rows; r++) {
    float *row = out + r * out_stride + first;
    for (size_t i = 0; i < count; i++) row[i] = to[r * stride + i] * shares[r];
  }
}

static void attend_head(const loam_kernel_set *set, head head, size_t tokens, float *scratch,
                        float *out, size_t out_stride) {
  size_t width = loam_panels(tokens) * LOAM_PANEL;
  float *keys = scratch, *weights = keys + width * head.size, *buffer = weights + QUERIES * width;
  float factor = 1.0f / sqrtf((float)head.size), shares[QUERIES];
  set->lay_keys(head.keys, tokens, head.stride, head.size, keys);
  for (size_t t = 0; t < tokens; t += QUERIES) {
    size_t rows = loam_least(QUERIES, tokens - t);
    for (size_t at = 0; at < width; at += LOAM_PANEL) {
      set->multiply(rows, head.size, head.queries + t * head.stride, head.stride,
                    keys + at * head.size, weights + at, width, 0);
    }
    set->softmax(weights, rows, tokens, width, factor, shares);
    for (size_t first = 0; first < head.size; first += LOAM_PANEL) {
      weigh_values(set, head, first, weights, width, tokens, shares, rows, buffer,
                   out + t * out_stride, out_stride);
    }
  }
}

/* The values of one head as panels of 32 features: [size / 32][tokens][32]. */
static void lay_values(const float *values, size_t tokens, size_t row, size_t size, float *to) {
  for (size_t first = 0; first < size; first += LOAM_PANEL) {
    size_t count = loam_least(LOAM_PANEL, size - first);
    for (size_t t = 0; t < tokens; t++, to += LOAM_PANEL) {
      memcpy(to, values + t * row + first, count * sizeof(float));
      memset(to + count, 0, (LOAM_PANEL - count) * sizeof(float));
    }
  }
}

size_t loam_attention_scratch(size_t tokens, size_t size) {
  return loam_panels(size) * LOAM_PANEL * tokens + head_room(tokens, size);
}

static void attend(const loam_kernel_set *set, const float *qkv, size_t tokens, size_t heads,
                   size_t size, float *scratch, float *out) {
  size_t hidden = heads * size, row = 3 * hidden, panel = tokens * LOAM_PANEL;
  for (size_t i = 0; i < heads; i++) {
    const float *queries = qkv + i * size;
    lay_values(queries + 2 * hidden, tokens, row, size, scratch);
    head head = {queries, queries + hidden, row, size, scratch, panel};
    attend_head(set, head, tokens, scratch + loam_panels(size) * panel, out + i * size, hidden);
  }
}

void loam_attention_at(loam_level level, const float *qkv, size_t tokens, size_t heads,
                       size_t head_size, float *scratch, float *out) {
  attend(loam_set_at(level), qkv, tokens, heads, head_size, scratch, out);
}

static size_t rows_of(const loam_texts *texts) {
  size_t rows = 0;
  for (size_t i = 0; i < texts->count; i++) rows += texts->lengths[i];
  return rows;
}

static int is_joined(const loam_linear *input, const loam_linear *output, size_t heads) {
  return loam_rounds_to_7(input) && loam_rounds_to_7(output) &&
         output->in / heads % LOAM_PANEL == 0;
}

size_t loam_self_attention_scratch(const loam_linear *input, const loam_linear *output,
                                   size_t heads, size_t rows) {
  size_t size = output->in / heads;
  if (is_joined(input, output, heads)) {
    return loam_input_room(input, rows) + loam_input_room(output, rows) + 4 * rows * size +
           head_room(rows, size);
  }
  size_t a = loam_linear_scratch(input, rows), b = loam_linear_scratch(output, rows);
  size_t c = loam_attention_scratch(rows, size);
  a = a > b ? a : b;
  return a > c ? a : c;
}

size_t loam_self_attention_between(const loam_linear *input, const loam_linear *output,
                                   size_t heads, size_t rows) {
  return is_joined(input, output, heads) ? 0 : rows * 4 * output->in;
}

/* One head of all texts, from the rounded rows to the rounded inputs of the layer after. */
static void join_head(const loam_kernel_set *set, const loam_linear *input,
                      const loam_linear *output, const loam_texts *texts, size_t size,
                      size_t head_at, loam_input rounded, loam_input middle, float *scratch) {
  size_t rows = rows_of(texts), part = rows * size;
  float *queries = scratch, *values = queries + 2 * part, *out = values + part;
  for (size_t i = 0; i < 3; i++) {
    for (size_t at = 0; at < size; at += LOAM_PANEL) {
      size_t panel = (i * output->in + head_at * size + at) / LOAM_PANEL;
      float *to = queries + i * part + (i < 2 ? at : at * rows);
      loam_apply_panel(set, input, panel, rounded, 0, rows, 0, NULL, to, i < 2 ? size : LOAM_PANEL);
    }
  }
  for (size_t i = 0, row = 0; i < texts->count; row += texts->lengths[i++]) {
    head head = {queries + row * size, queries + part + row * size, size, size,
                 values + row * LOAM_PANEL, rows * LOAM_PANEL};
    attend_head(set, head, texts->lengths[i], out + part, out + row * size, size);
  }
  for (size_t at = 0; at < size; at += LOAM_GROUP) {
    loam_round_group(set, output, middle, (head_at * size + at) / LOAM_GROUP, out + at, size, rows);
  }
}

static void self_attention(const loam_kernel_set *set, const loam_linear *input,
                           const loam_linear *output, const float *x, const loam_texts *texts,
                           size_t heads, float *scratch, float *between, float *y) {
  size_t rows = rows_of(texts), hidden = output->in, size = hidden / heads;
  if (is_joined(input, output, heads)) {
    loam_input rounded = loam_input_of(set, input, x, rows, scratch);
    scratch += loam_input_room(input, rows);
    loam_input middle = loam_input_in(output, rows, scratch);
    scratch += loam_input_room(output, rows);
    for (size_t i = 0; i < heads; i++) {
      join_head(set, input, output, texts, size, i, rounded, middle, scratch);
    }
    loam_apply_input(set, output, middle, rows, 0, NULL, y);
    return;
  }
  float *attended = between + 3 * rows * hidden;
  loam_apply(set, input, x, rows, 0, scratch, between);
  for (size_t i = 0, row = 0; i < texts->count; row += texts->lengths[i++]) {
    attend(set, between + row * 3 * hidden, texts->lengths[i], heads, size, scratch,
           attended + row * hidden);
  }
  loam_apply(set, output, attended, rows, 0, scratch, y);
}

void loam_self_attention(const loam_linear *input, const loam_linear *output, const float *x,
                         const loam_texts *texts, size_t heads, float *scratch, float *between,
                         float *y) {
  self_attention(loam_set_current(), input, output, x, texts, heads, scratch, between, y);
}

void loam_self_attention_at(loam_level level, const loam_linear *input, const loam_linear *output,
                            const float *x, const loam_texts *texts, size_t heads, float *scratch,
                            float *between, float *y) {
  self_attention(loam_set_at(level), input, output, x, texts, heads, scratch, between, y);
}
