#include "disk.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

static struct {
  bool is_armed;
  bool is_suspended;
  loam_fault kind;
  uint64_t nth;
  bool stays;
  int code;
  bool happened;
  uint64_t calls[LOAM_FAULT_COUNT];
} faults;

static void print_log(void *context, int code, const char *message) {
  (void)context;
  fprintf(stderr, "SQLite %d: %s\n", code, message);
}

int loam_faults_install(void) {
  /* Only what SQLite says of an error tells which statement met it. */
  if (getenv("LOAM_FAULTS_LOG") != NULL) sqlite3_config(SQLITE_CONFIG_LOG, print_log, NULL);
  int code = loam_memory_install();
  return code == SQLITE_OK ? loam_vfs_install() : code;
}

static void count_anew(void) {
  for (int kind = 0; kind < LOAM_FAULT_COUNT; kind++) faults.calls[kind] = 0;
}

void loam_fault_arm(loam_fault kind, uint64_t nth, bool stays, int code) {
  count_anew();
  faults.is_armed = true;
  faults.kind = kind;
  faults.nth = nth;
  faults.stays = stays;
  faults.code = code;
  faults.happened = false;
}

void loam_fault_disarm(void) { faults.is_armed = false; }

void loam_fault_suspend(bool is_suspended) { faults.is_suspended = is_suspended; }

bool loam_fault_happened(void) { return faults.happened; }

uint64_t loam_fault_calls(loam_fault kind) { return faults.calls[kind]; }

int loam_fault_next(loam_fault kind) {
  if (faults.is_suspended) return LOAM_PASS;
  uint64_t call = ++faults.calls[kind];
  if (!faults.is_armed || kind != faults.kind) return LOAM_PASS;
  if (call != faults.nth && !(faults.stays && call > faults.nth)) return LOAM_PASS;
  faults.happened = true;
  return faults.code;
}
