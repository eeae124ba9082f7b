#include "kernel_set.h"

#if defined(__x86_64__)
#include <math.h>
#include <string.h>

#define VECTOR 8
#define ROTATE loam_rotate_avx2
#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
#include "rotation_vector.inc"
#pragma clang attribute pop
#endif
