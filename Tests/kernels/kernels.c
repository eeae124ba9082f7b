/*
 * Compares the kernels of LEVEL, or else of the best one that this processor has, with the plain ones, on
 * random and edge inputs drawn by a seed. Prints what differs; the exit code is 1 then.
 *
 * The tests in Swift do more, where Swift is; this runs on any processor that C is compiled for, an
 * emulated one too (see `run`).
 */
#include "CKernels.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t state = 20261130;
static int failures = 0, comparisons = 0;
static loam_level best;

static uint64_t draw(void) {
  uint64_t z = state += 0x9E3779B97F4A7C15u;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return z ^ (z >> 31);
}

static float number(void) { return (float)(draw() >> 40) * 0x1p-23f - 1; }

static void *room(size_t octets) { return calloc(1, octets + 64); }

static float *numbers(size_t count) {
  float *x = room(count * sizeof(float));
  for (size_t i = 0; i < count; i++) x[i] = number();
  return x;
}

/* With `tolerance` 0 to the bit; else of 1 or the greater magnitude. */
static void compare(const char *what, const float *a, const float *b, size_t count, float tolerance) {
  comparisons++;
  for (size_t i = 0; i < count; i++) {
    float limit = tolerance * fmaxf(1, fmaxf(fabsf(a[i]), fabsf(b[i])));
    int same = tolerance == 0 ? memcmp(a + i, b + i, sizeof *a) == 0
                              : fabsf(a[i] - b[i]) <= limit || (isnan(a[i]) && isnan(b[i]));
    if (same) continue;
    printf("%s: number %zu of %zu is %.9g, plain %.9g\n", what, i, count, a[i], b[i]);
    failures++;
    return;
  }
}

static size_t panels(size_t n) { return (n + LOAM_PANEL - 1) / LOAM_PANEL; }

typedef enum { FLOATS, SIXTEEN, SEVEN } form;

/* A layer of any weights, prepared for the best level (the plain one reads no starts); `most` is the magnitude of
   octets. */
static loam_linear layer(size_t in, size_t out, form form, int most) {
  loam_linear layer = {0};
  size_t whole = panels(out) * LOAM_PANEL, quads = (in + 3) / 4;
  float *bias = numbers(whole), *scales = numbers(whole);
  layer.in = in;
  layer.out = out;
  layer.bias = bias;
  if (form == FLOATS) {
    layer.f32 = numbers(panels(out) * in * LOAM_PANEL);
    return layer;
  }
  int8_t *codes = room(whole * quads * 4);
  for (size_t o = 0; o < out; o++) {
    for (size_t i = 0; i < in; i++) {
      int code = (int)(draw() % (uint64_t)(2 * most + 1)) - most;
      codes[((o / 16 * quads + i / 4) * 16 + o % 16) * 4 + i % 4] = (int8_t)code;
    }
  }
  for (size_t o = 0; o < whole; o++) scales[o] = fabsf(scales[o]) / 127;
  layer.i8 = codes;
  layer.scales = scales;
  layer.rounding = form == SEVEN ? LOAM_ROUNDING_7 : LOAM_ROUNDING_16;
  loam_linear_prepare_at(best, &layer, room(loam_linear_prepared(&layer) * sizeof(float)));
  return layer;
}

static void linear(size_t in, size_t out, form form, int most) {
  loam_linear own = layer(in, out, form, most);
  for (size_t rows = 1; rows < 60; rows += 7) {
    float *x = numbers(rows * in), *scratch = room(loam_linear_scratch(&own, rows) * sizeof(float));
    float *a = room(rows * out * sizeof(float)), *b = room(rows * out * sizeof(float));
    /* Rows at full magnitude, of zeros, of the tiny, and with what is not finite. Sums of floats of the huge
       differ by more than a tolerance knows where they cancel out. */
    for (size_t i = 0; i < in; i++) {
      x[i] = 1;
      if (rows > 4) {
        x[in + i] = 0;
        x[2 * in + i] *= 1e-30f;
        if (form != FLOATS) x[3 * in + i] *= 1e20f;
      }
    }
    if (rows > 5 && form != FLOATS) x[4 * in + in / 2] = rows % 2 ? INFINITY : -INFINITY;
    for (int gelu = 0; gelu < 2; gelu++) {
      loam_linear_apply_at(best, &own, x, rows, gelu, scratch, a);
      loam_linear_apply_at(LOAM_LEVEL_PORTABLE, &own, x, rows, gelu, scratch, b);
      char what[80];
      snprintf(what, sizeof what, "linear %zu to %zu, form %d, %zu rows", in, out, form, rows);
      compare(what, a, b, rows * out, gelu || form == FLOATS ? 3e-5f : 0);
    }
  }
}

