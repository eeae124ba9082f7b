#ifndef LOAM_CKERNELS_H
#define LOAM_CKERNELS_H

#include <stddef.h>
#include <stdint.h>

/*
 * Numeric kernels in C, one set an instruction set, chosen at run time.
 *
 * Each kernel has one plain version (`portable`), the tested reference; the others agree with it up
 * to the rounding of float sums. Within one set the result for a row depends on that row alone,
 * never on how many rows are asked for or where the row stands among them.
 *
 * The environment variable LOAM_KERNELS (`portable`, `avx2`, `avx512`, `avx512vnni`, `neon`) lowers
 * the choice; a set that the processor lacks is never chosen.
 */

typedef enum loam_level {
  LOAM_LEVEL_PORTABLE = 0,
  LOAM_LEVEL_AVX2 = 1,   /* AVX2 and FMA */
  LOAM_LEVEL_AVX512 = 2, /* AVX-512 F, BW, DQ, VL */
  LOAM_LEVEL_AVX512_VNNI = 3,
  LOAM_LEVEL_NEON = 4, /* 64-bit Arm with dot products of octets (FEAT_DotProd) */
} loam_level;

/* The level in use; decided at the first call, the same for the life of the process. */
loam_level loam_kernels_level(void);
/* The level's name as LOAM_KERNELS takes it. */
const char *loam_kernels_name(void);
/* Whether this processor and operating system can run `level`. */
int loam_kernels_can(loam_level level);

/* Asks for the memory at an address that will be read soon. */
static inline void loam_prefetch(const void *address) { __builtin_prefetch(address); }

/* How many components of a row have a step in common, its last block perhaps fewer; the greatest step. */
enum { LOAM_STEP_BLOCK = 64, LOAM_FULL_STEP = 255 };

/* What stands beside a row's codes: component i is scale / 255 * steps[i / 64] * codes[i]. */
typedef struct loam_row_head {
  float scale;
  uint8_t steps[];
} loam_row_head;

/* Where a row is. */
typedef struct loam_row {
  const int8_t *codes;
  const loam_row_head *head;
} loam_row;

static inline size_t loam_step_count(size_t dim) {
  return (dim + LOAM_STEP_BLOCK - 1) / LOAM_STEP_BLOCK;
}

/* Octets from one head to the next where they stand side by side. */
static inline size_t loam_row_head_octets(size_t dim) {
  size_t octets = sizeof(loam_row_head) + loam_step_count(dim);
  return (octets + sizeof(float) - 1) / sizeof(float) * sizeof(float);
}

/*
 * out[r] = scale * the sum of q[i] * component i of row r, for r in 0..<count.
 *
 * `q` has whole numbers from -32767 to 32767, and zeros from `dim` up to a multiple of
 * LOAM_STEP_BLOCK. Sums of whole numbers are exact, so that every level gives the same floats.
 */
void loam_score_rows(const int16_t *q, float scale, const loam_row *rows, size_t count,
                     size_t dim, float *out);
/* The same at a named level, for tests; one that loam_kernels_can refuses must not be asked for. */
void loam_score_rows_at(loam_level level, const int16_t *q, float scale, const loam_row *rows,
                        size_t count, size_t dim, float *out);

/*
 * Sketches: one bit a component of a rotated vector, its sign, from which a dot product is estimated.
 *
 * The rotation spreads what a vector says evenly over its components; it is the same for all vectors
 * of a dimension and learned from none. With s the signs of the rotated x and q the rotated query,
 * <q, x> is about factor * <q, s> where factor = |x|^2 / (the sum of |x[i]|): exact for x = q's own
 * direction of signs, without bias for random rotations, its error about .04 at 384 dimensions.
 *
 * Gao, Long: RaBitQ: Quantizing High-Dimensional Vectors with a Theoretical Error Bound (SIGMOD 2024).
 *
 * Rows lie in blocks of 32, octet by octet: octet j of row r at [j][r].
 */
enum { LOAM_SKETCH_ROWS = 32, LOAM_ROTATION_ROUNDS = 4 };

/* Octets a row: its bits, filled up to a multiple of 32. */
size_t loam_sketch_octets(size_t dim);
/*
 * Rotates x in place: in each round signs are changed, then the first or the last 2^k components, k
 * being as great as possible, go through a Hadamard transform. `signs` has LOAM_ROTATION_ROUNDS * dim
 * values, 1 or -1. The same at every level, to the bit. O(dim log dim).
 */
void loam_rotate(const float *signs, size_t dim, float *x);
void loam_rotate_at(loam_level level, const float *signs, size_t dim, float *x);
/* Puts a rotated row into place `slot` of a block; its factor is NaN where it is zero. */
void loam_sketch_row(const float *rotated, size_t dim, uint8_t *block, size_t slot,
                     float *factor);

