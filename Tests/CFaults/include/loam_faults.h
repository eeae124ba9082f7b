#ifndef LOAM_FAULTS_H
#define LOAM_FAULTS_H
/* What goes wrong below SQLite, on demand: a VFS over the system's that loses power and fails calls,
 * and an allocator that gives nothing.
 *
 * Files stay real files in a folder, locks and shared memory are the system's own. Beside them the
 * VFS keeps what a disk would hold for certain, and what was written since. All of it is of one
 * process and one thread, which installs it before SQLite is used. */
#include <stdbool.h>
#include <stdint.h>

typedef enum loam_fault {
  LOAM_FAULT_OPEN,
  LOAM_FAULT_READ, /* pages that are mapped count as read */
  LOAM_FAULT_WRITE,
  LOAM_FAULT_TRUNCATE,
  LOAM_FAULT_SYNC,
  LOAM_FAULT_DELETE,
  LOAM_FAULT_SHARED_MEMORY,
  LOAM_FAULT_ALLOCATION,
  LOAM_FAULT_COUNT
} loam_fault;

/* Makes the VFS the default and the allocator SQLite's. Returns a result code of SQLite. */
int loam_faults_install(void);

/* Faults. */

/* From now on the `nth` call of this kind (from 1) fails with `code`, and those after it too where
 * `stays`. With SQLITE_OK the call says that it was done, and does nothing: a lying disk. Counts start
 * at 0. */
void loam_fault_arm(loam_fault kind, uint64_t nth, bool stays, int code);
void loam_fault_disarm(void);
/* While faults are suspended calls are neither counted nor made to fail. */
void loam_fault_suspend(bool is_suspended);
/* Whether the fault that was armed last has happened. */
bool loam_fault_happened(void);
/* Calls of a kind since the counts began. */
uint64_t loam_fault_calls(loam_fault kind);

/* The disk. */

/* Files below `folder` are on the disk from now on, as they are; what is known of others is
 * forgotten. No file of the disk may be open. `seed` settles everything that is left to chance. */
void loam_disk_begin(const char *folder, uint64_t seed);

/* Whether the disk says that a write leaves the octets beside it alone when power is lost, and whether
 * it does; else it damages whole sectors of 4,096 octets. */
void loam_disk_set_overwrite(bool is_said_safe, bool is_safe);

/* Whether the store may be mapped into memory. */
void loam_disk_allow_mapping(bool allows);

/* The power goes at the `nth` change of the disk from now on, which is then under way, counting those
 * of one kind or, with LOAM_FAULT_COUNT, all. Changes are writes, truncations, syncs, deletions and new
 * files. Afterwards every call fails. */
void loam_power_cut_at(loam_fault kind, uint64_t nth);
void loam_power_cut(void);
bool loam_power_is_cut(void);
/* The change at which the power went; LOAM_FAULT_COUNT where none was under way. */
loam_fault loam_power_cut_kind(void);
/* Equal for two runs that did the same to the disk in the same order. */
uint64_t loam_disk_trace(void);

/* Power is back: makes the files what the disk may hold. No file of the disk may be open. */
void loam_disk_restore(void);

#endif
