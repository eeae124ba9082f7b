#include "kernel_set.h"

#include <math.h>
#include <string.h>

#define VECTOR 4
#define ROTATE loam_rotate_portable
#include "rotation_vector.inc"

void loam_rotate(const float *signs, size_t dim, float *x) {
  loam_set_current()->rotate(signs, dim, x);
}

void loam_rotate_at(loam_level level, const float *signs, size_t dim, float *x) {
  loam_set_at(level)->rotate(signs, dim, x);
}