/* A rotated query, by half octets of a sketch: what 4 signs say of it, in steps above the least. */
typedef struct loam_sketch_query {
  const uint8_t *table; /* [octets][2][16], 31 at most */
  size_t octets;
  float step, base;
} loam_sketch_query;

/* `table`, which the result refers to, has room for 32 * loam_sketch_octets(dim) values. */
loam_sketch_query loam_sketch_prepare(const float *rotated, size_t dim, uint8_t *table);
/*
 * Finds the rows of `count` blocks whose estimate is `least` or more: their numbers, counted from
 * `first`, and the estimates, by ascending number. A row whose factor is NaN is none. The same at
 * every level, to the bit. `rows` and `estimates` have room for all.
 */
size_t loam_sketch_scan(const loam_sketch_query *query, const uint8_t *blocks,
                        const float *factors, size_t count, float least, uint32_t first,
                        uint32_t *rows, float *estimates);
size_t loam_sketch_scan_at(loam_level level, const loam_sketch_query *query,
                           const uint8_t *blocks, const float *factors, size_t count, float least,
                           uint32_t first, uint32_t *rows, float *estimates);

/*
 * Adds one term's part of the lexical score to the items of one block of postings.
 *
 * A posting is an item's number in the block, ascending, and a code. For each run of postings of one
 * item i, tf being the sum of what they weigh (by code one of 256 `weights`; where the code is
 * LOAM_ESCAPE body + title_weight * title of the next of `exceptions`) and of extra[i], which becomes
 * 0 (`extra` may be NULL):
 *
 *   scores[i] += weight * (tf / (tf + norm(lengths[i])))
 *
 * for tf > 0. An item whose score was below `least` and is not any more is noted, as first + i; `noted`
 * has room for those. The result is how many of `exceptions` were used. O(postings), one division an
 * item; the same at every level, to the bit. The norm of a length, constant + slope * length, is
 * looked up: `norms` has those of lengths below LOAM_NORMS, as far as there are any.
 */
enum { LOAM_ESCAPE = 255, LOAM_NORMS = 65536 };

typedef struct loam_exception {
  uint32_t body, title, advance;
} loam_exception;

typedef struct loam_term {
  double weight, least, title_weight;
  double constant, slope;
  const uint32_t *lengths; /* by item */
  double *extra;           /* by item, or NULL */
  double *scores;          /* by item */
  uint32_t first;
  uint32_t *noted;
  size_t noted_count;
} loam_term;

size_t loam_score_postings(loam_term *term, const uint16_t *items, const uint8_t *codes,
                           size_t count, const loam_exception *exceptions,
                           const double *weights, const double *norms);
size_t loam_score_postings_at(loam_level level, loam_term *term, const uint16_t *items,
                              const uint8_t *codes, size_t count,
                              const loam_exception *exceptions, const double *weights,
                              const double *norms);

/*
 * SHA-256 by the processor's own instructions. The plain version is `Octets/SHA256.swift`, which
 * asks `loam_sha256_can` and does without where it says 0; a test holds both together.
 */

/* Whether this processor has them; 0 where LOAM_KERNELS is `portable`. Decided at the first call. */
int loam_sha256_can(void);
/* Goes on from `state`, the words a to h, over `blocks` times 64 octets; only where the above says 1. */
void loam_sha256_blocks(uint32_t state[8], const uint8_t *octets, size_t blocks);

/*
 * The encoder.
 *
 * Matrices are row-major. Weights of a linear layer, [out, in], are stored so that 32 outputs lie
 * side by side (LOAM_PANEL), outputs missing from the last panel being zero:
 *
 *   f32   [out / 32][in][32]
 *   i8    [out / 16][in / 4][16][4]: 16 outputs, each with 4 consecutive inputs, as the dot-product
 *         instructions of x86 and Arm take them; an even number of groups of 16; inputs missing
 *         from the last 4 are zero. One scale an output.
 */
enum { LOAM_PANEL = 32 };

/*
 * What the rows that weights of octets are multiplied with are rounded to. The sums are then of
 * integers, exact, and the result is the same float at every level.
 *
 *   16   by row, its greatest magnitude being 32767: a hundredth of the weights' own rounding, at
 *        twice the speed of floats. The reference.
 *   7    in groups of 32 inputs, each with a step of its own: about the weights' own rounding, at
 *        about twice the speed of 16 bits.
 */
typedef enum loam_rounding { LOAM_ROUNDING_16 = 0, LOAM_ROUNDING_7 = 1 } loam_rounding;

typedef struct loam_linear {
  const float *f32;    /* panels; NULL where the weights are i8 */
  const int8_t *i8;    /* blocks; NULL where the weights are f32 */
  const float *scales; /* one an output, a whole number of panels of them; NULL for f32 */
  const float *bias;   /* one an output */
  size_t in, out;
  loam_rounding rounding; /* for weights of octets */
  const float *reach;     /* what loam_linear_prepare makes; NULL where it makes nothing */
  const int16_t *starts;
} loam_linear;