static void scores(size_t dim) {
  enum { ROWS = 23 };
  size_t head_octets = loam_row_head_octets(dim), steps = loam_step_count(dim);
  int8_t *codes = room(ROWS * dim);
  uint8_t *heads = room(ROWS * head_octets);
  int16_t *q = room(steps * LOAM_STEP_BLOCK * sizeof *q);
  loam_row rows[ROWS];
  float a[ROWS], b[ROWS];
  for (size_t i = 0; i < dim; i++) q[i] = (int16_t)(draw() % 65535 - 32767);
  for (size_t r = 0; r < ROWS; r++) {
    loam_row_head *head = (loam_row_head *)(heads + r * head_octets);
    head->scale = r == 3 ? NAN : number();
    for (size_t i = 0; i < steps; i++) head->steps[i] = (uint8_t)draw();
    for (size_t i = 0; i < dim; i++) codes[r * dim + i] = (int8_t)draw();
    rows[r] = (loam_row){codes + r * dim, head};
  }
  for (size_t count = 0; count <= ROWS; count++) {
    loam_score_rows_at(best, q, 0.25f, rows, count, dim, a);
    loam_score_rows_at(LOAM_LEVEL_PORTABLE, q, 0.25f, rows, count, dim, b);
    compare("products of rows", a, b, count, 0);
  }
}

static void sketches(size_t dim) {
  enum { BLOCKS = 9, ROWS = BLOCKS * LOAM_SKETCH_ROWS };
  size_t octets = loam_sketch_octets(dim);
  float *signs = numbers(LOAM_ROTATION_ROUNDS * dim), factors[ROWS];
  for (size_t i = 0; i < LOAM_ROTATION_ROUNDS * dim; i++) signs[i] = signs[i] < 0 ? -1 : 1;
  uint8_t *blocks = room(BLOCKS * LOAM_SKETCH_ROWS * octets), *table = room(32 * octets);
  for (size_t r = 0; r < ROWS; r++) {
    float *x = numbers(dim), *y = room(dim * sizeof(float));
    for (size_t i = 0; r == 7 && i < dim; i++) x[i] = 0;
    memcpy(y, x, dim * sizeof(float));
    loam_rotate_at(best, signs, dim, x);
    loam_rotate_at(LOAM_LEVEL_PORTABLE, signs, dim, y);
    compare("rotation", x, y, dim, 0);
    loam_sketch_row(x, dim, blocks + r / LOAM_SKETCH_ROWS * LOAM_SKETCH_ROWS * octets,
                    r % LOAM_SKETCH_ROWS, factors + r);
  }
  loam_sketch_query query = loam_sketch_prepare(numbers(dim), dim, table);
  for (int least = -3; least < 3; least++) {
    uint32_t rows[2][ROWS];
    float estimates[2][ROWS], limit = least < -2 ? -INFINITY : (float)least * .3f;
    size_t a = loam_sketch_scan_at(best, &query, blocks, factors, BLOCKS, limit, 5, rows[0], estimates[0]);
    size_t b = loam_sketch_scan_at(LOAM_LEVEL_PORTABLE, &query, blocks, factors, BLOCKS, limit, 5,
                                   rows[1], estimates[1]);
    comparisons++;
    if (a != b || memcmp(rows[0], rows[1], a * sizeof(uint32_t)) != 0) {
      printf("scan of %zu dimensions from %g: %zu rows, plain %zu\n", dim, limit, a, b);
      failures++;
      continue;
    }
    compare("estimates", estimates[0], estimates[1], a, 0);
  }
}

static void postings(void) {
  enum { ITEMS = 3000, COUNT = 2000 };
  uint16_t items[COUNT];
  uint8_t codes[COUNT];
  static uint32_t lengths[ITEMS], noted[2][ITEMS];
  static double sums[2][ITEMS], weights[256], norms[LOAM_NORMS];
  static loam_exception exceptions[COUNT];
  for (size_t i = 0; i < ITEMS; i++) lengths[i] = draw() % 40 ? (uint32_t)draw() % 3000 : 70000;
  for (size_t i = 0; i < 256; i++) weights[i] = (double)(i + 1);
  for (size_t i = 0; i < LOAM_NORMS; i++) norms[i] = .3 + .001 * (double)i;
  for (size_t i = 0, item = 0; i < COUNT; i++, item += draw() % 3 % 2 + (draw() % 9 == 0)) {
    items[i] = (uint16_t)(item < ITEMS ? item : ITEMS - 1);
    codes[i] = draw() % 30 ? (uint8_t)(draw() % 255) : LOAM_ESCAPE;
    exceptions[i] = (loam_exception){(uint32_t)draw() % 9000, (uint32_t)draw() % 9, 0};
  }
  size_t used[2], counts[2];
  for (int k = 0; k < 2; k++) {
    loam_term term = {.weight = 1.7, .least = .8, .title_weight = 2.5, .constant = .3, .slope = .001,
                      .lengths = lengths, .scores = sums[k], .first = 11, .noted = noted[k]};
    used[k] = loam_score_postings_at(k ? LOAM_LEVEL_PORTABLE : best, &term, items, codes, COUNT,
                                     exceptions, weights, norms);
    counts[k] = term.noted_count;
  }
  comparisons++;
  if (used[0] == used[1] && counts[0] == counts[1] && memcmp(sums[0], sums[1], sizeof sums[0]) == 0 &&
      memcmp(noted[0], noted[1], sizeof noted[0]) == 0) return;
  printf("postings differ\n");
  failures++;
}

