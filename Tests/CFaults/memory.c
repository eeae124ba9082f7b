#include "disk.h"

#include <sqlite3.h>

static sqlite3_mem_methods real;

static void *allocate(int count) {
  return loam_fault_next(LOAM_FAULT_ALLOCATION) == LOAM_PASS ? real.xMalloc(count) : NULL;
}

static void *reallocate(void *block, int count) {
  return loam_fault_next(LOAM_FAULT_ALLOCATION) == LOAM_PASS ? real.xRealloc(block, count) : NULL;
}

int loam_memory_install(void) {
  int code = sqlite3_config(SQLITE_CONFIG_GETMALLOC, &real);
  if (code != SQLITE_OK) return code;
  sqlite3_mem_methods methods = real;
  methods.xMalloc = allocate;
  methods.xRealloc = reallocate;
  code = sqlite3_config(SQLITE_CONFIG_MALLOC, &methods);
  if (code != SQLITE_OK) return code;
  /* Small blocks come from a connection's own pool otherwise, and could never be refused. */
  return sqlite3_config(SQLITE_CONFIG_LOOKASIDE, 0, 0);
}
