#include "kernel_set.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#if defined(__aarch64__)
#include <sys/auxv.h>
#endif

const loam_kernel_set *loam_set_at(loam_level level) {
#if defined(__x86_64__)
  if (level == LOAM_LEVEL_AVX512_VNNI) return &loam_set_avx512_vnni;
  if (level == LOAM_LEVEL_AVX512) return &loam_set_avx512;
  if (level == LOAM_LEVEL_AVX2) return &loam_set_avx2;
#elif defined(__aarch64__)
  if (level == LOAM_LEVEL_NEON) return &loam_set_neon;
#endif
  (void)level;
  return &loam_set_portable;
}

int loam_kernels_can(loam_level level) {
  if (level == LOAM_LEVEL_PORTABLE) return 1;
#if defined(__x86_64__)
  /* The compiler's run-time support also asks whether the system saves the wide registers. */
  __builtin_cpu_init();
  int avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  if (level == LOAM_LEVEL_AVX2) return avx2;
  int avx512 = avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
               __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
  if (level == LOAM_LEVEL_AVX512) return avx512;
  if (level == LOAM_LEVEL_AVX512_VNNI) return avx512 && __builtin_cpu_supports("avx512vnni");
#elif defined(__aarch64__)
  if (level == LOAM_LEVEL_NEON) return (getauxval(AT_HWCAP) & HWCAP_ASIMDDP) != 0;
#endif
  return 0;
}

static const char *const names[] = {"portable", "avx2", "avx512", "avx512vnni", "neon"};

static loam_level decide(void) {
  loam_level most = LOAM_LEVEL_NEON;
  const char *asked = getenv("LOAM_KERNELS");
  for (int level = LOAM_LEVEL_PORTABLE; asked != NULL && level < LOAM_LEVEL_NEON; level++) {
    if (strcmp(asked, names[level]) == 0) most = (loam_level)level;
  }
  while (most > LOAM_LEVEL_PORTABLE && !loam_kernels_can(most)) most = (loam_level)(most - 1);
  return most;
}

/* Two threads that meet here decide alike, so a relaxed store is enough. -1: not yet decided. */
static _Atomic int chosen = -1;

loam_level loam_kernels_level(void) {
  int level = atomic_load_explicit(&chosen, memory_order_relaxed);
  if (level < 0) {
    level = (int)decide();
    atomic_store_explicit(&chosen, level, memory_order_relaxed);
  }
  return (loam_level)level;
}

const loam_kernel_set *loam_set_current(void) { return loam_set_at(loam_kernels_level()); }

const char *loam_kernels_name(void) { return names[loam_kernels_level()]; }