/*
 * Where a layer's rows are rounded to 7 bits, what follows from its weights alone is worked out once:
 * this many floats of room are needed for it (an eighth of the weights), which live as long as the
 * layer. O(weights).
 */
size_t loam_linear_prepared(const loam_linear *layer);
void loam_linear_prepare(loam_linear *layer, float *room);

/* How many floats of scratch space loam_linear_apply_at needs for so many rows. */
size_t loam_linear_scratch(const loam_linear *layer, size_t rows);

/*
 * y[r] = W2 gelu(W1 x[r] + bias1) + bias2: what two calls of loam_linear_apply_at give, to the bit.
 * `between` has room for the first layer's outputs; where both round to 7 bits nothing is written
 * there, since a panel's outputs are rounded as soon as they are there.
 */
void loam_feed_forward(const loam_linear *first, const loam_linear *second, const float *x,
                       size_t rows, float *scratch, float *between, float *y);
/* How many floats of scratch space it needs, and how many of `between`. */
size_t loam_feed_forward_scratch(const loam_linear *first, const loam_linear *second, size_t rows);
size_t loam_feed_forward_between(const loam_linear *first, const loam_linear *second, size_t rows);

/* Texts whose rows lie one after another; a text has at least one. */
typedef struct loam_texts {
  const size_t *lengths;
  size_t count;
} loam_texts;

/*
 * Self-attention between two layers, y = W2 attention(W1 x + bias1) + bias2. An output of the first
 * has query, key and value of one token, each output->in floats; attention of a head is
 * softmax(q k^T / sqrt(head size)) v over the tokens of a text. `between` has room for what the
 * first layer and attention give; where both layers round to 7 bits and a head is a whole number of
 * panels nothing is written there.
 */
void loam_self_attention(const loam_linear *input, const loam_linear *output, const float *x,
                         const loam_texts *texts, size_t heads, float *scratch, float *between,
                         float *y);
/* How many floats of scratch space it needs for so many rows, and how many of `between`. */
size_t loam_self_attention_scratch(const loam_linear *input, const loam_linear *output,
                                   size_t heads, size_t rows);
size_t loam_self_attention_between(const loam_linear *input, const loam_linear *output,
                                   size_t heads, size_t rows);

typedef struct loam_norm {
  const float *weight, *bias;
  size_t size;
  float epsilon;
} loam_norm;

/* x[r] = (x[r] + y[r] - mean) / sqrt(variance + epsilon) * weight + bias; y may be NULL. */
void loam_add_layer_norm(const loam_norm *norm, float *x, const float *y, size_t rows);

typedef struct loam_embedding {
  const float *f32;    /* a row a piece; NULL where they are i8 */
  const int8_t *i8;    /* a row a piece; NULL where they are f32 */
  const float *scales; /* one a piece; NULL for f32 */
  const float *positions;
  size_t size;
} loam_embedding;

/* x[t] = the row of piece ids[t] + the row of position t; one text. */
void loam_embed(const loam_embedding *embedding, const int32_t *ids, size_t tokens, float *x);

/*
 * The mean of the rows of x, or their first, at unit length. Where it has no length, or not a finite
 * one (which only a damaged model gives), zeros.
 */
void loam_pool(const float *x, size_t tokens, size_t size, int first, float *out);

/*
 * The same at a named level, and the parts that they are made of, for tests. A layer is prepared for
 * one level.
 */
void loam_linear_prepare_at(loam_level level, loam_linear *layer, float *room);
void loam_self_attention_at(loam_level level, const loam_linear *input, const loam_linear *output,
                            const float *x, const loam_texts *texts, size_t heads, float *scratch,
                            float *between, float *y);
/* y[r] = W x[r] + bias, with `gelu` the exact Gaussian error linear unit of it. */
void loam_linear_apply_at(loam_level level, const loam_linear *layer, const float *x, size_t rows,
                          int gelu, float *scratch, float *y);
void loam_feed_forward_at(loam_level level, const loam_linear *first, const loam_linear *second,
                          const float *x, size_t rows, float *scratch, float *between, float *y);
/* Attention alone: a row of `qkv` has query, key and value of a token, a row of `out` all heads. */
size_t loam_attention_scratch(size_t tokens, size_t head_size);
void loam_attention_at(loam_level level, const float *qkv, size_t tokens, size_t heads,
                       size_t head_size, float *scratch, float *out);
void loam_add_layer_norm_at(loam_level level, const loam_norm *norm, float *x, const float *y,
                            size_t rows);
/* x[i] = x[i] / 2 * (1 + erf(x[i] / sqrt(2))), to about a millionth of max(1, |x|). */
void loam_gelu_at(loam_level level, float *x, size_t n);
/* Each row of n floats becomes softmax(factor * row); rows lie `stride` floats apart, n > 0. */
void loam_softmax_at(loam_level level, float *x, size_t rows, size_t n, size_t stride,
                     float factor);

#endif