static void sublayers(form form) {
  enum { HIDDEN = 96, HEADS = 3, WIDE = 160 };
  const size_t lengths[] = {5, 1, 33, 50};
  loam_texts texts = {lengths, 4};
  size_t rows = 89;
  loam_linear input = layer(HIDDEN, 3 * HIDDEN, form, 127), output = layer(HIDDEN, HIDDEN, form, 127);
  loam_linear first = layer(HIDDEN, WIDE, form, 127), second = layer(WIDE, HIDDEN, form, 127);
  float *x = numbers(rows * HIDDEN), *a = room(rows * HIDDEN * 4), *b = room(rows * HIDDEN * 4);
  float *scratch = room(4 * (loam_self_attention_scratch(&input, &output, HEADS, rows) +
                             loam_feed_forward_scratch(&first, &second, rows)));
  float *between = room(4 * (loam_self_attention_between(&input, &output, HEADS, rows) +
                             loam_feed_forward_between(&first, &second, rows)));
  /* Where the next layer rounds, a last bit may move a code: by a step of 7 bits, or of 16. */
  float tolerance = form == SEVEN ? .05f : 1e-3f;
  loam_self_attention_at(best, &input, &output, x, &texts, HEADS, scratch, between, a);
  loam_self_attention_at(LOAM_LEVEL_PORTABLE, &input, &output, x, &texts, HEADS, scratch, between, b);
  compare("self-attention", a, b, rows * HIDDEN, tolerance);
  loam_feed_forward_at(best, &first, &second, x, rows, scratch, between, a);
  loam_feed_forward_at(LOAM_LEVEL_PORTABLE, &first, &second, x, rows, scratch, between, b);
  compare("feed-forward", a, b, rows * HIDDEN, tolerance);
}

static void rest(size_t n) {
  float *x = numbers(9 * n), *y = numbers(9 * n), *z = room(9 * n * sizeof(float));
  loam_norm norm = {numbers(n), numbers(n), n, 1e-12f};
  memcpy(z, x, 9 * n * sizeof(float));
  loam_add_layer_norm_at(best, &norm, x, y, 9);
  loam_add_layer_norm_at(LOAM_LEVEL_PORTABLE, &norm, z, y, 9);
  compare("layer norm", x, z, 9 * n, 1e-4f);
  for (size_t i = 0; i < 9 * n; i++) x[i] = z[i] = 12 * number();
  loam_softmax_at(best, x, 9, n, n, 1.3f);
  loam_softmax_at(LOAM_LEVEL_PORTABLE, z, 9, n, n, 1.3f);
  compare("softmax", x, z, 9 * n, 1e-5f);
  for (size_t i = 0; i < 9 * n; i++) x[i] = z[i] = 9 * number();
  loam_gelu_at(best, x, 9 * n);
  loam_gelu_at(LOAM_LEVEL_PORTABLE, z, 9 * n);
  compare("gelu", x, z, 9 * n, 3e-6f);
}

int main(void) {
#ifdef LEVEL
  best = LEVEL;
#else
  best = loam_kernels_level();
#endif
  if (best == LOAM_LEVEL_PORTABLE) {
    printf("kernels: this processor has the plain ones alone\n");
    return 1;
  }
  const size_t shapes[][2] = {{1, 1}, {5, 33}, {31, 16}, {64, 100}, {384, 64}, {386, 40}, {900, 48}};
  for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
    for (form form = FLOATS; form <= SEVEN; form++) {
      linear(shapes[i][0], shapes[i][1], form, 127);
      linear(shapes[i][0], shapes[i][1], form, 3);
    }
  }
  const size_t dims[] = {1, 3, 4, 7, 15, 16, 31, 32, 63, 64, 65, 100, 383, 384, 1000};
  for (size_t i = 0; i < sizeof dims / sizeof *dims; i++) {
    scores(dims[i]);
    sketches(dims[i]);
    rest(dims[i]);
  }
  for (int i = 0; i < 20; i++) postings();
  for (form form = FLOATS; form <= SEVEN; form++) sublayers(form);
  const char *names[] = {"portable", "AVX2", "AVX-512", "AVX-512 with VNNI", "NEON"};
  printf("kernels: %s and the plain ones: %d comparisons, %d differ\n", names[best], comparisons,
         failures);
  return failures > 0;
}
